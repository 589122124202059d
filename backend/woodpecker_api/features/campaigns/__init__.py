"""The Woodpecker account as we last saw it: campaigns, people, memberships, and the reads we asked for.

Promise: everything here is a copy with its time (`fetched_at`); only the worker talks to Woodpecker, one request at a time.
"""
