"""How many calls at a time: slowly more while all goes well, half as many when the vendor is busy."""

from dataclasses import dataclass, replace

MOST_AT_ONCE = 20
FIRST_AT_ONCE = 8
"""A fast ramp-up is answered with 429 too."""
LONGEST_HOLD = 60.0
HOLD_WITHOUT_WORD = 1.0


@dataclass(frozen=True)
class Pace:
    """`at_once` calls may be under way, none before `hold_until` (a monotonic time in seconds)."""

    at_once: float = FIRST_AT_ONCE
    most: int = MOST_AT_ONCE
    hold_until: float = 0.0
    slowed_at: float = -1_000.0

    def allows(self, inside: int, now: float) -> bool:
        return inside < int(self.at_once) and now >= self.hold_until

    def faster(self) -> "Pace":
        return replace(self, at_once=min(float(self.most), self.at_once + 0.5))

    def slower(self, now: float, retry_after: float | None) -> "Pace":
        """Half as many, at least one; several refusals of the same moment count once."""
        hold = max(self.hold_until, now + min(retry_after or HOLD_WITHOUT_WORD, LONGEST_HOLD))
        if now - self.slowed_at < 1.0:
            return replace(self, hold_until=hold)
        return replace(self, at_once=max(1.0, self.at_once / 2), hold_until=hold, slowed_at=now)
