"""Who is on the do-not-contact list, by address or by domain (a domain covers those below it)."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import DoNotContact
from woodpecker_api.features.leads.rules import SuppressionKind
from woodpecker_api.features.leads.service import erased_among


def suppressed_keys(db: Session, keys: Collection[str], now: datetime) -> set[str]:
    """Of these address keys, those that must not be written to: on the list, or erased before."""
    domains = {key: _domain_and_above(key) for key in keys}
    everywhere = {domain for above in domains.values() for domain in above}
    statement = sa.select(DoNotContact.kind, DoNotContact.value_key).where(
        sa.or_(DoNotContact.until.is_(None), DoNotContact.until > now),
        sa.or_(
            sa.and_(DoNotContact.kind == SuppressionKind.EMAIL, DoNotContact.value_key.in_(keys)),
            sa.and_(DoNotContact.kind == SuppressionKind.DOMAIN, DoNotContact.value_key.in_(everywhere)),
        ),
    )
    listed = {(kind, value) for kind, value in db.execute(statement)}
    erased = erased_among(db, keys)
    return {
        key
        for key in keys
        if key in erased
        or (SuppressionKind.EMAIL, key) in listed
        or any((SuppressionKind.DOMAIN, d) in listed for d in domains[key])
    }


def _domain_and_above(key: str) -> list[str]:
    labels = key.rpartition("@")[2].split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)] or [key.rpartition("@")[2]]
