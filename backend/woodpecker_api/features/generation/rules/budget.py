"""May this call be made? Asked before each, with its worst case, so that no budget is ever passed."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Purse:
    """One limit in micro-dollars: `spent` is charged for good, `reserved` is held back for calls under way."""

    name: str
    limit: int | None
    spent: int
    reserved: int

    def leaves(self) -> int | None:
        return None if self.limit is None else self.limit - self.spent - self.reserved


class Verdict(StrEnum):
    """go: reserve and call; wait: calls under way may leave something over; stop: it cannot fit any more."""

    GO = "go"
    WAIT = "wait"
    STOP = "stop"


def judge(worst_case: int, purses: tuple[Purse, ...]) -> tuple[Verdict, Purse | None]:
    """The verdict, and the purse that decided it."""
    limited = [purse for purse in purses if purse.limit is not None]
    for purse in limited:
        if purse.spent + worst_case > (purse.limit or 0):
            return Verdict.STOP, purse
    for purse in limited:
        if purse.spent + purse.reserved + worst_case > (purse.limit or 0):
            return Verdict.WAIT, purse
    return Verdict.GO, None
