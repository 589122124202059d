"""The pages of the main job, asked for by people who rest between them: the same load for any installation."""

import http.client
import random
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

# A list comes in, texts are written and read, people are added, history tells: what the pages of it ask for, and what people type.
PAGES = (
    "/",
    "/api/session",
    "/api/home",
    "/api/imports",
    "/api/leads?limit=50",
    "/api/generations",
    "/api/sequences?limit=50",
    "/api/campaigns",
    "/api/exports",
    "/api/history?limit=50",
    "/api/history?limit=50&q=bake",
)
# One in so many requests writes.
WRITES = 6
CLIENTS, REST_SECONDS = 20, 1.0


@dataclass
class Pages:
    """`connect` gives a connection to the installation; `seconds` holds what each answer took."""

    connect: Callable[[], http.client.HTTPConnection]
    origin: str
    cookie: str
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def visit(self, seconds: float) -> float:
        """So long; the middle answer's time of this visit, in milliseconds."""
        before, stop = len(self.seconds), threading.Event()
        threads = [threading.Thread(target=self._one, args=(number, stop)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        stop.set()
        for thread in threads:
            thread.join()
        return statistics.median(self.seconds[before:]) * 1000

    def _one(self, number: int, stop: threading.Event) -> None:
        chance = random.Random(number)  # the same at each installation
        connection = self.connect()
        while not stop.wait(chance.expovariate(1 / REST_SECONDS)):
            began = time.perf_counter()
            status, body = self._ask(connection, chance)
            self.seconds.append(time.perf_counter() - began)
            if status >= 400:
                self.failures.append(f"{status} {body[:200]!r}")
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, chance: random.Random) -> tuple[int, bytes]:
        headers = {"Origin": self.origin, "Cookie": self.cookie}
        if chance.randrange(WRITES) == 0:
            body = f'{{"value": "visitor{time.time_ns()}@ledger.example.com"}}'
            headers["Content-Type"] = "application/json"
            connection.request("POST", "/api/do-not-contact", body, headers)
        else:
            connection.request("GET", chance.choice(PAGES), headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
