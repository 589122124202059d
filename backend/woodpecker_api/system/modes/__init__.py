"""Read-only and maintenance: one small file in the data directory, so that every process and the proxy see it at once.

Promise: it works without the database, which may be what is being worked on.
"""
