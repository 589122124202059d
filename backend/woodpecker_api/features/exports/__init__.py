"""Exports: approved sequences on their way into a Woodpecker campaign, and every attempt on record.

States: queued → sending → added | already_in_campaign | rejected | failed, through unknown, out by cancelled | skipped.
Promise: for an address and a campaign at most one add request of ours is ever applied, every item ends in a known state,
and every attempt is on record, whatever crashes, stalls, is cut or is restarted (architecture, "The export guarantee").
"""
