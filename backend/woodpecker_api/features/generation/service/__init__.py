"""What can be done with runs: estimated, started, steered, worked off, shown. Callers own the transaction."""

from woodpecker_api.features.generation.service.batching import (
    BatchStep,
    Look,
    Pause,
    Search,
    Send,
    next_batch_step,
)
from woodpecker_api.features.generation.service.collecting import (
    absent,
    collect,
    collected,
    look_failed,
    refused,
    still_working,
    submitted,
    unheard,
)
from woodpecker_api.features.generation.service.estimating import Estimate, Sampled, estimate, sample
from woodpecker_api.features.generation.service.offers import ModelOffers
from woodpecker_api.features.generation.service.previewing import Preview, preview
from woodpecker_api.features.generation.service.reading import counts_of, get_run, items_of, runs, shown
from woodpecker_api.features.generation.service.starting import Order, Start, start
from woodpecker_api.features.generation.service.steering import cancel, pause, pause_for, resume, retry_failed
from woodpecker_api.features.generation.service.writing import (
    Asked,
    Book,
    Rest,
    Spending,
    given_up,
    is_active,
    leave,
    open_book,
    take_up,
    waiting_items,
)

__all__ = [
    "Asked",
    "BatchStep",
    "Book",
    "Estimate",
    "Look",
    "ModelOffers",
    "Order",
    "Pause",
    "Preview",
    "Rest",
    "Sampled",
    "Search",
    "Send",
    "Spending",
    "Start",
    "absent",
    "cancel",
    "collect",
    "collected",
    "counts_of",
    "estimate",
    "get_run",
    "given_up",
    "is_active",
    "items_of",
    "leave",
    "look_failed",
    "next_batch_step",
    "open_book",
    "pause",
    "pause_for",
    "preview",
    "refused",
    "resume",
    "retry_failed",
    "runs",
    "sample",
    "shown",
    "start",
    "still_working",
    "submitted",
    "take_up",
    "unheard",
    "waiting_items",
]
