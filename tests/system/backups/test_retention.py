"""Sons, fathers, grandfathers: what is kept of a year of nights."""

from datetime import UTC, datetime, timedelta

from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.retention import Copy, Policy, to_drop

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def _copy(days_ago: float, kind: Kind = Kind.NIGHTLY, *, sound: bool | None = True) -> Copy:
    return Copy(f"{kind}-{days_ago:g}", kind, NOW - timedelta(days=days_ago), sound)


def _kept(copies: list[Copy], policy: Policy | None = None) -> list[str]:
    gone = set(to_drop(copies, policy or Policy(), NOW))
    return [copy.id for copy in copies if copy.id not in gone]


def test_of_a_year_of_nights_seven_days_four_weeks_and_six_months_are_left() -> None:
    kept = _kept([_copy(day) for day in range(365)])
    assert kept[:7] == [f"nightly-{day}" for day in range(7)]
    # 22 November 2026 is a Sunday: the week's newest copy is today's.
    assert {"nightly-7", "nightly-14", "nightly-21"} <= set(kept)
    assert len(kept) <= 7 + 3 + 5
    assert min(NOW - timedelta(days=int(name.partition("-")[2])) for name in kept).strftime("%Y-%m") == "2026-06"


def test_days_without_a_backup_cost_none_of_the_kept_ones() -> None:
    copies = [_copy(day) for day in (0, 30, 60, 90)]
    assert _kept(copies, Policy(daily=4, weekly=0, monthly=0)) == [copy.id for copy in copies]


def test_the_last_sound_one_is_never_dropped() -> None:
    nothing = Policy(daily=0, weekly=0, monthly=0, deploys=0, manual=timedelta(0), damaged=timedelta(0))
    copies = [_copy(1, sound=False), _copy(2), _copy(3)]
    assert _kept(copies, nothing) == ["nightly-2"]


def test_a_damaged_one_counts_for_no_day_and_is_kept_a_week_to_be_looked_at() -> None:
    copies = [_copy(0, sound=False), _copy(0.5), _copy(8, sound=False)]
    assert _kept(copies, Policy(daily=1)) == ["nightly-0", "nightly-0.5"]


def test_the_copies_of_the_last_five_deploys_stay_for_going_back() -> None:
    copies = [_copy(100 + day, Kind.DEPLOY) for day in range(8)]
    assert _kept(copies) == [f"deploy-{100 + day}" for day in range(5)]


def test_one_made_by_hand_stays_for_a_month() -> None:
    copies = [_copy(0.5), _copy(29, Kind.MANUAL), _copy(31, Kind.MANUAL)]
    assert _kept(copies) == ["nightly-0.5", "manual-29"]
