"""A droplet in memory: slots, a worker, a database and a proxy, of which every call can be made to fail or to be the last."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rollout.droplet import Pending
from rollout.journal import DeployError


class KilledError(BaseException):
    """kill -9: nothing of the program runs after it, no `except Exception` sees it."""


@dataclass
class Database:
    schema: int
    rows: int


@dataclass
class FakeDroplet:
    """`schemas` says which schema an image wants; `breaking` those that older images cannot use."""

    schemas: Mapping[str, int]
    breaking: frozenset[int] = frozenset()
    database: Database | None = None
    running: dict[str, str] = field(default_factory=dict)
    draining: set[str] = field(default_factory=set)
    worker: str | None = None
    closed: bool = False
    snapshots: dict[str, Database] = field(default_factory=dict)
    fail_at: int = 0
    kill_at: int = 0
    bad: frozenset[str] = frozenset()
    calls: list[str] = field(default_factory=list)
    blackouts: list[str] = field(default_factory=list)

    @property
    def serves(self) -> str | None:
        """The image that a person's request reaches; None when it reaches none."""
        if self.closed:
            return None
        ready = [slot for slot in ("app-a", "app-b") if slot in self.running and slot not in self.draining]
        return self.running[ready[0]] if ready else None

    def write(self) -> None:
        """A person writes a row, if somebody serves."""
        if self.serves is not None and self.database is not None:
            self.database.rows += 1

    def _call(self, name: str, image: str = "") -> None:
        self.calls.append(name)
        if len(self.calls) == self.kill_at:
            raise KilledError
        if len(self.calls) == self.fail_at or f"{name} {image}".strip() in self.bad:
            raise DeployError(f"{name} failed")
        self.write()

    def _after(self) -> None:
        if self.serves is None and not self.closed:
            self.blackouts.append(self.calls[-1])

    def verify(self, image: str) -> None:
        self._call("verify", image)

    def pull(self, image: str) -> None:
        self._call("pull", image)

    def pending(self, image: str) -> Pending:
        self._call("pending")
        have = self.database.schema if self.database else 0
        wanted = range(have + 1, self.schemas[image] + 1)
        return Pending(tuple(map(str, wanted)), any(n in self.breaking for n in wanted), self.database is None)

    def snapshot(self, image: str, name: str) -> Mapping[str, int]:
        self._call("snapshot")
        assert self.database is not None
        self.snapshots[name] = Database(self.database.schema, self.database.rows)
        return {"rows": self.database.rows}

    def rehearse(self, image: str, name: str) -> Mapping[str, int]:
        self._call("rehearse", image)
        return {"rows": self.snapshots[name].rows - (1 if f"loses-rows {image}" in self.bad else 0)}

    def migrate(self, image: str) -> None:
        self._call("migrate", image)
        if self.database is None:
            self.database = Database(0, 0)
        self.database.schema = self.schemas[image]

    def put_back(self, image: str, name: str) -> Mapping[str, int]:
        self._call("put_back")
        assert not self.running, "put back under a running program"
        assert self.worker is None, "put back under a running worker"
        assert self.database is not None
        lost = self.database.rows - self.snapshots[name].rows
        self.database = Database(self.snapshots[name].schema, self.snapshots[name].rows)
        return {"rows": lost} if lost else {}

    def close(self) -> None:
        self._call("close")
        self.closed = True

    def open(self) -> None:
        self._call("open")
        self.closed = False
        self._after()

    def start_slot(self, slot: str, image: str, *, draining: bool) -> None:
        self._call("start_slot", image)
        assert self.database is not None
        assert self._can_use(image), f"{image} was started on schema {self.database.schema}"
        self.draining.add(slot) if draining else self.draining.discard(slot)
        self.running[slot] = image

    def _can_use(self, image: str) -> bool:
        assert self.database is not None
        newer = range(self.schemas[image] + 1, self.database.schema + 1)
        return self.database.schema >= self.schemas[image] and not any(n in self.breaking for n in newer)

    def take_traffic(self, slot: str) -> None:
        self._call("take_traffic")
        self.draining.discard(slot)

    def drain(self, slot: str) -> None:
        self._call("drain")
        self.draining.add(slot)
        self._after()

    def stop_slot(self, slot: str) -> None:
        self._call("stop_slot")
        self.running.pop(slot, None)
        self._after()

    def gate(self, slot: str) -> None:
        self._call("gate", self.running[slot])

    def start_worker(self, image: str) -> None:
        self._call("start_worker", image)
        assert self._can_use(image)
        self.worker = image

    def stop_worker(self) -> None:
        self._call("stop_worker")
        self.worker = None

    def watch(self, slot: str) -> None:
        self._call("watch", self.running[slot])

    def adopt(self, image: str) -> None:
        self._call("adopt")
