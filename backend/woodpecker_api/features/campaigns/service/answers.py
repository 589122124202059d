"""What the vendor's answers looked like, where it mattered: kept in a small number, without personal data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import VendorAnswer
from woodpecker_api.features.campaigns.queries import answers as queries

KEPT = 200
"""Of each account; enough for a fortnight of daily probes and for whoever has to look."""
OK = "ok"


@dataclass(frozen=True)
class Seen:
    """`outcome` is `ok` or the kind of the failure; `sketch` the shape of the answer."""

    call: str
    outcome: str
    status: int | None = None
    sketch: str = ""
    read_id: str | None = None


def keep_answer(db: Session, account_id: str, seen: Seen, now: datetime) -> None:
    db.add(
        VendorAnswer(
            woodpecker_account_id=account_id,
            call=seen.call[:64],
            outcome=seen.outcome[:32],
            status=seen.status,
            sketch=seen.sketch,
            read_id=seen.read_id,
            at=now,
        )
    )
    db.flush()
    queries.drop_older_answers(db, account_id, KEPT)


def answers_of_read(db: Session, read_id: str) -> Sequence[VendorAnswer]:
    return queries.answers_of_read(db, read_id)


def newest_answers(db: Session, account_id: str, limit: int) -> Sequence[VendorAnswer]:
    return queries.newest_answers(db, account_id, limit)
