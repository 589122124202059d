"""A database restored from before an erasure knows the person again: the ledger beside it says whom to erase anew."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.leads.service.erasing import person_hash, remember_erased
from woodpecker_api.features.privacy import queries
from woodpecker_api.features.privacy.service.ledger import ErasureLedger


def missing(db: Session, ledger: ErasureLedger) -> dict[str, datetime]:
    """Erased people whom this database does not know as erased."""
    noted = ledger.hashes()
    known = queries.remembered(db, list(noted)) if noted else set()
    return {hashed: at for hashed, at in noted.items() if hashed not in known}


def addresses_of(db: Session, hashes: dict[str, datetime]) -> dict[str, str]:
    """Hash to address of those whom this database holds; one pass over all addresses."""
    found: dict[str, str] = {}
    for key in queries.every_address(db):
        hashed = person_hash(db, key)
        if hashed in hashes:
            found[hashed] = key
    return found


def remember(db: Session, hashes: dict[str, datetime]) -> None:
    """Nobody of them is here; they must not come in unnoticed all the same."""
    for hashed, at in hashes.items():
        remember_erased(db, hashed, at)
