"""What the record's lines mean in words, for a lead's page."""

from collections.abc import Mapping
from typing import Any

from woodpecker_api.features.leads.rules.fields import FIELD

_SENTENCES = {
    "lead.created": "Entered by hand",
    "lead.deleted": "Deleted",
    "lead.restored": "Restored",
    "import.committed": "Imported",
    "import.undone": "Import undone",
    "sequence.generated": "Texts written",
    "sequence.imported": "Texts taken from the list",
    "sequence.edited": "Texts edited",
    "sequence.approved": "Texts approved",
    "sequence.rejected": "Texts sent back",
}


def sentence(action: str, payload: Mapping[str, Any]) -> str:
    """`lead.edited` with its payload → Edited: company, title."""
    if action == "lead.edited":
        names = payload.get("after") or {}
        labels = [FIELD[name].label if name in FIELD else name.replace("_", " ") for name in names]
        return "Edited: " + ", ".join(labels) if labels else "Edited"
    return _SENTENCES.get(action) or action.replace(".", " ").replace("_", " ").capitalize()
