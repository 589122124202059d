"""Answers kept for 24 hours, so that a POST that is repeated after a cut line does its work once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import IdempotencyMismatchError
from woodpecker_api.system.auth.models import IdempotentRequest

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class KeptAnswer:
    status: int
    body: dict[str, Any]


def earlier_answer(db: Session, user_id: str, key: str, request_hash: str, now: datetime) -> KeptAnswer | None:
    """Raises `IdempotencyMismatchError` when the key came with another request before."""
    kept = db.get(IdempotentRequest, (user_id, key))
    if kept is None:
        return None
    if kept.created_at < now - KEPT:
        db.delete(kept)
        db.flush()
        return None
    if kept.request_hash != request_hash:
        raise IdempotencyMismatchError("This Idempotency-Key was used for another request. Use a new key for new work.")
    return KeptAnswer(kept.status, kept.answer)


def keep_answer(db: Session, user_id: str, key: str, request_hash: str, answer: KeptAnswer, now: datetime) -> None:
    db.add(
        IdempotentRequest(
            user_id=user_id,
            key=key,
            request_hash=request_hash,
            status=answer.status,
            answer=answer.body,
            created_at=now,
        )
    )


def purge(db: Session, now: datetime) -> None:
    db.execute(sa.delete(IdempotentRequest).where(IdempotentRequest.created_at < now - KEPT))
