"""Erasing a person: asked for once, then looked for and emptied until nothing is found any more.

What stays says nothing of anybody: that there was a lead, which template, who approved, when it went out, its fingerprint, the chain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import Place, all_keys, forget
from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.service import erasing as in_campaigns
from woodpecker_api.features.exports.service import erasing as in_exports
from woodpecker_api.features.generation.service import erasing as in_generation
from woodpecker_api.features.imports.service import erasing as in_imports
from woodpecker_api.features.imports.service.erasing import InFiles
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.rules import check_address
from woodpecker_api.features.leads.rules.forgetting import Person
from woodpecker_api.features.leads.service import erasing as in_leads
from woodpecker_api.features.leads.service import refuse_held
from woodpecker_api.features.privacy import queries
from woodpecker_api.features.privacy.errors import PersonBusyError
from woodpecker_api.features.privacy.models import Erasure
from woodpecker_api.features.privacy.rules import ErasureStatus
from woodpecker_api.features.review import service as review
from woodpecker_api.features.sequences.service import erasing as in_sequences
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit import erasing as in_audit
from woodpecker_api.system.audit.service import SYSTEM, Actor, record
from woodpecker_api.system.auth import erasing as in_auth
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs

JOB = "erase_person"
Found = list[tuple[Place, list[tuple[Any, ...]]]]


@dataclass(frozen=True)
class Asked:
    """Who asks, and whether the Woodpecker account we speak to is the simulator's; None: to none."""

    actor: Actor
    sandbox: bool | None


def ask(db: Session, jobs: Jobs, asked: Asked, email: str, now: datetime) -> Erasure:
    """From this transaction on nobody is written to under this address. The same person asked for again is the same erasure.

    Raises `ValidationFailedError`, `PersonBusyError`, `ExportInProgressError`, `SuppressionKeyMissingError`.
    """
    text = email.strip()
    if (problem := check_address(text)) is not None:
        raise ValidationFailedError(problem.message, errors=(FieldProblem("email", problem.code, problem.message),))
    key = address_key(text)
    hashed = in_leads.person_hash(db, key)
    if (known := queries.open_erasure(db, hashed)) is not None:
        return known
    lead_ids = [lead.id for lead in queries.leads_at(db, key)]
    refuse_held(db, lead_ids)
    if is_busy(db, lead_ids):
        raise PersonBusyError(
            "Texts about this person are being written, or a list is being imported. Ask again when that is finished."
        )
    erasure = Erasure(
        id=new_id(), email=text, person_hash=hashed, lead_ids=lead_ids, requested_by=asked.actor.id, created_at=now
    )
    db.add(erasure)
    db.flush()
    in_leads.remember_erased(db, hashed, now)
    if asked.sandbox is not None:
        person = in_exports.ToDelete(erasure.id, text, key, asked.actor.id)
        for account_id in in_exports.ask_deletion(db, person, sandbox=asked.sandbox, now=now):
            campaigns.wake(db, jobs, account_id)
    record(db, asked.actor, "erasure.asked", ("erasure", erasure.id))
    announce(db, "erasure", erasure.id)
    jobs.enqueue(db, JOB, erasure.id, key=f"erase-{erasure.id}")
    return erasure


def is_busy(db: Session, lead_ids: Sequence[str]) -> bool:
    """Something may write of the person at this moment."""
    return queries.being_written(db, lead_ids) or in_imports.is_busy(db)


def look(db: Session, uploads: Uploads, erasure: Erasure, now: datetime) -> tuple[Person, InFiles, Found]:
    """Everything that still speaks of the person. Reads only, and may take a while."""
    person = in_leads.person_of(db, address_key(erasure.email), erasure.lead_ids)
    in_files = in_imports.look_in_files(db, uploads, person)
    return person, in_files, all_keys(db, every_place(db, person, in_files, now))


def every_place(db: Session, person: Person, in_files: InFiles, now: datetime) -> list[Place]:
    """In this order: what is found by the leads before the leads themselves."""
    texts = queries.sequence_ids(db, person.lead_ids)
    subjects = [*(("lead", id_) for id_ in person.lead_ids), *(("sequence", id_) for id_ in texts)]
    return [
        *in_audit.places(subjects, person.words),
        *in_auth.places(person.key, [*person.lead_ids, *texts], person.words),
        *review.places(person),
        *in_sequences.places(person),
        *in_generation.places(person),
        *in_exports.places(person),
        *in_campaigns.places(person.key, person.words),
        *in_imports.places(db, person, in_files),
        *in_leads.places(person, now),
    ]


def empty(db: Session, erasure: Erasure, person: Person, in_files: InFiles, found: Found, now: datetime) -> int:
    """Empties what was found; how many rows. Nothing found anywhere means that the person is gone from here."""
    counts = dict(erasure.counts)
    for place, keys in found:
        counts[place.name] = counts.get(place.name, 0) + forget(db, place, keys)
    samples = in_imports.forget_samples(db, person, in_files)
    in_imports.give_up_files(db, in_files.import_ids, now)
    erasure.lead_ids = sorted({*erasure.lead_ids, *person.lead_ids})
    erasure.files = sorted({*erasure.files, *in_files.import_ids})
    erasure.counts = counts
    return sum(len(keys) for _, keys in found) + samples + len(in_files.import_ids)


def erased_here(db: Session, erasure: Erasure, now: datetime) -> None:
    """A whole look found nothing: the address itself goes, as the last thing that said who it was."""
    erasure.status, erasure.erased_at, erasure.email, erasure.reason = ErasureStatus.ERASED, now, "", None
    erasure.files = []
    record(db, SYSTEM, "erasure.erased", ("erasure", erasure.id), after={"counts": erasure.counts})
    announce(db, "erasure", erasure.id)
    announce(db, "lead")


def finish_confirmed(db: Session, now: datetime) -> int:
    """Erasures that Woodpecker has confirmed since; how many."""
    erased = queries.with_status(db, ErasureStatus.ERASED, 500)
    still_open = in_exports.deletion_open(db, [erasure.id for erasure in erased])
    confirmed = [erasure for erasure in erased if erasure.id not in still_open]
    for erasure in confirmed:
        erasure.status, erasure.finished_at = ErasureStatus.DONE, now
        record(db, SYSTEM, "erasure.confirmed", ("erasure", erasure.id))
        announce(db, "erasure", erasure.id)
    return len(confirmed)


def lift(db: Session, actor: Actor, email: str) -> str | None:
    """The person agreed to be written to again. Gives back their hash, or None when they were never erased."""
    key = address_key(email)
    if not in_leads.forget_erasure(db, key):
        return None
    record(db, actor, "erasure.lifted", ("erased_person", None))
    return in_leads.person_hash(db, key)
