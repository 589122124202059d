"""The review queue, and which sequences a selection means."""

from collections.abc import Sequence as Many
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import VISIBLE, Lead
from woodpecker_api.features.leads.rules import LeadStatus, fold
from woodpecker_api.features.leads.rules.selection import LeadFilter, Selection
from woodpecker_api.features.leads.service import lead_conditions
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.paging import COUNT_CAP

SLICE = 500


class Sort(StrEnum):
    """flags: the most severe first; company: by its name; imported: as the rows stood in their lists; newest and oldest:
    by when the texts were first made; random: another order each time, one page of it, to read a few of many."""

    FLAGS = "flags"
    COMPANY = "company"
    IMPORTED = "imported"
    NEWEST = "newest"
    OLDEST = "oldest"
    RANDOM = "random"


@dataclass(frozen=True)
class QueueFilter:
    status: Many[SequenceStatus] | None = None
    flagged: bool | None = None
    owner: str | None = None
    company: str | None = None
    import_id: str | None = None
    run_id: str | None = None
    q: str | None = None
    only: Many[str] | None = None


Rows = list[tuple[Sequence, Lead]]


def queue(
    db: Session, wanted: QueueFilter, sort: Sort, page: tuple[int, list[Any] | None], me: str
) -> tuple[Rows, int]:
    """A page of sequences with their leads, and how many match, capped."""
    limit, key = page
    base = sa.select(Sequence, Lead).join(Lead, Lead.id == Sequence.lead_id).where(*_conditions(wanted, me))
    counted = base.with_only_columns(Sequence.id).limit(COUNT_CAP + 1).subquery()
    rows = base.order_by(*_order(sort)).limit(limit)
    if key is not None:
        rows = rows.where(_after(sort, key))
    found = [(row[0], row[1]) for row in db.execute(rows)]
    return found, db.scalar(sa.select(sa.func.count()).select_from(counted)) or 0


def key_of(sort: Sort, sequence: Sequence, lead: Lead) -> tuple[Any, ...]:
    """The sort key of a row, for the cursor. As many parts as `KEY_LENGTH` says."""
    if sort is Sort.FLAGS:
        return sequence.blocking_flags, sequence.warning_flags, sequence.id
    if sort is Sort.COMPANY:
        return lead.company_sort, sequence.id
    return (lead.id,) if sort is Sort.IMPORTED else (sequence.id,)


KEY_LENGTH = {Sort.FLAGS: 3, Sort.COMPANY: 2, Sort.IMPORTED: 1, Sort.NEWEST: 1, Sort.OLDEST: 1, Sort.RANDOM: 1}


def by_ids(db: Session, sequence_ids: Many[str]) -> Rows:
    """Those that exist, of live leads, in the order of the ids."""
    found: dict[str, tuple[Sequence, Lead]] = {}
    for start in range(0, len(sequence_ids), SLICE):
        part = sequence_ids[start : start + SLICE]
        wanted = sa.select(Sequence, Lead).join(Lead, Lead.id == Sequence.lead_id)
        for row in db.execute(wanted.where(Sequence.id.in_(part), *VISIBLE)):
            found[row[0].id] = (row[0], row[1])
    return [found[sequence_id] for sequence_id in dict.fromkeys(sequence_ids) if sequence_id in found]


def by_leads(db: Session, lead_ids: Many[str]) -> Rows:
    """The sequences of these live leads, in the order of their ids."""
    found: Rows = []
    for start in range(0, len(lead_ids), SLICE):
        wanted = sa.select(Sequence, Lead).join(Lead, Lead.id == Sequence.lead_id)
        wanted = wanted.where(Lead.id.in_(lead_ids[start : start + SLICE]), *VISIBLE)
        found += [(row[0], row[1]) for row in db.execute(wanted.order_by(Sequence.id))]
    return found


def by_lead_filter(db: Session, selection: Selection, status: SequenceStatus | None, me: str) -> Rows:
    """The sequences, in that state, of the leads that match the filter. `except_ids` are sequence or lead ids."""
    assert selection.filter is not None
    wanted = sa.select(Sequence, Lead).join(Lead, Lead.id == Sequence.lead_id)
    wanted = wanted.where(*lead_conditions(selection.filter, me)).order_by(Sequence.id)
    if status is not None:
        wanted = wanted.where(Sequence.status == status)
    left_out = set(selection.except_ids)
    return [(row[0], row[1]) for row in db.execute(wanted) if row[0].id not in left_out and row[1].id not in left_out]


def _conditions(wanted: QueueFilter, me: str) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [*VISIBLE, Lead.status != LeadStatus.EXPORTING]
    if wanted.status:
        found = [*VISIBLE, Sequence.status.in_(wanted.status)]
    if wanted.flagged is not None:
        has_flags = sa.or_(Sequence.blocking_flags > 0, Sequence.warning_flags > 0)
        found.append(has_flags if wanted.flagged else sa.not_(has_flags))
    if wanted.owner == "none":
        found.append(Lead.owner_id.is_(None))
    elif wanted.owner:
        found.append(Lead.owner_id == (me if wanted.owner == "me" else wanted.owner))
    if wanted.company:
        found.append(Lead.company_sort.contains(fold(wanted.company), autoescape=True))
    if wanted.import_id:
        found.append(Lead.import_id == wanted.import_id)
    if wanted.run_id:
        found.append(Sequence.generation_run_id == wanted.run_id)
    if wanted.q:
        found += lead_conditions(LeadFilter(q=wanted.q), me)
    if wanted.only is not None:
        found.append(Sequence.id.in_(wanted.only))
    return found


def _order(sort: Sort) -> tuple[Any, ...]:
    return {
        # All descending, so that the index on (status, blocking_flags, warning_flags, id) is read backwards.
        Sort.FLAGS: (Sequence.blocking_flags.desc(), Sequence.warning_flags.desc(), Sequence.id.desc()),
        Sort.COMPANY: (Lead.company_sort, Sequence.id),
        # Leads get their ids row by row, so these are in the order of the list; a lead has one sequence.
        Sort.IMPORTED: (Lead.id,),
        Sort.NEWEST: (Sequence.id.desc(),),
        Sort.OLDEST: (Sequence.id,),
        Sort.RANDOM: (sa.func.random(),),
    }[sort]


def _after(sort: Sort, key: list[Any]) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool]
    if sort is Sort.FLAGS:
        condition = sa.tuple_(Sequence.blocking_flags, Sequence.warning_flags, Sequence.id) < sa.tuple_(*key)
    elif sort is Sort.COMPANY:
        condition = sa.tuple_(Lead.company_sort, Sequence.id) > sa.tuple_(*key)
    elif sort is Sort.IMPORTED:
        condition = Lead.id > key[0]
    else:
        condition = Sequence.id < key[0] if sort is Sort.NEWEST else Sequence.id > key[0]
    return condition
