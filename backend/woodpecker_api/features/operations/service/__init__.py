"""The verbs of steering: settings are changed by `system.settings`, here is what surrounds it."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.leads.service.samples import remove_samples
from woodpecker_api.features.operations.rules import is_plausible_key
from woodpecker_api.kit.crypto import SecretBox
from woodpecker_api.system.audit.service import Actor, Verdict, record, verify
from woodpecker_api.system.settings.service import Vendor, set_vendor_key


def enter_key(db: Session, actor: Actor, box: SecretBox, vendor: Vendor, key: str, now: datetime) -> None:
    """Takes effect with this transaction. Raises `ValidationFailedError`."""
    if not is_plausible_key(key.strip()):
        sentence = "This is no key: it has 8 to 500 characters without spaces or line breaks. Copy it again."
        raise ValidationFailedError(sentence, errors=(FieldProblem("key", "bad_key", sentence),))
    set_vendor_key(db, actor, box, vendor, key, now)
    # From here on it is real: invented people go, in the same step.
    remove_samples(db, actor, now)


def check_record(db: Session) -> Verdict:
    """The verdict on the whole chain."""
    *_, final = verify(db)
    return final


def note_check(db: Session, actor: Actor, verdict: Verdict) -> None:
    after = {"ok": verdict.ok, "checked": verdict.checked, "first_bad_id": verdict.first_bad_id}
    record(db, actor, "audit.verified", ("audit", None), after=after)
