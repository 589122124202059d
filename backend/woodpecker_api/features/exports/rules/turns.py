"""Who is next at the account's one counter: exports and reads take turns, so that a long export delays nobody."""

from collections.abc import Iterable


class Turns:
    """Remembers who was served when; whoever waits longest is next, newcomers first, in the order they are named."""

    def __init__(self) -> None:
        self._served: dict[str, int] = {}
        self._count = 0

    def next_of(self, waiting: Iterable[str]) -> str | None:
        """The key whose turn it is; it counts as served. Keys that no longer wait are forgotten."""
        keys = list(waiting)
        self._served = {key: turn for key, turn in self._served.items() if key in keys}
        if not keys:
            return None
        key = min(keys, key=lambda each: self._served.get(each, 0))
        self._count += 1
        self._served[key] = self._count
        return key
