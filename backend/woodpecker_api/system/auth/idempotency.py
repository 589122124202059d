"""Answers kept for 24 hours, so that a POST that is repeated after a cut line does its work once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.inserting import insert_ignore
from woodpecker_api.errors import IdempotencyMismatchError
from woodpecker_api.system.auth.models import IdempotentRequest

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class KeptAnswer:
    status: int
    body: dict[str, Any]


def claim(db: Session, user_id: str, key: str, request_hash: str, now: datetime) -> KeptAnswer | None:
    """None when the work is now the caller's, who says the answer with `keep_answer` in the same transaction.

    Else the answer that was kept. Somebody who is doing the same work at this moment is waited for, by the unique key.
    Raises `IdempotencyMismatchError` when the key came with another request before.
    """
    old = sa.delete(IdempotentRequest).where(
        IdempotentRequest.user_id == user_id, IdempotentRequest.key == key, IdempotentRequest.created_at < now - KEPT
    )
    db.execute(old)
    values = {
        "user_id": user_id,
        "key": key,
        "request_hash": request_hash,
        "status": 0,
        "answer": {},
        "created_at": now,
    }
    insert = insert_ignore(IdempotentRequest.__table__, db.get_bind()).values(values)
    if db.scalar(insert.returning(IdempotentRequest.key)) is not None:
        return None
    return _answer(db.get_one(IdempotentRequest, (user_id, key), populate_existing=True), request_hash)


def earlier_answer(db: Session, user_id: str, key: str, request_hash: str, now: datetime) -> KeptAnswer | None:
    """A look without a claim, to spare work that is done before the transaction. Raises `IdempotencyMismatchError`."""
    kept = db.get(IdempotentRequest, (user_id, key))
    return None if kept is None or kept.created_at < now - KEPT else _answer(kept, request_hash)


def keep_answer(db: Session, user_id: str, key: str, answer: KeptAnswer) -> None:
    """After `claim` gave None."""
    kept = db.get_one(IdempotentRequest, (user_id, key))
    kept.status, kept.answer = answer.status, answer.body


def _answer(kept: IdempotentRequest, request_hash: str) -> KeptAnswer:
    if kept.request_hash != request_hash:
        raise IdempotencyMismatchError("This Idempotency-Key was used for another request. Use a new key for new work.")
    return KeptAnswer(kept.status, kept.answer)


def purge(db: Session, now: datetime) -> None:
    db.execute(sa.delete(IdempotentRequest).where(IdempotentRequest.created_at < now - KEPT))
