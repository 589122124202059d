"""How many calls at a time: slowly more while all goes well, fewer when the vendor is busy, none while it asks to wait.

A single refusal concerns the lead that met it, which waits by itself. Several in a row, with no answer between them, concern
everybody. And no more at a time than the quota that the vendor tells with each answer still takes: a refusal that can be
foreseen is not worth its wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

MOST_AT_ONCE = 20
FIRST_AT_ONCE = 8
"""A fast ramp-up is answered with 429 too."""
MOST_AHEAD = 20
MOST_NEEDED = 8
"""Reserved calls that are used up while the longest usual transaction lasts."""
IN_A_ROW = 3
LONGEST_HOLD = 60.0
HOLD_WITHOUT_WORD = 1.0


def ahead(came_together: int) -> int:
    """How many calls to reserve beyond the free places, so that none stays empty while answers are stored.

    Twice as many as came together last time: with a quick vendor many, with a slow one next to none. A crash leaves them
    charged at their worst case, for nobody can tell then that they were not sent.
    """
    return min(MOST_AHEAD, 2 * came_together)


def needed_meanwhile(came_together: int) -> int:
    """How many reserved calls may be used up while answers are stored: with no more left, they are stored without waiting for
    others.

    A third of those that `ahead` reserves. With as many as came together last time, answers that once came one by one would
    go on to be stored one by one, and a transaction for each takes more time than its answer.
    """
    return min(MOST_NEEDED, came_together * 2 // 3)


@dataclass(frozen=True)
class Quota:
    """One of the vendor's limits as told with an answer: what is left of it, what one call of ours takes, when it is full again."""

    left: int
    one_call: int
    seconds_to_reset: float

    @property
    def calls(self) -> int:
        return self.left // max(1, self.one_call)


@dataclass(frozen=True)
class Pace:
    """`at_once` calls may be under way, none before `hold_until` (a monotonic time in seconds).

    Until `quota_until`, also no more than `quota_calls`: what the tightest limit still takes.
    """

    at_once: float = FIRST_AT_ONCE
    most: int = MOST_AT_ONCE
    hold_until: float = 0.0
    refused_in_a_row: int = 0
    quota_calls: int = 0
    quota_until: float = 0.0

    def allows(self, inside: int, now: float) -> bool:
        return inside < self.most_now(now)

    def most_now(self, now: float) -> int:
        """How many calls may be under way at this moment."""
        if now < self.hold_until:
            return 0
        return int(self.at_once) if now >= self.quota_until else min(int(self.at_once), self.quota_calls)

    def told(self, quotas: Iterable[Quota], now: float) -> "Pace":
        """The tightest of the limits decides, until it is full again; without any (the vendor told none) nothing changes."""
        tight = min(quotas, key=lambda quota: quota.calls, default=None)
        if tight is None or tight.seconds_to_reset <= 0:
            return self
        return replace(self, quota_calls=tight.calls, quota_until=now + min(tight.seconds_to_reset, LONGEST_HOLD))

    def faster(self) -> "Pace":
        return replace(self, at_once=min(float(self.most), self.at_once + 0.5), refused_in_a_row=0)

    def slower(self, now: float, retry_after: float | None) -> "Pace":
        """One call fewer; at the third refusal in a row half as many, and everybody waits as long as the vendor says."""
        refused = self.refused_in_a_row + 1
        if refused < IN_A_ROW:
            return replace(self, at_once=max(1.0, self.at_once - 1), refused_in_a_row=refused)
        if now < self.hold_until:  # calls that were under way when the others were refused
            return self
        hold = now + min(retry_after or HOLD_WITHOUT_WORD, LONGEST_HOLD)
        return replace(self, at_once=max(1.0, self.at_once / 2), hold_until=hold, refused_in_a_row=refused)
