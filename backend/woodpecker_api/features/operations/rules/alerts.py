"""What deserves an alert, and when it is told: once when it begins, sparingly while it lasts, once when it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Severity(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"


REPEAT = {Severity.CRITICAL: timedelta(hours=6), Severity.WARNING: timedelta(hours=24)}
"""Twice in a working day for what cannot wait, once a day for the rest: who is told more often stops reading."""
FLAPPING = timedelta(hours=1)
"""What comes back so soon is the same trouble: it is not told anew."""

UNKNOWN_AT_MOST = timedelta(minutes=15)
"""Settling takes some four minutes."""
BACKUP_AT_MOST = timedelta(hours=26)
"""A night and two hours for a backup that takes its time."""
QUEUE_AT_MOST = timedelta(seconds=60)
DISK_LOW, DISK_FULL = 0.10, 0.05
CRASHES_AT_MOST = 2
"""Within ten minutes: a third is no accident any more."""


@dataclass(frozen=True)
class Alert:
    code: str
    severity: Severity
    message: str
    """What is the matter and what to do, in two sentences at most."""


@dataclass(frozen=True)
class Signals:
    """What was seen at one moment. None or empty: nothing of the kind."""

    at: datetime
    database_answers: bool = True
    stalled_queues: Mapping[str, float] | None = None
    """queue → seconds that its oldest job waits while nobody works on that queue"""
    oldest_unknown: datetime | None = None
    troubled_exports: Mapping[str, str] | None = None
    """campaign → stable code of what keeps its export from getting on"""
    held: str | None = None
    newest_backup: datetime | None = None
    backups_since: datetime | None = None
    """Since when there should be backups; None where nobody expects any (sandbox)."""
    disk_free_share: float = 1.0
    crashes: int = 0


def find_alerts(seen: Signals) -> list[Alert]:
    """The most urgent first."""
    found = [alert for rule in _RULES if (alert := rule(seen)) is not None]
    return sorted(found, key=lambda alert: alert.severity is not Severity.CRITICAL)


@dataclass(frozen=True)
class Known:
    """What is remembered of an alert. `told_at` is None while nobody could be reached."""

    since: datetime
    told_at: datetime | None
    over_at: datetime | None = None


class News(StrEnum):
    BEGAN = "began"
    LASTS = "lasts"
    OVER = "over"


@dataclass(frozen=True)
class Telling:
    code: str
    news: News


def step(present: Sequence[Alert], known: Mapping[str, Known], now: datetime) -> tuple[dict[str, Known], list[Telling]]:
    """What is to be remembered now, and what to tell. Telling counts as done; `untold` takes it back."""
    after: dict[str, Known] = {}
    tellings: list[Telling] = []
    for alert in present:
        before = known.get(alert.code)
        if before is None:
            after[alert.code] = Known(now, now)
            tellings.append(Telling(alert.code, News.BEGAN))
        elif before.told_at is None or now - before.told_at >= REPEAT[alert.severity]:
            after[alert.code] = replace(before, told_at=now, over_at=None)
            tellings.append(Telling(alert.code, News.BEGAN if before.told_at is None else News.LASTS))
        else:
            after[alert.code] = replace(before, over_at=None)
    for code, before in known.items():
        if code in after:
            continue
        if before.over_at is None:
            after[code] = replace(before, over_at=now)
            if before.told_at is not None:
                tellings.append(Telling(code, News.OVER))
        elif now - before.over_at < FLAPPING:
            after[code] = before
    return after, tellings


def untold(known: Mapping[str, Known], tellings: Sequence[Telling]) -> dict[str, Known]:
    """Nobody could be reached: it is tried again with the next look."""
    codes = {telling.code for telling in tellings if telling.news is not News.OVER}
    return {code: replace(each, told_at=None) if code in codes else each for code, each in known.items()}


def _database(seen: Signals) -> Alert | None:
    if seen.database_answers:
        return None
    return Alert("database", Severity.CRITICAL, "The database does not answer. Run: woodpecker-api doctor")


def _disk(seen: Signals) -> Alert | None:
    if seen.disk_free_share > DISK_LOW:
        return None
    severity = Severity.CRITICAL if seen.disk_free_share <= DISK_FULL else Severity.WARNING
    return Alert(
        "disk",
        severity,
        f"{seen.disk_free_share:.0%} of the disk is free. See what fills it: woodpecker-api doctor --disk;"
        " make room: woodpecker-api doctor --free",
    )


def _queue(seen: Signals) -> Alert | None:
    stalled = seen.stalled_queues or {}
    late = {name: waits for name, waits in stalled.items() if waits > QUEUE_AT_MOST.total_seconds()}
    if not late:
        return None
    name, waits = max(late.items(), key=lambda each: each[1])
    return Alert(
        "queue_stalled",
        Severity.CRITICAL,
        f"Work waits for {_span(timedelta(seconds=waits))} and nobody takes it (queue {name}). Is the worker running?",
    )


def _unknown(seen: Signals) -> Alert | None:
    if seen.oldest_unknown is None or seen.at - seen.oldest_unknown <= UNKNOWN_AT_MOST:
        return None
    return Alert(
        "export_unknown",
        Severity.CRITICAL,
        f"What came of a request to Woodpecker is not known since {_span(seen.at - seen.oldest_unknown)}."
        " Look at the export under Needs help.",
    )


def _vendor(seen: Signals) -> Alert | None:
    if not seen.troubled_exports:
        return None
    campaign, code = next(iter(seen.troubled_exports.items()))
    more = len(seen.troubled_exports) - 1
    others = f" and {more} more" if more else ""
    return Alert(
        "vendor_trouble",
        Severity.WARNING,
        f"The export to {campaign}{others} does not get on ({code}). Home says what helps.",
    )


def _held(seen: Signals) -> Alert | None:
    if seen.held is None:
        return None
    return Alert(
        "sending_held",
        Severity.WARNING,
        f"Sending is held ({seen.held}): compare with Woodpecker under Operations, then let it go on.",
    )


def _backup(seen: Signals) -> Alert | None:
    if seen.backups_since is None:
        return None
    newest = max(filter(None, (seen.newest_backup, seen.backups_since)))
    if seen.at - newest <= BACKUP_AT_MOST:
        return None
    said = "There is no checked backup yet" if seen.newest_backup is None else "The newest checked backup is old"
    return Alert(
        "backup_late",
        Severity.CRITICAL,
        f"{said} ({_span(seen.at - newest)}). Make one: woodpecker-api backup create",
    )


def _restarts(seen: Signals) -> Alert | None:
    if seen.crashes <= CRASHES_AT_MOST:
        return None
    return Alert(
        "restart_loop",
        Severity.CRITICAL,
        f"The program ended without being told to {seen.crashes} times within ten minutes. Look at its log.",
    )


_RULES = (_database, _disk, _queue, _unknown, _backup, _restarts, _vendor, _held)
CODES = (
    "database",
    "disk",
    "queue_stalled",
    "export_unknown",
    "backup_late",
    "restart_loop",
    "vendor_trouble",
    "sending_held",
)


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 120:
        return f"{max(minutes, 1)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
