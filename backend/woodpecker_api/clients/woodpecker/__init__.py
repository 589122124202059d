"""Woodpecker, in our words: `port` is what the rest of the program knows, `errors` what can go wrong.

`wire` translates the vendor's JSON, `client` speaks HTTP and is known to `wiring` alone. Nothing here retries: each
call is one request, so that whoever calls decides what a repetition would mean.
"""
