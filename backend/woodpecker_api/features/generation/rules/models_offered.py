"""Which model and effort a run uses when nobody chose."""

from collections.abc import Sequence
from dataclasses import dataclass

PREFERRED = ("claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5")
"""Good short prose at a fair price first; read again when the price table is."""
USUAL_EFFORT = "medium"


@dataclass(frozen=True)
class Offer:
    """A model as a run needs to know it. `usable`: active or deprecated, and able to answer in a given shape."""

    id: str
    name: str
    usable: bool
    deprecated: bool
    batch: bool
    efforts: tuple[str, ...]
    max_output_tokens: int | None
    has_price: bool


def choose_model(offers: Sequence[Offer], wanted: str | None) -> Offer | None:
    """The wanted one when it is usable; without a wish the preferred, else the newest with a price. None: there is none."""
    usable = [offer for offer in offers if offer.usable]
    if wanted is not None:
        return next((offer for offer in usable if offer.id == wanted), None)
    by_id = {offer.id: offer for offer in usable}
    preferred = [by_id[name] for name in PREFERRED if name in by_id]
    newest = [offer for offer in usable if not offer.deprecated]
    return next(iter([*preferred, *(offer for offer in newest if offer.has_price), *newest, *usable]), None)


def choose_effort(offer: Offer, wanted: str | None) -> str | None:
    """The wanted or the usual effort when the model knows it, else None, which leaves it to the model."""
    return next((effort for effort in (wanted, USUAL_EFFORT) if effort in offer.efforts), None)
