"""What a changeover needs from the machine. Each call is one thing that can fail; all may be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Pending:
    """Migrations that an image would run. `empty`: there is no database yet."""

    revisions: tuple[str, ...]
    breaking: bool
    empty: bool


class Droplet(Protocol):
    def verify(self, image: str) -> None:
        """Raises `DeployError` unless the image carries our signature."""

    def pull(self, image: str) -> None:
        """Also makes sure that image, snapshot and rehearsal fit on the disk."""

    def pending(self, image: str) -> Pending: ...

    def snapshot(self, image: str, name: str) -> Mapping[str, int]:
        """A sound copy of the database under this name; gives the rows of each table."""

    def rehearse(self, image: str, name: str) -> Mapping[str, int]:
        """Migrates a copy of that snapshot, and gives the rows of each table after it. Raises when it fails or is unsound."""

    def migrate(self, image: str) -> None: ...

    def put_back(self, image: str, name: str) -> Mapping[str, int]:
        """Makes the snapshot the database again; nothing may have it open. Gives the rows by table that are in the replaced
        database only; that one is kept beside it."""

    def close(self) -> None:
        """The proxy answers every request with the maintenance page."""

    def open(self) -> None: ...

    def start_slot(self, slot: str, image: str, *, draining: bool) -> None:
        """Starts it, and returns once it could take traffic. Draining, the proxy sends it none."""

    def take_traffic(self, slot: str) -> None:
        """Returns once the proxy has noticed."""

    def drain(self, slot: str) -> None:
        """Returns once the proxy sends it nothing new."""

    def stop_slot(self, slot: str) -> None:
        """Lets it finish what it has; nothing happens when it is not running."""

    def gate(self, slot: str) -> None:
        """Signs in, reads and writes through the proxy's own door to this slot. Raises `DeployError`."""

    def start_worker(self, image: str) -> None:
        """In place of the one that runs; returns once it has done a job."""

    def stop_worker(self) -> None: ...

    def watch(self, slot: str) -> None:
        """Raises `DeployError` when what serves now is worse than it may be."""

    def adopt(self, image: str) -> None:
        """The files of this release (compose, proxy, these programs) are the host's from now on."""
