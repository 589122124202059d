"""One request at a time, a short queue, and what is counted of it."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.woodpecker import DRAFT, a_client, a_prospect
from woodpecker_api.clients.woodpecker.client import WoodpeckerClient
from woodpecker_api.clients.woodpecker.errors import DeadlinePassedError, RateLimitedError, WoodpeckerError
from woodpecker_api.sandbox.woodpecker import WoodpeckerServer
from woodpecker_api.sandbox.woodpecker.gate import BusyError, Gate
from woodpecker_api.sandbox.woodpecker.ledger import Ledger


@pytest.fixture
def clients(woodpecker: WoodpeckerServer) -> Iterator[list[WoodpeckerClient]]:
    made = [a_client(woodpecker) for _ in range(10)]
    yield made
    for client in made:
        client.close()


def ask(client: WoodpeckerClient) -> str:
    try:
        client.check_account(deadline=10)
    except RateLimitedError:
        return "busy"
    return "answered"


def test_one_is_processed_six_wait_and_the_rest_is_dropped(
    woodpecker: WoodpeckerServer, clients: list[WoodpeckerClient]
) -> None:
    woodpecker.control.faults(latency_ms=100)
    with ThreadPoolExecutor(10) as threads:
        said = list(threads.map(ask, clients))

    ledger = woodpecker.control.ledger()
    assert sorted(said) == ["answered"] * 7 + ["busy"] * 3
    assert ledger["refused_busy"] == 3
    assert ledger["peak_in_flight"] >= 8


def test_a_strictly_sequential_client_never_has_two_in_flight(
    woodpecker: WoodpeckerServer, clients: list[WoodpeckerClient]
) -> None:
    for client in clients:
        client.check_account()

    assert woodpecker.control.ledger()["peak_in_flight"] == 1


def test_a_request_we_gave_up_is_at_the_vendor_but_no_longer_in_flight(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    woodpecker.control.faults(latency_ms=300)
    with pytest.raises(DeadlinePassedError):
        woodpecker_client.add_prospects(DRAFT, [a_prospect()], deadline=0.1)
    woodpecker_client.check_account()

    ledger = woodpecker.control.ledger()
    assert (ledger["peak_in_flight"], ledger["peak_at_vendor"]) == (1, 2)
    assert ledger["applied"] == 1


def test_who_waits_too_long_is_dropped(woodpecker: WoodpeckerServer, clients: list[WoodpeckerClient]) -> None:
    woodpecker.control.behaviour(queue_seconds=0.05)
    woodpecker.control.faults(latency_ms=400)
    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(ask, clients[:2]))

    assert sorted(said) == ["answered", "busy"]


def test_a_reset_forgets_requests_under_way(woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient) -> None:
    woodpecker.control.faults(latency_ms=500)
    failures: list[WoodpeckerError] = []

    def add() -> None:
        try:
            woodpecker_client.add_prospects(DRAFT, [a_prospect()], deadline=5)
        except WoodpeckerError as error:
            failures.append(error)

    under_way = threading.Thread(target=add)
    under_way.start()
    while not woodpecker.control.ledger()["calls"]:
        pass
    woodpecker.control.reset()
    assert len(woodpecker_client.list_campaigns(deadline=0.4)) == 6
    under_way.join()

    assert [failure.kind for failure in failures] == ["vendor_fault"]
    assert woodpecker.control.ledger()["applied"] == 0


def test_turns_are_given_in_the_order_of_arrival_and_dead_waiters_are_passed_over() -> None:
    async def scenario() -> list[str]:
        gate, ledger, order = Gate(), Ledger(), []

        async def visit(name: str, seconds: float = 1.0) -> None:
            try:
                async with gate.turn(ledger, length=6, seconds=seconds):
                    order.append(name)
                    await asyncio.sleep(0.02)
            except BusyError:
                order.append(f"{name} gave up")

        visits = [visit("first"), visit("second"), visit("third", 0.005), visit("fourth")]
        await asyncio.gather(*visits)
        await visit("last")
        return order

    assert asyncio.run(scenario()) == ["first", "third gave up", "second", "fourth", "last"]


def test_the_queue_is_shared_by_reads_and_writes_but_not_by_the_control_surface(
    woodpecker: WoodpeckerServer, clients: list[WoodpeckerClient]
) -> None:
    woodpecker.control.faults(latency_ms=300)
    with ThreadPoolExecutor(1) as threads:
        under_way = threads.submit(ask, clients[0])
        while not woodpecker.control.ledger()["calls"]:
            pass
        looked = httpx.get(f"{woodpecker.url}/_control/state", trust_env=False, timeout=0.25)
        assert looked.status_code == 200
        assert under_way.result() == "answered"
