"""Starting, stopping and cutting."""

import asyncio
import socket
from typing import Any

import httpx
import pytest

from woodpecker_api.sandbox.server import SimulatorServer, break_off


async def app(scope: Any, _receive: Any, send: Any) -> None:
    if scope["path"] == "/cut":
        await break_off(scope)
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(60)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def test_it_answers_from_start_to_stop_and_frees_its_port() -> None:
    with SimulatorServer(app) as server:
        port = server.port
        assert httpx.get(f"{server.url}/hello", trust_env=False).text == "/hello"

    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
    with SimulatorServer(app, port=port) as again:
        assert again.port == port


def test_a_port_that_is_taken_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        SimulatorServer(app, port=taken.getsockname()[1]).start()


def test_a_cut_connection_gives_no_answer_and_the_next_one_works() -> None:
    with SimulatorServer(app) as server:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{server.url}/cut", trust_env=False)
        assert httpx.get(f"{server.url}/on", trust_env=False).text == "/on"


def test_stopping_ends_a_request_under_way_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    server = SimulatorServer(app).start()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        server.stop()

    assert "Traceback" not in capfd.readouterr().err


def test_an_address_is_known_only_while_it_runs() -> None:
    with pytest.raises(RuntimeError):
        _ = SimulatorServer(app).port
