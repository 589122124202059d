"""The builders make worlds that the database accepts."""

from sqlalchemy.orm import Session

from tests import builders as make
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences.rules import SequenceStatus


def test_one_attempt_brings_its_whole_world_with_it(database: Database) -> None:
    with database.writing() as db:
        olga = make.a_user(db, name="Olga")
        attempt = make.an_attempt(db, by=olga)
    with database.reading() as db:
        kept = db.get_one(Attempt, attempt.id)
        lead = db.get_one(Lead, kept.lead_id)
        assert (kept.user_name, kept.address_key) == ("Olga", lead.address_key)
        assert (kept.approval, kept.approved_at) == ("read", make.NOON)


def test_every_noun_can_be_made_twice_in_one_world(database: Database) -> None:
    with database.writing() as db:
        for _ in range(2):
            _everything(db)


def test_a_lead_follows_the_state_of_its_sequence(database: Database) -> None:
    with database.writing() as db:
        lead = make.a_lead(db, email="bea@acme.example")
        make.a_sequence(db, lead=lead, status=SequenceStatus.APPROVED)
        assert lead.status == LeadStatus.APPROVED


def _everything(db: Session) -> None:
    account = make.an_account(db)
    campaign = make.a_campaign(db, account=account)
    lead = make.a_lead(db)
    make.an_account_person(db, account, lead.email)
    make.a_membership(db, campaign, lead.email)
    make.an_import(db)
    make.a_suppression(db, f"x{lead.email}")
    make.a_suppression(db, lead.domain)
    make.a_run(db, leads=(lead,))
    make.a_decision(db, make.a_sequence(db, lead=lead))
    make.a_plan(db, campaign=campaign)
    make.an_attempt(db, item=make.an_item(db, export=make.an_export(db, campaign=campaign)))
