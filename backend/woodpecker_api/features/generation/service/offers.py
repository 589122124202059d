"""What the account offers, asked at most once a minute for each kind of access."""

import threading
import time
from collections.abc import Callable
from typing import Any

from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.port import ClaudeApi, Lifecycle, ModelOffer
from woodpecker_api.features.generation.errors import ModelNotOfferedError, ModelsUnavailableError
from woodpecker_api.features.generation.rules.models_offered import Offer, choose_model
from woodpecker_api.features.generation.rules.prices import price_of
from woodpecker_api.kit.clock import Clock

KEPT_SECONDS = 60.0


class ModelOffers:
    """Shared by the requests of a process. Network: never call it inside a transaction."""

    def __init__(self, claude: Callable[[], ClaudeApi], clock: Clock) -> None:
        self._claude = claude
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[ClaudeApi, float, tuple[Offer, ...]] | None = None

    @classmethod
    def shared(cls, state: Any, claude: Callable[[], ClaudeApi], clock: Clock) -> "ModelOffers":
        """The one that lives on the application's `state`."""
        if not hasattr(state, "model_offers"):
            state.model_offers = cls(claude, clock)
        found: ModelOffers = state.model_offers
        return found

    def all(self) -> tuple[Offer, ...]:
        """Newest first. Raises `ModelsUnavailableError`, `VendorKeyMissingError`."""
        client = self._claude()
        with self._lock:
            kept = self._kept
            # Another client means another key: what it may use is another matter.
            if kept is not None and kept[0] is client and time.monotonic() - kept[1] < KEPT_SECONDS:
                return kept[2]
        try:
            found = tuple(self._offer(model) for model in client.models())
        except ClaudeError as error:
            raise ModelsUnavailableError(f"Claude could not say which models there are: {error}") from error
        with self._lock:
            self._kept = (client, time.monotonic(), found)
        return found

    def choose(self, wanted: str | None) -> Offer:
        """Raises `ModelNotOfferedError` when the account does not offer it, and as `all` does."""
        offer = choose_model(self.all(), wanted)
        if offer is None:
            what = f"the model {wanted}" if wanted else "a model that can write sequences"
            raise ModelNotOfferedError(f"Your Claude account does not offer {what}. Choose another one.")
        return offer

    def _offer(self, model: ModelOffer) -> Offer:
        return Offer(
            id=model.id,
            name=model.display_name,
            usable=model.structured_outputs and model.lifecycle is not Lifecycle.RETIRED,
            deprecated=model.lifecycle is Lifecycle.DEPRECATED,
            batch=model.batch,
            efforts=tuple(effort.value for effort in model.efforts),
            max_output_tokens=model.max_output_tokens,
            has_price=price_of(model.id, self._clock().date()) is not None,
        )
