"""Running the program: the website, the worker, the simulators."""

import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from woodpecker_api.cli.failing import CommandFailedError
from woodpecker_api.cli.output import say
from woodpecker_api.cli.samples import load_samples
from woodpecker_api.cli.space import take_ballast
from woodpecker_api.config import Environment, Settings, load_settings
from woodpecker_api.kit.logging import configure_logging
from woodpecker_api.system.audit.service import Actor
from woodpecker_api.system.auth import users
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.web.app import create_app
from woodpecker_api.web.kept_assets import keep_assets
from woodpecker_api.web.pages import STATIC
from woodpecker_api.wiring.program import Program, build

# Answers in progress get so long at shutdown; event streams are told to end at once. On a server nobody waits at a terminal, and
# a slow answer that is cut off is a failed request (two were, on a machine with fifty times its load).
GRACEFUL_SECONDS = 5
GRACEFUL_SECONDS_ON_A_SERVER = 30
# Longer than the proxy keeps an idle connection (30 s): the side that closes first must be the one that sends, or a POST meets
# a connection that was closed a moment ago and is lost (two of 1,600 were, with uvicorn's 5 s).
KEEP_ALIVE_SECONDS = 75
SAMPLE_PEOPLE = (("admin@sandbox.test", "Ada Admin", Role.ADMIN), ("rep@sandbox.test", "Rita Rep", Role.REP))


def register(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(worker)
    app.command()(sandbox)
    app.command("openapi")(openapi)


def serve(
    no_worker: Annotated[bool, typer.Option("--no-worker", help="A worker runs elsewhere.")] = False,
    samples: Annotated[bool, typer.Option(help="Sample data in an empty sandbox.")] = True,
) -> None:
    """The website and its API; with the worker inside unless told otherwise."""
    settings = load_settings()
    configure_logging(
        as_json=settings.environment is not Environment.SANDBOX, quiet=settings.environment is Environment.SANDBOX
    )
    program = build(settings, upgrade=not settings.is_strict)
    working = settings.worker == "inside" and not no_worker
    first_start = settings.environment is Environment.SANDBOX and _is_empty(program)
    sign_in = _sandbox_people(program) if settings.environment is Environment.SANDBOX else None

    def start() -> None:
        keep_assets(STATIC, settings.data_dir, time.time())
        if working:
            program.start()
        if working and samples and first_start:
            threading.Thread(target=load_samples, args=(program,), name="samples", daemon=True).start()

    drained: list[bool] = []
    app = create_app(program.services, start=start, stop=lambda: drained.append(program.stop()))
    server = _Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies or None,
            timeout_graceful_shutdown=GRACEFUL_SECONDS_ON_A_SERVER if settings.is_strict else GRACEFUL_SECONDS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ),
        lambda: _announce(settings, sign_in),
        lambda: setattr(app.state, "draining", True),
    )
    try:
        with program.on_duty(f"server {settings.port}"):
            server.run()
    except SystemExit:  # uvicorn could not listen
        address = f"{settings.host}:{settings.port}"
        raise CommandFailedError(
            f"APP_PORT: {address} is not to be had. Is another server running? Stop it, or choose another port."
        ) from None
    if drained and not drained[0]:
        # A turn is still in progress in a thread that cannot be ended; it is done again at the next start.
        os._exit(0)


class _Server(uvicorn.Server):
    """Says where it listens once it really does, tells event streams to end first, and ends with status 0 when told to."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], on_exit: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_exit = on_exit

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn's own raises the signal again at the end, and the process would seem to have been killed.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._on_exit()
        super().handle_exit(sig, frame)


def worker() -> None:
    """Background work alone: imports, generation, exports, schedules."""
    settings = load_settings()
    configure_logging(as_json=True)
    program = build(settings, upgrade=not settings.is_strict)
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    if settings.is_strict:
        take_ballast(settings)
    with program.on_duty("worker"):
        program.start()
        stop.wait()
    if not program.stop():
        os._exit(0)


def sandbox(
    woodpecker_port: Annotated[int, typer.Option()] = 8081,
    claude_port: Annotated[int, typer.Option()] = 8082,
    storage: Annotated[
        Path | None, typer.Option(help="File in which the Woodpecker simulator keeps its account.")
    ] = None,
) -> None:
    """Both simulators on ports of their own; they can be told to misbehave under /_control."""
    from woodpecker_api.wiring.simulators import start_claude, start_woodpecker

    configure_logging(as_json=False)
    try:
        woodpecker = start_woodpecker(storage, woodpecker_port)
        claude = start_claude(None, claude_port)
    except OSError as error:
        raise CommandFailedError(f"A simulator cannot have its port: {error.strerror}.") from None
    say(f"Woodpecker simulator: WOODPECKER_BASE_URL={woodpecker.base_url}")
    say(f"Claude simulator:     ANTHROPIC_BASE_URL={claude.url}")
    say("Any key is accepted. Stop with Ctrl+C.")
    sys.stdout.flush()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    stop.wait()
    woodpecker.stop()
    claude.stop()


def openapi() -> None:
    """The description of the HTTP API, as the frontend's client is generated from it."""
    program = build(load_settings())
    say(json.dumps(create_app(program.services).openapi(), indent=2, ensure_ascii=False))
    program.close()


def _is_empty(program: Program) -> bool:
    with program.database.reading() as db:
        return not users.list_users(db)


def _sandbox_people(program: Program) -> tuple[str, str] | None:
    """An admin and a rep for trying things out, with a password of this data directory; None when the team has its own."""
    path = program.settings.data_dir / "sandbox-password.txt"
    if not path.exists():
        if not _is_empty(program):
            return None
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    password = path.read_text().strip()
    with program.database.writing() as db:
        known = {user.email for user in users.list_users(db)}
        for email, name, role in SAMPLE_PEOPLE:
            if email not in known:
                users.create_user(db, Actor("cli"), email=email, role=role, password=password, name=name)
    return SAMPLE_PEOPLE[0][0], password


def _announce(settings: Settings, sign_in: tuple[str, str] | None) -> None:
    say(f"\n  Woodpecker-API ({settings.environment.value}) is ready:  {settings.public_url}")
    if sign_in:
        say(f"  Sign in as:  {sign_in[0]}    Password:  {sign_in[1]}")
        say(f"  A second person:  {SAMPLE_PEOPLE[1][0]}, same password")
    elif settings.admin_email:
        say(f"  Sign in as:  {settings.admin_email}")
    say("  Stop with Ctrl+C.\n")
    sys.stdout.flush()
