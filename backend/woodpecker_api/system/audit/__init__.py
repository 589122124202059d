"""The record of everything anybody did: append-only, chained by hash, personal data apart and erasable.

Promise: a change and its line are committed together or not at all; a line that was altered, removed or reordered is found by `verify`.
The chain's head is one row, locked last in each transaction, so that writers wait for each other only at the very end.
"""
