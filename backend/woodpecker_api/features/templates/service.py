"""Making, changing and choosing templates. A version, once made, is never changed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, NotFoundError, ValidationFailedError, VersionConflictError
from woodpecker_api.features.templates.errors import DefaultTemplateError, TemplateArchivedError
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.features.templates.rules import (
    DEFAULT_CONTENT,
    DEFAULT_NAME,
    ERROR,
    SAMPLE_BRIEF,
    Content,
    content_from_json,
    problems_of,
)
from woodpecker_api.kit.clock import rfc3339, system_clock
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.audit.service import SYSTEM, Actor, record
from woodpecker_api.system.changes.service import announce


@dataclass(frozen=True)
class UsedTemplate:
    """A version with its template, as runs, reviews and history speak of it."""

    template_id: str
    template_name: str
    version_id: str
    number: int
    content: Content

    @property
    def has_sample_brief(self) -> bool:
        return self.content.brief == SAMPLE_BRIEF


def ensure_default(db: Session, now: datetime | None = None, *, sample: bool = False) -> Template:
    """The default template; the one that ships is stored when there is none. `sample` gives it an invented brief."""
    present = db.scalar(sa.select(Template).where(Template.is_default))
    if present is not None:
        return present
    content = replace(DEFAULT_CONTENT, brief=SAMPLE_BRIEF) if sample else DEFAULT_CONTENT
    return _store_new(db, SYSTEM, (DEFAULT_NAME, content), now or system_clock(), is_default=True)


def create(db: Session, actor: Actor, name: str, content: Content, now: datetime) -> Template:
    """Raises `ValidationFailedError` with every error of the content."""
    _refuse_errors(name, content)
    return _store_new(db, actor, (name.strip(), content), now)


def update(
    db: Session, actor: Actor, template_id: str, version: int, named: tuple[str, Content], now: datetime
) -> Template:
    """Makes the next version when the content differs; a new name alone makes none.

    Raises `VersionConflictError` with the present record, `TemplateArchivedError`, `ValidationFailedError`.
    """
    name, content = named
    template = _changeable(db, template_id, version)
    _refuse_errors(name, content)
    before = {"name": template.name, "version_number": template.current_version}
    present = current_version(db, template)
    if _content_of(present) != content:
        number = _next_number(db, template.id)
        _add_version(db, template.id, number, content, (actor, now))
        template.current_version = number
    template.name = name.strip()
    _changed(db, actor, "template.edited", template, before)
    return template


def for_this_session(
    db: Session, actor: Actor, template_id: str | None, content: Content, now: datetime
) -> UsedTemplate:
    """A version for one run: kept, so that its texts can be explained, but the template stays as it was.

    Raises `ValidationFailedError`, `TemplateArchivedError`, `NotFoundError`. An unchanged content makes no version.
    """
    present = for_new_run(db, template_id, now)
    if present.content == content:
        return present
    _refuse_errors(present.template_name, content)
    number = _next_number(db, present.template_id)
    version = _add_version(db, present.template_id, number, content, (actor, now), session_only=True)
    after = {"version_number": number, "digest": digest(content.as_json())}
    record(db, actor, "template.used_with_changes", ("template", present.template_id), after=after)
    return _used(get(db, present.template_id), version)


def clone(db: Session, actor: Actor, template_id: str, name: str, now: datetime) -> Template:
    """A template of its own, with the current content of the other as version 1."""
    source = get(db, template_id)
    return create(db, actor, name, _content_of(current_version(db, source)), now)


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


def get(db: Session, template_id: str) -> Template:
    template = db.get(Template, template_id)
    if template is None:
        raise NotFoundError("There is no such template. Go back to the list of templates.")
    return template


def templates(db: Session, *, archived: bool = False) -> list[Template]:
    """The default first, then by name."""
    wanted = sa.select(Template).order_by(Template.is_default.desc(), Template.name, Template.id)
    if not archived:
        wanted = wanted.where(Template.archived_at.is_(None))
    return list(db.scalars(wanted))


def current_version(db: Session, template: Template) -> TemplateVersion:
    return version_numbered(db, template.id, template.current_version)


def version_numbered(db: Session, template_id: str, number: int) -> TemplateVersion:
    wanted = sa.select(TemplateVersion).where(
        TemplateVersion.template_id == template_id, TemplateVersion.number == number
    )
    found = db.scalar(wanted)
    if found is None:
        raise NotFoundError("There is no such version of this template. Choose one from its list of versions.")
    return found


def versions(db: Session, template_id: str) -> list[TemplateVersion]:
    """Newest first."""
    get(db, template_id)
    wanted = sa.select(TemplateVersion).where(TemplateVersion.template_id == template_id)
    return list(db.scalars(wanted.order_by(TemplateVersion.number.desc())))


def for_new_run(db: Session, template_id: str | None, now: datetime) -> UsedTemplate:
    """The current version of the template, or of the default. Raises `TemplateArchivedError`, `NotFoundError`."""
    template = get(db, template_id) if template_id else ensure_default(db, now)
    if template.archived_at is not None:
        raise TemplateArchivedError("This template is archived. Bring it back, or choose another one.")
    return _used(template, current_version(db, template))


def used(db: Session, version_id: str) -> UsedTemplate:
    version = db.get(TemplateVersion, version_id)
    if version is None:
        raise NotFoundError("There is no such template version.")
    return _used(get(db, version.template_id), version)


def used_cached(db: Session, version_id: str) -> UsedTemplate:
    """As `used`, remembered: a version never changes. Only the name may be an old one, so not for showing."""
    known = _KNOWN.get(version_id)
    if known is None:
        known = used(db, version_id)
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[version_id] = known
    return known


_KNOWN: dict[str, UsedTemplate] = {}
_MOST_KNOWN = 100


def used_by_id(db: Session, version_ids: set[str]) -> dict[str, UsedTemplate]:
    """For lists: one query for all the versions that its rows name."""
    wanted = (
        sa.select(TemplateVersion, Template)
        .join(Template, Template.id == TemplateVersion.template_id)
        .where(TemplateVersion.id.in_(version_ids))
    )
    return {version.id: _used(template, version) for version, template in db.execute(wanted).tuples()}


def _used(template: Template, version: TemplateVersion) -> UsedTemplate:
    return UsedTemplate(template.id, template.name, version.id, version.number, _content_of(version))


def _content_of(version: TemplateVersion) -> Content:
    return content_from_json(
        {
            "system_text": version.system_text,
            "brief": version.brief,
            "person_text": version.person_text,
            "shape": version.shape,
        }
    )


def _store_new(
    db: Session, actor: Actor, named: tuple[str, Content], now: datetime, *, is_default: bool = False
) -> Template:
    name, content = named
    template = Template(name=name, is_default=is_default, current_version=1, version=1, created_at=now)
    db.add(template)
    db.flush()
    _add_version(db, template.id, 1, content, (actor, now))
    record(
        db,
        actor,
        "template.created",
        ("template", template.id),
        after={"name": name, "digest": digest(content.as_json())},
    )
    announce(db, "template", template.id)
    return template


def _add_version(
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


def _next_number(db: Session, template_id: str) -> int:
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
        content = _content_of(current_version(db, template)).as_json()
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


def _refuse_errors(name: str, content: Content) -> None:
    errors = [FieldProblem(p.field, p.code, p.message) for p in problems_of(content) if p.severity == ERROR]
    if not name.strip():
        errors.insert(0, FieldProblem("name", "required", "Give the template a name."))
    if errors:
        raise ValidationFailedError(
            "The template cannot be used like this. Correct what is marked.", errors=tuple(errors)
        )
