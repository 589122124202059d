"""Cells as they are stored: NFC, trimmed, with plain line ends, without what nobody can see."""

import re
import unicodedata

# Control characters (tab and line feed stay), marks of direction, zero-width spaces. Joiners stay: emoji and several
# scripts need them.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\r": "\n"})
_GAPS = re.compile(r"\s*\n\s*")
REPLACEMENT = "\ufffd"


def cleaned(cells: list[str], text: str, *, odd: bool) -> tuple[list[str], bool]:
    """The cells as stored, and whether unseen characters were taken out. `text` is all of them; `odd` of the file."""
    removed = False
    if "\r" in text or (odd and not text.isascii()):
        cells = [cell.replace("\r\n", "\n").translate(_BREAKS) for cell in cells]
    if odd:
        kept = [UNSEEN.sub("", cell) for cell in cells]
        removed = kept != cells
        cells = kept
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        cells = [unicodedata.normalize("NFC", cell) for cell in cells]
    return [cell.strip() if cell else cell for cell in cells], removed


def one_line(text: str) -> str:
    """A line break inside a name or title is a space."""
    return _GAPS.sub(" ", text) if "\n" in text else text
