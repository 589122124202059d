"""What we hold on a person, for that person: every row of every room that an erasure would empty, as plain values."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import rows_at
from woodpecker_api.features.imports.service.erasing import look_in_files
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.service.erasing import person_of
from woodpecker_api.features.privacy.service.erasing import every_place
from woodpecker_api.kit.text import address_key


def everything_held(db: Session, uploads: Uploads, email: str, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Rows by table, each once. The same places as an erasure's, so that nothing is told of less than is erased."""
    person = person_of(db, address_key(email))
    held: dict[str, list[dict[str, Any]]] = {}
    for place in every_place(db, person, look_in_files(db, uploads, person), now):
        if place.others_too:
            continue
        rows = held.setdefault(place.name, [])
        rows += [row for row in rows_at(db, place) if row not in rows]
    return {name: rows for name, rows in held.items() if rows}
