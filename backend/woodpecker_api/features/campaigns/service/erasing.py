"""Where our copy of the account speaks of a person."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import Place, mentions
from woodpecker_api.features.campaigns.models import AccountPerson, AccountRead, Membership


def places(key: str, words: Collection[str]) -> list[Place]:
    """They come back with the next reading of the account, unless Woodpecker has deleted them by then."""
    return [
        Place(Membership, Membership.address_key == key),
        Place(AccountPerson, AccountPerson.address_key == key),
        Place(AccountRead, mentions(AccountRead.error, words), {"error": None}),
    ]


def forget_person(db: Session, account_id: str, key: str) -> None:
    """Woodpecker has deleted them: they are in no campaign, and not in our copy."""
    for table in (Membership, AccountPerson):
        db.execute(sa.delete(table).where(table.woodpecker_account_id == account_id, table.address_key == key))
