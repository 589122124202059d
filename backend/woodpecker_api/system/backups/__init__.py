"""Backups: one folder each, a copy of the database with its uploads and a sealed manifest.

Promises: everything acknowledged before `taken_at` is inside; a backup counts only after it was opened and checked; a damaged
one is never restored; the database that a restore replaces is kept aside. What the copy does not hold is the secret key.
"""
