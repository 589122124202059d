"""A statement compiled once: each run sees its own values, and every value comes back as its type says, on both databases."""

from datetime import UTC, datetime

import sqlalchemy as sa

from tests import builders as make
from tests.either import either_database
from woodpecker_api.db.base import UtcDateTime
from woodpecker_api.db.prepared import Prepared, each_of
from woodpecker_api.db.session import Database
from woodpecker_api.features.leads.models import Lead

__all__ = ["either_database"]
SELECTED = (Lead.id, Lead.email, Lead.created_at, Lead.deleted_at, Lead.sandbox, Lead.custom, Lead.version)


def test_each_run_has_its_own_values(either_database: Database) -> None:
    with either_database.writing() as db:
        leads = [make.a_lead(db, email=f"{name}@acme.example").email for name in ("ann", "bob")]
    with either_database.reading() as db:
        named = sa.select(Lead.email).where(Lead.email == sa.bindparam("email", "nobody"))
        prepared = Prepared(named, db.connection().dialect)
        assert [[row.email for row in prepared.rows(db.connection(), {"email": email})] for email in leads] == [
            [leads[0]],
            [leads[1]],
        ]
        assert prepared.rows(db.connection(), {}) == [], "what is not given is what the statement was made with"


def test_values_come_back_as_the_ordinary_way_gives_them(either_database: Database) -> None:
    with either_database.writing() as db:
        make.a_lead(db, custom={"region": "Süd"}, sandbox=True)
        make.a_lead(db, sandbox=False, deleted_at=make.NOON)
    with either_database.reading() as db:
        statement = sa.select(*SELECTED).order_by(Lead.id)
        found = Prepared(statement, db.connection().dialect).rows(db.connection(), {})
        assert [tuple(row) for row in found] == [tuple(row) for row in db.execute(statement)]
        assert {type(row.sandbox) for row in found} == {bool}
        assert found[1].deleted_at == make.NOON
        assert found[0].custom == {"region": "Süd"}


def test_times_are_compared_as_times(either_database: Database) -> None:
    with either_database.writing() as db:
        make.a_lead(db, created_at=datetime(2026, 3, 1, tzinfo=UTC))
    with either_database.reading() as db:
        since = sa.bindparam("since", make.NOON, UtcDateTime)
        prepared = Prepared(sa.select(Lead.id).where(Lead.created_at >= since), db.connection().dialect)
        assert len(prepared.rows(db.connection(), {"since": datetime(2026, 3, 1, tzinfo=UTC)})) == 1
        assert prepared.rows(db.connection(), {"since": datetime(2026, 3, 1, 0, 0, 0, 1, tzinfo=UTC)}) == []


def test_percent_signs_and_several_values_are_no_placeholders(either_database: Database) -> None:
    with either_database.writing() as db:
        make.a_lead(db, company="100% sure")
    with either_database.reading() as db:
        statement = sa.select(Lead.company).where(
            Lead.company.like("100/%%", escape="/"), Lead.company.in_(["100% sure", "?"])
        )
        assert [row.company for row in Prepared(statement, db.connection().dialect).rows(db.connection(), {})] == [
            "100% sure"
        ]


def test_each_text_of_a_list_is_a_row_however_many_and_whatever_signs_they_have(either_database: Database) -> None:
    texts = ["ann@acme.example", 'quo"te', "back\\slash", "{brace,comma}", "büro", "NULL", ""]
    with either_database.reading() as db:
        connection = db.connection()
        given = each_of("texts", connection.dialect)
        prepared = Prepared(sa.select(given.label("text"), sa.literal_column("1").label("one")), connection.dialect)
        assert [tuple(row) for row in prepared.raw_rows(connection, {"texts": texts})] == [(text, 1) for text in texts]
        assert list(prepared.raw_rows(connection, {"texts": []})) == []
        assert len(prepared.raw_rows(connection, {"texts": texts * 300})) == 2100
