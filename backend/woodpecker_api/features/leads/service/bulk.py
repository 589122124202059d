"""The same change for many leads: owner, tags, deletion. One audit line for each call, with count and digest."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem
from woodpecker_api.features.leads.errors import LeadInvalidError
from woodpecker_api.features.leads.queries import changing
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.leads.rules.fields import TAG_LIMIT, TAGS_LIMIT
from woodpecker_api.features.leads.service.editing import refuse_unknown_owner
from woodpecker_api.features.leads.service.listeners import refuse_held
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce

_NAMED = 200
"""So many ids stand in an audit line; of more, their digest alone."""


def assign(db: Session, actor: Actor, ids: Sequence[str], owner_id: str | None, now: datetime) -> int:
    """Raises `LeadInvalidError` when there is no such user."""
    refuse_unknown_owner(db, owner_id)
    changing.change_many(db, ids, {"owner_id": owner_id}, now)
    return _note(db, actor, "leads.assigned", ids, {"owner_id": owner_id})


def tag(db: Session, actor: Actor, ids: Sequence[str], add: Sequence[str], remove: Sequence[str], now: datetime) -> int:
    """How many got other tags than before."""
    wanted = [" ".join(one.split()) for one in add]
    if any(not one or len(one) > TAG_LIMIT for one in wanted):
        raise _invalid("add", "tag_invalid", f"A tag has 1 to {TAG_LIMIT} characters.")
    changed: list[tuple[str, list[str]]] = []
    for lead_id, tags in changing.tags_of(db, ids):
        after = list(dict.fromkeys([*(one for one in tags if one not in remove), *wanted]))
        if len(after) > TAGS_LIMIT:
            raise _invalid("add", "too_many", f"A lead has at most {TAGS_LIMIT} tags; one would have more.")
        if after != tags:
            changed.append((lead_id, after))
    changing.write_tags(db, changed, now)
    return _note(
        db, actor, "leads.tagged", [lead_id for lead_id, _ in changed], {"add": wanted, "remove": list(remove)}
    )


def delete(db: Session, actor: Actor, ids: Sequence[str], now: datetime) -> int:
    """Raises `ExportInProgressError`; then none is deleted."""
    refuse_held(db, ids)
    changing.change_many(db, ids, {"deleted_at": now}, now)
    return _note(db, actor, "leads.deleted", ids, {})


def restore(db: Session, actor: Actor, ids: Sequence[str], now: datetime) -> int:
    """How many came back. Whose address another lead has by now stays deleted, and so does whoever was erased."""
    free = changing.restorable(db, ids)
    changing.change_many(db, free, {"deleted_at": None}, now)
    return _note(db, actor, "leads.restored", free, {})


def mark(db: Session, ids: Sequence[str], status: LeadStatus, now: datetime) -> None:
    """Another room's work moved these leads on; that room writes the audit line. Their versions stay: nobody edits a status."""
    if ids:
        changing.move_many(db, ids, status, now)
        announce(db, "lead")


def _note(db: Session, actor: Actor, action: str, ids: Sequence[str], what: dict[str, object]) -> int:
    if ids:
        told = {**what, "digest": digest(sorted(ids)), "ids": list(ids[:_NAMED])}
        record(db, actor, action, ("leads", None), after=told, count=len(ids))
        announce(db, "lead", *(ids if len(ids) <= 20 else ()))
    return len(ids)


def _invalid(field: str, code: str, sentence: str) -> LeadInvalidError:
    return LeadInvalidError(sentence, errors=(FieldProblem(field, code, sentence),))
