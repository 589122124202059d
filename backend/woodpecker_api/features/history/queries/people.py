"""Everything known of one address, or of everybody at a domain: our attempts and the account copy together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.prepared import Prepared
from woodpecker_api.features.campaigns.models import (
    AccountPerson,
    Membership,
    WoodpeckerAccount,
)
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.history.rules import ADDED, OPEN
from woodpecker_api.features.leads.models import DoNotContact
from woodpecker_api.features.leads.rules import SuppressionKind


def members_among(db: Session, keys: Collection[str], *, with_sandbox: bool) -> set[str]:
    """Those of the addresses that are in some campaign, Woodpecker says."""
    statement = (
        sa.select(Membership.address_key)
        .distinct()
        .join(*_account(Membership.woodpecker_account_id, with_sandbox=with_sandbox))
    )
    return set(db.scalars(statement.where(Membership.address_key.in_(keys))))


def copy_as_of(db: Session, *, with_sandbox: bool) -> datetime | None:
    """When the account's people were last read to the end; None when they never were."""
    statement = sa.select(sa.func.max(WoodpeckerAccount.people_as_of))
    return db.scalar(statement if with_sandbox else statement.where(WoodpeckerAccount.sandbox.is_(False)))


def suppressions_of(db: Session, key: str | None, domain: str) -> list[DoNotContact]:
    by_domain = sa.and_(DoNotContact.kind == SuppressionKind.DOMAIN, DoNotContact.value_key == domain)
    by_address = sa.and_(DoNotContact.kind == SuppressionKind.EMAIL, DoNotContact.value_key == key)
    return list(db.scalars(sa.select(DoNotContact).where(sa.or_(by_domain, by_address))))


@dataclass(frozen=True)
class Tried:
    """What we did for one address, in short."""

    address_key: str
    email: str
    person_name: str
    attempts: int
    last_started_at: datetime
    mailed: bool
    added: bool
    open: bool


def tried_at(db: Session, domain: str, limit: int, *, with_sandbox: bool) -> list[Tried]:
    """One line for each address at the domain, the latest first."""
    connection = db.connection()
    rows = _prepared_tried(connection.dialect, with_sandbox).rows(connection, {"domain": domain, "limit": limit})
    return [_tried(row) for row in rows]


def _tried(row: Any) -> Tried:
    return Tried(
        address_key=row.address_key,
        email=row.email,
        person_name=row.person_name,
        attempts=row.attempts,
        last_started_at=row.latest,
        mailed=row.mailed > 0,
        added=row.added > 0,
        open=row.open > 0,
    )


@lru_cache(maxsize=16)
def _prepared_tried(dialect: sa.Dialect, with_sandbox: bool) -> Prepared:  # noqa: FBT001  a key of the cache
    latest = sa.func.max(Attempt.started_at)
    columns: tuple[Any, ...] = (
        Attempt.address_key,
        sa.func.max(Attempt.email).label("email"),
        sa.func.max(Attempt.person_name).label("person_name"),
        sa.func.count().label("attempts"),
        latest.label("latest"),
        sa.func.count(Attempt.first_mailed_at).label("mailed"),
        sa.func.count(sa.case((Attempt.status.in_(ADDED), 1))).label("added"),
        sa.func.count(sa.case((Attempt.status.in_(OPEN), 1))).label("open"),
    )
    statement = (
        sa.select(*columns)
        .where(Attempt.domain == sa.bindparam("domain", ""), *_real(with_sandbox=with_sandbox))
        .group_by(Attempt.address_key)
        .order_by(latest.desc(), Attempt.address_key)
    )
    return Prepared(statement.limit(sa.bindparam("limit", 1)), dialect)


def count_tried_at(db: Session, domain: str, *, with_sandbox: bool) -> int:
    addresses = sa.func.count(Attempt.address_key.distinct())
    return db.scalar(sa.select(addresses).where(Attempt.domain == domain, *_real(with_sandbox=with_sandbox))) or 0


def people_at(db: Session, domain: str, limit: int, *, with_sandbox: bool) -> list[AccountPerson]:
    """Those of the account copy."""
    statement = sa.select(AccountPerson).join(*_account(AccountPerson.woodpecker_account_id, with_sandbox=with_sandbox))
    known = statement.where(AccountPerson.domain == domain).order_by(AccountPerson.address_key)
    return list(db.scalars(known.limit(limit)))


def _real(*, with_sandbox: bool) -> tuple[sa.ColumnElement[bool], ...]:
    return () if with_sandbox else (Attempt.sandbox.is_(False),)


def _account(column: Any, *, with_sandbox: bool) -> tuple[type[WoodpeckerAccount], sa.ColumnElement[bool]]:
    kind = sa.true() if with_sandbox else WoodpeckerAccount.sandbox.is_(False)
    return WoodpeckerAccount, sa.and_(WoodpeckerAccount.id == column, kind)
