"""A mail server and a chat's webhook on loopback: what the program sends really crosses a socket, and is kept as it came."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class MailServer:
    """`refuses`: it answers every recipient with 550, as a server does for whom it does not know."""

    port: int = 0
    refuses: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Speaks as much SMTP (RFC 5321) as a client without extensions needs."""
    kept = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 loopback")
            while line := self.rfile.readline():
                verb = line.strip().upper()
                if verb.startswith(b"QUIT"):
                    self._say("221 bye")
                    return
                if verb.startswith(b"RCPT") and kept.refuses:
                    self._say("550 nobody here")
                    continue
                if verb.startswith(b"RCPT"):
                    kept.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                if verb.startswith(b"DATA"):
                    self._say("354 go on")
                    kept.mails.append(message_from_bytes(self._text(), policy=policy.default))
                self._say("250 ok")

        def _text(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

        def _say(self, answer: str) -> None:
            self.wfile.write(f"{answer}\r\n".encode())

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        kept.port = port
        yield kept


@dataclass
class Webhook:
    """What was posted: (path, body). `status` is what it answers."""

    port: int = 0
    status: int = 200
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@contextmanager
def webhook() -> Iterator[Webhook]:
    """Answers as Slack's incoming webhooks do: `ok` in plain text."""
    kept = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            kept.posts.append((self.path, json.loads(self.rfile.read(length))))
            self.send_response(kept.status)
            self.send_header("content-type", "text/plain")
            self.end_headers()
            self.wfile.write(b"ok" if kept.status == 200 else b"no_service")

        def log_message(self, *_about: object) -> None:
            """Nothing: the tests' output is read by people."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        kept.port = port
        yield kept


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield int(server.server_address[1])  # type: ignore[index]  # a pair for the family used here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
