"""However long the record is, nobody reads all of it to plan, to send, to settle or to take somebody out: SQLite's own plan is the witness."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.either import either_database
from tests.features.exports.world import World
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.models import ExportItem
from woodpecker_api.features.exports.queries import planning, reading, removing, steering, working
from woodpecker_api.features.exports.queries.claims import claims_of
from woodpecker_api.features.exports.rules import ItemStatus, RemovalCause
from woodpecker_api.features.exports.service.story import any_exported, exports_of_lead, held_leads
from woodpecker_api.features.leads.rules.forgetting import stand_in
from woodpecker_api.features.leads.service.erasing import SUPPRESSION_KEY, person_hash

__all__ = ["either_database"]
KEYS = ["ann@acme.example", "bob@acme.example"]
QUESTIONS: dict[str, Callable[[Session], Any]] = {
    "claims": lambda db: claims_of(db, "account", 7, KEYS),
    "what was ever sent": lambda db: planning.fields_ever_sent(db, "account", KEYS),
    "who may be taken out": lambda db: removing.waiting(db, "account", 50),
    "who was asked to leave": lambda db: removing.already_asked(db, "account", RemovalCause.TAKE_BACK, KEYS),
    "accounts that know": lambda db: removing.accounts_that_know(db, KEYS),
    "open intents": lambda db: working.open_batches(db, "account"),
    "who is in flight": lambda db: working.items_in_flight(db, "batch"),
    "ids in flight": lambda db: working.ids_in_flight(db, ["batch"]),
    "who is next": lambda db: working.queued_items(db, "export", 50),
    "whether somebody is open": lambda db: working.is_open(db, "export"),
    "whether somebody is in flight": lambda db: working.is_in_flight(db, "batch"),
    "attempts of a batch": lambda db: working.attempts_of(db, "batch", ["item"]),
    "a page of items": lambda db: reading.items_page(db, "export", None, [50], 50),
    "a page of those who failed": lambda db: reading.items_page(db, "export", [ItemStatus.FAILED], None, 50),
    "counts of exports": lambda db: reading.counts_of(db, ["export", "other"]),
    "who waits": lambda db: steering.waiting_items(db, "export", 500),
    "leads that are held": lambda db: held_leads(db, ["lead"]),
    "whether any was exported": lambda db: any_exported(db, ["lead"]),
    "exports of a lead": lambda db: exports_of_lead(db, "lead"),
}
RECORD = ("export_items", "attempts", "export_batches")
"""What grows for ever."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_reads_the_whole_record(database: Database, name: str) -> None:
    with _asked(database) as (db, statements):
        QUESTIONS[name](db)
        plans = [step for sql, values in list(statements) for step in _plan(db, sql, values)]
    assert plans
    assert [step for step in plans if any(step.startswith(f"SCAN {table}") for table in RECORD)] == []


def test_a_whole_export_reads_the_whole_record_nowhere(world: World) -> None:
    leads = world.approved_leads(3)
    with _asked(world.database) as (db, statements):
        export_id = world.start(leads)
        world.run()
        with world.ask(export_id) as (asking, ask):
            service.take_back(asking, world.jobs, ask)
        world.run()
        # Whether there is any intent at all ends at the first row.
        asked = [(sql, values) for sql, values in statements if "WHERE" in sql or "EXISTS" not in sql]
        plans = {step: sql for sql, values in asked for step in _plan(db, sql, values)}
    assert world.statuses(export_id) == {"cancelled": 3}
    assert plans
    assert {step: sql for step, sql in plans.items() if any(step.startswith(f"SCAN {table}") for table in RECORD)} == {}


def test_a_batch_changes_its_items_once_before_it_goes_out_and_once_after(world: World) -> None:
    """A row of an item stands in seven indexes: what it costs to change is most of what a lead costs."""
    export_id = world.start(world.approved_leads(4))
    changes: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith("UPDATE export_items"):
            changes.append(sql)

    sa.event.listen(world.database.engine, "before_cursor_execute", note)
    world.run()
    assert world.statuses(export_id) == {"added": 4}
    assert len(changes) == 2, changes


@pytest.mark.parametrize("count", [1, 700])
def test_claims_are_told_apart_by_campaign_and_by_what_is_open(
    either_database: Database, tmp_path: Any, count: int
) -> None:
    world = World(either_database, tmp_path)
    export_id = world.start(world.approved_leads(3))
    keys = [item.address_key for item in world.items(export_id)]
    with either_database.writing() as db:
        for key, status in zip(keys, (ItemStatus.ADDED, ItemStatus.QUEUED, ItemStatus.REJECTED), strict=True):
            db.execute(sa.update(ExportItem).where(ExportItem.address_key == key).values(status=status))
    others = [f"stranger{number}@acme.example" for number in range(count)]
    with either_database.reading() as db:
        here = claims_of(db, world.account_id, world.vendor_id, [*others, *keys])
        elsewhere = claims_of(db, world.account_id, world.vendor_id + 1, keys)
        assert (here.open, here.taken) == ({keys[1]}, {keys[0], keys[1]})
        assert (elsewhere.open, elsewhere.taken) == ({keys[1]}, set())
        assert claims_of(db, "another account", world.vendor_id, keys).taken == set()
        assert claims_of(db, world.account_id, world.vendor_id, []).taken == set()


def test_claims_are_answered_by_the_indexes_that_keep_them(database: Database) -> None:
    """They hold the claims alone, and no item is read: with any other index the same question takes three times as long."""
    with _asked(database) as (db, statements):
        claims_of(db, "account", 7, KEYS)
        plans = [step for sql, values in list(statements) for step in _plan(db, sql, values)]
    used = sorted(step.partition(" INDEX ")[2].partition(" ")[0] for step in plans if "export_items" in step)
    assert used == ["uq_export_items_claim", "uq_export_items_claim", "uq_export_items_open_person"]


def test_a_claim_under_a_hash_counts_beside_one_under_the_address(either_database: Database, tmp_path: Any) -> None:
    world = World(either_database, tmp_path)
    export_id = world.start(world.approved_leads(3))
    erased, plain, gone = keys = [item.address_key for item in world.items(export_id)]
    either_database.info[SUPPRESSION_KEY] = b"k" * 32
    with either_database.writing() as db:
        for key, status in ((erased, ItemStatus.ADDED), (plain, ItemStatus.ADDED), (gone, ItemStatus.CANCELLED)):
            item = db.scalars(sa.select(ExportItem).where(ExportItem.address_key == key)).one()
            item.status = status
            if key != plain:
                item.address_key = stand_in(person_hash(db, key))
    with either_database.reading() as db:
        here = claims_of(db, world.account_id, world.vendor_id, keys)
        elsewhere = claims_of(db, world.account_id, world.vendor_id + 1, keys)
    assert (here.open, here.taken) == (set(), {erased, plain}), "who was taken away before being added claims nothing"
    assert (elsewhere.open, elsewhere.taken) == (set(), set())


Asked = list[tuple[str, Any]]


@contextmanager
def _asked(database: Database) -> Iterator[tuple[Session, Asked]]:
    """A session to explain with, and every SELECT and UPDATE that anybody sends meanwhile."""
    statements: Asked = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        if sql.startswith(("SELECT", "UPDATE")) and not many:
            statements.append((sql, values))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.reading() as db:
            yield db, statements
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)


def _plan(db: Session, sql: str, values: Any) -> list[str]:
    return [row[3] for row in db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
