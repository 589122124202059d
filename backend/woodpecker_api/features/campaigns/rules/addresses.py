"""An address that somebody types for a test."""

import re

_ADDRESS = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+\Z")


def check_own_address(address: str) -> str | None:
    """What is wrong with it, in a sentence; None when a search for it can be asked."""
    if _ADDRESS.match(address.strip()) is None or len(address) > 320:
        return "Give one address of your own, such as you@yourcompany.com."
    return None
