"""The rows that did not become leads, as a file that can be repaired and imported again."""

from collections.abc import Iterator
from datetime import datetime

from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.models import Import
from woodpecker_api.features.imports.queries import records
from woodpecker_api.features.imports.rules.duplicates import InFile
from woodpecker_api.features.imports.rules.layout import find_layout
from woodpecker_api.features.imports.service.reading import double_in_file, open_rows
from woodpecker_api.features.imports.service.starting import choices_of
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.service import suppressed_now
from woodpecker_api.kit.csv import csv_lines

OWN = ["import_row", "import_code", "import_reason"]
"""Our columns stand in front of the file's own."""


def reject_lines(
    database: Database, uploads: Uploads, imported: Import, now: datetime, *, stored: bool
) -> Iterator[str]:
    """`stored`: as the commit found them; else as the file would be refused now."""
    header = [*OWN, *(column["name"] for column in imported.columns)]
    rows = _stored(database, imported.id) if stored else _read(database, uploads, imported, now)
    return csv_lines(header, rows)


def _stored(database: Database, import_id: str) -> Iterator[list[object]]:
    with database.reading() as db:
        for reject in records.every_reject(db, import_id):
            yield [reject.row, reject.code, reject.reason, *reject.cells]


def _read(database: Database, uploads: Uploads, imported: Import, now: datetime) -> Iterator[list[object]]:
    if not imported.columns:
        return
    with database.reading() as db:
        suppressed = suppressed_now(db, now)
    with uploads.open(imported.id) as file:
        rows, checker = open_rows(file, find_layout(file, choices_of(imported)), imported.mapping, suppressed)
        in_file = InFile()
        for row in rows:
            checked = checker.check(row)
            refusal = checked.error
            if refusal is None and (first := in_file.first_line(checked.key, checked.line)) is not None:
                refusal = double_in_file(checked, first)
            if refusal is not None:
                yield [row.line, refusal.code, refusal.message, *row.cells]
