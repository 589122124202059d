"""Fingerprints over values: one canonical form, so that equal things have equal digests everywhere."""

import hashlib
import hmac
import json
from typing import Any

# Made once: json.dumps makes a new one for each call with other than its default form.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_BLOCK = 64
"""Bytes that SHA-256 takes in at once; an HMAC's key is brought to this length (RFC 2104)."""


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


class KeyedDigests:
    """HMAC-SHA-256 of many texts under one key, at a third of the cost of one by one: the key is taken in once."""

    def __init__(self, key: bytes) -> None:
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def of(self, data: bytes) -> str:
        """Hexadecimal; the same as `keyed_bytes_digest`."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(data)
        outer.update(inner.digest())
        return outer.hexdigest()
