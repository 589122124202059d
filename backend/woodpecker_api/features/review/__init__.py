"""People's decisions on sequences: approve, reject, edit, send back. Each is on record with who, when and which version.

Promise: what is approved is exactly the version that was shown; an approval can be taken back until it was exported.
"""
