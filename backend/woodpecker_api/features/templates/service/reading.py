"""Finding templates and their versions."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.features.templates.rules import SAMPLE_BRIEF, Content, content_from_json


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


def used(db: Session, version_id: str) -> UsedTemplate:
    version = db.get(TemplateVersion, version_id)
    if version is None:
        raise NotFoundError("There is no such template version.")
    return used_as(get(db, version.template_id), version)


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


def used_as(template: Template, version: TemplateVersion) -> UsedTemplate:
    return UsedTemplate(template.id, template.name, version.id, version.number, content_of(version))


def content_of(version: TemplateVersion) -> Content:
    return content_from_json(
        {
            "system_text": version.system_text,
            "brief": version.brief,
            "person_text": version.person_text,
            "shape": version.shape,
        }
    )
