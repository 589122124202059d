"""The rows that did not become leads, as a file that can be repaired and imported again."""

from collections.abc import Iterator
from datetime import datetime

from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.models import Import
from woodpecker_api.features.imports.queries import records
from woodpecker_api.features.imports.rules.layout import find_layout
from woodpecker_api.features.imports.service.reading import checked_rows
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
        layout = find_layout(file, choices_of(imported))
        for row in checked_rows(file, layout, imported.mapping, suppressed):
            if row.refusal is not None:
                yield [row.line, row.refusal.code, row.refusal.message, *row.cells]
