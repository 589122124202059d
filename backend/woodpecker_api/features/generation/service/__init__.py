"""What can be done with runs: estimated, started, steered, worked off, shown. Callers own the transaction."""

from woodpecker_api.features.generation.service.estimating import Estimate, Sampled, estimate, sample
from woodpecker_api.features.generation.service.feeding import feed
from woodpecker_api.features.generation.service.offers import ModelOffers
from woodpecker_api.features.generation.service.previewing import Preview, preview
from woodpecker_api.features.generation.service.reading import counts_of, get_run, items_of, runs, shown
from woodpecker_api.features.generation.service.starting import Order, Start, start
from woodpecker_api.features.generation.service.steering import cancel, pause, pause_for, resume, retry_failed
from woodpecker_api.features.generation.service.writing import Asked, Rest, answered, begin, failed, given_up

__all__ = [
    "Asked",
    "Estimate",
    "ModelOffers",
    "Order",
    "Preview",
    "Rest",
    "Sampled",
    "Start",
    "answered",
    "begin",
    "cancel",
    "counts_of",
    "estimate",
    "failed",
    "feed",
    "get_run",
    "given_up",
    "items_of",
    "pause",
    "pause_for",
    "preview",
    "resume",
    "retry_failed",
    "runs",
    "sample",
    "shown",
    "start",
]
