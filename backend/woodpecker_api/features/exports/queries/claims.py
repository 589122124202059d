"""Who is taken already: of many addresses at once, the claims that exports hold on them."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.prepared import Prepared, among
from woodpecker_api.features.exports.models import ExportItem
from woodpecker_api.features.exports.rules import CLAIMING, OPEN
from woodpecker_api.features.leads.rules.forgetting import stand_in
from woodpecker_api.features.leads.service.erasing import SUPPRESSION_KEY, person_hash


@dataclass(frozen=True)
class Claims:
    """Address keys: `open` are in an unfinished export of whatever campaign, `taken` belong to the campaign asked about."""

    open: frozenset[str]
    taken: frozenset[str]


def claims_of(db: Session, account_id: str, campaign_vendor_id: int, keys: Collection[str]) -> Claims:
    """One question for both, however many addresses there are and however long the record is (benchmarks/duplicates.py)."""
    connection = db.connection()
    names = _names(db, keys)
    values = {"account": account_id, "keys": list(names)}
    rows = _prepared(connection.dialect).rows(connection, values)
    return Claims(
        frozenset(names[row.address_key] for row in rows if row.status in OPEN),
        frozenset(names[row.address_key] for row in rows if row.campaign_vendor_id == campaign_vendor_id),
    )


def _names(db: Session, keys: Collection[str]) -> dict[str, str]:
    """Under which names an address may stand → the address: itself, and the hash that took its place when the person was
    erased or history lost its names. What was added once stays added, also when nobody may say to whom.
    """
    names = {key: key for key in keys}
    if SUPPRESSION_KEY in db.info:
        names |= {stand_in(person_hash(db, key)): key for key in keys}
    return names


def claims_statement(dialect: sa.Dialect) -> sa.Select[Any]:
    columns: tuple[Any, ...] = (ExportItem.address_key, ExportItem.campaign_vendor_id, ExportItem.status)
    return sa.select(*columns).where(
        ExportItem.woodpecker_account_id == sa.bindparam("account", ""),
        among(ExportItem.address_key, "keys", dialect),
        ExportItem.status.in_(sorted(CLAIMING)),
    )


@lru_cache(maxsize=16)
def _prepared(dialect: sa.Dialect) -> Prepared:
    return Prepared(claims_statement(dialect), dialect)
