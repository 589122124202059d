"""The verbs of the room. Others use what is listed here; each writes its audit line in the caller's transaction."""

from woodpecker_api.features.leads.service.bulk import mark
from woodpecker_api.features.leads.service.editing import edit_lead, find_lead, shown
from woodpecker_api.features.leads.service.erasing import erased_among
from woodpecker_api.features.leads.service.listeners import listen, refuse_held, say_changed
from woodpecker_api.features.leads.service.selecting import ChosenLead, lead_conditions, resolve_selection
from woodpecker_api.features.leads.service.suppression import NewEntry, add_entry, suppress_leads, suppressed_now

__all__ = [
    "ChosenLead",
    "NewEntry",
    "add_entry",
    "edit_lead",
    "erased_among",
    "find_lead",
    "lead_conditions",
    "listen",
    "mark",
    "refuse_held",
    "resolve_selection",
    "say_changed",
    "shown",
    "suppress_leads",
    "suppressed_now",
]
