"""The contact card: the whole story in one paragraph, what was removed is said, and added is not mailed."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import builders as make
from tests.builders import NOON
from tests.room import Room
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.jobs.mailing import mailing_facts
from woodpecker_api.features.exports.models import Attempt, Export, ExportItem
from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.history.rules import Contacted, paragraph
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs import JobContext

EMAIL = "ann@acme.example"


def an_added(db: Session, email: str = EMAIL, *, at: datetime = NOON, campaign: Any = None, **values: Any) -> Attempt:
    """Added by Olga with texts that Carl approved."""
    campaign = campaign or make.a_campaign(db, name="Spring")
    sequence = make.a_sequence(
        db,
        lead=make.a_lead(db, email=email),
        status="exported",
        by=make.a_user(db, name="Carl", role=Role.MANAGER),  # type: ignore[arg-type]
    )
    item = make.an_item(db, export=make.an_export(db, campaign=campaign), sequence=sequence, status="added")
    values = {"approved_by_name": "Carl"} | values
    return make.an_attempt(db, item=item, by=make.a_user(db, name="Olga"), at=at, **values)


def test_the_paragraph_answers_with_what_who_approved_and_who_sent(room: Room):
    with room.database.writing() as db:
        an_added(db, first_mailed_at=NOON + timedelta(days=1))
        make.a_suppression(db, EMAIL)
    answer = room.client().get(f"/api/contacts/{EMAIL}").json()
    assert answer["paragraph"] == (
        "ann@acme.example was mailed. Added to Spring on 2 March 2026, 12:00 UTC by Olga, with texts of the template "
        "Default, version 1, approved by Carl after reading; first mailed 3 March 2026, 12:00 UTC. "
        "On the do-not-contact list: ann@acme.example."
    )


def test_texts_that_retention_removed_are_said_to_be_removed(room: Room):
    with room.database.writing() as db:
        an_added(db)
        db.execute(sa.update(ExportItem).values(fields={}, texts_removed_at=NOON + timedelta(days=200)))
    answer = room.client().get(f"/api/contacts/{EMAIL}").json()
    [attempt] = answer["attempts"]
    assert (attempt["texts"], attempt["texts_removed_at"]) == ({}, "2026-09-18T12:00:00Z")
    assert "The texts were removed on 18 September 2026, 12:00 UTC by rule; template, approver" in answer["paragraph"]


@pytest.mark.parametrize(
    ("approval", "words"),
    [("bulk", "approved by Carl in bulk"), ("read", "approved by Carl after reading"), (None, "approved by Carl;")],
)
def test_how_it_was_approved_is_said(approval: str | None, words: str):
    row = SimpleNamespace(
        status=AttemptStatus.ADDED, campaign_name="Spring", started_at=NOON, user_name="Olga", template_name=None,
        approved_by_name="Carl", approval=approval, first_mailed_at=NOON, held=None, texts_removed_at=None,
    )  # fmt: skip
    assert words in paragraph(EMAIL, Contacted.MAILED, [row], None, [], None)


def test_nobody_known_is_said_with_the_age_of_the_copy():
    told = paragraph(EMAIL, Contacted.NO, [], None, [], NOON)
    assert told == (
        "ann@acme.example was never contacted, as far as our record and Woodpecker's go. "
        "Woodpecker, as of 2 March 2026, 12:00 UTC, does not have this address."
    )


def test_a_copy_older_than_the_export_is_not_taken_as_woodpeckers_word():
    row = SimpleNamespace(
        status=AttemptStatus.ADDED, campaign_name="Spring", started_at=NOON + timedelta(minutes=1), user_name="Olga",
        template_name=None, approved_by_name=None, approval=None, first_mailed_at=None, held=None, texts_removed_at=None,
    )  # fmt: skip
    told = paragraph(EMAIL, Contacted.ADDED, [row], None, [], NOON)
    assert told.endswith("Woodpecker's people were last read 2 March 2026, 12:00 UTC, before that.")


def look(database: Database, now: datetime) -> None:
    from threading import Event

    mailing_facts(database, lambda: now).handler(JobContext("key", 0, Event(), lambda: True, 0.0), "")


def test_added_is_not_mailed_and_what_is_held_is_named(room: Room):
    with room.database.writing() as db:
        campaign = make.a_campaign(db, name="Spring")
        account = db.get_one(make.WoodpeckerAccount, campaign.woodpecker_account_id)
        for name, membership, contacted in (
            ("held", "TO-CHECK", None),
            ("mailed", "ACTIVE", NOON + timedelta(days=1)),
            ("mailed.before", "ACTIVE", NOON - timedelta(days=1)),
        ):
            an_added(db, f"{name}@acme.example", campaign=campaign)
            make.an_account_person(db, account, f"{name}@acme.example", last_contacted_at=contacted)
            make.a_membership(db, campaign, f"{name}@acme.example", status=membership)
    room.now = NOON + timedelta(days=3)
    look(room.database, room.now)
    people = room.client().get("/api/history/held").json()["people"]
    assert [(person["email"], person["held"]) for person in people] == [
        ("held@acme.example", "TO-CHECK"),
        ("mailed.before@acme.example", None),
    ]
    [mailed] = room.client().get("/api/contacts/mailed@acme.example").json()["attempts"]
    assert mailed["first_mailed_at"] == "2026-03-03T12:00:00Z"


def test_the_first_mail_stays_the_first_when_a_second_one_went_out(room: Room):
    with room.database.writing() as db:
        campaign = make.a_campaign(db)
        account = db.get_one(make.WoodpeckerAccount, campaign.woodpecker_account_id)
        an_added(db, campaign=campaign)
        person = make.an_account_person(db, account, EMAIL, last_contacted_at=NOON + timedelta(days=1))
    look(room.database, NOON + timedelta(days=2))
    with room.database.writing() as db:
        db.get_one(type(person), person.id).last_contacted_at = NOON + timedelta(days=5)
    look(room.database, NOON + timedelta(days=6))
    with room.database.reading() as db:
        assert db.scalars(sa.select(Attempt.first_mailed_at)).all() == [NOON + timedelta(days=1)]


def test_a_campaign_that_does_not_run_is_named_as_the_cause_and_who_left_it_waits_for_nothing(room: Room):
    with room.database.writing() as db:
        paused = make.a_campaign(db, status="PAUSED")
        an_added(db, "stays@acme.example", campaign=paused)
        an_added(db, "left@acme.example", campaign=paused)
        make.a_membership(db, paused, "stays@acme.example")
    room.now = NOON + timedelta(days=4)
    [person] = room.client().get("/api/history/held").json()["people"]
    assert (person["email"], person["held"]) == ("stays@acme.example", "campaign paused")


def test_two_days_are_no_reason_to_ask(room: Room):
    with room.database.writing() as db:
        campaign = make.a_campaign(db)
        an_added(db, campaign=campaign)
        make.a_membership(db, campaign, EMAIL, status="TO-CHECK")
    room.now = NOON + timedelta(days=2)
    assert room.client().get("/api/history/held").json()["people"] == []


def test_whom_nobody_was_to_mail_before_a_day_is_late_only_after_that_day(room: Room):
    with room.database.writing() as db:
        campaign = make.a_campaign(db, name="Spring")
        attempt = an_added(db, campaign=campaign)
        make.a_membership(db, campaign, EMAIL)
        db.get_one(Export, attempt.export_id).send_after = NOON + timedelta(days=20)

    def held() -> list[str]:
        return [person["email"] for person in room.client().get("/api/history/held").json()["people"]]

    room.now = NOON + timedelta(days=10)
    assert held() == []
    room.now = NOON + timedelta(days=22)
    assert held() == []
    room.now = NOON + timedelta(days=23)
    assert held() == [EMAIL]
