"""HTTP with one deadline for all of a request, on a connection of its own.

A time limit for each phase would let a server that drips bytes hold a request for ever, and a reused connection that the
server has just closed cannot be told from a request that was cut. So each request opens its own connection, and every
wait on its socket gets only the time that is left.
"""

import functools
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore
import httpx

EXCHANGE = "woodpecker_exchange"
_WRITE_SLICE = 64 * 1024


class OutOfTimeError(Exception):
    """The total deadline has passed."""


class Exchange:
    """One request under way: how much time is left, and whether anything of it may have left this machine."""

    def __init__(
        self,
        seconds: float,
        before_send: Callable[[], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._ends = monotonic() + seconds
        self._before_send = before_send
        self.sent = False

    def remaining(self) -> float:
        """Seconds left, always more than 0; raises OutOfTimeError when there are none."""
        left = self._ends - self._monotonic()
        if left <= 0:
            raise OutOfTimeError
        return left

    def about_to_send(self) -> None:
        """Ask the caller a last time, then count everything from here on as sent."""
        if self.sent:
            return
        if self._before_send is not None:
            self._before_send()
        self.remaining()
        self.sent = True


class DeadlineTransport(httpx.BaseTransport):
    """Sends a request whose extensions hold its `Exchange`; never retries, never redirects, never uses a proxy."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        exchange: Exchange = request.extensions[EXCHANGE]
        pool = httpcore.ConnectionPool(
            ssl_context=_ssl_context(), max_connections=1, network_backend=_DeadlineBackend(exchange)
        )
        try:
            answer = pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.read(),
                )
            )
        except BaseException:
            pool.close()
            raise
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer, pool))


@functools.cache
def _ssl_context() -> ssl.SSLContext:
    """The usual roots; reading them takes longer than most requests, so it happens once."""
    return httpx.create_ssl_context()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response, pool: httpcore.ConnectionPool) -> None:
        self._answer = answer
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
        self._pool.close()


class _DeadlineBackend(httpcore.NetworkBackend):
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Each address of the name in turn, all within what is left. Resolving itself cannot be hurried."""
        del timeout
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for *_, address in found:
            try:
                stream = self._inner.connect_tcp(
                    str(address[0]), port, self._exchange.remaining(), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._exchange)
        raise failure

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError(f"nothing here may wait {seconds} s of its own accord")


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, exchange: Exchange) -> None:
        self._inner = inner
        self._exchange = exchange

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._inner.read(max_bytes, self._exchange.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        if not buffer:
            return
        self._exchange.about_to_send()
        for start in range(0, len(buffer), _WRITE_SLICE):
            self._inner.write(buffer[start : start + _WRITE_SLICE], self._exchange.remaining())

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        secured = self._inner.start_tls(ssl_context, server_hostname, self._exchange.remaining())
        return _DeadlineStream(secured, self._exchange)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
