"""Which version a run uses: the current one, or one made for this run only."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.templates.errors import TemplateArchivedError
from woodpecker_api.features.templates.rules import Content
from woodpecker_api.features.templates.service.changing import add_version, ensure_default, next_number, refuse_errors
from woodpecker_api.features.templates.service.reading import UsedTemplate, current_version, get, used_as
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.audit.service import Actor, record


def for_new_run(db: Session, template_id: str | None, now: datetime) -> UsedTemplate:
    """The current version of the template, or of the default. Raises `TemplateArchivedError`, `NotFoundError`."""
    template = get(db, template_id) if template_id else ensure_default(db, now)
    if template.archived_at is not None:
        raise TemplateArchivedError("This template is archived. Bring it back, or choose another one.")
    return used_as(template, current_version(db, template))


def for_this_session(
    db: Session, actor: Actor, template_id: str | None, content: Content, now: datetime
) -> UsedTemplate:
    """A version for one run: kept, so that its texts can be explained, but the template stays as it was.

    Raises `ValidationFailedError`, `TemplateArchivedError`, `NotFoundError`. An unchanged content makes no version.
    """
    present = for_new_run(db, template_id, now)
    if present.content == content:
        return present
    refuse_errors(present.template_name, content)
    number = next_number(db, present.template_id)
    version = add_version(db, present.template_id, number, content, (actor, now), session_only=True)
    after = {"version_number": number, "digest": digest(content.as_json())}
    record(db, actor, "template.used_with_changes", ("template", present.template_id), after=after)
    return used_as(get(db, present.template_id), version)
