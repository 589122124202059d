"""No filter, sorting or count of the list makes SQLite read a whole table or sort: its own plan is the witness."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import builders as make
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.history.queries import counts, listing
from woodpecker_api.features.history.rules import Search, Wanted

ALL = Wanted(with_sandbox=True)
ONE_BY_ONE = {
    "nothing": ALL,
    "address": Wanted(address="ann@acme.example"),
    "searched address": Wanted(search=Search(address="ann@acme.example")),
    "searched domain": Wanted(search=Search(domain="acme.example")),
    "words": Wanted(search=Search(words=("ann", "ames"))),
    "campaign": Wanted(campaign_id="c"),
    "export": Wanted(export_id="e"),
    "lead": Wanted(lead_id="l"),
    "user": Wanted(user_id="u"),
    "status": Wanted(statuses=(AttemptStatus.FAILED,)),
    "statuses": Wanted(statuses=(AttemptStatus.FAILED, AttemptStatus.REJECTED)),
    "campaign and status": Wanted(campaign_id="c", statuses=(AttemptStatus.ADDED,)),
    "campaign, user and words": Wanted(campaign_id="c", user_id="u", search=Search(words=("ann",))),
}
TIMES: dict[str, dict[str, Any]] = {
    "ever": {},
    "since": {"since": make.NOON},
    "between": {"since": make.NOON, "until": make.NOON + timedelta(days=1)},
}


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("deep", [True, False])
@pytest.mark.parametrize(("name", "times"), list(itertools.product(ONE_BY_ONE, TIMES)))
def test_a_page_walks_one_index_in_order(
    database: Database, name: str, times: str, deep: bool, newest_first: bool
) -> None:
    wanted = replace(ONE_BY_ONE[name], **TIMES[times])
    after = (make.NOON, "01") if deep else None
    plan = _plan(database, listing.page_statement(wanted, listing.Part(newest_first, after, 51)))
    assert len(plan) == 1, plan
    walked = "SEARCH attempts USING INDEX", "SCAN attempts USING INDEX ix_attempts_started"
    assert plan[0].startswith(walked), plan


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("name", ["words", "campaign, user and words", "status", "statuses", "searched domain", "lead"])
def test_where_the_newest_end_is_found_by_an_index_alone(database: Database, name: str, newest_first: bool) -> None:
    part = listing.Part(newest_first, after=(make.NOON, "01"), limit=51)
    plan = _plan(database, listing.probe_statement(ONE_BY_ONE[name], part))
    assert len(plan) == 1, plan
    assert plan[0].startswith("SEARCH attempts USING COVERING INDEX"), plan


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("after", [(make.NOON, "01"), None])
@pytest.mark.parametrize("name", ["words", "campaign, user and words"])
def test_looking_through_the_newest_ends_where_they_end(
    database: Database, name: str, after: Any, newest_first: bool
) -> None:
    part = listing.Part(newest_first, after, 51, last=(make.NOON, "02"))
    plan = _plan(database, listing.page_statement(ONE_BY_ONE[name], part))
    assert len(plan) == 1, plan
    bound = "id)>" if newest_first else "id)<"
    assert plan[0].startswith("SEARCH attempts USING INDEX"), plan
    assert bound in plan[0], plan


@pytest.mark.parametrize("name", ["address", "searched domain", "campaign", "export", "lead", "user", "status"])
def test_a_filter_uses_the_index_of_its_column(database: Database, name: str) -> None:
    statement = listing.page_statement(
        ONE_BY_ONE[name], listing.Part(newest_first=True, after=(make.NOON, "01"), limit=51)
    )
    index = {"searched domain": "domain"}.get(name, name)
    assert f"ix_attempts_{index} (" in _plan(database, statement)[0]


def test_counting_everything_reads_an_index_alone(database: Database) -> None:
    assert any("COVERING INDEX" in step for step in _plan(database, listing.count_statement(ALL)))


def test_the_counts_for_charts_read_only_the_days_asked_for_from_the_index_that_covers_them(
    database: Database,
) -> None:
    wanted = Wanted(since=make.NOON, until=make.NOON + timedelta(days=90))
    with database.reading() as db:
        statements = [counts.by_day_statement(db, wanted), counts.by_campaign_statement(wanted)]
    for statement in statements:
        first = _plan(database, statement)[0]
        assert first == "SEARCH attempts USING COVERING INDEX ix_attempts_started (started_at>? AND started_at<?)"


def _plan(database: Database, statement: Any) -> list[str]:
    with database.reading() as db:
        sql = statement.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
        rows = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in rows]
