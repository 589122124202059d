"""One slice of an import on its way into the database: new leads, merges, refusals, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.features.imports.models import Import, ImportStatus, OnDuplicate
from woodpecker_api.features.imports.queries import storing
from woodpecker_api.features.imports.rules.duplicates import merge
from woodpecker_api.features.imports.rules.issues import Issue
from woodpecker_api.features.imports.rules.prepared import Prepared, with_texts_as_custom
from woodpecker_api.features.imports.service.listeners import listeners
from woodpecker_api.features.imports.service.reading import double_in_database
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import FIELD_NAMES, LeadStatus, derived
from woodpecker_api.features.leads.service import say_changed
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce

COUNTED = ("created", "updated", "skipped", "rejected")


@dataclass
class _Slice:
    """What comes of the rows of one slice."""

    rejects: list[dict[str, Any]] = field(default_factory=list)
    created: list[Prepared] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))


def commit_slice(db: Session, imported: Import, items: Sequence[Prepared], now: datetime) -> None:
    """Stores the rows, notes how far the import came, writes one audit line."""
    actor = Actor("user", imported.created_by)
    found = _Slice()
    usable = {item.key: item for item in items if item.refusal is None}
    for item in items:
        if item.refusal is not None:
            _reject(found, imported, item, item.refusal, "skipped" if item.is_double else "rejected")
    # Most rows are new people, so we insert first and ask afterwards about those whom the index refused.
    new = list(usable.values())
    known = storing.insert_prepared(db, imported, _columns_of(new), now)
    found.created = [item for item in new if item.key not in known] if known else new
    found.counts["created"] = len(found.created)
    if known:
        existing = storing.leads_by_key(db, sorted(known))
        _merge_known(db, actor, imported, {key: usable[key] for key in usable if key in known}, existing, found, now)
    _bring_drafts(db, actor, found.created, now)
    storing.insert_rejects(db, found.rejects)
    _note(db, actor, imported, items, found)


def finish(db: Session, imported: Import, now: datetime) -> None:
    """The rows become visible, all at once."""
    storing.reveal(db, imported.id)
    imported.status, imported.finished_at = ImportStatus.COMMITTED, now
    imported.version += 1
    counts = {name: imported.counts.get(name, 0) for name in COUNTED}
    record(db, Actor("user", imported.created_by), "import.committed", ("import", imported.id), after=counts)
    announce(db, "import", imported.id)
    announce(db, "lead")


def _columns_of(items: Sequence[Prepared]) -> list[tuple[str, tuple[str, ...]]]:
    """(key, columns). Where nobody takes ready-made texts, they stay as custom fields."""
    if listeners.drafts_brought:
        return [(item.key, item.columns) for item in items]
    return [(item.key, with_texts_as_custom(item) if item.drafts else item.columns) for item in items]


def _merge_known(  # noqa: PLR0913, PLR0917  one step of the slice, with all that the slice knows
    db: Session,
    actor: Actor,
    imported: Import,
    items: dict[str, Prepared],
    existing: dict[str, Lead],
    found: _Slice,
    now: datetime,
) -> None:
    changes: list[dict[str, Any]] = []
    to_review: list[str] = []
    for key, item in items.items():
        lead = existing.get(key)
        if lead is None:  # on PostgreSQL it may have been deleted between the two looks
            _reject(found, imported, item, double_in_database(item.line), "skipped")
            continue
        skipped = _why_skipped(imported, lead, item.line)
        if skipped is not None:
            _reject(found, imported, item, skipped, "skipped")
            continue
        change = merge(_stored(lead), item.checked(), imported.on_duplicate)
        brought = _bring(db, actor, lead, item, now)
        if not change:
            if brought:
                found.updated.append(key)
            else:
                _reject(found, imported, item, double_in_database(item.line), "skipped")
            continue
        before = {name: getattr(lead, name) for name in change.changes}
        changes.append(
            {"import_id": imported.id, "lead_id": lead.id, "before": {"before": before, "after": change.changes}}
        )
        write(lead, change.changes, now)
        found.updated.append(key)
        if change.needs_review:
            to_review.append(lead.id)
    db.flush()
    storing.insert_changes(db, changes)
    found.counts["updated"] = len(found.updated)
    say_changed(db, actor, to_review, now)


def _why_skipped(imported: Import, lead: Lead, line: int) -> Issue | None:
    if imported.on_duplicate == OnDuplicate.SKIP or lead.pending_import_id is not None:
        return double_in_database(line)
    if lead.status == LeadStatus.EXPORTING:
        return Issue(line, None, "export_in_progress", "An export holds this lead, so it was left as it is.")
    return None


def write(lead: Lead, changes: dict[str, Any], now: datetime) -> None:
    """Changes the fields, and what follows from them."""
    for name, value in changes.items():
        setattr(lead, name, value)
    for name, value in derived(lead.email, _stored(lead)).items():
        setattr(lead, name, value)
    lead.version += 1
    lead.updated_at = now


def _stored(lead: Lead) -> dict[str, Any]:
    return {name: getattr(lead, name) for name in (*FIELD_NAMES, "custom", "tags")}


def _bring_drafts(db: Session, actor: Actor, created: Sequence[Prepared], now: datetime) -> None:
    with_texts = {item.key: item for item in created if item.drafts}
    if with_texts and listeners.drafts_brought:
        leads = storing.leads_by_key(db, list(with_texts))
        for key, item in with_texts.items():
            _bring(db, actor, leads[key], item, now)


def _bring(db: Session, actor: Actor, lead: Lead, item: Prepared, now: datetime) -> bool:
    """Whether somebody took the texts."""
    if not item.drafts:
        return False
    taken = [listener(db, actor, lead, item.texts, now) for listener in listeners.drafts_brought]
    return any(answer is not None for answer in taken)


def _reject(found: _Slice, imported: Import, item: Prepared, issue: Issue, counted: str) -> None:
    found.counts[counted] += 1
    found.rejects.append(
        {
            "import_id": imported.id,
            "row": item.line,
            "code": issue.code,
            "reason": issue.message,
            "cells": item.cells,
        }
    )


def _note(db: Session, actor: Actor, imported: Import, items: Sequence[Prepared], found: _Slice) -> None:
    imported.rows_done += len(items)
    counts = {name: imported.counts.get(name, 0) + found.counts[name] for name in COUNTED}
    imported.counts = {**imported.counts, **counts}
    told = {**found.counts, "digest": digest(sorted([*(item.key for item in found.created), *found.updated]))}
    if items:
        told["lines"] = [items[0].line, items[-1].line]
        record(db, actor, "import.slice", ("import", imported.id), after=told, count=len(items))
    announce(db, "import", imported.id)
