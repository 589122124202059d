"""Routes of imports."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, File, Header, UploadFile
from fastapi.responses import JSONResponse, StreamingResponse
from sqlalchemy.orm import Session

from woodpecker_api.features.imports.errors import ImportUnreadableError
from woodpecker_api.features.imports.models import Import, ImportStatus
from woodpecker_api.features.imports.queries import records
from woodpecker_api.features.imports.rules.cleaning import UNSEEN
from woodpecker_api.features.imports.rules.issues import UnreadableFileError
from woodpecker_api.features.imports.schemas import CommitBody, ImportAnswer, ImportChange, IssueAnswer
from woodpecker_api.features.imports.service import starting, undoing
from woodpecker_api.features.imports.service.keeping import read_upload
from woodpecker_api.features.imports.service.looking import sources
from woodpecker_api.features.imports.service.reading import Reading
from woodpecker_api.features.imports.service.rejecting import reject_lines
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.once import OnlyOnce
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask, Services
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.kit.csv import csv_lines
from woodpecker_api.kit.hashing import digest
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.paging import capped
from woodpecker_api.system.auth.idempotency import KeptAnswer, claim, earlier_answer, keep_answer
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(prefix="/api/imports", tags=["imports"])
READ = [needs(Permission.READ)]
WORK = [needs(Permission.WORK)]
READ_AT_ONCE = 5 << 20
"""Bytes. A larger file is read in the background."""
FIRST_ISSUES = 100
# No other way of reading helps these files, so no import is made of them.
_HOPELESS = frozenset(
    {"file_empty", "file_not_text", "line_too_long", "workbook_locked", "workbook_unreadable", "workbook_too_large"}
)


@router.get("", dependencies=READ)
def list_imports(db: ReadDb, paging: Page) -> Listing[ImportAnswer]:
    """Newest first, without their issues."""
    rows, cursor, total = records.page(db, after=paging.key(1), limit=paging.limit)
    return Listing(items=[ImportAnswer.of(row, []) for row in rows], next_cursor=cursor, total=total)


@router.post("", dependencies=WORK, status_code=201)
def create_import(
    file: Annotated[UploadFile, File()],
    services: Ask,
    who: Who,
    by: By,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> ImportAnswer:
    """Keeps the file and reads it; no lead is stored yet. A large one answers `parsing` and is read in the background."""
    uploads = Uploads(services.settings.data_dir)
    import_id = new_id()
    size, sha256 = uploads.keep(import_id, file.file)
    upload = starting.Upload(import_id, _plain_name(file.filename), size, sha256)
    kept = False
    try:
        with services.database.reading() as db:
            earlier = _earlier(db, who.user_id, idempotency_key, upload, services)
        if earlier is not None:
            return earlier
        unread = Import(id=import_id, file_sha256=sha256, choices={}, version=0)
        reading = _read(services, uploads, unread) if size <= READ_AT_ONCE else None
        with services.database.writing() as db:
            if idempotency_key is not None:
                answer = claim(db, who.user_id, idempotency_key, _hash_of(upload), services.clock())
                if answer is not None:
                    return _shown(db, starting.find_import(db, answer.body["id"]))
                keep_answer(db, who.user_id, idempotency_key, KeptAnswer(201, {"id": import_id}))
            imported = starting.begin(db, by, upload, services.clock())
            _settle(db, services, imported, reading, large=size > READ_AT_ONCE)
            answered = _shown(db, imported)
        kept = True
        return answered
    finally:
        if not kept:
            uploads.drop(import_id)


def _earlier(
    db: Session, user_id: str, key: str | None, upload: starting.Upload, services: Services
) -> ImportAnswer | None:
    """The import that the same upload with the same key made before, as it is now."""
    answer = earlier_answer(db, user_id, key, _hash_of(upload), services.clock()) if key is not None else None
    return _shown(db, starting.find_import(db, answer.body["id"])) if answer is not None else None


def _hash_of(upload: starting.Upload) -> str:
    return digest(["imports", upload.filename, upload.sha256])


def _plain_name(name: str | None) -> str:
    """The file's name without folders, and without marks that would show it as another ("gpj.exe" turned round)."""
    seen = UNSEEN.sub("", name or "")
    return seen.replace("\\", "/").rpartition("/")[2].strip() or "leads.csv"


def _read(services: Services, uploads: Uploads, imported: Import) -> Reading | UnreadableFileError:
    """Outside of any writing transaction. Raises `ImportUnreadableError` when nothing can help the file."""
    try:
        return read_upload(uploads, imported, sources(services.database, services.clock()))
    except UnreadableFileError as error:
        if error.code in _HOPELESS:
            raise ImportUnreadableError(error.message, reason=error.code) from error
        return error


def _settle(
    db: Session, services: Services, imported: Import, reading: Reading | UnreadableFileError | None, *, large: bool
) -> None:
    if large or reading is None:
        starting.start_parse(db, imported, services.jobs)
    elif isinstance(reading, UnreadableFileError):
        starting.fail(db, imported, reading.code, reading.message, services.clock())
    else:
        starting.store_reading(db, imported, reading)


def _shown(db: Session, imported: Import) -> ImportAnswer:
    db.flush()
    return ImportAnswer.of(imported, records.first_issues(db, imported.id, FIRST_ISSUES))


@router.get("/{import_id}", dependencies=READ)
def get_import(import_id: str, db: ReadDb) -> ImportAnswer:
    return _shown(db, starting.find_import(db, import_id))


@router.patch("/{import_id}", dependencies=WORK)
def update_import(import_id: str, body: ImportChange, services: Ask) -> ImportAnswer:
    """Reads the file again with these corrections; the answer has the new counts."""
    uploads = Uploads(services.settings.data_dir)
    given = body.model_dump(exclude_unset=True)
    with services.database.writing() as db:
        imported = starting.find_import(db, import_id)
        starting.correct(db, imported, given)
        version, large = imported.version, imported.file_size > READ_AT_ONCE
        if large:
            starting.start_parse(db, imported, services.jobs)
            return _shown(db, imported)
    reading = _read(services, uploads, imported)
    with services.database.writing() as db:
        imported = starting.find_import(db, import_id)
        if imported.version == version:  # else a later correction has been read, which counts
            _settle(db, services, imported, reading, large=False)
        return _shown(db, imported)


@router.get("/{import_id}/issues", dependencies=READ)
def list_import_issues(
    import_id: str,
    db: ReadDb,
    paging: Page,
    code: str | None = None,
    severity: str | None = None,
    column: str | None = None,
) -> Listing[IssueAnswer]:
    """In the order of the file. Of remarks that are no errors the first 2,000 of a kind are kept."""
    starting.find_import(db, import_id)
    wanted = {"code": code, "severity": severity, "column": column}
    rows, cursor, count = records.issue_page(db, import_id, wanted, after=paging.key(1), limit=paging.limit)
    total, is_capped = capped(count)
    items = [IssueAnswer.of(row) for row in rows]
    return Listing(items=items, next_cursor=cursor, total=total, total_capped=is_capped)


@router.get("/{import_id}/issues.csv", dependencies=READ)
def download_issues(import_id: str, services: Ask) -> StreamingResponse:
    with services.database.reading() as db:
        starting.find_import(db, import_id)

    def lines() -> Iterator[str]:
        with services.database.reading() as db:
            rows = (
                [issue.row or "", issue.column or "", issue.severity, issue.code, issue.message]
                for issue in records.every_issue(db, import_id)
            )
            yield from csv_lines(["row", "column", "severity", "code", "message"], rows)

    return _file(lines(), "issues.csv")


@router.post("/{import_id}/commit", dependencies=WORK, status_code=202, response_model=ImportAnswer)
def commit_import(import_id: str, body: CommitBody, db: WriteDb, services: Ask, by: By, once: OnlyOnce) -> JSONResponse:
    """Starts storing the leads, in the background. They become visible all at once when it is done."""

    def start() -> ImportAnswer:
        imported = starting.find_import(db, import_id)
        decision = starting.Decision(body.mapping, body.on_duplicate, body.note)
        return _shown(db, starting.start_commit(db, by, imported, decision, services.jobs, services.clock()))

    return once.answer(db, body, 202, start)


@router.post("/{import_id}/undo", dependencies=WORK)
def undo_import(import_id: str, db: WriteDb, services: Ask, by: By) -> ImportAnswer:
    """Takes the import back, as long as nothing of it was exported."""
    return _shown(db, undoing.undo(db, by, starting.find_import(db, import_id), services.clock()))


@router.get("/{import_id}/rejects.csv", dependencies=READ)
def download_rejects(import_id: str, services: Ask) -> StreamingResponse:
    """Every row that does not become a lead, with its line, the reason and its cells: to be repaired and imported again."""
    with services.database.reading() as db:
        imported = starting.find_import(db, import_id)
    uploads = Uploads(services.settings.data_dir)
    settled = imported.status in (ImportStatus.COMMITTING, ImportStatus.COMMITTED, ImportStatus.UNDONE)
    return _file(reject_lines(services.database, uploads, imported, services.clock(), stored=settled), "rejects.csv")


def _file(lines: Iterator[str], name: str) -> StreamingResponse:
    headers: dict[str, Any] = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
