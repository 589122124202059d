"""A selection frozen: the leads it means now, with their versions."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from woodpecker_api.errors import SelectionChangedError
from woodpecker_api.features.leads.queries.filtering import Conditions, conditions
from woodpecker_api.features.leads.queries.selecting import deleted_at_moment, live_versions, matching_versions
from woodpecker_api.features.leads.rules.selection import LeadFilter, Selection


class ChosenLead(NamedTuple):
    id: str
    version: int


def resolve_selection(db: Session, selection: Selection, *, user_id: str | None) -> list[ChosenLead]:
    """The leads meant, each once: in the order of `ids`, or oldest first for a filter. `user_id` is who "me" is.

    Raises `SelectionChangedError` when one of `ids` is no live lead any more, or a filter's `expected_count` differs.
    """
    if selection.ids is not None:
        return _by_ids(db, selection.ids)
    assert selection.filter is not None
    found = [ChosenLead(*row) for row in matching_versions(db, selection.filter, user_id)]
    if selection.except_ids:
        left_out = set(selection.except_ids)
        found = [lead for lead in found if lead.id not in left_out]
    if selection.expected_count is not None and selection.expected_count != len(found):
        raise SelectionChangedError(
            f"{len(found):,} leads match now, not {selection.expected_count:,}. Look at the list again and repeat.",
            count=len(found),
        )
    return found


def deleted_among(db: Session, selection: Selection, moment: datetime | None, *, user_id: str | None) -> list[str]:
    """Deleted leads that the selection means: by id, or by a filter, which here looks at deleted ones only.

    With a `moment`, those of them that were deleted at just that time.
    """
    if selection.ids is not None:
        ids = selection.ids
    else:
        assert selection.filter is not None
        of_deleted = selection.filter.model_copy(update={"deleted": True})
        ids = [lead_id for lead_id, _ in matching_versions(db, of_deleted, user_id)]
    if moment is not None:
        then = set(deleted_at_moment(db, moment))
        ids = [lead_id for lead_id in ids if lead_id in then]
    left_out = set(selection.except_ids)
    return [lead_id for lead_id in dict.fromkeys(ids) if lead_id not in left_out]


def _by_ids(db: Session, ids: list[str]) -> list[ChosenLead]:
    wanted = list(dict.fromkeys(ids))
    versions = live_versions(db, wanted)
    missing = [lead_id for lead_id in wanted if lead_id not in versions]
    if missing:
        raise SelectionChangedError(
            f"{len(missing):,} of the chosen leads are gone. Reload the list and choose again.",
            count=len(versions),
            missing=missing[:100],
        )
    return [ChosenLead(lead_id, versions[lead_id]) for lead_id in wanted]


def lead_conditions(wanted: LeadFilter, user_id: str | None) -> Conditions:
    """The filter as conditions on `Lead`, for other rooms' statements that join it."""
    return conditions(wanted, user_id)
