"""The verbs of the room. Others use what is listed here; each writes its audit line in the caller's transaction."""

from woodpecker_api.features.leads.service.selecting import ChosenLead, lead_conditions, resolve_selection

__all__ = ["ChosenLead", "lead_conditions", "resolve_selection"]
