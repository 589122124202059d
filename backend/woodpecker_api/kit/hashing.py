"""Fingerprints over values: one canonical form, so that equal things have equal digests everywhere."""

import hashlib
import hmac
import json
from typing import Any

# Made once: json.dumps makes a new one for each call with other than its default form.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8. Values must be plain (str, int, float, bool, None, list, dict)."""
    return _ENCODER.encode(value).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def keyed_digest(key: bytes, value: Any) -> str:
    """HMAC-SHA-256 of the canonical form, hexadecimal."""
    return keyed_bytes_digest(key, canonical(value))


def keyed_bytes_digest(key: bytes, data: bytes) -> str:
    """HMAC-SHA-256 of what is in the canonical form already, hexadecimal."""
    return hmac.digest(key, data, "sha256").hex()
