"""What the simulator saw: the record against which an export's promises are checked."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

Enrolled = tuple[int, str]
"""Campaign id and address as `same_person` gives it."""


@dataclass
class Ledger:
    """Counts since the account was last reset. `changed` and `new_requests` are what storage has not kept yet."""

    arrived: Counter[Enrolled] = field(default_factory=Counter)
    """How often a row for this person and campaign was processed, whatever came of it."""
    applied: Counter[Enrolled] = field(default_factory=Counter)
    """How often that really put the person into the campaign. More than once means leaving in between."""
    removed: Counter[Enrolled] = field(default_factory=Counter)
    requests: list[dict[str, Any]] = field(default_factory=list)
    """Every add, removal and blacklist write that was applied, in order."""
    calls: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    unknown_keys: set[str] = field(default_factory=set)
    """Keys in requests that the vendor would drop without a word."""
    order: deque[str] = field(default_factory=lambda: deque(maxlen=20_000))
    """What was processed, one after the other, since this process started: method, path, and what was asked about whom."""
    peak_in_flight: int = 0
    """Most requests at a time whose sender was still waiting."""
    peak_at_vendor: int = 0
    """Most requests at a time at the vendor, those given up by their sender included."""
    refused_busy: int = 0
    """Requests dropped by the queue itself, not by a fault."""
    changed: set[Enrolled] = field(default_factory=set)
    new_requests: list[dict[str, Any]] = field(default_factory=list)

    def saw_row(self, campaign_id: int, address: str) -> None:
        self.arrived[campaign_id, address] += 1
        self.changed.add((campaign_id, address))

    def enrolled(self, campaign_id: int, address: str) -> None:
        self.applied[campaign_id, address] += 1
        self.changed.add((campaign_id, address))

    def left(self, campaign_id: int, address: str) -> None:
        self.removed[campaign_id, address] += 1
        self.changed.add((campaign_id, address))

    def saw_request(self, request: dict[str, Any]) -> None:
        numbered = {"number": len(self.requests) + 1, **request}
        self.requests.append(numbered)
        self.new_requests.append(numbered)

    def applied_too_often(self) -> list[Enrolled]:
        """People put into a campaign again without having left it, which must never happen."""
        return [key for key, times in self.applied.items() if times > 1 + self.removed[key]]

    def summary(self) -> dict[str, Any]:
        return {
            "applied": sum(self.applied.values()),
            "applied_people": len(self.applied),
            "applied_too_often": [
                {"campaign_id": number, "email": email} for number, email in self.applied_too_often()
            ],
            "arrived_more_than_once": sum(1 for times in self.arrived.values() if times > 1),
            "requests_applied": len(self.requests),
            "calls": dict(self.calls),
            "faults": dict(self.faults),
            "unknown_keys": sorted(self.unknown_keys),
            "peak_in_flight": self.peak_in_flight,
            "peak_at_vendor": self.peak_at_vendor,
            "refused_busy": self.refused_busy,
        }

    def counters(self) -> dict[str, Any]:
        """The part that is kept as one document."""
        return {
            "calls": dict(self.calls),
            "faults": dict(self.faults),
            "unknown_keys": sorted(self.unknown_keys),
            "peak_in_flight": self.peak_in_flight,
            "peak_at_vendor": self.peak_at_vendor,
            "refused_busy": self.refused_busy,
        }
