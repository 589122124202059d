"""Campaigns: our copy of the vendor's account, its campaigns, its people and who is in which campaign.

Web processes read the copy (always with the time it was fetched) and ask for a refresh; only the worker talks to the vendor.
Promise: a read that was cut short changes nothing that a later page has not confirmed, and is taken up where it stopped.
"""
