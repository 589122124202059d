"""Whom nobody may write to: single addresses, and whole domains with all that lies below them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


@dataclass(frozen=True)
class Suppressed:
    """The list at one moment: comparable address or domain → why it is on the list (may be empty)."""

    addresses: Mapping[str, str] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.addresses or self.domains)

    def reason(self, key: str) -> str | None:
        """One sentence when the address (an `address_key`) must not be written to, else None."""
        if key in self.addresses:
            return _sentence("The address", self.addresses[key])
        for domain in parents(key.rpartition("@")[2]) if self.domains else ():
            if domain in self.domains:
                return _sentence(f"The domain {domain}", self.domains[domain])
        return None


def parents(domain: str) -> Iterator[str]:
    """`mail.acme.com` → mail.acme.com, acme.com."""
    labels = domain.split(".")
    return (".".join(labels[start:]) for start in range(max(1, len(labels) - 1)))


def _sentence(what: str, why: str) -> str:
    return f"{what} is on the do-not-contact list" + (f": {why}" if why else ".")


def is_domain(key: str) -> bool:
    """A comparable domain of two labels or more: a whole top-level domain would stop the world."""
    return len(key) <= 253 and _DOMAIN.fullmatch(key) is not None
