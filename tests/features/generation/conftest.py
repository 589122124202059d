"""A workshop: a real database, a scripted Claude, jobs done by hand, and leads to write to."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests import builders as make
from tests.features.generation.fakes import MODEL, ScriptedClaude, Workshop
from woodpecker_api.db.session import Database
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.rules.models_offered import Offer
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.system.audit.service import SYSTEM

OFFER = Offer(
    MODEL, "Sonnet", usable=True, deprecated=False, batch=True, efforts=(), max_output_tokens=None, has_price=True
)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return Workshop(database, ScriptedClaude())


@pytest.fixture
def leads(database: Database) -> list[str]:
    """Three of them, in the order of their ids."""
    with database.writing() as db:
        return [make.a_lead(db).id for _ in range(3)]


Begin = Callable[..., str]


@pytest.fixture
def begin(workshop: Workshop) -> Begin:
    """Starts a run over the leads and gives back its id; what else the order says is told by name."""

    def start(lead_ids: Sequence[str], **values: Any) -> str:
        order = service.Order(**{"lead_ids": lead_ids, "model": OFFER, "effort": None, "sandbox": True} | values)
        with workshop.database.writing() as db:
            return service.start(db, workshop.jobs, SYSTEM, order, workshop.clock()).run.id  # type: ignore[arg-type]

    return start


@pytest.fixture
def shown(workshop: Workshop) -> Callable[[str], dict[str, Any]]:
    def look(run_id: str) -> dict[str, Any]:
        with workshop.database.reading() as db:
            return service.shown(db, service.get_run(db, run_id))

    return look


@pytest.fixture
def status_of(workshop: Workshop) -> Callable[[str], str]:
    def look(lead_id: str) -> str:
        with workshop.database.reading() as db:
            return db.get_one(Lead, lead_id).status

    return look
