"""Tells other processes, and the pages, that something changed: (id, kind, record id), written in the same transaction.

Promise: whoever reads rows above the highest id it has seen misses nothing for an hour; then the rows are purged.
"""
