"""Every attempt to put somebody into a campaign, and the answer to "have we ever contacted this person?".

Owns no tables: reads attempts, the account copy and the audit trail.
"""
