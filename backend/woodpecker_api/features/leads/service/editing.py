"""Single leads: found, made, changed, deleted, restored. Each change leaves an audit line and a new version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, VersionConflictError
from woodpecker_api.features.leads.errors import (
    AddressTakenError,
    ExportInProgressError,
    LeadDeletedError,
    LeadInvalidError,
    LeadNotFoundError,
)
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.queries.reading import SHOWN, holder_of, one, one_deleted
from woodpecker_api.features.leads.rules import LeadStatus, check_address, derived
from woodpecker_api.features.leads.rules.changing import problems_of
from woodpecker_api.features.leads.rules.fields import FIELD_NAMES, REVIEWED
from woodpecker_api.features.leads.service.listeners import refuse_held, say_changed
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.text import address_key, clean_cell
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.changes.service import announce

EDITABLE = (*FIELD_NAMES, "custom", "tags", "owner_id")


def find_lead(db: Session, lead_id: str) -> Lead:
    """Raises `LeadNotFoundError`, as `LeadDeletedError` where it can be brought back."""
    lead = one(db, lead_id)
    if lead is None:
        if one_deleted(db, lead_id) is not None:
            raise LeadDeletedError("This lead was deleted. Bring it back to see or change it.")
        raise LeadNotFoundError("There is no lead under this id. Look in the list.")
    return lead


def create_lead(db: Session, actor: Actor, values: Mapping[str, Any], now: datetime) -> Lead:
    """A lead entered by hand. Raises `LeadInvalidError`, `AddressTakenError`."""
    lead = Lead(email="", address_key="", domain="", status=LeadStatus.IMPORTED, sandbox=False, version=1)
    lead.created_at = lead.updated_at = now
    cleaned = _cleaned({"email": "", "first_name": "", **values})
    _refuse_problems(cleaned)
    refuse_unknown_owner(db, cleaned.get("owner_id"))
    _refuse_taken(db, cleaned["email"])
    _write(lead, cleaned)
    db.add(lead)
    db.flush()
    record(db, actor, "lead.created", ("lead", lead.id), after=_told(lead, cleaned))
    announce(db, "lead", lead.id)
    return lead


def edit_lead(db: Session, actor: Actor, lead: Lead, version: int, values: Mapping[str, Any], now: datetime) -> Lead:
    """Changes the given fields. Raises `VersionConflictError` (with `current`), `LeadInvalidError`, `AddressTakenError`,
    `ExportInProgressError`. A changed name or company sends texts about the lead back to review.
    """
    if lead.version != version:
        raise VersionConflictError(
            "Somebody changed this lead meanwhile. Look at the present values and try again.",
            current=_plain(shown(lead)),
        )
    changes = {name: value for name, value in _cleaned(values).items() if value != getattr(lead, name)}
    if not changes:
        return lead
    if lead.status == LeadStatus.EXPORTING:
        raise ExportInProgressError("An export holds this lead. Wait until it is finished, or cancel it.")
    _refuse_problems(changes)
    refuse_unknown_owner(db, changes.get("owner_id"))
    if "email" in changes and address_key(changes["email"]) != lead.address_key:
        refuse_held(db, [lead.id])
        _refuse_taken(db, changes["email"])
    before = _told(lead, changes)
    _write(lead, changes)
    lead.version += 1
    lead.updated_at = now
    db.flush()
    record(db, actor, "lead.edited", ("lead", lead.id), before=before, after=_told(lead, changes))
    announce(db, "lead", lead.id)
    if any(name in changes for name in REVIEWED):
        say_changed(db, actor, [lead.id], now)
    return lead


def delete_lead(db: Session, actor: Actor, lead: Lead, now: datetime) -> None:
    """Puts the lead away; `restore_lead` brings it back. Raises `ExportInProgressError`."""
    refuse_held(db, [lead.id])
    lead.deleted_at = lead.updated_at = now
    lead.version += 1
    record(db, actor, "lead.deleted", ("lead", lead.id))
    announce(db, "lead", lead.id)


def restore_lead(db: Session, actor: Actor, lead_id: str, now: datetime) -> Lead:
    """Raises `LeadNotFoundError`, or `AddressTakenError` when the person came in again meanwhile."""
    lead = one_deleted(db, lead_id)
    if lead is None:
        raise LeadNotFoundError("There is no deleted lead under this id.")
    _refuse_taken(db, lead.email)
    lead.deleted_at, lead.updated_at = None, now
    lead.version += 1
    record(db, actor, "lead.restored", ("lead", lead.id))
    announce(db, "lead", lead.id)
    return lead


def refuse_unknown_owner(db: Session, owner_id: str | None) -> None:
    """Raises `LeadInvalidError` when there is no such user."""
    if owner_id is not None and db.get(User, owner_id) is None:
        sentence = "There is no user under this id."
        raise LeadInvalidError(sentence, errors=(FieldProblem("owner_id", "unknown_user", sentence),))


def shown(lead: Lead) -> dict[str, Any]:
    """The lead as a plain record, times included."""
    return {name: getattr(lead, name) for name in SHOWN}


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in record.items()}


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: clean_cell(v) if isinstance(v, str) else v for name, v in values.items() if name in EDITABLE}


def _write(lead: Lead, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(lead, name, value)
    fields = {name: getattr(lead, name) for name in FIELD_NAMES}
    for name, value in derived(lead.email, fields).items():
        setattr(lead, name, value)


def _told(lead: Lead, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(lead, name) for name in changes}


def _refuse_problems(values: Mapping[str, Any]) -> None:
    problems = [FieldProblem(field, code, message) for field, code, message in problems_of(values)]
    if "email" in values and (wrong := check_address(values["email"])) is not None:
        problems.append(FieldProblem("email", wrong.code, wrong.message))
    if problems:
        raise LeadInvalidError("The lead has values that cannot be stored. Correct the fields.", errors=tuple(problems))


def _refuse_taken(db: Session, email: str) -> None:
    holder = holder_of(db, address_key(email))
    if holder is not None:
        raise AddressTakenError("Another lead has this address. Open that one instead.", lead_id=holder)
