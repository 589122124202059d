"""Runs that ask Claude for texts, one lead one request, and the ledger of what it cost.

Run states: queued → running ⇄ paused → completed, cancelled or failed. Item states: queued → running → done or failed, cancelled.
Promise: the worst case is reserved before each call, so a budget is never passed; a stored answer is never paid for again.
"""
