"""Live events over a real connection: they begin, go on after a cut, tell of gaps, and end with the session."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import uvicorn

from tests import builders as make
from tests.room import Room
from woodpecker_api.features.operations.api import events
from woodpecker_api.http.user import COOKIE
from woodpecker_api.kit.crypto import token_hash
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.auth.models import UserSession
from woodpecker_api.system.auth.sessions import end_session
from woodpecker_api.system.changes.service import announce, latest_id

Lines = Callable[[int], list[dict[str, str]]]


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(room.app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    _wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.force_exit = server.should_exit = True
    thread.join()


def test_a_page_hears_of_each_change_after_it_began_to_listen(room: Room, address: str) -> None:
    _announce(room, "lead", "before")
    with _listening(room, address) as next_event:
        assert next_event()["event"] == "ready"
        _announce(room, "lead", "l1")
        _announce(room, "export", "e1")
        heard = [next_event(), next_event()]
    assert [event["data"] for event in heard] == [
        '{"kind": "lead", "record_id": "l1"}',
        '{"kind": "export", "record_id": "e1"}',
    ]


def test_after_a_cut_the_page_goes_on_where_it_was(room: Room, address: str) -> None:
    seen = _announce(room, "lead", "l1")
    _announce(room, "lead", "l2")
    with _listening(room, address, last_event_id=str(seen)) as next_event:
        assert next_event()["data"] == '{"kind": "lead", "record_id": "l2"}'


def test_a_page_that_may_have_missed_something_is_told_to_begin_anew(room: Room, address: str) -> None:
    latest = _announce(room, "lead", "l1")
    with _listening(room, address, last_event_id=str(latest + 7)) as next_event:
        assert next_event() == {"id": str(latest), "event": "reset", "data": "{}"}


@pytest.mark.parametrize("made_up", ["", "-1", "none", "9" * 32])
def test_a_made_up_id_does_no_harm(room: Room, address: str, made_up: str) -> None:
    with _listening(room, address, last_event_id=made_up) as next_event:
        assert next_event()["event"] in ("ready", "reset")


def test_events_end_with_the_session(room: Room, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SESSION_CHECK_SECONDS", 0.1)
    cookie = room.cookie()
    with _listening(room, address, cookie=cookie) as next_event:
        assert next_event()["event"] == "ready"
        with room.database.writing() as db:
            session = db.query(UserSession).filter_by(token_hash=token_hash(cookie)).one()
            end_session(db, SYSTEM, session.id, make.NOON)
        with pytest.raises(StopIteration):
            next_event()


def test_events_end_when_the_process_is_about_to_stop(room: Room, address: str) -> None:
    with _listening(room, address) as next_event:
        next_event()
        room.app.state.draining = True
        with pytest.raises(StopIteration):
            next_event()


def test_a_silent_line_is_kept_open_by_a_sign_of_life(
    room: Room, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.1)
    with httpx.stream("GET", f"{address}/api/events", cookies={COOKIE: room.cookie()}) as answer:
        assert next(line for line in answer.iter_lines() if line.startswith(":")) == ": still here"


def test_many_pages_cost_one_poller_and_leave_nothing_behind(room: Room, address: str) -> None:
    with contextlib.ExitStack() as pages:
        listeners = [pages.enter_context(_listening(room, address)) for _ in range(30)]
        for next_event in listeners:
            next_event()
        assert events.listeners(room.app) == 30
        _announce(room, "lead", "l1")
        assert {next_event()["data"] for next_event in listeners} == {'{"kind": "lead", "record_id": "l1"}'}
    _wait_until(lambda: events.listeners(room.app) == 0)


def test_nobody_listens_without_signing_in(address: str) -> None:
    assert httpx.get(f"{address}/api/events").status_code == 401


def _announce(room: Room, kind: str, record_id: str) -> int:
    with room.database.writing() as db:
        announce(db, kind, record_id)
        return latest_id(db)


@contextlib.contextmanager
def _listening(
    room: Room, address: str, *, cookie: str | None = None, last_event_id: str | None = None
) -> Iterator[Callable[[], dict[str, str]]]:
    headers = {"Last-Event-ID": last_event_id} if last_event_id is not None else {}
    cookies = {COOKIE: cookie or room.cookie()}
    with httpx.stream("GET", f"{address}/api/events", headers=headers, cookies=cookies, timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = _events(answer.iter_lines())
        yield lambda: next(stream)


def _events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    event: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith((":", "retry")):
            name, _, value = line.partition(": ")
            event[name] = value
        elif not line and event:
            yield event
            event = {}


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
