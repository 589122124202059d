"""The verbs of the room. The rooms above are told what was committed, and asked what may be undone, in `listeners`."""

from woodpecker_api.features.imports.service.listeners import listen

__all__ = ["listen"]
