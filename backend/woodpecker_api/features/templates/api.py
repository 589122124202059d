"""Routes of templates."""

from typing import Annotated

from fastapi import APIRouter, Query

from woodpecker_api.features.templates import service
from woodpecker_api.features.templates.rules import problems_of
from woodpecker_api.features.templates.rules.bodies import ContentBody
from woodpecker_api.features.templates.rules.differences import differences
from woodpecker_api.features.templates.schemas import (
    CheckShown,
    CloneBody,
    DifferencesShown,
    TemplateBody,
    TemplateChange,
    TemplateRow,
    TemplateShown,
    VersionBody,
    VersionShown,
    shown,
    shown_change,
    shown_problems,
    shown_row,
    shown_version,
)
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.paging import Listing
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import By, needs
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(prefix="/api/templates", tags=["templates"])
READ = [needs(Permission.READ)]
MANAGE = [needs(Permission.MANAGE)]


@router.get("", dependencies=READ)
def list_templates(db: ReadDb, *, archived: bool = False) -> Listing[TemplateRow]:
    """All of them, the default first; with `archived` also those put away."""
    rows = [shown_row(template) for template in service.templates(db, archived=archived)]
    return Listing(items=rows, total=len(rows))


@router.post("", dependencies=MANAGE, status_code=201)
def create_template(body: TemplateBody, db: WriteDb, services: Ask, by: By) -> TemplateShown:
    template = service.create(db, by, body.name, body.as_content(), services.clock())
    return shown(template, service.current_version(db, template))


@router.post("/check", dependencies=READ)
def check_template(body: ContentBody) -> CheckShown:
    """What is wrong with a content, without saving it."""
    return CheckShown(problems=shown_problems(problems_of(body.as_content())))


@router.get("/{template_id}", dependencies=READ)
def show_template(template_id: str, db: ReadDb) -> TemplateShown:
    template = service.get(db, template_id)
    return shown(template, service.current_version(db, template))


@router.put("/{template_id}", dependencies=MANAGE)
def change_template(template_id: str, body: TemplateChange, db: WriteDb, services: Ask, by: By) -> TemplateShown:
    """A changed content becomes the next version; earlier ones stay as they are."""
    content = body.as_content()
    template = service.update(db, by, template_id, body.version, (body.name, content), services.clock())
    return shown(template, service.current_version(db, template))


@router.get("/{template_id}/versions", dependencies=READ)
def list_template_versions(template_id: str, db: ReadDb) -> Listing[VersionShown]:
    """Newest first."""
    rows = [shown_version(version) for version in service.versions(db, template_id)]
    return Listing(items=rows, total=len(rows))


@router.get("/{template_id}/versions/{number}", dependencies=READ)
def show_template_version(template_id: str, number: int, db: ReadDb) -> VersionShown:
    return shown_version(service.version_numbered(db, template_id, number))


@router.get("/{template_id}/versions/{number}/differences", dependencies=READ)
def compare_template_version(
    template_id: str, number: int, db: ReadDb, since: Annotated[int, Query(description="the earlier version")]
) -> DifferencesShown:
    """What this version says otherwise than an earlier one, part by part and word by word."""
    before, after = (service.version_numbered(db, template_id, one) for one in (since, number))
    changes = differences(service.content_of(before), service.content_of(after))
    return DifferencesShown(before=since, after=number, changes=[shown_change(change) for change in changes])


@router.post("/{template_id}/clone", dependencies=MANAGE, status_code=201)
def clone_template(template_id: str, body: CloneBody, db: WriteDb, services: Ask, by: By) -> TemplateShown:
    template = service.clone(db, by, template_id, body.name, services.clock())
    return shown(template, service.current_version(db, template))


@router.post("/{template_id}/archive", dependencies=MANAGE)
def archive_template(template_id: str, body: VersionBody, db: WriteDb, services: Ask, by: By) -> TemplateRow:
    return shown_row(service.archive(db, by, template_id, body.version, services.clock()))


@router.post("/{template_id}/bring-back", dependencies=MANAGE)
def bring_template_back(template_id: str, body: VersionBody, db: WriteDb, by: By) -> TemplateRow:
    return shown_row(service.bring_back(db, by, template_id, body.version))


@router.post("/{template_id}/default", dependencies=MANAGE)
def make_template_default(template_id: str, body: VersionBody, db: WriteDb, by: By) -> TemplateRow:
    return shown_row(service.make_default(db, by, template_id, body.version))
