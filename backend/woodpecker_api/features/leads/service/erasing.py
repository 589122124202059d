"""People who were erased: remembered as keyed hashes, so that nobody takes them in again unaware; and their leads emptied."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import Place, mentions
from woodpecker_api.db.inserting import insert_ignore
from woodpecker_api.features.leads.errors import SuppressionKeyMissingError
from woodpecker_api.features.leads.models import DoNotContact, ErasedPerson, Lead, SavedView
from woodpecker_api.features.leads.rules import FIELD_NAMES, SuppressionKind
from woodpecker_api.features.leads.rules.forgetting import Person, names_of, stand_in, words_of
from woodpecker_api.kit.hashing import keyed_bytes_digest

SUPPRESSION_KEY = "suppression_key"
"""Where a session carries the key (`Database.info`): 32 bytes, made with the installation, never rotated."""
_SLICE = 500


def person_hash(db: Session, key: str) -> str:
    """The address as it stands among erased people. Raises `SuppressionKeyMissingError`."""
    return person_hashes(db, [key])[key]


def person_hashes(db: Session, keys: Collection[str]) -> dict[str, str]:
    """By address, as many at once as there are. Raises as `person_hash`."""
    secret = db.info.get(SUPPRESSION_KEY)
    if not isinstance(secret, bytes):
        raise SuppressionKeyMissingError(
            "The key that recognises erased people cannot be read, so nobody can be checked against them. "
            "Start the program with the APP_SECRET_KEY it had before."
        )
    return {key: keyed_bytes_digest(secret, key.encode()) for key in keys}


def erased_among(db: Session, keys: Collection[str]) -> dict[str, datetime]:
    """Of these addresses those that were erased, with the moment. Raises `SuppressionKeyMissingError` when it cannot tell."""
    if not keys or db.scalar(sa.select(ErasedPerson.person_hash).limit(1)) is None:
        return {}
    hashes = {hashed: key for key, hashed in person_hashes(db, keys).items()}
    found: dict[str, datetime] = {}
    wanted = list(hashes)
    for start in range(0, len(wanted), _SLICE):
        these = ErasedPerson.person_hash.in_(wanted[start : start + _SLICE])
        found |= {hashes[row.person_hash]: row.erased_at for row in db.scalars(sa.select(ErasedPerson).where(these))}
    return found


def remember_erased(db: Session, hashed: str, now: datetime) -> None:
    """From now on the person counts as somebody who must not be written to."""
    db.execute(insert_ignore(ErasedPerson, db.connection()).values(person_hash=hashed, erased_at=now))


def forget_erasure(db: Session, key: str) -> bool:
    """The person agreed to be written to again; False when they were never erased."""
    row = db.get(ErasedPerson, person_hash(db, key))
    if row is not None:
        db.delete(row)
        db.flush()
    return row is not None


def person_of(db: Session, key: str, lead_ids: Collection[str] = ()) -> Person:
    """How the person is found in every room. `lead_ids`: leads found earlier, whose address may be emptied by now."""
    statement = sa.select(Lead).where(sa.or_(Lead.address_key == key, Lead.id.in_(lead_ids)))
    leads = db.scalars(statement.order_by(Lead.id)).all()
    plain = [{name: getattr(lead, name) for name in FIELD_NAMES} for lead in leads]
    ids = tuple(sorted({*lead_ids, *(lead.id for lead in leads)}))
    return Person(key, stand_in(person_hash(db, key)), ids, words_of(key, plain), names_of(plain))


def places(person: Person, now: datetime) -> list[Place]:
    """Views and the list first: the leads say who the person was, so they go last."""
    by_address = sa.and_(DoNotContact.kind == SuppressionKind.EMAIL, DoNotContact.value_key == person.key)
    emptied = dict.fromkeys((*FIELD_NAMES, "domain", "search_text", "company_sort", "name_sort"), "")
    return [
        Place(SavedView, mentions(SavedView.query, person.words)),
        # The hash among erased people goes on keeping them out.
        Place(DoNotContact, by_address),
        Place(
            Lead,
            sa.or_(Lead.id.in_(person.lead_ids), Lead.address_key == person.key),
            {**emptied, "address_key": person.stand_in, "custom": {}, "tags": [], "deleted_at": now},
        ),
    ]
