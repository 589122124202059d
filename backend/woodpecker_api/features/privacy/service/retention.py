"""What was kept long enough goes: texts of exported sequences, plans nobody ran, who the people of old attempts were.

One slice a transaction. Where a run has come to is kept, so that it goes on after a restart.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import all_keys, forget
from woodpecker_api.features.exports.service import aging
from woodpecker_api.features.exports.service import erasing as in_exports
from woodpecker_api.features.generation.service import erasing as in_generation
from woodpecker_api.features.privacy import queries
from woodpecker_api.features.privacy.models import RetentionReport
from woodpecker_api.features.privacy.rules import Phase, content_is_due, moment_before
from woodpecker_api.features.privacy.service.erasing import Found
from woodpecker_api.features.sequences.service import erasing as in_sequences
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit import erasing as in_audit
from woodpecker_api.system.audit.service import SYSTEM, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.settings.service import fact, read_settings, set_fact

SLICE = 200
"""Sequences of one transaction: some 1,500 rows, 50 ms in which writers of SQLite wait."""
PEOPLE_SLICE = 500
UNUSED_PLAN_DAYS = 30
"""A plan that nobody started for a month is not going to be."""
_RUN = "retention_run"
_PEOPLE_DONE = "retention_people_done"


@dataclass(frozen=True)
class Run:
    """Where the present run is: `after` is the last sequence looked at."""

    report_id: str
    phase: Phase = Phase.CONTENT
    after: str = ""


@dataclass(frozen=True)
class ContentSlice:
    """What the next slice of texts would remove. `last_id` None: there are no more."""

    found: Found
    sequences: int = 0
    last_id: str | None = None


def present_run(db: Session) -> Run | None:
    stored = json.loads(fact(db, _RUN) or "null")
    return Run(stored["report_id"], Phase(stored["phase"]), stored["after"]) if stored else None


def begin(db: Session, now: datetime) -> Run:
    settings = read_settings(db)
    report = RetentionReport(
        id=new_id(),
        keep_content_days=settings.keep_exported_content_days,
        keep_people_days=settings.keep_history_people_days,
        started_at=now,
    )
    db.add(report)
    db.flush()
    return _kept(db, Run(report.id))


def next_content(db: Session, run: Run, now: datetime) -> ContentSlice:
    """Reads only."""
    days = read_settings(db).keep_exported_content_days
    if days is None:
        return ContentSlice([])
    candidates = queries.content_candidates(db, moment_before(now, days), run.after, SLICE)
    if not candidates:
        return ContentSlice([])
    added = aging.last_added(db, [sequence_id for sequence_id, _, _ in candidates])
    due = [
        (sequence_id, lead_id)
        for sequence_id, lead_id, last_day in candidates
        if content_is_due(added.get(sequence_id), last_day, days, now)
    ]
    last_id = candidates[-1][0]
    if not due:
        return ContentSlice([], 0, last_id)
    ids, leads = [pair[0] for pair in due], [pair[1] for pair in due]
    places = [
        # The record of edits holds the words as well.
        *in_audit.places([("sequence", id_) for id_ in ids], ()),
        *in_generation.content(leads),
        *in_exports.content(ids, now),
        *in_sequences.content(ids, now),
    ]
    return ContentSlice(all_keys(db, places), len(due), last_id)


def remove_content(db: Session, run: Run, found: ContentSlice) -> Run:
    for place, keys in found.found:
        forget(db, place, keys)
    if found.sequences:
        _count(db, run, "texts", found.sequences)
        record(db, SYSTEM, "retention.texts_removed", ("retention", run.report_id), count=found.sequences)
        announce(db, "sequence")
    if found.last_id is None:
        return _kept(db, replace(run, phase=Phase.PLANS, after=""))
    return _kept(db, replace(run, after=found.last_id))


def drop_plan(db: Session, run: Run, now: datetime) -> Run:
    gone = aging.drop_unused_plan(db, now - timedelta(days=UNUSED_PLAN_DAYS))
    if gone:
        _count(db, run, "plan_items", gone)
        return run
    return _kept(db, replace(run, phase=Phase.PEOPLE))


def forget_names(db: Session, run: Run, now: datetime) -> Run:
    days = read_settings(db).keep_history_people_days
    if days is None:
        return _kept(db, replace(run, phase=Phase.DONE))
    done = fact(db, _PEOPLE_DONE)
    since = datetime.fromisoformat(done) if done else None
    count, last = aging.forget_names(db, since, moment_before(now, days), PEOPLE_SLICE)
    if last is None:
        return _kept(db, replace(run, phase=Phase.DONE))
    set_fact(db, _PEOPLE_DONE, rfc3339(last))
    _count(db, run, "history_people", count)
    record(db, SYSTEM, "retention.people_removed", ("retention", run.report_id), count=count)
    return run


def finish(db: Session, run: Run, now: datetime) -> RetentionReport:
    report = db.get_one(RetentionReport, run.report_id)
    report.finished_at = now
    set_fact(db, _RUN, "null")
    record(db, SYSTEM, "retention.done", ("retention", report.id), after={"counts": report.counts})
    announce(db, "retention", report.id)
    return report


def _kept(db: Session, run: Run) -> Run:
    set_fact(db, _RUN, json.dumps(asdict(run)))
    return run


def _count(db: Session, run: Run, name: str, more: int) -> None:
    report = db.get_one(RetentionReport, run.report_id)
    report.counts = {**report.counts, name: report.counts.get(name, 0) + more}
