"""Making, changing and choosing templates. A version, once made, is never changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, ValidationFailedError, VersionConflictError
from woodpecker_api.features.templates.errors import DefaultTemplateError, TemplateArchivedError
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.features.templates.rules import (
    DEFAULT_CONTENT,
    DEFAULT_NAME,
    ERROR,
    SAMPLE_BRIEF,
    Content,
    problems_of,
)
from woodpecker_api.features.templates.service.reading import content_of, current_version, get
from woodpecker_api.kit.clock import rfc3339, system_clock
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.audit.service import SYSTEM, Actor, record
from woodpecker_api.system.changes.service import announce


def ensure_default(db: Session, now: datetime | None = None, *, sample: bool = False) -> Template:
    """The default template; the one that ships is stored when there is none. `sample` gives it an invented brief."""
    present = db.scalar(sa.select(Template).where(Template.is_default))
    if present is not None:
        return present
    content = replace(DEFAULT_CONTENT, brief=SAMPLE_BRIEF) if sample else DEFAULT_CONTENT
    return _store_new(db, SYSTEM, (DEFAULT_NAME, content), now or system_clock(), is_default=True)


def create(db: Session, actor: Actor, name: str, content: Content, now: datetime) -> Template:
    """Raises `ValidationFailedError` with every error of the content."""
    refuse_errors(name, content)
    return _store_new(db, actor, (name.strip(), content), now)


def update(
    db: Session, actor: Actor, template_id: str, version: int, named: tuple[str, Content], now: datetime
) -> Template:
    """Makes the next version when the content differs; a new name alone makes none.

    Raises `VersionConflictError` with the present record, `TemplateArchivedError`, `ValidationFailedError`.
    """
    name, content = named
    template = _changeable(db, template_id, version)
    refuse_errors(name, content)
    before = {"name": template.name, "version_number": template.current_version}
    present = current_version(db, template)
    if content_of(present) != content:
        number = next_number(db, template.id)
        add_version(db, template.id, number, content, (actor, now))
        template.current_version = number
    template.name = name.strip()
    _changed(db, actor, "template.edited", template, before)
    return template


def clone(db: Session, actor: Actor, template_id: str, name: str, now: datetime) -> Template:
    """A template of its own, with the current content of the other as version 1."""
    source = get(db, template_id)
    return create(db, actor, name, content_of(current_version(db, source)), now)


def archive(db: Session, actor: Actor, template_id: str, version: int, now: datetime) -> Template:
    template = _changeable(db, template_id, version)
    if template.is_default:
        raise DefaultTemplateError("This is the default template. Make another one the default first.")
    template.archived_at = now
    _changed(db, actor, "template.archived", template, {"archived_at": None})
    return template


def bring_back(db: Session, actor: Actor, template_id: str, version: int) -> Template:
    template = get(db, template_id)
    _check_version(db, template, version)
    before = {"archived_at": rfc3339(template.archived_at) if template.archived_at else None}
    template.archived_at = None
    _changed(db, actor, "template.brought_back", template, before)
    return template


def make_default(db: Session, actor: Actor, template_id: str, version: int) -> Template:
    template = _changeable(db, template_id, version)
    if template.is_default:
        return template
    db.execute(sa.update(Template).where(Template.is_default).values(is_default=False, version=Template.version + 1))
    template.is_default = True
    _changed(db, actor, "template.made_default", template, {"is_default": False})
    return template


def _store_new(
    db: Session, actor: Actor, named: tuple[str, Content], now: datetime, *, is_default: bool = False
) -> Template:
    name, content = named
    template = Template(name=name, is_default=is_default, current_version=1, version=1, created_at=now)
    db.add(template)
    db.flush()
    add_version(db, template.id, 1, content, (actor, now))
    record(
        db,
        actor,
        "template.created",
        ("template", template.id),
        after={"name": name, "digest": digest(content.as_json())},
    )
    announce(db, "template", template.id)
    return template


def add_version(
    db: Session,
    template_id: str,
    number: int,
    content: Content,
    made: tuple[Actor, datetime],
    *,
    session_only: bool = False,
) -> TemplateVersion:
    actor, now = made
    parts: dict[str, Any] = content.as_json()
    version = TemplateVersion(
        template_id=template_id,
        number=number,
        session_only=session_only,
        created_by=actor.id,
        created_at=now,
        **parts,
    )
    db.add(version)
    db.flush()
    return version


def next_number(db: Session, template_id: str) -> int:
    """Versions for one session count too: a number means one content for ever."""
    highest = sa.select(sa.func.max(TemplateVersion.number)).where(TemplateVersion.template_id == template_id)
    return (db.scalar(highest) or 0) + 1


def _changeable(db: Session, template_id: str, version: int) -> Template:
    template = get(db, template_id)
    _check_version(db, template, version)
    if template.archived_at is not None:
        raise TemplateArchivedError("This template is archived. Bring it back before changing it.")
    return template


def _check_version(db: Session, template: Template, version: int) -> None:
    if template.version != version:
        present = {"id": template.id, "name": template.name, "version": template.version}
        content = content_of(current_version(db, template)).as_json()
        raise VersionConflictError(
            "Somebody else changed this template meanwhile. Look at the present one and make your change again.",
            current={**present, "current_version": template.current_version, "content": content},
        )


def _changed(db: Session, actor: Actor, action: str, template: Template, before: dict[str, Any]) -> None:
    template.version += 1
    db.flush()
    after = {
        "name": template.name,
        "version_number": template.current_version,
        "is_default": template.is_default,
        "archived": template.archived_at is not None,
    }
    record(db, actor, action, ("template", template.id), before=before, after=after)
    announce(db, "template", template.id)


def refuse_errors(name: str, content: Content) -> None:
    errors = [FieldProblem(p.field, p.code, p.message) for p in problems_of(content) if p.severity == ERROR]
    if not name.strip():
        errors.insert(0, FieldProblem("name", "required", "Give the template a name."))
    if errors:
        raise ValidationFailedError(
            "The template cannot be used like this. Correct what is marked.", errors=tuple(errors)
        )
