"""Who signs: name, title and voice, kept for each user. A run takes a copy, so that its texts can be explained later."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, NotFoundError, ValidationFailedError, VersionConflictError
from woodpecker_api.features.generation.models import Sender
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.changes.service import announce


@dataclass(frozen=True)
class Told:
    """What a user says of how they sign. `email`: the mailbox that mails, compared with a campaign's senders."""

    name: str
    title: str
    email: str
    voice: str


def senders(db: Session) -> list[Sender]:
    return list(db.scalars(sa.select(Sender).order_by(Sender.name, Sender.user_id)))


def set_sender(db: Session, actor: Actor, user_id: str, told: Told, *, version: int | None, now: datetime) -> Sender:
    """`version` None for the first time. Raises `NotFoundError`, `ValidationFailedError`, `VersionConflictError`."""
    if db.get(User, user_id) is None:
        raise NotFoundError("There is no such user. Choose one from the team.")
    told = Told(**{name: value.strip() for name, value in asdict(told).items()})
    if not told.name:
        problem = FieldProblem("name", "required", "Give the name that stands under the texts.")
        raise ValidationFailedError("Nobody can sign without a name.", errors=(problem,))
    sender = db.get(Sender, user_id)
    if (sender.version if sender else None) != version:
        raise VersionConflictError(
            "Somebody else changed this signature meanwhile. Look at the present one and make your change again.",
            current=as_json(sender) if sender else {},
        )
    if sender is None:
        sender = Sender(user_id=user_id, version=0)
        db.add(sender)
    sender.name, sender.title, sender.email, sender.voice = told.name, told.title, told.email, told.voice
    sender.version, sender.updated_at = sender.version + 1, now
    db.flush()
    record(db, actor, "sender.set", ("user", user_id), after=asdict(told))
    announce(db, "sender", user_id)
    return sender


def remove_sender(db: Session, actor: Actor, user_id: str) -> None:
    """Removing what is not there is no error."""
    sender = db.get(Sender, user_id)
    if sender is None:
        return
    db.delete(sender)
    db.flush()
    record(db, actor, "sender.removed", ("user", user_id))
    announce(db, "sender", user_id)


def sender_of(db: Session, user_id: str) -> dict[str, Any]:
    """As a run keeps it. Raises `NotFoundError` when that user wrote nothing down."""
    sender = db.get(Sender, user_id)
    if sender is None:
        raise NotFoundError("This person has not written down how they sign. Do that first, or choose somebody else.")
    return {name: value for name, value in as_json(sender).items() if value}


def as_json(sender: Sender) -> Mapping[str, Any]:
    names = ("user_id", "name", "title", "email", "voice")
    return {name: getattr(sender, name) for name in names}
