"""Our own API, called inside this process: the command line can do exactly what the pages can, with the same checks."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx

from woodpecker_api.cli.failing import CommandFailedError
from woodpecker_api.config import Settings, load_settings
from woodpecker_api.db.session import Database
from woodpecker_api.http.user import get_actor, get_principal
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.logging import configure_logging
from woodpecker_api.system.audit.service import Actor
from woodpecker_api.system.auth import users
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.auth.sessions import Principal
from woodpecker_api.web.app import create_app
from woodpecker_api.wiring.program import Program, build

POLL_SECONDS = 0.2
# In-process: only a very large upload takes long.
REQUEST_SECONDS = 600


class Local:
    """Speaks for one user. `work` commands also need `program.start()`: see `open_program`."""

    def __init__(self, program: Program, principal: Principal) -> None:
        self.program = program
        app = create_app(program.services, obey_modes=False)
        app.dependency_overrides[get_principal] = lambda: principal
        app.dependency_overrides[get_actor] = lambda: Actor("cli", principal.user_id, f"cli-{new_id()}")
        self._app = app

    @classmethod
    def as_user(cls, program: Program, email: str | None) -> Self:
        """Acts as the user with this address, else as the first admin. Raises `CommandFailedError` when there is none."""
        return cls(program, _principal(program.database, email))

    def call(self, method: str, path: str, **request: Any) -> Any:
        """The JSON of a good answer (None when empty). Raises `CommandFailedError` with the problem's sentence."""
        answer = self._good(method, path, **request)
        return answer.json() if answer.content else None

    def text(self, path: str) -> str:
        """A good answer as it is, such as a CSV. Raises as `call`."""
        return self._good("GET", path).text

    def pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.call("GET", path, params={**params, "limit": 500} | ({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def wait_for(
        self, path: str, is_over: Callable[[dict[str, Any]], bool], show: Callable[[dict[str, Any]], None]
    ) -> Any:
        """Asks again until the record says that it is over; `show` is told each state."""
        while True:
            record = self.call("GET", path)
            show(record)
            if is_over(record):
                return record
            time.sleep(POLL_SECONDS)

    def _good(self, method: str, path: str, **request: Any) -> httpx.Response:
        answer = self._request(method, path, **request)
        if answer.is_success:
            return answer
        problem = answer.json()
        lines = [f"{problem['detail']} ({problem['code']})"]
        lines += [f"  {field['field']}: {field['message']}" for field in problem.get("errors", [])]
        raise CommandFailedError("\n".join(lines), problem)

    def _request(self, method: str, path: str, **request: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost", timeout=REQUEST_SECONDS
            ) as client:
                return await client.request(method, path, **request)

        return asyncio.run(ask())


@contextmanager
def open_program(*, working: bool = False, settings: Settings | None = None) -> Iterator[Program]:
    """The program for one command. `working` also runs jobs here, unless another process on this data already does."""
    configure_logging(as_json=False, quiet=True)
    settings = settings or load_settings()
    program = build(settings, upgrade=not settings.is_strict)
    if working:
        program.start()
    try:
        yield program
    finally:
        if not working:
            program.close()
        elif not program.stop():
            _undrained.append(program)


_undrained: list[Program] = []


def work_goes_on() -> bool:
    """Whether a program of this process was left with a turn in progress; the process then has to end by `os._exit`."""
    return bool(_undrained)


def _principal(database: Database, email: str | None) -> Principal:
    with database.reading() as db:
        if email is not None:
            user = users.user_by_email(db, email)
            if user.disabled_at is not None:
                raise CommandFailedError(f"{email} is disabled. Act as somebody else, or enable this user first.")
        else:
            admins = [user for user in users.list_users(db) if user.role == Role.ADMIN and user.disabled_at is None]
            if not admins:
                raise CommandFailedError(
                    "There is no user yet. Create one: woodpecker-api users create --role admin EMAIL"
                )
            user = admins[0]
    return Principal(user.id, user.email, user.name, Role(user.role), None, None)
