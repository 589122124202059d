"""The prompt and the shape of a sequence, as data. A version is never changed; editing makes the next one.

A template is current or archived. Exactly one is the default.
"""
