"""When an unknown outcome may be asked for, and when "absent" may be believed: by one worker's own monotonic clock."""

from collections.abc import Iterable
from dataclasses import dataclass

# Of the 145 s that an outcome rests, 60 are margin; a shorter settle time (sandbox only) has the same share.
_MARGIN_SHARE = 60 / 145
_LONGEST_POSTPONE_SECONDS = 300.0


@dataclass(frozen=True)
class SettleTiming:
    """`settle` covers send_by, the request's deadline, the vendor's queue and a margin; all in seconds."""

    settle: float

    @property
    def margin(self) -> float:
        return self.settle * _MARGIN_SHARE


class SettleWatch:
    """How long this worker itself has watched each open intent.

    Nothing here is stored and nothing comes from stored times: a clock that was set, a worker that was stopped or a lock that was lost
    can only make the wait longer. A worker that starts, or that takes its lock anew, begins from nothing.
    """

    def __init__(self, timing: SettleTiming) -> None:
        self._timing = timing
        self._held_since: float | None = None
        self._seen: dict[str, float] = {}
        self._absent: dict[str, dict[str, float]] = {}
        self._not_before: dict[str, float] = {}
        self._postponed: dict[str, int] = {}

    def hold(self, held_since: float) -> None:
        """Says since when the lock is held; another moment than before means that it was lost in between."""
        if held_since != self._held_since:
            self._held_since = held_since
            self._seen.clear()
            self._absent.clear()

    def saw(self, batch_id: str, now: float) -> None:
        """The intent was seen at `now` (monotonic seconds), with the lock held. Only the first time counts."""
        self._seen.setdefault(batch_id, now)

    def reopen(self, batch_id: str, now: float) -> None:
        """The request ended at `now` without a usable answer: the settle time counts from here."""
        self._seen[batch_id] = now
        self._absent.pop(batch_id, None)

    def wait(self, batch_id: str, item_ids: Iterable[str], now: float) -> float:
        """Seconds until somebody of this batch may be asked for; 0 when somebody may."""
        return min((self._wait_for(batch_id, item_id, now) for item_id in item_ids), default=0.0)

    def may_ask(self, batch_id: str, item_id: str, now: float) -> bool:
        return self._wait_for(batch_id, item_id, now) <= 0

    def absent(self, batch_id: str, item_id: str, now: float) -> bool:
        """Notes that a complete answer had nothing of this person; True when that is the second, a margin after the first."""
        first = self._absent.setdefault(batch_id, {}).setdefault(item_id, now)
        return now - first >= self._timing.margin

    def was_absent(self, batch_id: str, item_id: str) -> bool:
        """Whether one complete answer already had nothing of this person, so that the next one decides."""
        return item_id in self._absent.get(batch_id, {})

    def postpone(self, item_ids: Iterable[str], now: float) -> None:
        """An answer about these people could not be understood: ask again later, each time twice as late."""
        for item_id in item_ids:
            times = self._postponed.get(item_id, 0)
            self._postponed[item_id] = times + 1
            self._not_before[item_id] = now + min(
                self._timing.margin * 2.0 ** min(times, 20), _LONGEST_POSTPONE_SECONDS
            )

    def forget(self, batch_id: str, item_ids: Iterable[str] = ()) -> None:
        self._seen.pop(batch_id, None)
        self._absent.pop(batch_id, None)
        for item_id in item_ids:
            self._postponed.pop(item_id, None)
            self._not_before.pop(item_id, None)

    def _wait_for(self, batch_id: str, item_id: str, now: float) -> float:
        seen = self._seen.get(batch_id)
        if seen is None or self._held_since is None:
            return self._timing.settle
        ready = max(seen, self._held_since) + self._timing.settle
        first_absent = self._absent.get(batch_id, {}).get(item_id)
        if first_absent is not None:
            ready = max(ready, first_absent + self._timing.margin)
        ready = max(ready, self._not_before.get(item_id, ready))
        return max(0.0, ready - now)
