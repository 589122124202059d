"""What in a cell could do harm later: markup, formulas, orders to a language model, characters of merge fields.

The cell is data and stays as it is; it is shown, and fenced off wherever it goes.
"""

import re

from woodpecker_api.features.imports.rules.rows import SEPARATOR

MARKUP, FORMULA, ORDERS, MERGE_FIELD = "markup", "formula", "prompt_like", "merge_field_characters"

MESSAGES = {
    MARKUP: "The cell holds markup. It is treated as plain text everywhere.",
    FORMULA: "A spreadsheet would run this cell as a formula. Downloads from here make it harmless.",
    ORDERS: "The cell reads like an order to a language model. Check it before texts are generated.",
    MERGE_FIELD: "The cell holds {{, }} or |, which break the merge fields of Woodpecker. Change it before exporting.",
}

_MARKUP = re.compile(
    r"<\s*[/!?]?\s*[a-zA-Z]|&(?:#\d+|#x[0-9a-f]+|lt|gt|quot);|\bjavascript:|\bdata:text/html", re.IGNORECASE
)
_ENTITY = re.compile("&(?:#|lt;|gt;|quot;)", re.IGNORECASE)
_FORMULA_START = re.compile(rf"{SEPARATOR}[^\S{SEPARATOR}]*[=+\-@＝＋－＠]")
_FORMULA_SIGNS = tuple("=+-@＝＋－＠")
_PLAIN_NUMBER = re.compile(r"[+\-＋－][\d\s().,/x-]*(?:ext\.?\s*\d+)?\Z", re.IGNORECASE)
# Looked for in the whole row first, because most rows are clean. lower() is dear beyond ASCII, so cases are listed there.
_HINTS: tuple[str, ...] = (
    "ignor",
    "disregard",
    "forget",
    "bypass",
    "overrid",
    "prompt",
    "instruction",  # with its first letter: constructions are everywhere
    "you are now",
    "jailbreak",
)
_HINTS += ("vergiss", "olvida", "oublie")
_HINTS_ANY_CASE = (
    *_HINTS,
    "Ignor",
    "IGNOR",
    "Disregard",
    "Forget",
    "PROMPT",
    "Prompt",
    "Instruction",
    "INSTRUCTION",
    "You are now",
    "ergiss",
    "lvida",
    "ublie",
)
_ORDERS = re.compile(
    r"\b(?:ignor\w*|disregard|forget|override|bypass|vergiss|olvida|oublie\w*)\b[^.\n]{0,60}"
    r"\b(?:previous|prior|above|all|any|earlier|your|these|vorherigen?|bisherigen?|anterior\w*|pr[eé]c[eé]dent\w*)\b"
    r"|\b(?:system|developer) prompt\b|\byou are now\b|\bnew instructions?\b|\bjailbreak|<\|\w+\|>"
    r"|\b(?:reveal|print|repeat)\b[^.\n]{0,40}\b(?:prompt|instructions)\b",
    re.IGNORECASE,
)


def may_be_suspicious(text: str, row_end: str) -> bool:
    """False when none of the rows joined by `row_end` holds anything that `suspicions` could name: one look for all."""
    if _may_hold_markup(text) or "{{" in text or "}}" in text or "|" in text or _may_hold_orders(text):
        return True
    cells = text.replace(row_end, SEPARATOR)  # the first cell of a row begins as the others do
    return _FORMULA_START.search(SEPARATOR + cells) is not None


def suspicions(cells: list[str], text: str) -> list[tuple[int, str]]:
    """(place of the cell, code) for all that is suspicious. `text` is all cells joined, as `Row` has it."""
    found: list[tuple[int, str]] = []
    if _may_hold_markup(text):
        found += ((place, MARKUP) for place, cell in enumerate(cells) if _MARKUP.search(cell))
    if "{{" in text or "}}" in text or "|" in text:
        found += ((i, MERGE_FIELD) for i, cell in enumerate(cells) if "{{" in cell or "}}" in cell or "|" in cell)
    if _FORMULA_START.search(text) or text.lstrip()[:1] in _FORMULA_SIGNS:
        found += ((place, FORMULA) for place, cell in enumerate(cells) if is_formula(cell))
    if _may_hold_orders(text):
        found += ((place, ORDERS) for place, cell in enumerate(cells) if _ORDERS.search(cell))
    return found


def _may_hold_markup(text: str) -> bool:
    return "<" in text or "script:" in text or "data:text" in text or ("&" in text and _ENTITY.search(text) is not None)


def _may_hold_orders(text: str) -> bool:
    lower, hints = (text.lower(), _HINTS) if text.isascii() else (text, _HINTS_ANY_CASE)
    return any(hint in lower for hint in hints)


def is_formula(cell: str) -> bool:
    """Begins as a formula does; a telephone number, a bullet and a lone sign do not count."""
    start = cell[:1]
    if start in ("=", "@", "＝", "＠"):
        return len(cell) > 1
    if start in ("+", "-", "＋", "－"):
        return len(cell) > 1 and not cell[1].isspace() and _PLAIN_NUMBER.match(cell) is None
    return False
