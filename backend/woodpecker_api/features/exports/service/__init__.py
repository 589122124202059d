"""The verbs of the exports. The account's loop uses `sending`, `outcomes` and `recording`; people use the rest."""

from woodpecker_api.features.exports.service.holding import EpochFile, Sending, hold, sending
from woodpecker_api.features.exports.service.planning import Override, PlanOrder, make_plan
from woodpecker_api.features.exports.service.removing import on_suppressed, take_back
from woodpecker_api.features.exports.service.starting import StartOrder, start_export
from woodpecker_api.features.exports.service.steering import (
    Ask,
    cancel,
    done_by_hand,
    pause,
    resume,
    retry,
    undo,
)
from woodpecker_api.features.exports.service.story import held_leads

__all__ = [
    "Ask",
    "EpochFile",
    "Override",
    "PlanOrder",
    "Sending",
    "StartOrder",
    "cancel",
    "done_by_hand",
    "held_leads",
    "hold",
    "make_plan",
    "on_suppressed",
    "pause",
    "resume",
    "retry",
    "sending",
    "start_export",
    "take_back",
    "undo",
]
