"""A whole file read and checked, before anything of it is stored: the preview."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from woodpecker_api.features.imports.rules.checking import Checked, Checker
from woodpecker_api.features.imports.rules.duplicates import FILL, OVERWRITE, InFile, merge
from woodpecker_api.features.imports.rules.issues import Issue, Severity
from woodpecker_api.features.imports.rules.layout import Choices, Layout, find_layout
from woodpecker_api.features.imports.rules.mapping import make_plan, suggest
from woodpecker_api.features.imports.rules.rows import Rows
from woodpecker_api.features.leads.rules import Suppressed

CHUNK = 500
KEPT_PER_CODE = 2_000
"""Remarks of one kind that are kept; all are counted, and every row that is refused is kept."""

Mapping_ = Mapping[str, str | None]


@dataclass(frozen=True)
class Known:
    """What is known of some addresses: the leads that exist, and remarks from the copy of the Woodpecker account."""

    leads: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    remarks: Mapping[str, tuple[str, str]] = field(default_factory=dict)


LookUp = Callable[[list[str]], Known]
Remember = Callable[[tuple[str, ...]], Mapping_ | None]
"""Names of the columns → the mapping last confirmed for a header of this shape."""


@dataclass
class Reading:
    """`codes` counts every issue by code; `issues` holds those that are kept."""

    layout: Layout
    mapping: dict[str, str | None]
    rows: int = 0
    blank: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)

    def note(self, issues: Iterable[Issue]) -> None:
        for issue in issues:
            self.codes[issue.code] += 1
            if issue.severity is Severity.ERROR or self.codes[issue.code] <= KEPT_PER_CODE:
                self.issues.append(issue)


@dataclass(frozen=True)
class Sources:
    """What the preview may ask while it reads."""

    suppressed: Suppressed
    look_up: LookUp
    remember: Remember


def read_file(file: BinaryIO, choices: Choices, wanted: Mapping_, sources: Sources) -> Reading:
    """`wanted` are the user's corrections of the mapping. Raises `UnreadableFileError`."""
    layout = find_layout(file, choices)
    reading = Reading(layout, mapping_for(layout, wanted, sources.remember))
    reading.note(layout.issues)
    rows, checker = open_rows(file, layout, reading.mapping, sources.suppressed)
    in_file, waiting = InFile(), list[Checked]()
    for row in rows:
        reading.rows += 1
        checked = checker.check(row)
        if checked.error is not None:
            reading.counts["invalid"] += 1
        elif (first := in_file.first_line(checked.key, checked.line)) is not None:
            reading.counts["duplicate_in_file"] += 1
            checked.issues.append(double_in_file(checked, first))
        else:
            waiting.append(checked)
        reading.note(checked.issues)
        if len(waiting) >= CHUNK:
            _compare(reading, waiting, sources.look_up)
            waiting.clear()
    _compare(reading, waiting, sources.look_up)
    reading.note(rows.issues)
    reading.blank = rows.blank
    return reading


def mapping_for(layout: Layout, wanted: Mapping_, remember: Remember) -> dict[str, str | None]:
    """What the user said, else what was confirmed for such a header before, else what the names suggest."""
    suggested = dict(zip(layout.names, suggest(layout.header, layout.sample), strict=True))
    remembered = remember(layout.names) if layout.header_row is not None else None
    known = {name: target for name, target in (remembered or {}).items() if name in suggested}
    return suggested | known | {name: target for name, target in wanted.items() if name in suggested}


def open_rows(file: BinaryIO, layout: Layout, mapping: Mapping_, suppressed: Suppressed) -> tuple[Rows, Checker]:
    """The rows of the file, and what checks them."""
    odd = layout.encoded.odd if layout.encoded else True
    plan = make_plan(layout.names, mapping, layout.sample)
    return Rows(file, layout), Checker(plan, suppressed, odd=odd)


def double_in_file(checked: Checked, first: int) -> Issue:
    message = f"The same address stands in line {first} already; that row counts."
    return Issue(checked.line, None, "duplicate_in_file", message, Severity.NOTE)


def double_in_database(line: int) -> Issue:
    return Issue(line, None, "duplicate_in_database", "A lead with this address exists already.", Severity.NOTE)


def _compare(reading: Reading, waiting: list[Checked], look_up: LookUp) -> None:
    if not waiting:
        return
    known = look_up([checked.key for checked in waiting])
    for checked in waiting:
        if (remark := known.remarks.get(checked.key)) is not None:
            reading.note([Issue(checked.line, None, *remark)])
        lead = known.leads.get(checked.key)
        if lead is None:
            reading.counts["ok"] += 1
            continue
        reading.counts["duplicate_in_database"] += 1
        reading.counts["changed_by_fill"] += bool(merge(lead, checked, FILL))
        reading.counts["changed_by_overwrite"] += bool(merge(lead, checked, OVERWRITE))
        reading.note([double_in_database(checked.line)])
