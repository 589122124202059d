"""Text as people type it, made comparable."""

import unicodedata

import idna

_DOTS = ".\u3002\uff0e\uff61"
"""What IDNA takes for a dot."""


def clean_cell(value: str) -> str:
    """NFC, trimmed, without NUL. Inner line breaks stay; CRLF and CR become LF."""
    text = unicodedata.normalize("NFC", value.replace("\x00", ""))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def address_key(email: str) -> str:
    """What makes two addresses the same person: NFC, trimmed, local part lower-cased, domain as IDNA A-label.

    Plus tags are different people. Computed once and stored, never by SQL, whose lower() knows only ASCII.
    Total: a text that is no address gives a key as well, so that it can be compared.
    """
    text = unicodedata.normalize("NFC", email.replace("\x00", "")).strip()
    local, at, domain = text.rpartition("@")
    return f"{_lowered(local)}@{domain_key(domain)}" if at else _lowered(text)


def domain_key(domain: str) -> str:
    """A domain as lower-case A-label; what IDNA refuses is only lower-cased."""
    text = _lowered(unicodedata.normalize("NFC", domain).strip().rstrip(_DOTS))
    if text.isascii():
        return text
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower().rstrip(".")
    except (UnicodeError, IndexError):  # idna's own errors are UnicodeErrors; a few others slip through it
        return text


def _lowered(text: str) -> str:
    """Lower-casing can take letters apart; afterwards they are whole again, so that doing it twice changes nothing."""
    return unicodedata.normalize("NFC", text.lower())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
