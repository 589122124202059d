"""A run against the simulated vendor over real HTTP: what our request says is understood, and what comes back is stored."""

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.claude import simulated_claude
from tests.features.generation.conftest import OFFER
from tests.features.generation.fakes import Workshop
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.models import CallStatus, GenerationCall
from woodpecker_api.features.generation.service import ModelOffers
from woodpecker_api.features.sequences.models import Sequence, Snippet
from woodpecker_api.features.templates import service as templates
from woodpecker_api.system.audit.service import SYSTEM


@pytest.fixture
def vendor():
    with simulated_claude() as simulated:
        yield simulated


@pytest.fixture
def workshop(database, vendor):
    with database.writing() as db:
        templates.ensure_default(db, make.NOON, sample=True)
    client = vendor.client()
    yield Workshop(database, client)
    client.close()


def begin(workshop, count, **values):
    with workshop.database.writing() as db:
        ids = [
            make.a_lead(db, first_name=f"Ann{chr(97 + n % 26)}", industry="Logistics", city="Hamburg").id
            for n in range(count)
        ]
        order = service.Order(lead_ids=ids, model=OFFER, effort="low", sandbox=True, **values)
        return service.start(db, workshop.jobs, SYSTEM, order, workshop.clock()).run.id


def test_the_sandbox_writes_sequences_that_pass_our_checks(workshop):
    run_id = begin(workshop, 12)
    workshop.work()
    with workshop.database.reading() as db:
        run = service.shown(db, service.get_run(db, run_id))
        assert (run["status"], run["counts"]["done"]) == ("completed", 12)
        sequences = list(db.scalars(sa.select(Sequence)))
        assert all(sequence.sandbox for sequence in sequences)
        # About one in seventeen is spoiled on purpose, so that flags are seen in the sandbox too.
        assert sum(1 for s in sequences if s.blocking_flags or s.warning_flags) <= 4
        texts = db.scalars(sa.select(Snippet.text)).all()
        assert len(texts) == 84
        assert all(text.strip() for text in texts)


def test_what_is_charged_is_what_the_vendor_counted(workshop, vendor):
    run_id = begin(workshop, 5)
    workshop.work()
    with workshop.database.reading() as db:
        calls = list(db.scalars(sa.select(GenerationCall)))
        assert all(call.status == CallStatus.SETTLED for call in calls)
        assert all(0 < call.charged_micros <= call.reserved_micros for call in calls)
        assert any(call.cache_read_tokens for call in calls), "the stable part comes from the cache"
        cost = service.shown(db, service.get_run(db, run_id))["cost"]
        assert cost["output_tokens"] == sum(call.output_tokens for call in calls)


def test_through_all_faults_every_lead_is_drafted_or_failed_with_its_reason(workshop, vendor):
    run_id = begin(workshop, 8)
    vendor.script(
        "rate_limit", "overloaded", None, "server_error", "cut_midway", "html", "truncated", "refusal", "not_json"
    )
    workshop.work()
    with workshop.database.reading() as db:
        run = service.shown(db, service.get_run(db, run_id))
        rows, _ = service.items_of(db, run_id, statuses=None, limit=50, after=None)
        assert run["status"] == "completed"
        assert run["counts"]["done"] + run["counts"]["failed"] == 8
        codes = {item.error_code for item, _ in rows if item.status == "failed"}
        assert "refused" in codes
        assert codes <= {"refused", "truncated", "not_json"}, "what passes was tried again"


def test_the_simulator_offers_models_to_choose_from(workshop):
    offers = ModelOffers(lambda: workshop.claude, workshop.clock)
    assert offers.choose(None).id == "claude-sonnet-5-5"
    assert offers.all() is offers.all()
