"""Every attempt to put somebody into a campaign, and the answer to "have we ever contacted this person?".

Owns no tables: reads attempts and the account copy. Promise: no list, count or chart reads a whole table, however deep one pages;
only a search for rare words does (about half a second for a million attempts on a quiet machine; see benchmarks/history.py).
"""
