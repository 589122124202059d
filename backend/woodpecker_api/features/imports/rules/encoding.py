"""From bytes to characters: which encoding a file is in, and how sure that is."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from charset_normalizer import from_bytes

from woodpecker_api.features.imports.rules.issues import Issue, Severity, UnreadableFileError

ENCODINGS = (
    "utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257",
    "mac_roman", "shift_jis", "gb18030", "big5", "euc_kr",
)  # fmt: skip
"""What a user may choose. Found by ourselves: UTF, cp1252 and its neighbours of one byte a letter."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NEIGHBOURS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257"]
_CHUNK = 1 << 20
LONGEST_LINE = 16 << 20
"""Bytes without a line end that a list can have: a row of sixteen megabyte cells."""
_SAMPLE = 64 << 10
# Of 20 letters beyond ASCII at most one broken: a damaged UTF-8 file, not another encoding.
_DAMAGED = 20
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Encoded:
    """`mark` is the number of bytes of the byte-order mark. `odd`: it holds NUL or control characters somewhere."""

    encoding: str
    mark: int
    odd: bool
    issues: tuple[Issue, ...] = ()


def find_encoding(file: BinaryIO, chosen: str | None = None) -> Encoded:
    """Looks at the whole file, once. `chosen` is the user's word and wins. Raises `UnreadableFileError` when empty."""
    file.seek(0)
    head = file.read(_SAMPLE)
    if not head:
        raise UnreadableFileError(
            "file_empty", "The file is empty. Choose a file with a header row and leads below it."
        )
    marked = next(((name, len(mark)) for mark, name in _MARKS if head.startswith(mark)), None)
    if marked is None and _is_binary(head):
        raise UnreadableFileError("file_not_text", "This is not a text file. Save the list as CSV (UTF-8) or XLSX.")
    if chosen is not None:
        return _chosen(file, chosen, marked)
    if marked is not None:
        name, mark = marked
        return _decoded(file, name, mark)
    if (wide := _unmarked_utf16(head)) is not None:
        return _decoded(file, wide, 0)
    survey = _survey(file, "utf-8", 0)
    if survey.broken == 0:
        return Encoded("utf-8", 0, survey.odd)
    if survey.broken * _DAMAGED <= survey.beyond_ascii:
        return _decoded(file, "utf-8", 0)
    name = _single_byte(file)
    guessed = Issue(
        None, None, "encoding_guessed",
        f"The file is not UTF-8. It was read as {name}; if accents look wrong, choose another encoding.", Severity.NOTE,
    )  # fmt: skip
    return _decoded(file, name, 0, guessed)


def _is_binary(head: bytes) -> bool:
    """More than one control character in twenty: a picture, a PDF, a program. UTF-16 has NULs, which do not count."""
    return len(head) - len(head.translate(None, _ODD_BYTES[1:])) > len(head) / 20


def _chosen(file: BinaryIO, chosen: str, marked: tuple[str, int] | None) -> Encoded:
    try:
        name = codecs.lookup(chosen).name
    except LookupError:
        name = ""
    known = {codecs.lookup(encoding).name: encoding for encoding in ENCODINGS}
    if name not in known:
        raise UnreadableFileError("encoding_unknown", f"{chosen!r} is not an encoding we read. Use one of {ENCODINGS}.")
    mark = marked[1] if marked is not None and codecs.lookup(marked[0]).name == name else 0
    return _decoded(file, known[name], mark)


def _decoded(file: BinaryIO, name: str, mark: int, *issues: Issue) -> Encoded:
    survey = _survey(file, name, mark)
    if survey.broken:
        broken = Issue(
            None, None, "characters_unreadable",
            f"{survey.broken} characters are not {name} and show as {REPLACEMENT}. Choose another encoding, or correct "
            "the rows that are marked.",
        )  # fmt: skip
        issues = (*issues, broken)
    return Encoded(name, mark, survey.odd, issues)


@dataclass
class _Survey:
    broken: int = 0
    beyond_ascii: int = 0
    odd: bool = False


# Everything that `checking` would take out of a cell; when a file has none of it, no cell need be looked at.
_ODD_BYTES = bytes((*range(9), 11, 12, *range(14, 32), 127))
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
_ASCII = bytes(range(128))


def _survey(file: BinaryIO, name: str, mark: int) -> _Survey:
    """Decodes the file from start to end and counts."""
    found = _Survey()
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    unbroken = 0
    for chunk, last in _chunks(file, mark):
        unbroken = 0 if b"\n" in chunk or b"\r" in chunk else unbroken + len(chunk)
        if unbroken > LONGEST_LINE:
            raise UnreadableFileError("line_too_long", "The file has no line ends for many megabytes; it is no table.")
        text = decoder.decode(chunk, last)
        found.odd = found.odd or _is_odd(chunk, text, name)
        if broken := text.count(REPLACEMENT):
            found.broken += broken
            found.odd = True
        if found.broken and not text.isascii():
            found.beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return found


def _is_odd(chunk: bytes, text: str, name: str) -> bool:
    if name != "utf-8":
        return _ODD.search(text) is not None
    if len(chunk.translate(None, _ODD_BYTES)) != len(chunk):
        return True
    # What is left without ASCII is little, so looking at it is much cheaper than looking at the text. A character that
    # a chunk cut in two is whole at the start of the text.
    rest = text[:1] + chunk.translate(None, _ASCII).decode("utf-8", "ignore")
    return _ODD.search(rest) is not None


def _chunks(file: BinaryIO, mark: int) -> Iterator[tuple[bytes, bool]]:
    file.seek(mark)
    while chunk := file.read(_CHUNK):
        yield chunk, False
    yield b"", True


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a NUL in every second byte; text in one byte a letter has hardly any."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    first, second = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if second > pairs * 0.6 and first < pairs * 0.1:
        return "utf-16-le"
    if first > pairs * 0.6 and second < pairs * 0.1:
        return "utf-16-be"
    return None


def _single_byte(file: BinaryIO) -> str:
    """Which page of one byte a letter. cp1252, the usual one, unless it cannot be, or plainly is another script.

    Pages of one script (cp1250 and cp1252, say) cannot be told apart by statistics on names: the user decides.
    """
    lines = (line for chunk, _ in _chunks(file, 0) for line in chunk.splitlines() if not line.isascii())
    sample = b"\n".join(islice(lines, 2000))[:_SAMPLE]
    chaos = {
        name: match.chaos
        for match in from_bytes(sample, cp_isolation=_NEIGHBOURS, threshold=1.0)
        for name in match.could_be_from_charset
    }
    if "cp1252" not in chaos:
        return min(chaos, key=lambda name: chaos[name], default="cp1252")
    other = min(("cp1251", "cp1253"), key=lambda name: chaos.get(name, 1.0))
    return other if chaos.get(other, 1.0) < chaos["cp1252"] and _whole_words(sample) else "cp1252"


def _whole_words(sample: bytes) -> bool:
    """Letters beyond ASCII stand together, as in Cyrillic and Greek; accents of Latin scripts stand alone."""
    together = sum(len(run) for run in re.findall(rb"[\x80-\xff]{3,}", sample))
    return together * 2 > sum(byte > 127 for byte in sample)
