"""Lead lists for tests: the generator's with what it meant to write, and small ones by hand."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from tests.fixtures import make_leads_csv as generator
from woodpecker_api.features.imports.rules.checking import Checked, Checker
from woodpecker_api.features.imports.rules.duplicates import InFile
from woodpecker_api.features.imports.rules.layout import Choices, Layout, find_layout
from woodpecker_api.features.imports.rules.mapping import make_plan, suggest
from woodpecker_api.features.imports.rules.rows import Row, Rows
from woodpecker_api.features.leads.rules import Suppressed

SMALL_PRESETS = [name for name in generator.PRESETS if name not in generator.LARGE_PRESETS]


@dataclass
class List:
    """A generated file. `meant` are the cells that each record should have had before defects were put in the lines."""

    data: bytes
    facts: dict[str, Any]
    meant: list[list[str]]


class _Recorder(generator._Maker):
    def __init__(self, options: dict[str, Any]) -> None:
        self.meant: list[list[str]] = []
        super().__init__(options)

    def row(self) -> list[str]:
        cells: list[str] = super().row()
        self.meant.append(list(cells))
        return cells


def a_list(preset: str = "normal", **changes: Any) -> List:
    """The preset's file with its facts and what was meant."""
    options = generator.preset_options(preset, **changes)
    pieces: list[bytes] = []
    facts = generator.generate(options, pieces.append)
    recorder = _Recorder(options)
    for _ in recorder.lines():
        pass
    if options["unterminated"]:  # from the open quote on the generator writes cells without commas and quotes
        start, delimiter = int(options["rows"] * 0.6), generator.DELIMITERS[options["delimiter"]]
        plain = [[recorder._plain(cell, delimiter) for cell in row] for row in recorder.meant[start:]]
        recorder.meant[start:] = plain
    return List(b"".join(pieces), facts, recorder.meant)


@dataclass
class Outcome:
    """What the rules say about a whole file."""

    layout: Layout
    rows: Rows
    read: list[Row]
    checked: list[Checked]
    accepted: list[Checked]
    doubles: list[Checked]

    def codes(self) -> set[str]:
        return {issue.code for checked in self.checked for issue in checked.issues} | {
            issue.code for issue in (*self.layout.issues, *self.rows.issues)
        }


def outcome_of(
    data: bytes,
    choices: Choices | None = None,
    mapping: dict[str, str | None] | None = None,
    suppressed: Suppressed | None = None,
) -> Outcome:
    """Reads, maps as suggested (then as `mapping` says) and checks; doubles in the file are set apart."""
    layout = find_layout(io.BytesIO(data), choices)
    rows = Rows(io.BytesIO(data), layout)
    suggested = dict(zip(layout.names, suggest(layout.header, layout.sample), strict=True)) | (mapping or {})
    odd = layout.encoded.odd if layout.encoded else True
    checker = Checker(make_plan(layout.names, suggested, layout.sample), suppressed, odd=odd)
    read = list(rows)
    checked = [checker.check(row) for row in read]
    in_file, accepted, doubles = InFile(), [], []
    for one in checked:
        if one.error is None:
            (accepted if in_file.first_line(one.key, one.line) is None else doubles).append(one)
    return Outcome(layout, rows, read, checked, accepted, doubles)


def text_of(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def a_workbook(sheets: dict[str, list[list[object]]], *, hidden: tuple[str, ...] = ()) -> bytes:
    """A minimal XLSX: strings inline, numbers as numbers; None leaves the cell out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        names = list(sheets)
        archive.writestr("[Content_Types].xml", _TYPES.format(_parts(names)))
        archive.writestr("_rels/.rels", _RELS)
        archive.writestr("xl/workbook.xml", _workbook_xml(names, hidden))
        links = "".join(
            f'<Relationship Id="r{i}" Type="{_OFFICE}/relationships/worksheet" Target="worksheets/s{i}.xml"/>'
            for i in range(len(names))
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>')
        for i, rows in enumerate(sheets.values()):
            archive.writestr(f"xl/worksheets/s{i}.xml", _sheet_xml(rows))
    return buffer.getvalue()


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{{}}</Types>'
)
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)


def _parts(names: list[str]) -> str:
    return "".join(
        f'<Override PartName="/xl/worksheets/s{i}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for i in range(len(names))
    )


def _workbook_xml(names: list[str], hidden: tuple[str, ...]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{i + 1}" r:id="r{i}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""}/>'
        for i, name in enumerate(names)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><sheets>{sheets}</sheets></workbook>'


def _sheet_xml(rows: list[list[object]]) -> str:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell_xml(f"{chr(65 + i)}{number}", value) for i, value in enumerate(row) if value is not None)
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell_xml(place: str, value: object) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'
