"""Pure decisions about leads: which fields, which states, when two addresses are one person, what search compares."""

from woodpecker_api.features.leads.rules.addresses import AddressProblem, check_address, domain_of
from woodpecker_api.features.leads.rules.fields import (
    FIELD_NAMES,
    FIELDS,
    Field,
    custom_key,
    is_web_link,
    time_zone_is_clear,
)
from woodpecker_api.features.leads.rules.search import derived, fold, search_text
from woodpecker_api.features.leads.rules.selection import LeadFilter, Selection
from woodpecker_api.features.leads.rules.states import LeadStatus, SuppressionKind, may_become
from woodpecker_api.features.leads.rules.suppression import Suppressed

__all__ = [
    "FIELDS",
    "FIELD_NAMES",
    "AddressProblem",
    "Field",
    "LeadFilter",
    "LeadStatus",
    "Selection",
    "Suppressed",
    "SuppressionKind",
    "check_address",
    "custom_key",
    "derived",
    "domain_of",
    "fold",
    "is_web_link",
    "may_become",
    "search_text",
    "time_zone_is_clear",
]
