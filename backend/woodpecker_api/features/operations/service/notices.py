"""Telling each person, where they chose, that their work is finished or needs them. Each thing is told once."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.clients.notify.port import Notifier
from woodpecker_api.db.session import Database
from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.operations import queries
from woodpecker_api.features.operations.models import NoticeChoice
from woodpecker_api.features.operations.rules.notices import Line, channel_kind, message, news_since
from woodpecker_api.kit.clock import Clock, rfc3339
from woodpecker_api.kit.crypto import SecretBox, UnreadableSecretError
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.settings.service import fact, set_fact

_TOLD_UNTIL = "personal_noticed_until"
_TOLD_NEEDS = "personal_noticed_needs"


@dataclass(frozen=True)
class Choice:
    """`channel`: a new Apprise address, "" to forget the one there is, None to leave it."""

    finished: bool
    needs_me: bool
    channel: str | None = None


def choose(db: Session, actor: Actor, user_id: str, choice: Choice, secrets: SecretBox, now: datetime) -> NoticeChoice:
    """Raises `ValidationFailedError` for an address that the program does not call."""
    row = db.get(NoticeChoice, user_id)
    if row is None:
        row = NoticeChoice(user_id=user_id, channel=None)
        db.add(row)
    row.finished, row.needs_me, row.updated_at = choice.finished, choice.needs_me, now
    if choice.channel is not None:
        row.channel = secrets.encrypt(_checked(choice.channel)) if choice.channel.strip() else None
    db.flush()
    after = {"finished": row.finished, "needs_me": row.needs_me, "channel": row.channel is not None}
    # The address itself holds a secret, and is nobody else's business.
    record(db, actor, "notices.chosen", ("user", user_id), after=after)
    return row


def channel_of(row: NoticeChoice | None, secrets: SecretBox) -> str | None:
    """The address; None where there is none, or where its key is lost."""
    if row is None or row.channel is None:
        return None
    try:
        return secrets.decrypt(row.channel)
    except UnreadableSecretError:
        return None


def _checked(address: str) -> str:
    if channel_kind(address) is None:
        sentence = (
            "This address cannot be used. Give one of Slack, Teams, Discord, Telegram, Google Chat or a mail server, "
            "such as slack://… or mailtos://…"
        )
        raise ValidationFailedError(sentence, errors=(FieldProblem("channel", "not_a_channel", sentence),))
    return address.strip()


@dataclass
class Noticing:
    """Looked at by every process; what was told is kept in the database, so that it is told once."""

    database: Database
    secrets: SecretBox
    notifier: Callable[[str], Notifier]
    clock: Clock
    name: str

    def round(self) -> int:
        """How many people were told."""
        with self.database.reading() as db:
            if not queries.people_with_channels(db) or not self._look(db).moved:
                return 0
        with self.database.writing() as db:
            # Looked again where nobody else can write: another process may have told meanwhile.
            seen = self._look(db)
            seen.remember(db)
            wanted = {row.user_id: row for row in queries.people_with_channels(db)}
            letters = {user_id: list(_wanted_lines(row, seen.lines())) for user_id, row in wanted.items()}
            channels = {user_id: channel_of(row, self.secrets) for user_id, row in wanted.items()}
        told = 0
        for user_id, lines in letters.items():
            channel = channels[user_id]
            if lines and channel is not None:
                urgent = any(line.needs_me for line in lines)
                title = f"{self.name}: {'needs you' if urgent else 'finished'}"
                self.notifier(channel).tell(title, message([line.text for line in lines]), urgent=urgent)
                told += 1
        return told

    def _look(self, db: Session) -> "_Seen":
        until = news_since(fact(db, _TOLD_UNTIL), self.clock())
        known = set(json.loads(fact(db, _TOLD_NEEDS) or "[]"))
        return _Seen(queries.finished_since(db, until), queries.standing_still(db), known)


@dataclass(frozen=True)
class _Seen:
    """What there is to tell. `known`: keys of what stands still and was told already."""

    finished: Sequence[queries.Finished]
    standing: Sequence[queries.StandingStill]
    known: set[str]

    @property
    def moved(self) -> bool:
        """Something is to be told, or something that was told got on."""
        return bool(self.finished) or {each.key for each in self.standing} != self.known

    def lines(self) -> list[Line]:
        return [Line(each.by, each.sentence, needs_me=False) for each in self.finished if each.by] + [
            Line(each.by, f"Export to {each.name} stands still: {each.reason.replace('_', ' ')}.", needs_me=True)
            for each in self.standing
            if each.by and each.key not in self.known
        ]

    def remember(self, db: Session) -> None:
        if self.finished:
            set_fact(db, _TOLD_UNTIL, rfc3339(max(each.at for each in self.finished)))
        # What got on since is forgotten: when it stands still again, that is news again.
        set_fact(db, _TOLD_NEEDS, json.dumps(sorted(each.key for each in self.standing)))


def _wanted_lines(row: NoticeChoice, news: Sequence[Line]) -> Iterator[Line]:
    for line in news:
        if line.user_id == row.user_id and (row.needs_me if line.needs_me else row.finished):
            yield line
