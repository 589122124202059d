"""The world of Woodpecker's tests: a simulated account over HTTP, a client of it, and people to add."""

from collections.abc import Iterator

import pytest

from woodpecker_api.clients.woodpecker.client import WoodpeckerClient
from woodpecker_api.clients.woodpecker.port import NewProspect
from woodpecker_api.sandbox.woodpecker import WoodpeckerServer, woodpecker_server

# The sample account's campaigns, in its order.
DRAFT, PAUSED, RUNNING, COMPLETED, STOPPED, UNSUPPORTED = range(2_100_001, 2_100_007)
DEADLINE = 5.0


@pytest.fixture(scope="session")
def woodpecker_process() -> Iterator[WoodpeckerServer]:
    """One simulator for all tests of this process; ask for `woodpecker`, which is clean."""
    with woodpecker_server() as server:
        yield server


@pytest.fixture
def woodpecker(woodpecker_process: WoodpeckerServer) -> WoodpeckerServer:
    """The simulator with the sample account as it is on the first day, and no faults."""
    woodpecker_process.control.reset()
    return woodpecker_process


@pytest.fixture
def woodpecker_client(woodpecker: WoodpeckerServer) -> Iterator[WoodpeckerClient]:
    client = a_client(woodpecker)
    yield client
    client.close()


def a_client(woodpecker: WoodpeckerServer, key: str = "any-key") -> WoodpeckerClient:
    return WoodpeckerClient(key, base_url=woodpecker.base_url, default_deadline=DEADLINE)


def a_prospect(
    email: str = "kim@acme.example", *, snippets: dict[int, str] | None = None, **fields: str
) -> NewProspect:
    """Somebody whom the sample account does not know, with two snippets unless told otherwise."""
    return NewProspect(email, fields, {1: "A question", 2: "How do you do?"} if snippets is None else snippets)


def prospects(count: int, prefix: str = "lead") -> list[NewProspect]:
    return [a_prospect(f"{prefix}{place}@acme.example") for place in range(count)]
