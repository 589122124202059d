"""Faults come as ordered: scripted ones first, then by chance that a seed fixes."""

from collections import Counter

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.woodpecker import DRAFT, prospects
from woodpecker_api.clients.woodpecker.client import WoodpeckerClient
from woodpecker_api.clients.woodpecker.errors import WoodpeckerError
from woodpecker_api.sandbox.woodpecker import Fault, FaultKind, FaultPlan, WoodpeckerServer
from woodpecker_api.sandbox.woodpecker.faults import Operation

RATES = {"rate_limited": 0.05, "server_error": 0.05, "cut_before": 0.05, "cut_after": 0.05}


def kinds(plan: FaultPlan, times: int, operation: Operation = "add") -> list[FaultKind | None]:
    return [fault.kind if (fault := plan.draw(operation)) else None for _ in range(times)]


def test_scripted_faults_come_first_in_their_order_and_so_often_as_ordered() -> None:
    plan = FaultPlan(next=[Fault(FaultKind.CUT_AFTER, times=2), Fault(FaultKind.RATE_LIMITED)])

    assert kinds(plan, 4) == [FaultKind.CUT_AFTER, FaultKind.CUT_AFTER, FaultKind.RATE_LIMITED, None]


def test_a_scripted_fault_waits_for_its_operation() -> None:
    plan = FaultPlan(next=[Fault(FaultKind.CUT_AFTER, on="add"), Fault(FaultKind.EMPTY_BODY)])

    assert kinds(plan, 1, "read") == [FaultKind.EMPTY_BODY]
    assert kinds(plan, 1, "add") == [FaultKind.CUT_AFTER]


@given(seed=st.integers(), stop=st.integers(0, 60))
def test_a_seed_gives_the_same_faults_even_when_the_simulator_was_restarted(seed: int, stop: int) -> None:
    whole = FaultPlan(seed=seed, rates=RATES)
    stopped = FaultPlan(seed=seed, rates=RATES)
    before = kinds(stopped, stop)

    assert before + kinds(FaultPlan.from_json(stopped.to_json()), 60 - stop) == kinds(whole, 60)


def test_another_seed_gives_other_faults() -> None:
    assert kinds(FaultPlan(seed=1, rates=RATES), 60) != kinds(FaultPlan(seed=2, rates=RATES), 60)


def test_rates_are_kept_in_the_long_run_and_only_for_their_operation() -> None:
    seen = Counter(kinds(FaultPlan(seed=7, rates=RATES), 4000))

    assert {kind: round(times / 4000, 2) for kind, times in seen.items() if kind} == pytest.approx(
        {FaultKind(kind): rate for kind, rate in RATES.items()}, abs=0.02
    )
    assert set(kinds(FaultPlan(seed=7, rates=RATES), 500, "read")) == {None}


@pytest.mark.parametrize(
    "plan", [{"rates": {"earthquake": 0.1}}, {"rates": {"cut_after": 0.6, "cut_before": 0.6}}, {"on": "mondays"},
             {"apply_at": "noon"}, {"next": [{"kind": "earthquake"}]}, {"colour": "red"}]
)  # fmt: skip
def test_a_plan_that_cannot_be_followed_is_refused(woodpecker: WoodpeckerServer, plan: dict[str, object]) -> None:
    answer = httpx.post(f"{woodpecker.url}/_control/faults", json=plan, trust_env=False)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_fault_applies_from_slow_on() -> None:
    applying = {kind for kind in FaultKind if kind.applies}

    assert FaultKind.CUT_BEFORE not in applying
    assert {FaultKind.SLOW, FaultKind.CUT_AFTER, FaultKind.EMPTY_BODY, FaultKind.MISSING_ROWS} <= applying


@pytest.mark.parametrize(("apply_at", "applied"), [("start", 1), ("end", 0)])
def test_a_slow_request_is_applied_at_its_start_or_at_its_end(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient, apply_at: str, applied: int
) -> None:
    woodpecker.control.faults(latency_ms=500, apply_at=apply_at)
    with pytest.raises(WoodpeckerError):
        woodpecker_client.add_prospects(DRAFT, prospects(1), deadline=0.15)

    assert woodpecker.control.ledger()["applied"] == applied


def test_faults_by_chance_lose_and_double_nobody_in_the_ledger(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    woodpecker.control.faults(seed=3, rates=dict.fromkeys(RATES, 0.2))
    added = 0
    for place in range(40):
        try:
            woodpecker_client.add_prospects(DRAFT, prospects(2, f"b{place}-"), deadline=5)
        except WoodpeckerError:
            continue
        added += 2

    ledger = woodpecker.control.ledger()
    applied_unseen = 2 * ledger["faults"].get("cut_after", 0)
    assert ledger["applied"] == added + applied_unseen
    assert sum(ledger["faults"].values()) + added // 2 == 40
    assert ledger["applied_too_often"] == []
