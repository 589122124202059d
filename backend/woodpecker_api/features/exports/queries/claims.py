"""Who is taken already: of many addresses at once, the claims that exports hold on them."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.prepared import Prepared, each_of
from woodpecker_api.features.exports.models import ExportItem
from woodpecker_api.features.exports.rules import CLAIMING, OPEN, ItemStatus
from woodpecker_api.features.leads.rules.forgetting import ERASED, stand_in
from woodpecker_api.features.leads.service.erasing import SUPPRESSION_KEY, person_hashes


@dataclass(frozen=True)
class Claims:
    """Address keys: `open` are in an unfinished export of whatever campaign, `taken` belong to the campaign asked about."""

    open: frozenset[str]
    taken: frozenset[str]


_TAKEN, _OPEN, _NAMELESS = range(3)
"""What a row of the answer tells: about its address, or that claims are held under a hash."""


def claims_of(db: Session, account_id: str, campaign_vendor_id: int, keys: Collection[str]) -> Claims:
    """One question for both, however many addresses there are and however long the record is (benchmarks/duplicates.py).

    A second one where claims are held under a hash: its people were erased, or history lost its names. What was added once stays
    added, also when nobody may say to whom.
    """
    claims, is_nameless = _asked(db, account_id, campaign_vendor_id, keys)
    if not is_nameless or SUPPRESSION_KEY not in db.info:
        return claims
    rest = person_hashes(db, [key for key in keys if key not in claims.taken])
    names = {stand_in(hashed): key for key, hashed in rest.items()}
    nameless, _ = _asked(db, account_id, campaign_vendor_id, names)
    return Claims(
        claims.open | {names[name] for name in nameless.open}, claims.taken | {names[name] for name in nameless.taken}
    )


def _asked(db: Session, account_id: str, campaign_vendor_id: int, keys: Collection[str]) -> tuple[Claims, bool]:
    connection = db.connection()
    values = {"account": account_id, "campaign": campaign_vendor_id, "keys": list(keys)}
    rows = _prepared(connection.dialect).raw_rows(connection, values)
    taken, held_open = (frozenset([key for key, tells in rows if tells == what]) for what in (_TAKEN, _OPEN))
    return Claims(held_open, taken), any(tells == _NAMELESS for _, tells in rows)


def claims_statement(dialect: sa.Dialect) -> sa.CompoundSelect[Any]:
    """(key, _TAKEN), (key, _OPEN), and (anything, _NAMELESS) where some claim may be held under a hash.

    Each part is answered by the partial unique index that keeps its promise, without reading an item.
    """
    key = each_of("keys", dialect)
    of_campaign = ExportItem.campaign_vendor_id == sa.bindparam("campaign", 0, sa.BigInteger)
    mine = ExportItem.address_key == key
    return sa.union_all(
        _tells(key, _TAKEN).where(_held(CLAIMING, mine, of_campaign)),
        _tells(key, _OPEN).where(_held(OPEN, mine)),
        _tells(sa.literal_column("''"), _NAMELESS).where(_may_be_nameless(dialect)),
    )


def _tells(key: sa.ColumnElement[Any], what: int) -> sa.Select[Any]:
    columns: tuple[Any, ...] = (key.label("key"), sa.literal_column(str(what)).label("tells"))
    return sa.select(*columns)


def _held(statuses: Collection[ItemStatus], *further: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    # Written out, in the index's own words: with bound values a planner cannot know that a partial index applies.
    held = ExportItem.status.in_(sa.bindparam(None, sorted(statuses), expanding=True, literal_execute=True))
    return sa.exists().where(ExportItem.woodpecker_account_id == sa.bindparam("account", ""), held, *further)


def _may_be_nameless(dialect: sa.Dialect) -> sa.ColumnElement[bool]:
    """Saves most installations a hash for each address."""
    if dialect.name != "sqlite":
        return sa.true()  # texts need not sort by their bytes there: no one place in the index tells
    after = ERASED[:-1] + chr(ord(ERASED[-1]) + 1)
    return _held(CLAIMING, ExportItem.address_key >= ERASED, ExportItem.address_key < after)


@lru_cache(maxsize=16)
def _prepared(dialect: sa.Dialect) -> Prepared:
    return Prepared(claims_statement(dialect), dialect)
