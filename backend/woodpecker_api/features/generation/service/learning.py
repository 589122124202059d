"""What became of the texts of each template version: decisions, edits, money, and what Woodpecker says of the people."""

from collections import defaultdict
from collections.abc import Sequence as Many
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import AccountPerson, WoodpeckerAccount
from woodpecker_api.features.campaigns.rules import PersonBar, person_bar
from woodpecker_api.features.generation.models import (
    CallStatus,
    GenerationCall,
    GenerationItem,
    GenerationRun,
    ItemStatus,
)
from woodpecker_api.features.generation.rules.learning import Learned, changed_share, usual_share
from woodpecker_api.features.leads.models import VISIBLE, Lead
from woodpecker_api.features.sequences.models import Sequence, Snippet
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.features.templates.rules import STANDARD_VARIABLES

APPROVED = (SequenceStatus.APPROVED, SequenceStatus.EXPORTED)
EDITS_READ = 300
"""Edited sequences of a version whose words are compared, the newest; more would not move the middle one."""
LEADS_READ = 2_000
"""Leads, the newest, whose columns are offered as variables."""


def learn(
    db: Session, template_id: str | None, *, sandbox: bool, sandbox_account: bool
) -> tuple[list[Learned], datetime | None]:
    """Every version that some text was written with, newest first; and as of when Woodpecker's part is.

    `sandbox`, `sandbox_account`: whose texts and whose people count; sample data never colours real answers.
    """
    decided = _decisions(db, sandbox=sandbox)
    money = _money(db, sandbox=sandbox)
    people = _people(db, sandbox=sandbox, sandbox_account=sandbox_account)
    edits = _edits(db, sandbox=sandbox)
    versions = sa.select(TemplateVersion, Template).join(Template, Template.id == TemplateVersion.template_id)
    if template_id is not None:
        versions = versions.where(Template.id == template_id)
    rows = []
    for version, template in db.execute(versions.order_by(TemplateVersion.id.desc())):
        if version.id not in decided and version.id not in money:
            continue
        one = Learned(template.id, template.name, version.number, version.session_only, version.created_at)
        counted: dict[str, Any] = {}
        for figures in (decided, money, people):
            counted |= figures.get(version.id, {})
        one = replace(one, **counted)
        rows.append(replace(one, edited_words=usual_share(edits.get(version.id, ()))))
    as_of = sa.select(sa.func.max(WoodpeckerAccount.people_as_of)).where(WoodpeckerAccount.sandbox == sandbox_account)
    return rows, db.scalar(as_of)


def variables(db: Session) -> list[str]:
    """Columns of imported lists that templates can name (research links, attachments, notes), those that most leads have first."""
    counts: dict[str, int] = defaultdict(int)
    newest = sa.select(Lead.custom).where(*VISIBLE)
    for custom in db.scalars(newest.order_by(Lead.id.desc()).limit(LEADS_READ)):
        for key in custom or {}:
            counts[key] += 1
    names = [name for name in counts if name not in STANDARD_VARIABLES]
    return sorted(names, key=lambda name: (-counts[name], name))


def _decisions(db: Session, *, sandbox: bool) -> dict[str, dict[str, int]]:
    is_approved = Sequence.status.in_(APPROVED)
    wanted = (
        sa.select(
            Sequence.template_version_id.label("version_id"),
            sa.func.count().label("written"),
            _how_many(is_approved).label("approved"),
            _how_many(sa.and_(is_approved, ~Sequence.edited)).label("approved_unedited"),
            _how_many(Sequence.status == SequenceStatus.REJECTED).label("rejected"),
        )
        .where(*_by_the_model(sandbox=sandbox))
        .group_by(Sequence.template_version_id)
    )
    return {row.version_id: _figures(row) for row in db.execute(wanted)}


def _money(db: Session, *, sandbox: bool) -> dict[str, dict[str, int]]:
    spent = (
        sa.select(GenerationRun.template_version_id.label("version_id"), sa.func.sum(GenerationCall.charged_micros))
        .select_from(GenerationCall)
        .join(GenerationRun, GenerationRun.id == GenerationCall.run_id)
        .where(GenerationCall.sandbox == sandbox, GenerationCall.status.in_((CallStatus.SETTLED, CallStatus.UNCERTAIN)))
        .group_by(GenerationRun.template_version_id)
    )
    answered = (
        sa.select(GenerationRun.template_version_id.label("version_id"), sa.func.count())
        .select_from(GenerationItem)
        .join(GenerationRun, GenerationRun.id == GenerationItem.run_id)
        .where(GenerationRun.sandbox == sandbox, GenerationItem.status == ItemStatus.DONE)
        .group_by(GenerationRun.template_version_id)
    )
    leads = {row[0]: int(row[1]) for row in db.execute(answered)}
    return {row[0]: {"micros": int(row[1] or 0), "answered": leads.get(row[0], 0)} for row in db.execute(spent)}


def _people(db: Session, *, sandbox: bool, sandbox_account: bool) -> dict[str, dict[str, int]]:
    """Mailed counts who was contacted after the approval: earlier mail of other campaigns is not this version's doing."""
    wanted = (
        sa.select(
            Sequence.template_version_id.label("version_id"),
            AccountPerson.status.label("word"),
            (AccountPerson.last_replied_at >= Sequence.approved_at).label("has_replied"),
            sa.func.count().label("people"),
        )
        .select_from(Sequence)
        .join(Lead, Lead.id == Sequence.lead_id)
        .join(AccountPerson, AccountPerson.address_key == Lead.address_key)
        .join(WoodpeckerAccount, WoodpeckerAccount.id == AccountPerson.woodpecker_account_id)
        .where(
            *_by_the_model(sandbox=sandbox),
            Sequence.status == SequenceStatus.EXPORTED,
            WoodpeckerAccount.sandbox == sandbox_account,
            AccountPerson.last_contacted_at >= Sequence.approved_at,
        )
        .group_by(Sequence.template_version_id, AccountPerson.status, sa.column("has_replied"))
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"mailed": 0, "replied": 0, "bounced": 0})
    for row in db.execute(wanted):
        bar = person_bar(row.word)
        figures = found[row.version_id]
        figures["mailed"] += row.people
        figures["replied"] += row.people if row.has_replied or bar is PersonBar.REPLIED else 0
        figures["bounced"] += row.people if bar is PersonBar.BOUNCED else 0
    return found


def _edits(db: Session, *, sandbox: bool) -> dict[str, list[float]]:
    """By version: the share of changed words in each approved sequence that was edited. Texts that were purged say nothing."""
    edited = (
        sa.select(Sequence.id, Sequence.template_version_id)
        .where(*_by_the_model(sandbox=sandbox), Sequence.edited, Sequence.status.in_(APPROVED))
        .order_by(Sequence.id.desc())
        .limit(EDITS_READ * 10)
    )
    by_version: dict[str, list[str]] = defaultdict(list)
    for sequence_id, version_id in db.execute(edited):
        if version_id and len(by_version[version_id]) < EDITS_READ:
            by_version[version_id].append(sequence_id)
    return {version_id: _shares(db, ids) for version_id, ids in by_version.items()}


def _shares(db: Session, sequence_ids: Many[str]) -> list[float]:
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    wanted = sa.select(Snippet.sequence_id, Snippet.original_text, Snippet.text)
    for row in db.execute(wanted.where(Snippet.sequence_id.in_(sequence_ids), Snippet.original_text != "")):
        pairs[row.sequence_id].append((row.original_text, row.text))
    return [changed_share(found) for found in pairs.values()]


def _by_the_model(*, sandbox: bool) -> tuple[sa.ColumnElement[bool], ...]:
    """Texts of a run, not those that a list brought along."""
    return (
        Sequence.generation_run_id.is_not(None),
        Sequence.sandbox == sandbox,
        Sequence.template_version_id.is_not(None),
    )


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _figures(row: Any) -> dict[str, int]:
    return {name: int(value or 0) for name, value in row._asdict().items() if name != "version_id"}
