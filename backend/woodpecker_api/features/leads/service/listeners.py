"""What this room says to rooms above it, in the same transaction. `wiring` decides who listens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.leads.errors import ExportInProgressError
from woodpecker_api.system.audit.service import Actor

Changed = Callable[[Session, Actor, Sequence[str], datetime], None]
"""(db, actor, lead ids, now): a name or company of these leads changed; texts about them must be read again."""
Held = Callable[[Session, Sequence[str]], set[str]]
"""(db, lead ids) → those that an open export holds and that must stay as they are."""
Suppressed = Callable[[Session, Actor, Sequence[str], datetime], None]
"""(db, actor, keys, now): these came onto the do-not-contact list; addresses of our leads or of people in the account's copy,
and whole domains as @acme.com."""
Subjects = Callable[[Session, str], list[tuple[str, str]]]
"""(db, lead id) → further audit subjects (kind, id) that belong to the lead's story."""


@dataclass
class Listeners:
    changed: list[Changed] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    subjects: list[Subjects] = field(default_factory=list)


listeners = Listeners()
"""One for the process: code is registered here, no state."""


def listen(
    *,
    changed: Changed | None = None,
    held: Held | None = None,
    suppressed: Suppressed | None = None,
    subjects: Subjects | None = None,
) -> None:
    """Registers; the same function a second time is no second listener."""
    if changed is not None and changed not in listeners.changed:
        listeners.changed.append(changed)
    if held is not None and held not in listeners.held:
        listeners.held.append(held)
    if suppressed is not None and suppressed not in listeners.suppressed:
        listeners.suppressed.append(suppressed)
    if subjects is not None and subjects not in listeners.subjects:
        listeners.subjects.append(subjects)


def say_changed(db: Session, actor: Actor, lead_ids: Sequence[str], now: datetime) -> None:
    if lead_ids:
        for listener in listeners.changed:
            listener(db, actor, lead_ids, now)


def say_suppressed(db: Session, actor: Actor, keys: Sequence[str], now: datetime) -> None:
    if keys:
        for listener in listeners.suppressed:
            listener(db, actor, keys, now)


def refuse_held(db: Session, lead_ids: Sequence[str]) -> None:
    """Raises `ExportInProgressError` when an open export holds one of them."""
    held = {lead_id for listener in listeners.held for lead_id in listener(db, lead_ids)}
    if held:
        raise ExportInProgressError(
            f"An export holds {len(held):,} of these leads. Wait until it is finished, or cancel it.",
            lead_ids=sorted(held)[:100],
        )
