"""An import from upload to the decision: made, read, corrected, committed (as a job)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem
from woodpecker_api.features.imports.errors import ImportNotFoundError, ImportStateError, MappingInvalidError
from woodpecker_api.features.imports.models import Import, ImportStatus, OnDuplicate
from woodpecker_api.features.imports.queries import records
from woodpecker_api.features.imports.rules.layout import Choices
from woodpecker_api.features.imports.rules.mapping import check_mapping, header_hash
from woodpecker_api.features.imports.service.reading import Reading
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs import Queue
from woodpecker_api.system.jobs.jobs import Jobs

PARSE_JOB, COMMIT_JOB = "imports.parse", "imports.commit"
READABLE = (ImportStatus.PARSED, ImportStatus.FAILED)
SAMPLE_CELLS, SAMPLE_LENGTH = 5, 200
_PLACE = ("encoding", "delimiter", "header_row", "sheet")


@dataclass(frozen=True)
class Upload:
    id: str
    filename: str
    size: int
    sha256: str


def find_import(db: Session, import_id: str) -> Import:
    """Raises `ImportNotFoundError`."""
    found = records.one(db, import_id)
    if found is None:
        raise ImportNotFoundError("There is no import under this id. Look in the list of imports.")
    return found


def begin(db: Session, actor: Actor, upload: Upload, now: datetime) -> Import:
    """The record of an upload that is still to be read."""
    made = Import(
        id=upload.id,
        filename=upload.filename[:300],
        file_sha256=upload.sha256,
        file_size=upload.size,
        status=ImportStatus.PARSING,
        created_by=actor.id,
        created_at=now,
    )
    db.add(made)
    db.flush()
    after = {"filename": made.filename, "size": made.file_size, "sha256": made.file_sha256}
    record(db, actor, "import.uploaded", ("import", made.id), after=after)
    return made


def store_reading(db: Session, imported: Import, reading: Reading) -> None:
    """What was found becomes what is shown; problems found earlier are replaced."""
    layout = reading.layout
    imported.encoding = layout.encoded.encoding if layout.encoded else None
    imported.delimiter, imported.header_row, imported.sheet = layout.delimiter, layout.header_row, layout.sheet
    imported.mapping = reading.mapping
    imported.columns = _columns(reading)
    imported.row_count = reading.rows
    tell_findings(db, imported, reading)
    imported.status, imported.error_code, imported.error = ImportStatus.PARSED, None, None
    imported.version = (imported.version or 0) + 1
    announce(db, "import", imported.id)


def tell_findings(db: Session, imported: Import, reading: Reading) -> None:
    """Counts and problems as this reading found them, instead of those of an earlier one."""
    imported.counts = {
        **{name: reading.counts[name] for name in ("ok", "duplicate_in_file", "duplicate_in_database", "invalid")},
        "changed_by_fill": reading.counts["changed_by_fill"],
        "changed_by_overwrite": reading.counts["changed_by_overwrite"],
        "blank": reading.blank,
        **{f"code.{code}": count for code, count in sorted(reading.codes.items())},
        **{f"company.{domain}": people for domain, people in reading.companies().items()},
    }
    records.drop_issues(db, imported.id)
    records.write_issues(db, imported.id, reading.issues)


def _columns(reading: Reading) -> list[dict[str, Any]]:
    layout = reading.layout
    found = []
    for place, name in enumerate(layout.names):
        cells = (row[place].strip() for row in layout.sample if len(row) > place)
        sample = [cell[:SAMPLE_LENGTH] for cell in cells if cell][:SAMPLE_CELLS]
        found.append({"name": name, "sample": sample, "field": reading.mapping.get(name)})
    return found


def fail(db: Session, imported: Import, code: str, sentence: str, now: datetime) -> None:
    """The file could not be read, or the commit not finished; the sentence says what to do."""
    imported.status, imported.error_code, imported.error = ImportStatus.FAILED, code[:64], sentence
    imported.version += 1
    imported.finished_at = now
    announce(db, "import", imported.id)


def choices_of(imported: Import) -> Choices:
    return Choices(**{name: imported.choices.get(name) for name in _PLACE})


def wanted_mapping(imported: Import) -> dict[str, str | None]:
    """What the user said about columns."""
    return dict(imported.choices.get("mapping") or {})


def correct(db: Session, imported: Import, given: Mapping[str, Any]) -> None:
    """Takes the user's corrections; the file must then be read again. Raises `ImportStateError`, `MappingInvalidError`.

    Columns of another layout have other names, so a mapping lasts only as long as the layout does.
    """
    if imported.status not in READABLE:
        raise ImportStateError(f"This import is {imported.status}; how it is read can no longer be changed.")
    place = {name: given[name] for name in _PLACE if name in given}
    kept = {name: value for name, value in imported.choices.items() if name != "mapping"}
    moved = any(kept.get(name) != value for name, value in place.items())
    mapping = {} if moved else wanted_mapping(imported)
    if (said := given.get("mapping")) is not None:
        if not moved:
            _refuse(imported, said, whole=False)
        mapping |= said
    imported.choices = {**kept, **place, "mapping": mapping}
    imported.version += 1
    db.flush()


def start_commit(
    db: Session, actor: Actor, imported: Import, decision: "Decision", jobs: Jobs, now: datetime
) -> Import:
    """Hands the import to the background. Raises `ImportStateError`, `MappingInvalidError`."""
    if imported.status != ImportStatus.PARSED:
        raise ImportStateError(f"This import is {imported.status}; only one that was read can be imported.")
    mapping = {**imported.mapping, **(decision.mapping or {})}
    _refuse(imported, mapping, whole=True)
    imported.mapping = mapping
    imported.choices = {**imported.choices, "mapping": mapping}
    imported.columns = [{**column, "field": mapping.get(column["name"])} for column in imported.columns]
    imported.on_duplicate, imported.note = decision.on_duplicate, decision.note
    imported.status, imported.rows_done = ImportStatus.COMMITTING, 0
    imported.version += 1
    if imported.header_row is not None:
        records.remember(db, header_hash([column["name"] for column in imported.columns]), mapping, now)
    after = {"on_duplicate": decision.on_duplicate, "rows": imported.row_count, "note": decision.note}
    record(db, actor, "import.started", ("import", imported.id), after=after)
    jobs.enqueue(db, COMMIT_JOB, imported.id, key=f"import-commit-{imported.id}", queue=Queue.IMPORTS)
    announce(db, "import", imported.id)
    return imported


def start_parse(db: Session, imported: Import, jobs: Jobs) -> None:
    """Reading a large file takes a while: the background does it."""
    imported.status = ImportStatus.PARSING
    jobs.enqueue(db, PARSE_JOB, imported.id, key=f"import-parse-{imported.id}-{imported.version}", queue=Queue.IMPORTS)
    announce(db, "import", imported.id)


@dataclass(frozen=True)
class Decision:
    """What the user decided: corrections of the mapping, what happens to people we know, how we know these."""

    mapping: Mapping[str, str | None] | None = None
    on_duplicate: OnDuplicate = OnDuplicate.SKIP
    note: str = ""


def _refuse(imported: Import, mapping: Mapping[str, str | None], *, whole: bool) -> None:
    """`whole`: address and name must be there as well."""
    names = [column["name"] for column in imported.columns]
    problems = [p for p in check_mapping(names, mapping) if whole or p.column is not None]
    if problems:
        fields = tuple(
            FieldProblem(f"mapping.{p.column}" if p.column else "mapping", p.code, p.message) for p in problems
        )
        raise MappingInvalidError("The columns are not mapped completely. " + problems[0].message, errors=fields)
