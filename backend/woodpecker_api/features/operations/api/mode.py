"""Whether the program is live, read-only or being worked on."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import public
from woodpecker_api.system.modes.service import Mode, ModeFile

router = APIRouter()


class ModeAnswer(BaseModel):
    """Set by command (`woodpecker-api maintenance`); `message` is for people."""

    mode: Mode
    message: str | None
    since: datetime | None


@router.get("/api/mode", dependencies=[public("asked before signing in, and while nothing else is answered")])
def get_mode(services: Ask) -> ModeAnswer:
    state = ModeFile(services.settings.data_dir).read()
    return ModeAnswer(mode=state.mode, message=state.message, since=state.since)
