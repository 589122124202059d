"""Whom searched words name. Few people: they are looked up by the index of letters. Many: the list is walked in its order.

What matches is the same either way: each word occurs in the lead's `search_text`.
"""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import is_sqlite
from woodpecker_api.db.trigrams import has_indexed, rows_containing
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import fold
from woodpecker_api.features.leads.rules.selection import LeadFilter

FEW = 1000
"""Of 100,000 leads as many cost as much looked up as met on the way (benchmarks/leads.py)."""
_LEADS: Any = Lead.__table__


def few_named(db: Session, wanted: LeadFilter) -> list[str] | None:
    """The ids of all leads, invisible ones too, in which the filter's words occur; None when they are many, or no words help.

    PostgreSQL decides by itself whether to ask its index.
    """
    words = searched(wanted)
    connection = db.connection()
    if not has_indexed(words) or not is_sqlite(connection):
        return None
    source, conditions = rows_containing(connection, _LEADS, "search_text", words, key="number")
    statement = sa.select(_LEADS.c.id).select_from(source).where(*conditions).limit(FEW + 1)
    found = list(db.scalars(statement))
    return found if len(found) <= FEW else None


def searched(wanted: LeadFilter) -> list[str]:
    """The folded words that occur in the `search_text` of every lead that the filter means; company and title stand in it too."""
    words = fold(wanted.q).split() if wanted.q else []
    return words + [text for text in map(fold, (wanted.company or "", wanted.title or "")) if text]


def among(ids: list[str], bind: sa.Connection) -> sa.ColumnElement[bool]:
    """As one parameter: a thousand would cost more to write into the statement than to look up."""
    assert is_sqlite(bind)
    each = sa.func.json_each(json.dumps(ids)).table_valued("value")
    found: sa.ColumnElement[bool] = Lead.id.in_(sa.select(each.c.value))
    return found
