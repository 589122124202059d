"""The world of Claude's tests: a lead, a brief, requests as the generation room makes them, a simulated account."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from woodpecker_api.clients.anthropic.client import AnthropicClient
from woodpecker_api.clients.anthropic.port import Effort, GenerationRequest, SystemBlock
from woodpecker_api.clients.anthropic.wire import schema_for
from woodpecker_api.sandbox.claude.app import make_app
from woodpecker_api.sandbox.claude.world import World
from woodpecker_api.sandbox.server import SimulatorServer

MODEL = "claude-sonnet-5-5"
LEAD: dict[str, Any] = {
    "first_name": "Ann",
    "last_name": "Lee",
    "company": "Acme Logistics GmbH",
    "company_nickname": "Acme",
    "title": "Head of People",
    "industry": "Logistics",
    "city": "Hamburg",
    "country": "Germany",
    "custom": {},
}
BRIEF: dict[str, Any] = {
    "company": "Makeshapes",
    "product": "a platform for group learning that runs itself",
    "proof_points": ["a retailer kept the habit going for a year", "most teams finish what they start"],
    "voice": "warm and plain",
    "forbidden_words": ["synergy"],
}
SNIPPETS = {
    "snippet_1": "subject: 36-50 characters",
    "snippet_2": "email: 90-200 words",
    "snippet_3": "linkedin_note: under 300 characters",
    "snippet_4": "bump: short",
    "snippet_5": "email: a new angle, 90-200 words",
    "snippet_6": "bump: short",
    "snippet_7": "breakup: a friendly goodbye",
}


def user_text(lead: Mapping[str, Any], instruction: str = "") -> str:
    """The person's part of the prompt, fenced as the generation room does it."""
    wish = f"\n<instruction>{instruction}</instruction>" if instruction else ""
    return f"Write the sequence.\n<lead_data>\n{json.dumps(lead)}\n</lead_data>{wish}"


def system_text(brief: Mapping[str, Any], length: int = 0) -> str:
    """The stable part; `length` pads it, for the cache."""
    return f"You write.\n<brief>\n{json.dumps(brief)}\n</brief>\n" + "Write plainly. " * (length // 15)


def a_request(**changes: Any) -> GenerationRequest:
    """A request for all seven texts about Ann at Acme, that nothing is wrong with."""
    lead = {**LEAD, **changes.pop("lead", {})}
    values: dict[str, Any] = {
        "model": MODEL,
        "system": (SystemBlock(system_text(BRIEF), ends_stable_prefix=True),),
        "user_text": user_text(lead, changes.pop("instruction", "")),
        "schema": schema_for(SNIPPETS),
        "max_tokens": 8_000,
        "effort": Effort.LOW,
    }
    return GenerationRequest(**(values | changes))


@dataclass
class SimulatedClaude:
    """A running simulator. `world` looks inside; `control` turns the handles that others have, over HTTP."""

    url: str
    world: World

    def client(self, **options: Any) -> AnthropicClient:
        return AnthropicClient(**({"api_key": "sandbox", "base_url": self.url, "timeout_seconds": 10.0} | options))

    def control(self, method: str, what: str, body: Any = None) -> Any:
        answer = httpx2.request(method, f"{self.url}/_control/{what}", json=body, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def script(self, *faults: str | None) -> None:
        self.control("PUT", "faults", {"script": list(faults)})

    def counters(self) -> Any:
        return self.control("GET", "state")["counters"]

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """A request by hand, as no SDK would send it."""
        usual = {"x-api-key": "sandbox", "anthropic-version": "2026-10-21"}
        return httpx2.post(f"{self.url}{path}", json=body, headers=usual | dict(headers or {}), trust_env=False)


@contextmanager
def simulated_claude(world: World | None = None) -> Iterator[SimulatedClaude]:
    world = world or World()
    with SimulatorServer(make_app(world), name="claude-sandbox") as server:
        yield SimulatedClaude(server.url, world)


@contextmanager
def a_server_that_says(*answers: bytes) -> Iterator[str]:
    """Answers one request after the other with these bytes, whatever was asked, and hangs up after each."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for answer in answers:
                connection, _address = listening.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(5)
