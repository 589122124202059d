"""Identifiers: opaque to callers, in the order of their making for the database's indexes."""

from ulid import ULID


def new_id() -> str:
    """26 characters, unique, sorting by time of making (lower-case ULID)."""
    return str(ULID()).lower()
