"""Pure decisions of the export: states, what may happen to an item, who is kept out, what is sent, when to ask."""

from woodpecker_api.features.exports.rules.fields import (
    CSV_HEADER,
    contact_in,
    fields_hash,
    fields_to_send,
    same_texts,
    snippets_in,
)
from woodpecker_api.features.exports.rules.machine import (
    MAX_TRIES,
    Event,
    ImpossibleEventError,
    Step,
    after,
    possible_from,
)
from woodpecker_api.features.exports.rules.planning import (
    WITH_ANOTHER_CAMPAIGN,
    Candidate,
    Planned,
    Reason,
    Target,
    Texts,
    plan,
)
from woodpecker_api.features.exports.rules.rechecking import ExportBar, Recheck, bar_for, recheck
from woodpecker_api.features.exports.rules.settling import SettleTiming, SettleWatch
from woodpecker_api.features.exports.rules.states import (
    ACTIVE,
    CLAIMING,
    ENDED,
    IN_FLIGHT,
    OPEN,
    UNSETTLED,
    AttemptStatus,
    BatchStatus,
    ExportStatus,
    ItemStatus,
    RemovalCause,
    RemovalStatus,
)
from woodpecker_api.features.exports.rules.turns import Turns
from woodpecker_api.features.exports.rules.waiting import wait_after

__all__ = [
    "ACTIVE",
    "CLAIMING",
    "CSV_HEADER",
    "ENDED",
    "IN_FLIGHT",
    "MAX_TRIES",
    "OPEN",
    "UNSETTLED",
    "WITH_ANOTHER_CAMPAIGN",
    "AttemptStatus",
    "BatchStatus",
    "Candidate",
    "Event",
    "ExportBar",
    "ExportStatus",
    "ImpossibleEventError",
    "ItemStatus",
    "Planned",
    "Reason",
    "Recheck",
    "RemovalCause",
    "RemovalStatus",
    "SettleTiming",
    "SettleWatch",
    "Step",
    "Target",
    "Texts",
    "Turns",
    "after",
    "bar_for",
    "contact_in",
    "fields_hash",
    "fields_to_send",
    "plan",
    "possible_from",
    "recheck",
    "same_texts",
    "snippets_in",
    "wait_after",
]
