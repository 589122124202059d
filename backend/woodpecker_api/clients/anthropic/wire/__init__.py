"""Their JSON, in both directions. Pure: values in, values out; nothing here opens a connection.

`requests` builds bodies, `answers` reads messages, `catalogue` reads models and batches, `faults` turns what failed
into our errors, `values` picks from foreign JSON without ever failing.
"""

from woodpecker_api.clients.anthropic.wire.requests import schema_for

__all__ = ["schema_for"]
