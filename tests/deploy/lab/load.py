"""Twenty people at work while deploys happen: every request has an outcome, every acknowledged write is looked up afterwards."""

import http.client
import json
import socket
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.deploy.lab.machine import DOMAIN, DROPLET

READS = ("/api/leads?limit=5", "/api/do-not-contact?limit=5", "/api/session", "/")


class Connection(http.client.HTTPSConnection):
    """To the droplet by its address, under its name."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        super().__init__(DOMAIN, 443, timeout=30, context=trust)
        self._trust = trust

    def connect(self) -> None:
        plain = socket.create_connection((DROPLET, 443), 30)
        self.sock = self._trust.wrap_socket(plain, server_hostname=DOMAIN)


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: object = None, cookie: str = ""
) -> tuple[int, bytes, http.client.HTTPMessage]:
    headers = {"Origin": f"https://{DOMAIN}", **({"Cookie": cookie} if cookie else {})}
    data = None
    if body is not None:
        data, headers["Content-Type"] = json.dumps(body), "application/json"
    connection.request(method, path, data, headers)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers


def sign_in(trust: ssl.SSLContext, email: str, password: str) -> str:
    status, body, headers = ask(Connection(trust), "POST", "/api/session", {"email": email, "password": password})
    assert status < 300, body
    return str(headers["set-cookie"]).partition(";")[0]


@dataclass
class Load:
    """`acknowledged` holds what was answered with success, `failures` every answer of 500 or above and every broken connection."""

    trust: ssl.SSLContext
    cookie: str
    name: str
    clients: int = 20
    pause: float = 0.05
    acknowledged: set[str] = field(default_factory=set)
    failures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    requests: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(self.clients):
            thread = threading.Thread(target=self._one, args=(number,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _one(self, number: int) -> None:
        connection = Connection(self.trust)
        turn = 0
        while not self._stop.is_set():
            turn += 1
            write = (turn + number) % 3 == 0
            address = f"{self.name}-{number}-{turn}@ledger.example.com"
            started = time.monotonic()
            try:
                if write:
                    status, body, _ = ask(connection, "POST", "/api/do-not-contact", {"value": address}, self.cookie)
                else:
                    status, body, _ = ask(connection, "GET", READS[turn % len(READS)], cookie=self.cookie)
            except (OSError, http.client.HTTPException) as error:
                # A connection that a server closes while it is idle is no request: only a fresh one's failure counts.
                reused = turn > 1 and isinstance(
                    error, http.client.RemoteDisconnected | BrokenPipeError | ConnectionResetError
                )
                connection.close()
                connection = Connection(self.trust)
                with self._lock:
                    self.failures[
                        f"{'POST' if write else 'GET'} {type(error).__name__}{' (kept connection)' if reused else ''}"
                    ] += 1
                continue
            with self._lock:
                self.requests += 1
                self.slowest = max(self.slowest, time.monotonic() - started)
                if status >= 400:
                    self.failures[f"{'POST' if write else 'GET'} {status} {body[:160]!r}"] += 1
                elif write:
                    self.acknowledged.add(address)
            time.sleep(self.pause)
        connection.close()

    def lost(self) -> tuple[set[str], int]:
        """Acknowledged writes that are not there now, and how many are there twice."""
        status, body, _ = ask(Connection(self.trust), "GET", "/api/do-not-contact.csv", cookie=self.cookie)
        assert status == 200, body[:300]
        found = Counter(
            value
            for line in body.decode("utf-8-sig").splitlines()
            for value in line.replace('"', "").split(",")
            if "@ledger" in value
        )
        return {value for value in self.acknowledged if value not in found}, sum(
            1 for count in found.values() if count > 1
        )
