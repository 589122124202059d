"""What the loop works with, and what one worker remembers of an account while it holds the lock."""

from collections.abc import Callable
from dataclasses import dataclass, field

from woodpecker_api.clients.woodpecker.port import WoodpeckerApi
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.rules import SettleTiming, SettleWatch, Turns, wait_after
from woodpecker_api.features.exports.service.holding import EpochFile
from woodpecker_api.kit.clock import Clock

CAMPAIGNS_KEPT_SECONDS = 60.0
"""A campaign's status that was read longer ago decides nothing."""


@dataclass(frozen=True)
class Connection:
    """A client, and whether it speaks to our simulator: it must fit the account it is used for."""

    api: WoodpeckerApi
    sandbox: bool


@dataclass(frozen=True)
class Tools:
    database: Database
    clock: Clock
    monotonic: Callable[[], float]
    """`time.monotonic`, or a test's."""
    connect: Callable[[], Connection]
    """Raises `VendorKeyMissingError`."""
    epoch: EpochFile
    deadline_seconds: float
    settle_seconds: float
    look_again_seconds: float = 2.0
    """Work that was asked for meanwhile is noticed so soon, also while an outcome rests or a countdown runs."""

    @property
    def send_by_seconds(self) -> float:
        """How long after its intent a request may still go out: 10 s of the 145 s, less with a shorter settle time."""
        return min(10.0, max(1.0, self.settle_seconds * 10 / 145))


@dataclass
class Memory:
    """One account. Nothing here survives the process, nothing here is needed to be right, only to be quick or patient."""

    watch: SettleWatch
    turns: Turns = field(default_factory=Turns)
    failures: int = 0
    rest_until: float = 0.0
    campaigns_read_at: float | None = None
    held_since: float | None = None
    api: WoodpeckerApi | None = None
    unreadable_reads: dict[str, int] = field(default_factory=dict)
    removals_rest_until: dict[str, float] = field(default_factory=dict)
    answers: bool = False
    """The vendor answered the last request in a way that says it works."""
    may_show_trouble: bool = True
    """Some export may still say that the vendor does not answer; after a start nobody knows."""
    unreadable_in_a_row: dict[str, int] = field(default_factory=dict)
    """Of each call: answers that nobody could read since the last one that somebody could."""
    one_by_one: set[str] = field(default_factory=set)
    """Batches whose people are asked for singly, because an answer about several was not understood."""

    @classmethod
    def fresh(cls, settle_seconds: float) -> "Memory":
        return cls(SettleWatch(SettleTiming(settle_seconds)))

    def hold(self, held_since: float) -> None:
        """Says since when the lock is held; what was learnt under an earlier hold is worth nothing."""
        self.watch.hold(held_since)
        if held_since != self.held_since:
            self.held_since, self.campaigns_read_at = held_since, None

    def speaks_through(self, api: WoodpeckerApi) -> None:
        """Another client means another key: the rest that the old one earned is over."""
        if api is not self.api:
            self.api = api
            self._rested()

    def failed(self, now: float, retry_after: float | None) -> None:
        """The account rests."""
        self.failures += 1
        self.answers = False
        self.rest_until = now + wait_after(self.failures, retry_after)

    def worked(self) -> None:
        """The vendor answered."""
        self.answers = True
        self._rested()

    def campaigns_are_fresh(self, now: float) -> bool:
        return self.campaigns_read_at is not None and now - self.campaigns_read_at < CAMPAIGNS_KEPT_SECONDS

    def _rested(self) -> None:
        self.failures = 0
        self.rest_until = 0.0
