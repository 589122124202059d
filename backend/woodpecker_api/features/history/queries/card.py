"""One person's whole story in six statements, each compiled once: the card is asked for while somebody waits on the telephone."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.prepared import Prepared
from woodpecker_api.features.campaigns.models import AccountPerson, Campaign, Membership, WoodpeckerAccount
from woodpecker_api.features.exports.models import Attempt, ExportItem
from woodpecker_api.features.history.queries.listing import COLUMNS
from woodpecker_api.features.leads.models import DoNotContact, Lead
from woodpecker_api.features.leads.rules import SuppressionKind

_KEY = sa.bindparam("key", "", sa.String)


class Card:
    """What is asked about one address. `with_sandbox`: attempts at the simulator, and its account, count as well."""

    def __init__(self, db: Session, key: str, *, with_sandbox: bool) -> None:
        self._connection = db.connection()
        self._values = {"key": key}
        self._with_sandbox = with_sandbox

    def attempts(self, limit: int) -> list[Any]:
        """Newest first, by column name; with `fields` as they were sent and `texts_removed_at`."""
        prepared = _attempts(self._connection.dialect, self._with_sandbox)
        return prepared.rows(self._connection, {**self._values, "limit": limit})

    def person(self) -> Any | None:
        """As Woodpecker last described them, by column name."""
        return next(iter(self._ask(_person)), None)

    def memberships(self) -> list[Any]:
        """Each with its campaign where our copy has it."""
        return self._ask(_memberships)

    def lead_id(self) -> str | None:
        return next((row.id for row in _lead(self._connection.dialect).rows(self._connection, self._values)), None)

    def suppressions(self, domain: str) -> list[Any]:
        """Entries of the do-not-contact list for the address, and for its domain."""
        prepared = _suppressions(self._connection.dialect)
        return prepared.rows(self._connection, {**self._values, "domain": domain})

    def as_of(self) -> datetime | None:
        """When the account's people were last read to the end; None: never."""
        [row] = _as_of(self._connection.dialect, self._with_sandbox).rows(self._connection, {})
        as_of: datetime | None = row.as_of
        return as_of

    def _ask(self, prepare: Any) -> list[Any]:
        rows: list[Any] = prepare(self._connection.dialect, self._with_sandbox).rows(self._connection, self._values)
        return rows


# A flag each is the key of these caches.
@lru_cache(maxsize=4)
def _attempts(dialect: sa.Dialect, with_sandbox: bool) -> Prepared:  # noqa: FBT001
    statement = (
        sa.select(*COLUMNS, Attempt.fields_hash, ExportItem.fields, ExportItem.texts_removed_at)
        .outerjoin(ExportItem, ExportItem.id == Attempt.item_id)
        .where(Attempt.address_key == _KEY)
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    )
    if not with_sandbox:
        statement = statement.where(Attempt.sandbox.is_(False))
    return Prepared(statement.limit(sa.bindparam("limit", 1)), dialect)


@lru_cache(maxsize=4)
def _person(dialect: sa.Dialect, with_sandbox: bool) -> Prepared:  # noqa: FBT001
    names = ("status", "interest", "last_contacted_at", "last_replied_at", "fetched_at")
    columns = [getattr(AccountPerson, name) for name in names]
    statement = _of_account(sa.select(*columns), AccountPerson, with_sandbox=with_sandbox)
    newest = statement.where(AccountPerson.address_key == _KEY).order_by(AccountPerson.fetched_at.desc())
    return Prepared(newest.limit(1), dialect)


@lru_cache(maxsize=4)
def _memberships(dialect: sa.Dialect, with_sandbox: bool) -> Prepared:  # noqa: FBT001
    columns: list[Any] = [
        Membership.campaign_vendor_id,
        Membership.status,
        Membership.fetched_at,
        Campaign.id.label("campaign_id"),
        Campaign.name.label("campaign_name"),
        Campaign.status.label("campaign_status"),
    ]
    campaign = sa.and_(
        Campaign.woodpecker_account_id == Membership.woodpecker_account_id,
        Campaign.vendor_id == Membership.campaign_vendor_id,
    )
    statement = sa.select(*columns).select_from(Membership).outerjoin(Campaign, campaign)
    found = _of_account(statement, Membership, with_sandbox=with_sandbox).where(Membership.address_key == _KEY)
    return Prepared(found.order_by(Membership.campaign_vendor_id), dialect)


@lru_cache(maxsize=4)
def _lead(dialect: sa.Dialect) -> Prepared:
    return Prepared(sa.select(Lead.id).where(Lead.address_key == _KEY, Lead.deleted_at.is_(None)), dialect)


@lru_cache(maxsize=4)
def _suppressions(dialect: sa.Dialect) -> Prepared:
    by_domain = sa.and_(
        DoNotContact.kind == SuppressionKind.DOMAIN, DoNotContact.value_key == sa.bindparam("domain", "", sa.String)
    )
    by_address = sa.and_(DoNotContact.kind == SuppressionKind.EMAIL, DoNotContact.value_key == _KEY)
    columns: tuple[Any, ...] = (DoNotContact.value, DoNotContact.kind, DoNotContact.reason, DoNotContact.until)
    return Prepared(sa.select(*columns).where(sa.or_(by_domain, by_address)), dialect)


@lru_cache(maxsize=4)
def _as_of(dialect: sa.Dialect, with_sandbox: bool) -> Prepared:  # noqa: FBT001
    statement = sa.select(sa.func.max(WoodpeckerAccount.people_as_of).label("as_of"))
    return Prepared(statement if with_sandbox else statement.where(WoodpeckerAccount.sandbox.is_(False)), dialect)


def _of_account(statement: sa.Select[Any], table: Any, *, with_sandbox: bool) -> sa.Select[Any]:
    """Rows carry their account; the account says whether it is the simulator's."""
    account = WoodpeckerAccount.id == table.woodpecker_account_id
    if not with_sandbox:
        account = sa.and_(account, WoodpeckerAccount.sandbox.is_(False))
    return statement.join(WoodpeckerAccount, account)
