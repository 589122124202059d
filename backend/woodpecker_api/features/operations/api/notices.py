"""What I want to be told outside the program, and where. Everybody chooses for themselves."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.operations import queries
from woodpecker_api.features.operations.models import NoticeChoice
from woodpecker_api.features.operations.rules.notices import channel_kind
from woodpecker_api.features.operations.service import notices
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.services import Ask, Services
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(prefix="/api/notices")
READ = [needs(Permission.READ)]


class NoticesAnswer(BaseModel):
    """`channel`: the kind in words (Mail, Slack, …), never the address; None when nothing is told outside."""

    finished: bool
    needs_me: bool
    channel: str | None


class NoticesChoice(BaseModel):
    """`channel`: an Apprise address; "" forgets the one there is; without it the one there is stays."""

    model_config = ConfigDict(extra="forbid")

    finished: bool
    needs_me: bool
    channel: SecretStr | None = Field(None, max_length=500)


class TestedAnswer(BaseModel):
    reached: bool


@router.get("", dependencies=READ)
def get_notices(db: ReadDb, who: Who, services: Ask) -> NoticesAnswer:
    return _answer(queries.notice_choice(db, who.user_id), services)


@router.put("", dependencies=READ)
def choose_notices(body: NoticesChoice, db: WriteDb, who: Who, by: By, services: Ask) -> NoticesAnswer:
    channel = body.channel.get_secret_value() if body.channel is not None else None
    choice = notices.Choice(body.finished, body.needs_me, channel)
    row = notices.choose(db, by, who.user_id, choice, services.secrets, services.clock())
    return _answer(row, services)


@router.post("/test", dependencies=READ)
def try_notices(who: Who, services: Ask) -> TestedAnswer:
    """Sends a message there now; takes some seconds."""
    # Not by ReadDb: no transaction stays open while a stranger's server answers.
    with services.database.reading() as db:
        channel = notices.channel_of(queries.notice_choice(db, who.user_id), services.secrets)
    if channel is None or services.notifier is None:
        raise NotFoundError("There is no channel yet. Save an address first.")
    name = who.name or who.email
    reached = services.notifier(channel).tell("Woodpecker-API", f"This is where {name} is told.", urgent=False)
    return TestedAnswer(reached=reached)


def _answer(row: NoticeChoice | None, services: Services) -> NoticesAnswer:
    channel = notices.channel_of(row, services.secrets)
    return NoticesAnswer(
        finished=row.finished if row is not None else True,
        needs_me=row.needs_me if row is not None else True,
        channel=channel_kind(channel) if channel is not None else None,
    )
