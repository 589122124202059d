"""All the state of one simulated account. Only batches can outlive the process; the rest begins anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from woodpecker_api.kit.clock import Clock, system_clock
from woodpecker_api.kit.ids import new_id
from woodpecker_api.sandbox.claude.answering import compose, lead_key
from woodpecker_api.sandbox.claude.catalogue import Model
from woodpecker_api.sandbox.claude.counters import Counters
from woodpecker_api.sandbox.claude.faults import Fault, FaultPlan
from woodpecker_api.sandbox.claude.meter import Meter
from woodpecker_api.sandbox.claude.prompt import read_prompt
from woodpecker_api.sandbox.claude.shelf import BatchShelf
from woodpecker_api.sandbox.claude.tokens import PromptCache


@dataclass
class World:
    """`accepted_keys` None takes every key that does not begin with "invalid"."""

    clock: Clock = system_clock
    accepted_keys: frozenset[str] | None = None
    batch_polls: int = 2
    plan: FaultPlan = field(default_factory=FaultPlan)
    counters: Counters = field(default_factory=Counters)
    meter: Meter = field(default_factory=Meter)
    cache: PromptCache = field(default_factory=PromptCache)
    batches: BatchShelf = field(default_factory=BatchShelf)

    def takes_key(self, key: str) -> bool:
        if self.accepted_keys is not None:
            return key in self.accepted_keys
        return bool(key) and not key.startswith("invalid")

    def next_fault(self, body: Mapping[str, Any]) -> Fault | None:
        """Counts the request and decides what shall befall it."""
        key, label = lead_key(read_prompt(body))
        fault = self.plan.next_for(key, self.counters.asked(key, label))
        if fault is not None:
            self.counters.met(fault)
        return fault

    def answer(self, body: Mapping[str, Any], model: Model, fault: Fault | None) -> dict[str, Any]:
        """The message, paid."""
        now = self.clock()
        prompt = read_prompt(body)
        message = compose(body, prompt, self.cache.count(body, model, now), model, fault)
        usage = message["usage"]
        self.counters.pay(lead_key(prompt)[0], usage, fault)
        self.meter.use(now, input_tokens=usage["input_tokens"], output_tokens=usage["output_tokens"])
        return message

    def forget(self) -> None:
        """Everything but the keys and the clock."""
        self.plan, self.counters, self.meter = FaultPlan(), Counters(), Meter()
        self.cache = PromptCache()
        self.batches.clear()


def new_request_id() -> str:
    return f"req_sandbox_{new_id()}"
