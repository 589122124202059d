"""The people we may write to: their fields, states, owners, and the addresses and domains nobody may write to.

States are in `rules/states.py`. Promise: at most one live lead for an address, and every change leaves an audit line.
"""
