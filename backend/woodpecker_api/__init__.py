"""Woodpecker-API: from a spreadsheet of leads to approved sequences in Woodpecker campaigns, with proof."""
