"""Runs a simulator on a loopback port, in a thread of this process.

The app finds a function in the scope's state under CUT: it breaks the connection at once, as a pulled cable would. After
calling it, give the event loop two turns (`await break_off(scope)` does both), so that the server knows before the app
returns.
"""

import asyncio
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

CUT = "cut_connection"
_START_SECONDS = 15.0
_STOP_SECONDS = 10.0


async def break_off(scope: Any) -> None:
    """Break the connection of this request; nothing more reaches the other side."""
    scope["state"][CUT]()
    for _turn in range(2):
        # A server that stops cancels more than once; what was cut stays cut.
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)


class SimulatorServer:
    """Serves an ASGI app from `start` to `stop`; also a context manager. Port 0 picks a free one."""

    def __init__(self, app: Any, *, host: str = "127.0.0.1", port: int = 0, name: str = "simulator") -> None:
        self._host = host
        self._wanted_port = port
        self._socket: socket.socket | None = None
        # No logging settings here: they are the process's own, and the product may run in it.
        config = uvicorn.Config(
            _quiet(app),
            http=CuttableProtocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=1,
        )
        self._server = _AnnouncingServer(config)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._failure: BaseException | None = None

    @property
    def port(self) -> int:
        """The port it listens on. Raises RuntimeError before `start`."""
        if self._socket is None:
            raise RuntimeError("the simulator is not running")
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        """http://host:port, without a slash at the end."""
        return f"http://{self._host}:{self.port}"

    def start(self) -> Self:
        """Return once it answers. Raises OSError when the port is taken, RuntimeError when it does not come up."""
        self._socket = socket.create_server((self._host, self._wanted_port), backlog=512)
        # asyncio does not set it on sockets accepted here, and head and body then wait 40 ms for each other.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS) or self._failure is not None:
            self.stop()
            raise RuntimeError("the simulator did not start") from self._failure
        return self

    def stop(self) -> None:
        """End it and wait for its thread; requests under way get a second."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)
        if self._socket is not None:
            self._socket.close()

    def join(self) -> None:
        """Wait until somebody stops it."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._socket] if self._socket else None))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits in start()
            self._failure = error
        finally:
            self._server.ready.set()


def _quiet(app: Any) -> Any:
    """The app, whose requests end without a trace when the server stops under them."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            await break_off(scope)

    return serve


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class CuttableProtocol(H11Protocol):
    """uvicorn's own, which also lets the app break its connection and keeps out of the product's access log."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.access_log = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, CUT: transport.abort}
