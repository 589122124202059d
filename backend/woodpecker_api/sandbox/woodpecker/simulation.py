"""The account together with everything that decides how it answers."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from woodpecker_api.sandbox.woodpecker.account import WoodpeckerAccount
from woodpecker_api.sandbox.woodpecker.faults import FaultPlan
from woodpecker_api.sandbox.woodpecker.gate import QUEUE_LENGTH, QUEUE_SECONDS
from woodpecker_api.sandbox.woodpecker.ledger import Ledger
from woodpecker_api.sandbox.woodpecker.seed import seed_account
from woodpecker_api.sandbox.woodpecker.storage import Storage

_VENDOR_ZONE = timezone(timedelta(hours=1))
_NOTHING_FOUND = ("204", "message", "status_message", "rotate")


@dataclass
class Behaviour:
    """Standing habits, as opposed to faults that come and go."""

    api_key: str = ""
    """The only key that is accepted; empty: any key."""
    key_valid: bool = True
    plan_active: bool = True
    nothing_found: str = "rotate"
    """204, message, status_message, or rotate through all three."""
    wrap_rows: bool = False
    """Rows of people come as {prospect: {...}}."""
    short_rows: bool = False
    """Rows of an add that worked hold only address and id."""
    send_total: bool = True
    quiet_changes: bool = False
    """Status changes that Woodpecker makes by itself (mailed, held, opted out) leave `updated` as it was, so that `diff` is
    silent about them: nobody knows whether the real one counts them as changes."""
    queue_length: int = QUEUE_LENGTH
    queue_seconds: float = QUEUE_SECONDS

    def __post_init__(self) -> None:
        if self.nothing_found not in _NOTHING_FOUND:
            raise ValueError(f"nothing_found is one of {', '.join(_NOTHING_FOUND)}")


@dataclass
class Simulation:
    """One account, served by one process. Only the server's thread touches it once it is served."""

    account: WoodpeckerAccount = field(default_factory=WoodpeckerAccount)
    ledger: Ledger = field(default_factory=Ledger)
    plan: FaultPlan = field(default_factory=FaultPlan)
    behaviour: Behaviour = field(default_factory=Behaviour)
    storage: Storage | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    generation: int = 0
    """Grows with each reset; requests from before it are dropped."""

    @staticmethod
    def open(storage: Path | None = None, *, with_sample: bool = True) -> "Simulation":
        """The account kept in this file, or a new one; None keeps nothing. Raises SimulatorBusyError."""
        simulation = Simulation(storage=Storage(storage) if storage else None)
        kept = simulation.storage.load() if simulation.storage else None
        if kept is None:
            simulation.reset(with_sample=with_sample)
        else:
            simulation.account, simulation.ledger, documents = kept
            simulation.plan = FaultPlan.from_json(documents["plan"])
            simulation.behaviour = Behaviour(**documents["behaviour"])
        return simulation

    def reset(self, *, with_sample: bool = True) -> None:
        """A new account: the sample's campaigns and people, or nothing at all."""
        self.generation += 1
        self.account = seed_account() if with_sample else WoodpeckerAccount()
        self.ledger, self.plan, self.behaviour = Ledger(), FaultPlan(), Behaviour()
        if self.storage is not None:
            self.storage.clear()
        self.account.touched.update(self.account.prospects)
        self.save()

    def save(self) -> None:
        if self.storage is None:
            self.account.touched.clear()
            self.ledger.changed.clear()
            self.ledger.new_requests.clear()
            return
        documents: dict[str, Any] = {"plan": self.plan.to_json(), "behaviour": asdict(self.behaviour)}
        self.storage.save(self.account, self.ledger, documents)

    def close(self) -> None:
        if self.storage is not None:
            self.storage.close()

    def now(self) -> str:
        """2026-11-22T10:00:00+0100: whole seconds, and an offset without a colon."""
        return self.clock().astimezone(_VENDOR_ZONE).strftime("%Y-%m-%dT%H:%M:%S%z")
