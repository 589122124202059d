"""Who is who and who may what: users, server-side sessions, API tokens, one table of permissions.

Promise: only fingerprints of session and API tokens are stored; a disabled user's sessions and tokens stop working at once.
"""
