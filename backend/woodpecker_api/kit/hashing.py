"""Fingerprints over values: one canonical form, so that equal things have equal digests everywhere."""

import hashlib
import hmac
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8. Values must be plain (str, int, float, bool, None, list, dict)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def keyed_digest(key: bytes, value: Any) -> str:
    """HMAC-SHA-256 of the canonical form, hexadecimal."""
    return hmac.new(key, canonical(value), hashlib.sha256).hexdigest()
