"""Health of every part and the steering of the whole: status, settings, the audit trail, live events.

Owns no tables. Promise: no answer of this room contains a vendor key.
"""
