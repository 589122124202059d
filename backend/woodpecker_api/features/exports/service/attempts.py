"""The row of history, written before anything goes out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.db.inserting import insert_ignore
from woodpecker_api.features.exports.models import Attempt, AttemptPerson, Export, ExportItem
from woodpecker_api.features.exports.queries import steering
from woodpecker_api.features.exports.queries import working as queries
from woodpecker_api.features.exports.queries.working import Present
from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.leads.rules import domain_of, fold
from woodpecker_api.kit.hashing import digest
from woodpecker_api.kit.ids import new_id


def attempt_rows(
    db: Session,
    export: Export,
    batch_id: str,
    items: Sequence[ExportItem],
    now: datetime,
    present: Mapping[str, Present] | None = None,
) -> list[dict[str, Any]]:
    """One for each item, status sending; names are copied, so that it stays readable when its lead changes or goes."""
    known = present if present is not None else queries.present_state(db, items)
    shared = {
        "batch_id": batch_id,
        "export_id": export.id,
        "woodpecker_account_id": export.woodpecker_account_id,
        "campaign_id": export.campaign_id,
        "campaign_name": export.campaign_name,
        "user_id": export.created_by,
        "user_name": queries.user_name(db, export.created_by),
        "status": AttemptStatus.SENDING,
        "sandbox": export.sandbox,
        "started_at": now,
    }
    return [{**shared, **_of_item(item, known.get(item.id))} for item in items]


def store_attempts(db: Session, rows: list[dict[str, Any]]) -> None:
    """Writes rows of `attempt_rows`, and whom a search finds by them."""
    steering.store(db, Attempt, rows)
    store_people(db, {(row["address_key"], row["search_text"]) for row in rows})


def store_people(db: Session, people: Collection[tuple[str, str]]) -> None:
    """(address key, search text) of attempts: each is kept once."""
    # In order, so that two exports of the same people wait for each other one way round.
    rows = [{"address_key": key, "text_digest": digest(text), "search_text": text} for key, text in sorted(people)]
    if rows:
        db.execute(insert_ignore(AttemptPerson, db.connection()), rows)


def _of_item(item: ExportItem, present: Present | None) -> dict[str, Any]:
    sequence = present.sequence if present else None
    name = f"{item.fields.get('first_name', '')} {item.fields.get('last_name', '')}".strip()
    company = item.fields.get("company", "")
    return {
        "id": new_id(),
        "item_id": item.id,
        "lead_id": item.lead_id,
        "email": item.email,
        "address_key": item.address_key,
        "domain": domain_of(item.address_key)[:255],
        "person_name": name[:400],
        "company": company[:300],
        "search_text": fold(f"{item.email} {name} {company}"),
        "attempt": item.attempts,
        "sequence_id": item.sequence_id,
        "sequence_version": item.sequence_version,
        "template_name": present.template_name if present else None,
        "template_version": present.template_version if present else None,
        "approved_by": sequence.approved_by if sequence else None,
        "approved_by_name": present.approved_by_name if present else None,
        "approved_at": sequence.approved_at if sequence else None,
        "approval": sequence.approval if sequence else None,
        "fields_hash": item.fields_hash,
    }
