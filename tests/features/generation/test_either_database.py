"""The statements of generation and review on both databases."""

from collections import deque

import pytest

from tests import builders as make
from tests.either import either_database
from tests.features.generation.conftest import OFFER
from tests.features.generation.fakes import MODEL, ScriptedClaude, Workshop
from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.port import AnswerProblem
from woodpecker_api.features.generation import service
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules.selection import Selection
from woodpecker_api.features.review import queries
from woodpecker_api.features.review import service as review
from woodpecker_api.system.audit.service import SYSTEM

__all__ = ["either_database"]

FAULTS = (
    errors.ClaudeRateLimitError(retry_after=1),
    errors.ClaudeTimeoutError(may_have_been_charged=True),
    AnswerProblem.NOT_JSON,
    None,
    AnswerProblem.REFUSED,
)


@pytest.fixture
def workshop(either_database):
    return Workshop(either_database, ScriptedClaude())


@pytest.fixture
def run_id(workshop):
    with workshop.database.writing() as db:
        ids = [make.a_lead(db).id for _ in range(5)]
        order = service.Order(ids, OFFER, None, sandbox=True, budget_micros=10_000_000)
        return service.start(db, workshop.jobs, SYSTEM, order, workshop.clock()).run.id


def test_a_run_with_faults_ends_and_its_money_adds_up(workshop, run_id):
    workshop.claude.script = deque(FAULTS)
    workshop.work()
    with workshop.database.reading() as db:
        run = service.shown(db, service.get_run(db, run_id))
        rows, count = service.items_of(db, run_id, statuses=None, limit=3, after=None)
    assert (run["status"], run["counts"]["done"], run["counts"]["failed"]) == ("completed", 4, 1)
    assert run["model"] == MODEL
    assert float(run["cost"]["usd"]) > 0
    assert float(run["cost"]["uncertain_usd"]) > 0
    assert (len(rows), count) == (3, 5)


def test_pause_resume_cancel_and_retry(workshop, run_id):
    with workshop.database.writing() as db:
        service.pause(db, SYSTEM, service.get_run(db, run_id))
    workshop.work()
    with workshop.database.writing() as db:
        service.resume(db, workshop.jobs, SYSTEM, service.get_run(db, run_id))
    with workshop.database.writing() as db:
        service.cancel(db, workshop.jobs, SYSTEM, service.get_run(db, run_id), workshop.clock())
    workshop.work()
    with workshop.database.reading() as db:
        assert service.counts_of(db, service.get_run(db, run_id))["cancelled"] == 5
        assert {lead.status for lead in db.query(Lead)} == {"imported"}


@pytest.mark.parametrize("sort", queries.Sort)
def test_the_queue_and_a_bulk_approval(workshop, run_id, sort):
    workshop.work()
    with workshop.database.writing() as db:
        seen, key = [], None
        while True:
            rows, total = queries.queue(db, queries.QueueFilter(company="acme"), sort, (2, key), "me")
            seen += [sequence.id for sequence, _ in rows]
            if len(rows) < 2 or sort is queries.Sort.RANDOM:  # drawn anew each time, so there is one page of it
                break
            key = list(queries.key_of(sort, *rows[-1]))
        assert len(set(seen)) == (2 if sort is queries.Sort.RANDOM else 5)
        assert total == 5
        everything = Selection.model_validate({"filter": {"company": "acme"}})
        actor = make.an_actor(make.a_user(db))
        decided = review.approve(db, actor, everything, kind=None, seen=review.Shown(), now=workshop.clock())
        assert len(decided.changed) + sum(decided.passed_over.values()) == 5
