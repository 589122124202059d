"""Ordinary rows checked a slice at a time, column by column: what `Checker` says of each, at a third of its price.

Nine rows in ten of a real list have nothing remarkable. For those one look at a whole column answers what would be asked of each
cell. Any row that might need a word, and any slice of an unusual shape, goes to `Checker`; a property test holds both to the
same answer.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from json.encoder import encode_basestring_ascii as quoted

from woodpecker_api.features.imports.rules.checking import Checked, Checker
from woodpecker_api.features.imports.rules.content import may_be_suspicious, suspicions
from woodpecker_api.features.imports.rules.issues import Issue
from woodpecker_api.features.imports.rules.mapping import Plan
from woodpecker_api.features.imports.rules.prepared import JOINED, ROW_END, Prepared, json_texts, prepare
from woodpecker_api.features.imports.rules.rows import Row
from woodpecker_api.features.leads.rules import FIELD_NAMES, Suppressed, fold, is_web_link, time_zone_is_clear
from woodpecker_api.features.leads.rules.addresses import is_plain
from woodpecker_api.features.leads.rules.fields import CUSTOM_LIMIT, FIELD

SLICE = 500
"""Rows looked at together: enough to share the cost, few enough that one odd row does not spoil many."""
Texts = Sequence[str]
Judged = tuple[Prepared, Sequence[Issue]]
_LIMITS = {name: known.limit for name, known in FIELD.items()}
_WORDED = ("company", "title")
_LINKS = ("website", "linkedin_url")


class SliceChecker:
    """Gives each row its verdict and its issues, in the order of the file."""

    def __init__(self, plan: Plan, suppressed: Suppressed, *, odd: bool) -> None:
        self._plan = plan
        self._suppressed = suppressed
        self._odd = odd
        self._checker = Checker(plan, suppressed, odd=odd)
        self._fields = dict(plan.fields)
        self._tags: dict[str, str] = {}

    def judge(self, rows: Iterable[Row]) -> Iterator[Judged]:
        rest = iter(rows)
        while part := list(islice(rest, SLICE)):
            ordinary = self._ordinary(part)
            for place, row in enumerate(part):
                one = ordinary.get(place)
                yield (one, ()) if one is not None else self._singly(row)

    def _singly(self, row: Row) -> Judged:
        checked = self._checker.check(row)
        return prepare(row, checked), checked.issues

    def _ordinary(self, part: Sequence[Row]) -> dict[int, Prepared]:
        """By their place in the slice, those rows of which there is nothing to say."""
        width = self._plan.width
        if self._odd or "email" not in self._fields:
            return {}
        places = [
            place
            for place, row in enumerate(part)
            if not row.issues and len(row.cells) == width and len(row.text) <= CUSTOM_LIMIT
        ]
        places = self._unsuspicious(part, places)
        if not places:
            return {}
        rows = [part[place] for place in places]
        look = _Look(self._plan, self._checker, rows, self._tags)
        if look.is_unusual:
            return {}
        columns = look.columns()
        keys = [email.lower() for email in look.field("email")]
        odd = look.remarkable() | self._suppressed_at(keys)
        drafts = look.drafts()
        return {
            place: Prepared(row.line, key, None, False, texts, brought, JOINED + row.text)
            for at, (place, row, key, texts, brought) in enumerate(
                zip(places, rows, keys, columns, drafts, strict=True)
            )
            if at not in odd
        }

    def _unsuspicious(self, part: Sequence[Row], places: list[int]) -> list[int]:
        """Without rows whose cells hold something that could do harm, or that must be put together anew (NFC)."""
        whole = ROW_END.join([part[place].text for place in places])
        if "\r" in whole:
            places = [place for place in places if "\r" not in part[place].text]
        if not whole.isascii() and not unicodedata.is_normalized("NFC", whole):
            places = [place for place in places if unicodedata.is_normalized("NFC", part[place].text)]
        if may_be_suspicious(whole, ROW_END):
            places = [place for place in places if not _suspicious(part[place])]
        return places

    def _suppressed_at(self, keys: Texts) -> set[int]:
        if not self._suppressed:
            return set()
        return {at for at, key in enumerate(keys) if self._suppressed.reason(key) is not None}


def _suspicious(row: Row) -> bool:
    return bool(suspicions([cell.strip() for cell in row.cells], row.text))


class _Look:
    """The columns of some rows, trimmed. `is_unusual`: the shape of the slice needs a look at each row."""

    def __init__(self, plan: Plan, checker: Checker, rows: Sequence[Row], tags: dict[str, str]) -> None:
        self._plan = plan
        self._checker = checker
        self._rows = rows
        self._tags = tags
        self._empty: Texts = ("",) * len(rows)
        self._cells: list[Texts] = [
            [cell.strip() for cell in column] if any(column) else self._empty
            for column in zip(*(row.cells for row in rows), strict=True)
        ]
        self._of = {name: self._filled(places) for name, places in plan.fields}
        self._full = self._filled(plan.full_name)
        self.is_unusual = any(len(found) > 1 for found in (*self._of.values(), self._full, self._filled(plan.tags)))

    def _filled(self, places: Iterable[int]) -> list[int]:
        """Of the columns that could hold the value, those that hold anything in this slice."""
        return [place for place in places if self._cells[place] is not self._empty]

    def field(self, name: str) -> Texts:
        places = self._of.get(name)
        return self._cells[places[0]] if places else self._empty

    def remarkable(self) -> set[int]:
        """Places of rows of which `Checker` has something to say, or which it would change."""
        found = {at for at, email in enumerate(self.field("email")) if not is_plain(email)}
        first, last = self.field("first_name"), self.field("last_name")
        if "" in first or (self._full and "" in last):
            found |= {at for at, (one, other) in enumerate(zip(first, last, strict=True)) if not (one and other)}
        for name in _WORDED:
            if name in self._of and "" in (column := self.field(name)):
                found |= _at(column, lambda value: not value)
        for name in self._of:
            found |= self._unfit(name, self.field(name))
        return found

    def _unfit(self, name: str, column: Texts) -> set[int]:
        if column is self._empty:
            return set()
        limit, found = _LIMITS[name], set[int]()
        if max(map(len, column)) > limit:
            found |= _at(column, lambda value: len(value) > limit)
        if name != "address" and "\n" in "\x1f".join(column):
            found |= _at(column, lambda value: "\n" in value)
        if name in _LINKS:
            found |= _at(column, lambda value: not value.startswith("https://") and not is_web_link(value))
        if name == "time_zone":
            found |= _at(column, lambda value: value != "" and not time_zone_is_clear(value))
        return found

    def columns(self) -> Iterator[tuple[str, ...]]:
        """The texts of `PREPARED`, row by row."""
        said = [self.field(name) for name in ("email", "first_name", "last_name", "company", "title")]
        searched = _folded([" ".join(texts) for texts in zip(*said, strict=True)])
        names = _folded([f"{last} {first}" for last, first in zip(said[2], said[1], strict=True)])
        companies = [text[:300] for text in _folded(said[3])]
        return zip(
            *(self.field(name) for name in FIELD_NAMES),
            self._tag_lists(),
            self._custom(),
            searched,
            companies,
            [name[:400] for name in names],
            strict=True,
        )

    def _tag_lists(self) -> Texts:
        places = self._filled(self._plan.tags)
        if not places:
            return ["[]"] * len(self._rows)
        return [self._tag_list(cell, places[0]) for cell in self._cells[places[0]]]

    def _tag_list(self, cell: str, place: int) -> str:
        known = self._tags.get(cell)
        if known is None:  # a list has few different tags
            cells = [""] * self._plan.width
            cells[place] = cell
            known = json.dumps(self._checker.tags_in(cells))
            if len(self._tags) < SLICE:
                self._tags[cell] = known
        return known

    def _custom(self) -> list[str]:
        """The custom fields of each row as JSON, in the order in which `Checker` meets them."""
        pieces: list[list[str]] = [[] for _ in self._rows]
        if self._full:
            key = quoted(self._plan.spare[self._plan.full_name[0]]) + ": "
            full, first, last = self._cells[self._full[0]], self.field("first_name"), self.field("last_name")
            for at, name in enumerate(full):
                if name and name != f"{first[at]} {last[at]}":
                    pieces[at].append(key + quoted(name))
        for place, name in self._plan.custom:
            column = self._cells[place]
            if column is not self._empty:
                key = quoted(name) + ": "
                for piece, value in zip(pieces, column, strict=True):
                    if value:
                        piece.append(key + quoted(value))
        return ["{" + ", ".join(piece) + "}" for piece in pieces]

    def drafts(self) -> list[str]:
        """Ready-made texts of each row as JSON, or nothing."""
        found = [""] * len(self._rows)
        places = self._filled([place for _, places in self._plan.snippets for place in places])
        for at in {at for place in places for at, cell in enumerate(self._cells[place]) if cell}:
            checked = Checked(self._rows[at].line)
            self._checker.take_drafts(checked, [column[at] for column in self._cells])
            found[at] = json_texts(checked.drafts)
        return found


def _at(column: Texts, is_odd: Callable[[str], bool]) -> set[int]:
    return {at for at, value in enumerate(column) if is_odd(value)}


def _folded(texts: Texts) -> list[str]:
    """Each folded; texts of one alphabet together, because that is where the time goes."""
    whole = ROW_END.join(texts)
    if not whole.isascii():
        return [fold(text) for text in texts]
    return [" ".join(text.split()) for text in whole.lower().split(ROW_END)]
