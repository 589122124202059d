"""What was kept long enough goes, on both databases, in slices, and what is gone is said."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.either import either_database
from tests.features.privacy.world import Privacy, a_context, email_of
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.exports import service as exports
from woodpecker_api.features.exports.models import Attempt, AttemptPerson, ExportItem, ExportPlan, ExportPlanItem
from woodpecker_api.features.exports.queries.claims import claims_of
from woodpecker_api.features.exports.rules import ItemStatus
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.privacy.jobs import RetentionWork
from woodpecker_api.features.privacy.models import RetentionReport
from woodpecker_api.features.privacy.rules import content_is_due
from woodpecker_api.features.privacy.service import retention
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion, Snippet
from woodpecker_api.system.audit.models import AuditPayload
from woodpecker_api.system.audit.service import SYSTEM, record, verify
from woodpecker_api.system.jobs import Done
from woodpecker_api.system.settings.service import change_settings

__all__ = ["either_database"]

LAST_DAY = 14
"""Of the seven snippets that the builders write."""


@pytest.fixture
def world(either_database: Database, tmp_path: Path) -> Privacy:
    (tmp_path / "data").mkdir()
    return Privacy(either_database, Settings(data_dir=tmp_path / "data"))


def run(world: Privacy, *, days: float) -> dict[str, int]:
    """One run so many days after everything happened; what it removed."""
    work = RetentionWork(world.database, lambda: make.NOON + timedelta(days=days))
    for _ in range(200):
        if isinstance(work.retain(a_context(), ""), Done):
            break
    with world.database.reading() as db:
        return dict(db.scalars(sa.select(RetentionReport).order_by(RetentionReport.id.desc()).limit(1)).one().counts)


def settings(world: Privacy, **changes: Any) -> None:
    with world.database.writing() as db:
        change_settings(db, SYSTEM, changes, make.NOON)


def texts(world: Privacy) -> set[str]:
    with world.database.reading() as db:
        return set(db.scalars(sa.select(Snippet.text)))


def test_texts_stay_until_the_period_after_the_last_planned_day_is_over(world: Privacy):
    world.fill(0, 2)
    assert "texts" not in run(world, days=180 + LAST_DAY - 2)
    assert len(texts(world)) > 1
    assert run(world, days=180 + LAST_DAY - 1) == {"texts": 2}
    assert texts(world) == {""}


def test_what_is_gone_is_said_and_what_proves_it_stays(world: Privacy):
    world.fill(0, 1)
    with world.database.writing() as db:
        sequence = db.scalars(sa.select(Sequence)).one()
        record(db, SYSTEM, "sequence.edited", ("sequence", sequence.id), after={"text": "the words"})
    run(world, days=400)
    with world.database.reading() as db:
        sequence, item, attempt = (db.scalars(sa.select(table)).one() for table in (Sequence, ExportItem, Attempt))
        assert sequence.texts_removed_at == item.texts_removed_at == make.NOON + timedelta(days=400)
        assert (item.fields, len(item.fields_hash)) == ({}, 64)
        assert (attempt.template_name, attempt.email) == ("Default", email_of(0))
        assert sequence.approved_by is not None
        assert [version.snippets for version in db.scalars(sa.select(SequenceVersion))] == [[]]
        assert not [kept for kept in db.scalars(sa.select(AuditPayload)) if "the words" in str(kept.payload)]
        *_, last = verify(db)
        assert last.ok


def test_zero_days_means_as_soon_as_no_export_has_it_open(world: Privacy):
    settings(world, keep_exported_content_days=0)
    world.fill(0, 2)
    with world.database.writing() as db:
        one = db.scalars(sa.select(ExportItem).order_by(ExportItem.position)).first()
        one.status = ItemStatus.QUEUED
    assert run(world, days=0.01) == {"texts": 1}


def test_never_is_never(world: Privacy):
    settings(world, keep_exported_content_days=None, keep_history_people_days=None)
    world.fill(0, 1)
    assert set(run(world, days=36_500)) == {"plan_items"}
    assert len(texts(world)) > 1


def test_what_was_not_exported_is_nobody_elses_business(world: Privacy):
    with world.database.writing() as db:
        make.a_sequence(db)
    assert run(world, days=5_000) == {}


def test_names_in_history_go_later_and_the_claim_stays_as_a_hash(world: Privacy):
    world.fill(0, 2)
    run(world, days=1000)
    assert run(world, days=1096) == {"history_people": 2}
    with world.database.reading() as db:
        attempts, items = db.scalars(sa.select(Attempt)).all(), db.scalars(sa.select(ExportItem)).all()
        assert {(attempt.email, attempt.person_name, attempt.company) for attempt in attempts} == {("", "", "")}
        assert {item.address_key for item in items} == {attempt.address_key for attempt in attempts}
        assert all(item.address_key.startswith("erased:") for item in items)
        assert db.scalars(sa.select(AttemptPerson)).all() == []
    assert run(world, days=1097) == {}


def test_whoever_lost_their_name_by_rule_is_still_not_added_to_that_campaign_twice(world: Privacy):
    world.fill(0, 1)
    with world.database.reading() as db:
        lead = db.scalars(sa.select(Lead)).one()
    run(world, days=1096)
    with world.database.writing() as db:
        order = exports.PlanOrder(world.campaign_id, [lead.id])
        plan = exports.make_plan(db, make.an_actor(make.a_user(db)), order, world.now)
        [item] = db.scalars(sa.select(ExportPlanItem).where(ExportPlanItem.plan_id == plan.id))
    # The list says no as well; what an earlier export did is told by the claim alone.
    assert item.decision in ("do_not_contact", "already_in_campaign")
    with world.database.reading() as db:
        campaign = db.get_one(Campaign, world.campaign_id)
        claims = claims_of(db, campaign.woodpecker_account_id, campaign.vendor_id, [lead.address_key])
    assert claims.taken == {lead.address_key}


def test_somebody_tried_again_lately_is_still_found_by_name(world: Privacy):
    world.fill(0, 1)
    with world.database.writing() as db:
        item = db.scalars(sa.select(ExportItem)).one()
        make.an_attempt(db, item=item, at=make.NOON + timedelta(days=1000))
    assert run(world, days=1096)["history_people"] == 1
    with world.database.reading() as db:
        assert len(db.scalars(sa.select(AttemptPerson)).all()) == 1


def test_plans_that_nobody_ran_go_after_a_month(world: Privacy):
    world.fill(0, 3)
    assert run(world, days=29) == {}
    assert run(world, days=31) == {"plan_items": 3}
    with world.database.reading() as db:
        assert db.scalars(sa.select(ExportPlan)).all() == db.scalars(sa.select(ExportPlanItem)).all() == []


def test_a_run_goes_on_where_a_crash_left_it(world: Privacy, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "SLICE", 2)
    world.fill(0, 5)
    work = RetentionWork(world.database, lambda: make.NOON + timedelta(days=400))
    for _ in range(3):  # begun, and two slices
        work.retain(a_context(), "")
    with world.database.reading() as db:
        done = db.scalar(sa.select(sa.func.count()).where(Sequence.texts_removed_at.is_not(None)))
    assert done == 4
    assert run(world, days=400) == {"texts": 5, "plan_items": 5}
    with world.database.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(RetentionReport)) == 1


@pytest.mark.parametrize(
    ("added", "last_day", "keep", "after_days", "due"),
    [
        (make.NOON, 1, 180, 180, True),
        (make.NOON, 1, 180, 179.9, False),
        (make.NOON, 14, 180, 192.9, False),
        (make.NOON, 14, 180, 193, True),
        (make.NOON, 14, 0, 0, True),
        (None, 14, 0, 9_999, False),
        (None, 14, 180, 9_999, False),
    ],
)
def test_when_texts_are_due(added: datetime | None, last_day: int, keep: int, after_days: float, due: bool):
    assert content_is_due(added, last_day, keep, make.NOON + timedelta(days=after_days)) is due
