"""A whole file read and checked, before anything of it is stored: the preview."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from woodpecker_api.features.campaigns.rules import is_company_domain
from woodpecker_api.features.imports.rules.checking import Checker
from woodpecker_api.features.imports.rules.duplicates import FILL, OVERWRITE, InFile, merge
from woodpecker_api.features.imports.rules.issues import Issue, Severity
from woodpecker_api.features.imports.rules.layout import Choices, Layout, find_layout
from woodpecker_api.features.imports.rules.mapping import make_plan, suggest
from woodpecker_api.features.imports.rules.prepared import Prepared
from woodpecker_api.features.imports.rules.rows import Rows
from woodpecker_api.features.imports.rules.slices import SliceChecker
from woodpecker_api.features.leads.rules import Suppressed

CHUNK = 500
KEPT_PER_CODE = 2_000
"""Remarks of one kind that are kept; all are counted, and every row that is refused is kept."""

SHOWN_COMPANIES = 50

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
    domains: Counter[str] = field(default_factory=Counter)
    """Usable rows by the domain of their address."""

    def companies(self) -> dict[str, int]:
        """The companies of which the list has most people, two at least: domain to people. Free mail is no company."""
        shared = (found for found in self.domains.most_common() if found[1] > 1 and is_company_domain(found[0]))
        return dict(islice(shared, SHOWN_COMPANIES))

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


def read_file(
    file: BinaryIO,
    choices: Choices,
    wanted: Mapping_,
    sources: Sources,
    keep: Callable[[Prepared], None] | None = None,
) -> Reading:
    """`wanted` are the user's corrections of the mapping; `keep` is given each row. Raises `UnreadableFileError`."""
    layout = find_layout(file, choices)
    reading = Reading(layout, mapping_for(layout, wanted, sources.remember))
    reading.note(layout.issues)
    rows, checker = open_slices(file, layout, reading.mapping, sources.suppressed)
    in_file, waiting = InFile(), list[Prepared]()
    for one, issues in checker.judge(rows):
        row, said = _first_of_its_address(in_file, one)
        reading.rows += 1
        if one.refusal is not None:
            reading.counts["invalid"] += 1
        elif row.refusal is not None:
            reading.counts["duplicate_in_file"] += 1
        else:
            waiting.append(row)
            reading.domains[row.key.rpartition("@")[2]] += 1
        if keep is not None:
            keep(row)
        if issues or said:
            reading.note((*issues, *said))
        if len(waiting) >= CHUNK:
            _compare(reading, waiting, sources.look_up)
            waiting.clear()
    _compare(reading, waiting, sources.look_up)
    reading.note(rows.issues)
    reading.blank = rows.blank
    return reading


def _first_of_its_address(in_file: InFile, one: Prepared) -> tuple[Prepared, tuple[Issue, ...]]:
    """The row, refused when a usable row before it has its address; and what is said about that."""
    if one.refusal is not None or (first := in_file.first_line(one.key, one.line)) is None:
        return one, ()
    issue = double_in_file(one.line, first)
    return one.as_double(issue), (issue,)


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


def open_slices(file: BinaryIO, layout: Layout, mapping: Mapping_, suppressed: Suppressed) -> tuple[Rows, SliceChecker]:
    """The same for whole slices of rows."""
    odd = layout.encoded.odd if layout.encoded else True
    plan = make_plan(layout.names, mapping, layout.sample)
    return Rows(file, layout), SliceChecker(plan, suppressed, odd=odd)


def checked_rows(file: BinaryIO, layout: Layout, mapping: Mapping_, suppressed: Suppressed) -> Iterator[Prepared]:
    """The rows as a commit takes them. Addresses that the database has are no matter here."""
    rows, checker = open_slices(file, layout, mapping, suppressed)
    in_file = InFile()
    return (_first_of_its_address(in_file, one)[0] for one, _ in checker.judge(rows))


def double_in_file(line: int, first: int) -> Issue:
    message = f"The same address stands in line {first} already; that row counts."
    return Issue(line, None, "duplicate_in_file", message, Severity.NOTE)


def double_in_database(line: int) -> Issue:
    return Issue(line, None, "duplicate_in_database", "A lead with this address exists already.", Severity.NOTE)


def _compare(reading: Reading, waiting: list[Prepared], look_up: LookUp) -> None:
    if not waiting:
        return
    known = look_up([row.key for row in waiting])
    reading.counts["ok"] += len(waiting)
    for row in waiting if known.leads or known.remarks else ():
        if (remark := known.remarks.get(row.key)) is not None:
            reading.note([Issue(row.line, None, *remark)])
        lead = known.leads.get(row.key)
        if lead is None:
            continue
        checked = row.checked()
        reading.counts["ok"] -= 1
        reading.counts["duplicate_in_database"] += 1
        reading.counts["changed_by_fill"] += bool(merge(lead, checked, FILL))
        reading.counts["changed_by_overwrite"] += bool(merge(lead, checked, OVERWRITE))
        reading.note([double_in_database(row.line)])
