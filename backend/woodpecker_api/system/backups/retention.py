"""Which backups may go: sons, fathers and grandfathers of the nightly ones; the last sound one never."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from woodpecker_api.system.backups.manifest import Kind


@dataclass(frozen=True)
class Policy:
    daily: int = 7
    weekly: int = 4
    monthly: int = 6
    deploys: int = 5
    """As many releases as can be gone back to."""
    manual: timedelta = timedelta(days=30)
    damaged: timedelta = timedelta(days=7)
    """Long enough to look at what happened."""


@dataclass(frozen=True)
class Copy:
    """`sound`: it was verified; None when nobody looked yet."""

    id: str
    kind: Kind
    taken_at: datetime
    sound: bool | None


def to_drop(copies: Iterable[Copy], policy: Policy, now: datetime) -> list[str]:
    """Ids, oldest first."""
    copies = sorted(copies, key=lambda copy: copy.taken_at, reverse=True)
    sound = [copy for copy in copies if copy.sound]
    nightly = [copy for copy in sound if copy.kind is Kind.NIGHTLY]
    kept = {copy.id for copy in sound[:1]}
    kept |= _newest_of_each(nightly, "%Y-%m-%d", policy.daily)
    kept |= _newest_of_each(nightly, "%G-%V", policy.weekly)
    kept |= _newest_of_each(nightly, "%Y-%m", policy.monthly)
    kept |= {copy.id for copy in [each for each in sound if each.kind is Kind.DEPLOY][: policy.deploys]}
    kept |= {copy.id for copy in sound if copy.kind is Kind.MANUAL and now - copy.taken_at < policy.manual}
    kept |= {copy.id for copy in copies if not copy.sound and now - copy.taken_at < policy.damaged}
    return [copy.id for copy in reversed(copies) if copy.id not in kept]


def _newest_of_each(newest_first: Sequence[Copy], period: str, how_many: int) -> set[str]:
    """The newest copy of each of the last `how_many` periods that have one: a week without backups costs none."""
    newest: dict[str, str] = {}
    for copy in newest_first:
        newest.setdefault(copy.taken_at.strftime(period), copy.id)
    return set(list(newest.values())[:how_many])
