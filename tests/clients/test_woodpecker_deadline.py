"""One deadline for a whole request, and the line between sent and not sent, against servers that misbehave."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.woodpecker import DRAFT, a_prospect
from woodpecker_api.clients.woodpecker.client import WoodpeckerClient
from woodpecker_api.clients.woodpecker.deadline import Exchange, OutOfTimeError
from woodpecker_api.clients.woodpecker.errors import (
    ConnectionCutError,
    DeadlinePassedError,
    UnreachableError,
    UnreadableAnswerError,
    WoodpeckerError,
)
from woodpecker_api.sandbox.woodpecker import WoodpeckerServer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"


class RefusedError(Exception):
    """Raised by the export's last check."""


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[WoodpeckerClient]:
    """A client of a server that takes one connection and hands it to `serve`."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            serve(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    client = WoodpeckerClient("key", base_url=f"http://127.0.0.1:{listening.getsockname()[1]}/rest")
    yield client
    client.close()
    listening.close()
    thread.join(3)


def drip(text: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        for place in range(len(text)):
            connection.sendall(text[place : place + 1])
            time.sleep(0.02)

    return serve


def silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


@pytest.mark.parametrize(
    "serve",
    [silent, drip(HEAD), drip(b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 300)],
    ids=["silent", "head drips", "body drips"],
)
def test_a_request_ends_at_its_deadline_however_slowly_bytes_come(serve: Callable[[socket.socket], None]) -> None:
    with server(serve) as client:
        started = time.monotonic()
        with pytest.raises(DeadlinePassedError) as caught:
            client.add_prospects(DRAFT, [a_prospect()], deadline=0.3)
        took = time.monotonic() - started

    assert caught.value.outcome_unknown
    assert 0.25 < took < 1.5


def test_a_server_that_stops_reading_cannot_hold_a_large_request() -> None:
    done = threading.Event()

    def deaf(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        done.wait(3)

    people = [a_prospect(f"p{place}@x.example", snippets={1: "text " * 2000}) for place in range(2000)]
    with server(deaf) as client:
        with pytest.raises(DeadlinePassedError) as caught:
            client.add_prospects(DRAFT, people, deadline=0.4)
        done.set()

    assert caught.value.outcome_unknown


def test_a_refused_connection_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(UnreachableError) as caught:
        WoodpeckerClient("key", base_url=f"http://127.0.0.1:{port}/rest").add_prospects(
            DRAFT, [a_prospect()], deadline=1
        )

    assert not caught.value.outcome_unknown


def test_tls_that_does_not_come_up_means_nothing_was_sent() -> None:
    def no_tls(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with server(no_tls) as plain:
        secure = WoodpeckerClient("key", base_url=plain._base_url.replace("http:", "https:"))
        with pytest.raises(UnreachableError) as caught:
            secure.add_prospects(DRAFT, [a_prospect()], deadline=2)

    assert not caught.value.outcome_unknown


def test_tls_that_never_answers_ends_at_the_deadline_with_nothing_sent() -> None:
    with server(silent) as plain:
        secure = WoodpeckerClient("key", base_url=plain._base_url.replace("http:", "https:"))
        with pytest.raises(UnreachableError):
            secure.add_prospects(DRAFT, [a_prospect()], deadline=0.3)


def test_the_last_check_runs_once_and_its_refusal_sends_nothing(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    asked: list[int] = []

    def refuse() -> None:
        asked.append(1)
        raise RefusedError

    with pytest.raises(RefusedError):
        woodpecker_client.add_prospects(DRAFT, [a_prospect()], deadline=2, before_send=refuse)

    assert len(asked) == 1
    assert woodpecker.control.ledger()["calls"] == {}


def test_the_last_check_runs_when_the_connection_stands_and_before_any_byte(woodpecker: WoodpeckerServer) -> None:
    seen: list[bytes] = []
    asked = threading.Event()

    def watch(connection: socket.socket) -> None:
        connection.settimeout(0.2)
        try:
            seen.append(connection.recv(65536))
        except TimeoutError:
            seen.append(b"")
        asked.set()
        connection.settimeout(2)
        silent(connection)

    with server(watch) as client, pytest.raises(WoodpeckerError):
        client.add_prospects(DRAFT, [a_prospect()], deadline=0.6, before_send=lambda: bool(asked.wait(2)))

    assert seen == [b""]


def test_a_check_that_takes_the_rest_of_the_time_sends_nothing() -> None:
    now = [0.0]
    exchange = Exchange(10, before_send=lambda: now.__setitem__(0, 11.0), monotonic=lambda: now[0])

    with pytest.raises(OutOfTimeError):
        exchange.about_to_send()

    assert not exchange.sent


def test_the_check_is_not_repeated_for_the_second_piece_of_a_request() -> None:
    asked: list[int] = []
    exchange = Exchange(10, before_send=lambda: asked.append(1))

    exchange.about_to_send()
    exchange.about_to_send()

    assert asked == [1]


@pytest.mark.parametrize(
    "said",
    [b"", HEAD, HEAD + b"[{}", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", b"nonsense\r\n\r\n"],
)
def test_a_connection_that_ends_too_early_leaves_the_outcome_unknown(said: bytes) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(said)

    with server(serve) as client, pytest.raises(ConnectionCutError) as caught:
        client.add_prospects(DRAFT, [a_prospect()], deadline=2)

    assert caught.value.outcome_unknown


def answering(body: bytes, *headers: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    return serve


@pytest.mark.parametrize(
    "serve",
    [
        answering(b"not gzip", b"Content-Encoding: gzip"),
        answering(b"[" * 100_000),
        answering(b"\xff\xfe\x00"),
        answering(b'{"prospects": [{"email": "kim@acme.example", "id": 1}'),
        answering(b'{"prospects": []}'),
        answering(b"  \r\n "),
    ],
    ids=["not gzip", "too deep", "no text", "cut", "no rows", "blank"],
)  # fmt: skip
def test_a_body_nobody_can_read_leaves_the_outcome_unknown(serve: Callable[[socket.socket], None]) -> None:
    with server(serve) as client, pytest.raises(UnreadableAnswerError) as caught:
        client.add_prospects(DRAFT, [a_prospect()], deadline=2)

    assert caught.value.outcome_unknown


def test_a_redirect_is_not_followed() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    with server(serve) as client, pytest.raises(UnreadableAnswerError) as caught:
        client.add_prospects(DRAFT, [a_prospect()], deadline=2)

    assert caught.value.outcome_unknown
