"""How many calls at a time: slowly more while all goes well, fewer when the vendor is busy, none while it asks to wait.

A single refusal concerns the lead that met it, which waits by itself. Several in a row, with no answer between them, concern
everybody.
"""

from dataclasses import dataclass, replace

MOST_AT_ONCE = 20
FIRST_AT_ONCE = 8
"""A fast ramp-up is answered with 429 too."""
IN_A_ROW = 3
LONGEST_HOLD = 60.0
HOLD_WITHOUT_WORD = 1.0


@dataclass(frozen=True)
class Pace:
    """`at_once` calls may be under way, none before `hold_until` (a monotonic time in seconds)."""

    at_once: float = FIRST_AT_ONCE
    most: int = MOST_AT_ONCE
    hold_until: float = 0.0
    refused_in_a_row: int = 0

    def allows(self, inside: int, now: float) -> bool:
        return inside < int(self.at_once) and now >= self.hold_until

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
