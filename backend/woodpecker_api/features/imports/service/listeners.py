"""What this room says to rooms above it, in the same transaction. `wiring` decides who listens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import Lead
from woodpecker_api.system.audit.service import Actor

DraftsBrought = Callable[[Session, Actor, Lead, Mapping[int, str], datetime], Any]
"""(db, actor, lead, snippet number → text, now): a row of a list brought ready-made texts for this lead."""
UndoBarred = Callable[[Session, Sequence[str]], bool]
"""(db, lead ids) → whether something of them was exported, or is being exported, so that nothing may be undone."""


@dataclass
class Listeners:
    drafts_brought: list[DraftsBrought] = field(default_factory=list)
    undo_barred: list[UndoBarred] = field(default_factory=list)


listeners = Listeners()
"""One for the process: code is registered here, no state."""


def listen(*, drafts_brought: DraftsBrought | None = None, undo_barred: UndoBarred | None = None) -> None:
    """Registers; the same function a second time is no second listener."""
    if drafts_brought is not None and drafts_brought not in listeners.drafts_brought:
        listeners.drafts_brought.append(drafts_brought)
    if undo_barred is not None and undo_barred not in listeners.undo_barred:
        listeners.undo_barred.append(undo_barred)
