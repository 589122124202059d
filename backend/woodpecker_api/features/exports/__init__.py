"""Approved sequences on their way into a campaign: the plan, the run, every attempt.

Item states: queued → sending → added | already_in_campaign | rejected | failed, through unknown; out by cancelled | skipped.
Promise (ADR 0003): for an address and a campaign, at most one add request of ours is ever applied, every approved lead ends
in a known state, and every attempt is on record — whatever crashes, stalls, is cut, or is restarted.
"""
