"""What was asked and what was paid, so that a test can compare it with what the product believes."""

from dataclasses import asdict, dataclass, field
from typing import Any

from woodpecker_api.sandbox.claude.faults import LOST, SPOILED, Fault


@dataclass
class LeadCount:
    """`paid`: answers worked out and billed. Of those, `usable` were complete and sent, `lost` never arrived."""

    label: str = ""
    requests: int = 0
    paid: int = 0
    usable: int = 0
    spoiled: int = 0
    lost: int = 0


@dataclass
class Counters:
    requests: int = 0
    count_requests: int = 0
    paid: int = 0
    rejected: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    leads: dict[str, LeadCount] = field(default_factory=dict)

    def begin(self) -> None:
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)

    def end(self) -> None:
        self.in_flight -= 1

    def asked(self, key: str, label: str) -> int:
        """Notes a request for the lead and gives its number, 1 for the first."""
        lead = self.leads.setdefault(key, LeadCount(label))
        lead.requests += 1
        self.requests += 1
        return lead.requests

    def met(self, fault: Fault) -> None:
        self.faults[fault.value] = self.faults.get(fault.value, 0) + 1

    def pay(self, key: str, usage: dict[str, Any], fault: Fault | None) -> None:
        lead = self.leads.setdefault(key, LeadCount())
        self.paid += 1
        lead.paid += 1
        if fault in LOST:
            lead.lost += 1
        elif fault in SPOILED:
            lead.spoiled += 1
        else:
            lead.usable += 1
        self.input_tokens += usage["input_tokens"]
        self.output_tokens += usage["output_tokens"]
        self.cache_write_tokens += usage["cache_creation_input_tokens"]
        self.cache_read_tokens += usage["cache_read_input_tokens"]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
