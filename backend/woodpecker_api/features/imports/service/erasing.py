"""Where lists that were imported speak of a person: rejected rows, remarks, samples, what a lead was before, the file itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import Place, mentions
from woodpecker_api.features.imports.models import Import, ImportChange, ImportIssue, ImportReject, ImportStatus
from woodpecker_api.features.imports.queries import erasing as queries
from woodpecker_api.features.imports.rules.issues import UnreadableFileError
from woodpecker_api.features.imports.rules.layout import find_layout
from woodpecker_api.features.imports.service.reading import open_rows
from woodpecker_api.features.imports.service.starting import choices_of
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.rules import Suppressed
from woodpecker_api.features.leads.rules.forgetting import Person

_QUOTING = "name_case_changed"
GONE_CODE = "person_erased"
GONE = "Somebody in this file was erased, so the file is no longer kept. Upload the list again without them."


@dataclass(frozen=True)
class InFiles:
    """Lines of uploaded files that are about the person."""

    lines: tuple[tuple[str, int], ...] = ()

    @property
    def import_ids(self) -> tuple[str, ...]:
        return tuple(sorted({import_id for import_id, _ in self.lines}))


def is_busy(db: Session) -> bool:
    """A list is being taken in: who is in it is not known before its end."""
    return queries.committing(db)


def look_in_files(db: Session, uploads: Uploads, person: Person) -> InFiles:
    """Reads every file that is still kept; those of a week, as a rule."""
    known = queries.all_ids(db)
    return InFiles(
        tuple(
            (import_id, line)
            for import_id in uploads.ids()
            if import_id in known
            for line in _lines_of(uploads, db.get_one(Import, import_id), person)
        )
    )


def _lines_of(uploads: Uploads, imported: Import, person: Person) -> Iterator[int]:
    words = {word.casefold() for word in person.words}
    names = {tuple(name.casefold().split()) for name in person.names}
    try:
        with uploads.open(imported.id) as file:
            rows, checker = open_rows(file, find_layout(file, choices_of(imported)), imported.mapping, Suppressed())
            for row in rows:
                folded = [cell.strip().casefold() for cell in row.cells]
                named = any(all(any(part in cell for cell in folded) for part in name) for name in names)
                if (
                    named
                    or any(word in cell for cell in folded for word in words)
                    or checker.check(row).key == person.key
                ):
                    yield row.line
    except UnreadableFileError:
        # Nobody can say who is in it: it is treated as if the person were.
        yield 0


def places(db: Session, person: Person, in_files: InFiles) -> list[Place]:
    rejected = queries.rejected_rows(db, person.words, person.names)
    remarks = [*in_files.lines, *rejected]
    return [
        *(
            Place(ImportIssue, sa.and_(ImportIssue.import_id == import_id, ImportIssue.row == row))
            for import_id, row in dict.fromkeys(remarks)
        ),
        # The remarks that quote names go with the file: without it nobody can say any more whose row it was.
        Place(
            ImportIssue,
            sa.and_(ImportIssue.import_id.in_(in_files.import_ids), ImportIssue.code == _QUOTING),
            others_too=True,
        ),
        Place(ImportIssue, mentions(ImportIssue.message, [*person.words, *person.names])),
        *(
            Place(ImportReject, sa.and_(ImportReject.import_id == import_id, ImportReject.row == row))
            for import_id, row in dict.fromkeys(rejected)
        ),
        Place(ImportChange, ImportChange.lead_id.in_(person.lead_ids)),
        Place(Import, mentions(Import.note, person.words), {"note": ""}),
    ]


def forget_samples(db: Session, person: Person, in_files: InFiles) -> int:
    """The first cells of each column, kept to show what it holds, of every list that the person was in."""
    found = {imported.id: imported for imported in queries.imports_of(db, person.lead_ids, person.words)}
    found |= {import_id: db.get_one(Import, import_id) for import_id in in_files.import_ids}
    shown = [imported for imported in found.values() if any(column.get("sample") for column in imported.columns)]
    for imported in shown:
        imported.columns = [{**column, "sample": []} for column in imported.columns]
    return len(shown)


def give_up_files(db: Session, import_ids: Sequence[str], now: datetime) -> None:
    """What was not imported yet cannot be any more. The files themselves go when this is committed (`drop_files`)."""
    for import_id in import_ids:
        imported = db.get(Import, import_id)
        if imported is not None and imported.status in (ImportStatus.PARSING, ImportStatus.PARSED):
            imported.status, imported.error_code, imported.error = ImportStatus.FAILED, GONE_CODE, GONE
            imported.finished_at = now
            imported.version += 1
    db.flush()


def drop_files(uploads: Uploads, import_ids: Sequence[str]) -> None:
    for import_id in import_ids:
        uploads.drop(import_id)
