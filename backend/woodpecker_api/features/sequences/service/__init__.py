"""What can be done with sequences: stored, edited, decided upon, shown. Callers own the transaction."""

from woodpecker_api.features.sequences.service.deciding import approve, reject, return_to_draft
from woodpecker_api.features.sequences.service.editing import edit, restore
from woodpecker_api.features.sequences.service.facts import facts_of, lead_texts
from woodpecker_api.features.sequences.service.following import entered_campaign, lead_statuses, left_campaign
from woodpecker_api.features.sequences.service.reading import by_id, of_lead, shown, snippets_of, versions_of
from woodpecker_api.features.sequences.service.rechecking import recheck
from woodpecker_api.features.sequences.service.storing import (
    Together,
    Written,
    store_generated,
    store_imported,
)

__all__ = [
    "Together",
    "Written",
    "approve",
    "by_id",
    "edit",
    "entered_campaign",
    "facts_of",
    "lead_statuses",
    "lead_texts",
    "left_campaign",
    "of_lead",
    "recheck",
    "reject",
    "restore",
    "return_to_draft",
    "shown",
    "snippets_of",
    "store_generated",
    "store_imported",
    "versions_of",
]
