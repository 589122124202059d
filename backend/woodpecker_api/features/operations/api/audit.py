"""The record of everything anybody did: reading it, and checking that it still stands."""

from typing import Annotated

from fastapi import APIRouter, Query

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.operations import queries, service
from woodpecker_api.features.operations.schemas import AuditAnswer, VerdictAnswer
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import By, needs
from woodpecker_api.kit.paging import capped, encode_cursor
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.auth.users import names_of

router = APIRouter()


@router.get("/api/audit", dependencies=[needs(Permission.AUDIT)])
def list_audit(
    db: ReadDb,
    page: Page,
    actor: Annotated[str | None, Query(max_length=32, description="A user's id; or `system`, `token`, `user`.")] = None,
    action: Annotated[str | None, Query(max_length=64, description="Such as `lead.edited`.")] = None,
    subject: Annotated[str | None, Query(max_length=80, description="`lead`, or one: `lead:ID`.")] = None,
) -> Listing[AuditAnswer]:
    """Newest first."""
    kind, _, subject_id = (subject or "").partition(":")
    wanted = queries.AuditFilter(actor or None, action or None, kind or None, subject_id or None)
    key = page.key(1)
    before_id = None if key is None else _line_id(key[0])
    rows = queries.audit_page(db, wanted, before_id=before_id, limit=page.limit + 1)
    more = len(rows) > page.limit
    rows = rows[: page.limit]
    names = names_of(db, {line.actor_id for line, _ in rows})
    total, total_capped = capped(queries.count_audit_up_to_cap(db, wanted))
    return Listing(
        items=[AuditAnswer.of(line, payload, names) for line, payload in rows],
        next_cursor=encode_cursor(rows[-1][0].id) if more else None,
        total=total,
        total_capped=total_capped,
    )


@router.post("/api/audit/verify", dependencies=[needs(Permission.AUDIT)])
def verify_audit(services: Ask, by: By) -> VerdictAnswer:
    """Walks the whole chain, about a second for 50,000 lines; that it was done is a line of its own."""
    # Reading and noting are two transactions: a long walk must not keep writers waiting.
    with services.database.reading() as db:
        verdict = service.check_record(db)
    with services.database.writing() as db:
        service.note_check(db, by, verdict)
    bad = None if verdict.first_bad_id is None else str(verdict.first_bad_id)
    return VerdictAnswer(ok=verdict.ok, checked=verdict.checked, first_bad_id=bad)


def _line_id(value: object) -> int:
    if isinstance(value, int):
        return value
    sentence = "This cursor is not from this list. Start again without it."
    raise ValidationFailedError(sentence, errors=(FieldProblem("cursor", "bad_cursor", sentence),))
