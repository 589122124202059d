"""Which of the chosen leads a run can take, and why not the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import DoNotContact, Lead
from woodpecker_api.features.leads.rules import LeadStatus, SuppressionKind
from woodpecker_api.features.leads.rules.suppression import Suppressed

SLICE = 500


@dataclass(frozen=True)
class Chosen:
    """`leads` in the order they were given; `excluded`: reason → how many were passed over to get them."""

    leads: tuple[Lead, ...]
    excluded: dict[str, int]


def choose(db: Session, lead_ids: Sequence[str], first: int | None = None) -> Chosen:
    """Leaves out who is deleted, on do-not-contact, held by an export, or being written already. `first`: not more than so many."""
    suppressed = _suppressed(db)
    taken: list[Lead] = []
    excluded: dict[str, int] = {}
    for start in range(0, len(lead_ids), SLICE):
        part = lead_ids[start : start + SLICE]
        found = {lead.id: lead for lead in db.scalars(sa.select(Lead).where(Lead.id.in_(part)))}
        for lead_id in part:
            if len(taken) == first:
                return Chosen(tuple(taken), excluded)
            lead = found.get(lead_id)
            reason = _reason(lead, suppressed)
            if lead is not None and reason is None:
                taken.append(lead)
            else:
                excluded[reason or "deleted"] = excluded.get(reason or "deleted", 0) + 1
    return Chosen(tuple(taken), excluded)


def is_here(lead: Lead | None) -> TypeGuard[Lead]:
    """Whether there is such a lead for people: a deleted one, and one whose import is unfinished, are never written to."""
    return lead is not None and lead.deleted_at is None and lead.pending_import_id is None


def _reason(lead: Lead | None, suppressed: Suppressed) -> str | None:
    if not is_here(lead):
        return "deleted"
    if lead.status == LeadStatus.EXPORTING:
        return "export_in_progress"
    if lead.status == LeadStatus.GENERATING:
        return "being_written"
    return "do_not_contact" if suppressed.reason(lead.address_key) else None


def _suppressed(db: Session) -> Suppressed:
    rows = list(db.execute(sa.select(DoNotContact.kind, DoNotContact.value_key, DoNotContact.reason)))
    return Suppressed(
        {row.value_key: row.reason or "" for row in rows if row.kind == SuppressionKind.EMAIL},
        {row.value_key: row.reason or "" for row in rows if row.kind == SuppressionKind.DOMAIN},
    )
