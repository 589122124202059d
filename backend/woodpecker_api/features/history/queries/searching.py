"""Whom searched words name. Few people: their attempts are looked up, and sorted. Many: the newest attempts are looked through.

What matches is the same either way: the words occur in the attempt's own `search_text`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.trigrams import rows_containing
from woodpecker_api.features.exports.models import Attempt, AttemptPerson
from woodpecker_api.features.history.rules import Wanted

FEW = 1000
"""As many people cost as much looked up as met on the way (a million attempts of 240,000 people; benchmarks/history.py)."""

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


def attempts_of_people(bind: sa.Connection, words: Sequence[str]) -> sa.Select[int]:
    """A 1 for each attempt that matches, in no order. An attempt has one row of people: the one with its address and text."""
    source, conditions = rows_containing(bind, _PEOPLE, "search_text", words)
    same = sa.and_(Attempt.address_key == _PEOPLE.c.address_key, Attempt.search_text == _PEOPLE.c.search_text)
    return sa.select(sa.literal(1)).select_from(source.join(Attempt, same)).where(*conditions)
