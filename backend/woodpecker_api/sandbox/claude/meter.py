"""The account's limits by the minute: told with every answer, enforced when asked to."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from woodpecker_api.kit.clock import rfc3339

MINUTE = timedelta(minutes=1)
USUAL = {"requests": 4_000, "input-tokens": 2_000_000, "output-tokens": 400_000}


@dataclass
class Meter:
    """A window of a minute that begins with its first request."""

    limits: dict[str, int] = field(default_factory=lambda: dict(USUAL))
    enforced: bool = False
    _used: dict[str, int] = field(default_factory=dict)
    _reset_at: datetime | None = None

    def seconds_to_wait(self, now: datetime) -> int | None:
        """How long until there is room again; None when there is room now, or nothing is enforced."""
        self._roll(now)
        full = any(self._used.get(name, 0) >= limit for name, limit in self.limits.items())
        if not (self.enforced and full) or self._reset_at is None:
            return None
        return max(1, math.ceil((self._reset_at - now).total_seconds()))

    def use(self, now: datetime, *, input_tokens: int, output_tokens: int) -> None:
        self._roll(now)
        for name, amount in (("requests", 1), ("input-tokens", input_tokens), ("output-tokens", output_tokens)):
            self._used[name] = self._used.get(name, 0) + amount

    def headers(self, now: datetime) -> dict[str, str]:
        self._roll(now)
        reset = rfc3339(self._reset_at or now)
        told: dict[str, str] = {}
        for name, limit in {**self.limits, "tokens": self.limits["input-tokens"]}.items():
            used = self._used.get("input-tokens" if name == "tokens" else name, 0)
            told[f"anthropic-ratelimit-{name}-limit"] = str(limit)
            told[f"anthropic-ratelimit-{name}-remaining"] = str(max(limit - used, 0))
            told[f"anthropic-ratelimit-{name}-reset"] = reset
        return told

    def _roll(self, now: datetime) -> None:
        if self._reset_at is None or now >= self._reset_at:
            self._used = {}
            self._reset_at = now + MINUTE
