"""A deploy fails, or is killed, at every one of its calls: afterwards somebody serves, on the database that belongs to it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rollout.changeover import KEEP_RELEASES, Changeover, refuse_lost_rows
from rollout.journal import DeployError, Store

from tests.deploy.fake_droplet import FakeDroplet, KilledError

OLD, NEW = "old@sha256:1", "new@sha256:2"
SCHEMAS = {OLD: 1, NEW: 2}
Make = Callable[..., tuple[FakeDroplet, Changeover]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A droplet on which OLD serves, and its changeover; `breaking` makes NEW's migration one that OLD cannot live with."""

    def made(*, breaking: bool = False, **rest: object) -> tuple[FakeDroplet, Changeover]:
        droplet = FakeDroplet(SCHEMAS, frozenset({2} if breaking else ()))
        change = Changeover(droplet, Store(tmp_path / "state"), lambda _line: None)
        change.deploy(OLD, who="test")
        droplet.calls.clear()
        droplet.blackouts.clear()
        for name, value in rest.items():
            setattr(droplet, name, value)
        return droplet, change

    return made


def length_of_a_deploy(breaking: bool, tmp_path: Path) -> int:
    droplet = FakeDroplet(SCHEMAS, frozenset({2} if breaking else ()))
    change = Changeover(droplet, Store(tmp_path / "measure"), lambda _line: None)
    change.deploy(OLD, who="test")
    droplet.calls.clear()
    change.deploy(NEW, who="test")
    return len(droplet.calls)


def assert_whole(droplet: FakeDroplet, served_before: int) -> None:
    """One image everywhere, on a schema that it can use, open to people; nothing that was acknowledged is gone."""
    assert droplet.serves in (OLD, NEW)
    assert list(droplet.running.values()) == [droplet.serves]
    assert droplet.worker == droplet.serves
    assert droplet.database is not None
    assert droplet._can_use(str(droplet.serves))
    assert droplet.database.rows >= served_before
    assert droplet.blackouts == []


@pytest.mark.parametrize("breaking", [False, True])
def test_a_good_release_serves_and_the_old_one_is_gone(make: Make, breaking: bool) -> None:
    droplet, change = make(breaking=breaking)
    change.deploy(NEW, who="test")
    assert_whole(droplet, 0)
    assert droplet.serves == NEW


@pytest.mark.parametrize("breaking", [False, True])
def test_whichever_call_fails_the_old_release_serves_again(make: Make, tmp_path: Path, breaking: bool) -> None:
    calls = length_of_a_deploy(breaking, tmp_path)
    assert calls > 10
    for n in range(1, calls):  # the last one only takes over the release's files
        (tmp_path / "state").mkdir(exist_ok=True)
        for path in (tmp_path / "state").glob("*.json"):
            path.unlink()
        droplet, change = make(breaking=breaking, fail_at=n)
        assert droplet.database is not None
        with pytest.raises(DeployError, match="Not deployed"):
            change.deploy(NEW, who="test")
        assert droplet.serves == OLD, f"after call {n}"
        assert_whole(droplet, 0)
        assert droplet.database.schema == (1 if breaking else droplet.database.schema)


@pytest.mark.parametrize("breaking", [False, True])
def test_killed_before_any_call_a_repair_makes_it_whole(make: Make, tmp_path: Path, breaking: bool) -> None:
    calls = length_of_a_deploy(breaking, tmp_path)
    for n in range(1, calls):
        for path in (tmp_path / "state").glob("*.json"):
            path.unlink()
        droplet, change = make(breaking=breaking, kill_at=n)
        with pytest.raises(KilledError):
            change.deploy(NEW, who="test")
        # Additive: people are served even before anybody repairs anything.
        assert breaking or droplet.serves in (OLD, NEW), f"after call {n}"
        droplet.kill_at = 0
        Changeover(droplet, Store(tmp_path / "state"), lambda _line: None).repair()
        assert_whole(droplet, 0)
        state = Store(tmp_path / "state").state()
        assert state.image == droplet.serves, f"after call {n}"


def test_a_repair_that_is_killed_too_is_made_whole_by_the_next(make: Make, tmp_path: Path) -> None:
    droplet, change = make(breaking=True, bad=frozenset({f"gate {NEW}"}))
    start = 0
    for extra in range(1, 12):
        for path in (tmp_path / "state").glob("*.json"):
            path.unlink()
        droplet, change = make(breaking=True, kill_at=14)
        with pytest.raises(KilledError):
            change.deploy(NEW, who="test")
        start = len(droplet.calls)
        droplet.kill_at = start + extra
        again = Changeover(droplet, Store(tmp_path / "state"), lambda _line: None)
        try:
            again.repair()
        except KilledError:
            droplet.kill_at = 0
            again.repair()
        assert_whole(droplet, 0)
        assert droplet.serves == OLD


@pytest.mark.parametrize("breaking", [False, True])
def test_people_are_served_although_the_old_worker_does_not_come_back(
    make: Make, tmp_path: Path, breaking: bool
) -> None:
    droplet, change = make(breaking=breaking, bad=frozenset({f"start_worker {NEW}", f"start_worker {OLD}"}))
    with pytest.raises(DeployError, match=r"start_worker failed The way back is not complete") as told:
        change.deploy(NEW, who="test")
    assert "Not deployed" not in str(told.value)
    assert droplet.serves == OLD
    droplet.bad = frozenset()
    Changeover(droplet, Store(tmp_path / "state"), lambda _line: None).repair()
    assert_whole(droplet, 0)
    assert droplet.serves == OLD


def test_nothing_acknowledged_is_lost_when_a_breaking_release_fails_at_its_gate(make: Make) -> None:
    droplet, change = make(breaking=True, bad=frozenset({f"gate {NEW}"}))
    before = None
    real_close = droplet.close

    def close_and_count() -> None:
        nonlocal before
        real_close()
        assert droplet.database is not None
        before = droplet.database.rows

    droplet.close = close_and_count  # type: ignore[method-assign]
    with pytest.raises(DeployError, match="gate failed"):
        change.deploy(NEW, who="test")
    assert droplet.database is not None
    assert before is not None
    assert droplet.database.rows >= before
    assert droplet.serves == OLD


def test_what_was_written_after_a_breaking_release_was_opened_is_reported_when_it_is_undone(
    make: Make, tmp_path: Path
) -> None:
    droplet, change = make(breaking=True, bad=frozenset({f"watch {NEW}"}))
    with pytest.raises(DeployError, match="watch failed"):
        change.deploy(NEW, who="test")
    record = (tmp_path / "state" / "last-deploy.json").read_text()
    assert '"lost_rows": {\n    "rows": ' in record
    assert droplet.serves == OLD


def test_a_migration_that_loses_rows_is_refused_before_anything_is_changed(make: Make) -> None:
    droplet, change = make(bad=frozenset({f"loses-rows {NEW}"}))
    with pytest.raises(DeployError, match="loses rows"):
        change.deploy(NEW, who="test")
    assert "migrate" not in droplet.calls
    assert "start_slot" not in droplet.calls


@pytest.mark.parametrize(
    ("before", "after", "breaking", "refused"),
    [
        ({"leads": 5}, {"leads": 5, "notes": 0}, False, False),
        ({"leads": 5}, {"leads": 4}, True, True),
        ({"leads": 5}, {}, False, True),
        ({"leads": 5}, {}, True, False),
        ({"leads": 0}, {}, False, False),
    ],
)
def test_rows_may_only_go_with_a_table_that_a_breaking_migration_drops(
    before: dict[str, int], after: dict[str, int], breaking: bool, refused: bool
) -> None:
    if refused:
        with pytest.raises(DeployError, match="leads"):
            refuse_lost_rows(before, after, breaking=breaking)
    else:
        refuse_lost_rows(before, after, breaking=breaking)


def test_an_earlier_release_serves_again_by_one_command(make: Make) -> None:
    droplet, change = make()
    change.deploy(NEW, who="test")
    change.roll_back(1, who="test", with_database=False)
    assert droplet.serves == OLD
    assert_whole(droplet, 0)
    with pytest.raises(DeployError, match="earlier releases"):
        change.roll_back(7, who="test", with_database=False)


def test_back_over_a_breaking_release_needs_the_word_and_takes_the_database_along(make: Make) -> None:
    droplet, change = make(breaking=True)
    change.deploy(NEW, who="test")
    droplet.write()
    with pytest.raises(DeployError, match="--with-database"):
        change.roll_back(1, who="test", with_database=False)
    assert droplet.serves == NEW
    change.roll_back(1, who="test", with_database=True)
    assert droplet.serves == OLD
    assert droplet.database is not None
    assert droplet.database.schema == 1


def test_the_last_five_releases_are_remembered(make: Make, tmp_path: Path) -> None:
    _, change = make()
    for _ in range(5):
        change.deploy(NEW, who="test")
        change.deploy(OLD, who="test")
    assert len(Store(tmp_path / "state").state().history) == KEEP_RELEASES + 1


def test_a_second_deploy_at_the_same_time_is_told_who_is_at_work(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.lock("deploy by ada", 0), pytest.raises(DeployError, match="deploy by ada"), store.lock("another", 0.1):
        pass
