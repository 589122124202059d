"""Whom searched words name. Few people: their attempts are looked up, and sorted. Many: the newest attempts are looked through.

What matches is the same either way: the words occur in the attempt's own `search_text`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.trigrams import rows_containing
from woodpecker_api.features.exports.models import AttemptPerson
from woodpecker_api.features.history.rules import Wanted

FEW = 2000
"""People whose attempts are sooner looked up than met on the way (measured by benchmarks/history.py)."""

_PEOPLE: Any = AttemptPerson.__table__


def narrowed(db: Session, wanted: Wanted) -> Wanted:
    """With `people`, where words are searched for and name few."""
    if not wanted.search.words or wanted.people is not None or wanted.address is not None:
        return wanted
    keys = db.scalars(people_statement(db.connection(), wanted.search.words, FEW + 1)).all()
    return wanted if len(keys) > FEW else replace(wanted, people=tuple(dict.fromkeys(keys)))


def people_statement(bind: sa.Connection, words: Sequence[str], limit: int) -> sa.Select[str]:
    """Address keys; one that had several names may come several times."""
    source, conditions = rows_containing(bind, _PEOPLE, "search_text", words)
    return sa.select(_PEOPLE.c.address_key).select_from(source).where(*conditions).limit(limit)
