"""The one thing that is asked of it."""

from typing import Protocol


class Notifier(Protocol):
    def tell(self, title: str, text: str, *, urgent: bool) -> bool:
        """Whether everybody was reached. Never raises; may take some seconds, so call it outside a transaction."""
