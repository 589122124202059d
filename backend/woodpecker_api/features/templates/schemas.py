"""What the routes of templates take and give."""

from datetime import datetime

from pydantic import BaseModel, Field

from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.features.templates.rules import Problem, problems_of
from woodpecker_api.features.templates.rules.bodies import BriefBody, ContentBody, SnippetShapeBody
from woodpecker_api.features.templates.rules.differences import Change, Piece


class TemplateBody(ContentBody):
    name: str = Field(max_length=200)


class TemplateChange(TemplateBody):
    version: int


class CloneBody(BaseModel):
    name: str = Field(max_length=200)


class VersionBody(BaseModel):
    version: int


class ProblemShown(BaseModel):
    severity: str
    field: str
    code: str
    message: str


class CheckShown(BaseModel):
    problems: list[ProblemShown]


class TemplateRow(BaseModel):
    """One line of the list. `current_version` numbers the texts, `version` goes back with a change."""

    id: str
    name: str
    is_default: bool
    archived: bool
    current_version: int
    version: int
    created_at: datetime


class VersionShown(BaseModel):
    id: str
    number: int
    session_only: bool
    created_at: datetime
    created_by: str | None
    system_text: str
    brief: BriefBody
    person_text: str
    shape: list[SnippetShapeBody]


class PieceShown(BaseModel):
    """Words that follow each other: the same, removed, or added."""

    kind: Piece
    text: str


class ChangeShown(BaseModel):
    field: str
    before: str
    after: str
    pieces: list[PieceShown]


class DifferencesShown(BaseModel):
    before: int
    after: int
    changes: list[ChangeShown]


class TemplateShown(TemplateRow):
    content: VersionShown
    problems: list[ProblemShown]


def shown_row(template: Template) -> TemplateRow:
    return TemplateRow(
        id=template.id,
        name=template.name,
        is_default=template.is_default,
        archived=template.archived_at is not None,
        current_version=template.current_version,
        version=template.version,
        created_at=template.created_at,
    )


def shown_version(version: TemplateVersion) -> VersionShown:
    return VersionShown.model_validate(version, from_attributes=True)


def shown(template: Template, version: TemplateVersion) -> TemplateShown:
    content = shown_version(version)
    body = ContentBody.model_validate(content.model_dump(include=set(ContentBody.model_fields)))
    return TemplateShown(
        **shown_row(template).model_dump(), content=content, problems=shown_problems(problems_of(body.as_content()))
    )


def shown_change(change: Change) -> ChangeShown:
    pieces = [PieceShown(kind=kind, text=text) for kind, text in change.pieces]
    return ChangeShown(field=change.field, before=change.before, after=change.after, pieces=pieces)


def shown_problems(problems: list[Problem]) -> list[ProblemShown]:
    return [ProblemShown.model_validate(problem, from_attributes=True) for problem in problems]
