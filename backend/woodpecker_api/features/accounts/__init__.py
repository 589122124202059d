"""The people who use the program: sign-in, users, roles, API tokens. The tables are in `system/auth`.

A user is active or disabled, never deleted: the record of what they did stays readable.
"""
