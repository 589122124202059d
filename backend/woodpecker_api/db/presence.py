"""Who has the database open: every program on this data directory says so, and a restore waits for none but refuses while one does."""

import fcntl
from pathlib import Path
from typing import IO

FILE = "in-use.lock"


class Presence:
    """A lock that the operating system takes back from the dead. `shared` for programs, alone for a restore."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @classmethod
    def take(cls, data_dir: Path, *, shared: bool) -> "Presence | None":
        """None when somebody else's presence forbids it."""
        data_dir.mkdir(parents=True, exist_ok=True)
        file = (data_dir / FILE).open("ab")
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return cls(file)

    def leave(self) -> None:
        self._file.close()
