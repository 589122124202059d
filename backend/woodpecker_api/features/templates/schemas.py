"""What the routes of templates take and give."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.features.templates.rules import (
    Brief,
    Content,
    Problem,
    SnippetKind,
    SnippetShape,
    Unit,
    problems_of,
)

Text = Field(max_length=50_000)


class BriefBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    company: str = Field("", max_length=500)
    product: str = Field("", max_length=5_000)
    proof_points: list[str] = Field([], max_length=50)
    voice: str = Field("", max_length=5_000)
    forbidden_words: list[str] = Field([], max_length=500)


class SnippetShapeBody(BaseModel):
    """`target_min` to `target_max` is the aim, `limit` is not passed; all count `unit`."""

    model_config = ConfigDict(extra="forbid")

    number: int
    kind: SnippetKind
    day: int
    instruction: str
    unit: Unit
    target_min: int
    target_max: int
    limit: int
    formatting: str = "plain"


class ContentBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    system_text: str = Text
    brief: BriefBody
    person_text: str = Text
    shape: list[SnippetShapeBody] = Field(max_length=50)

    def as_content(self) -> Content:
        shape = sorted((SnippetShape(**snippet.model_dump()) for snippet in self.shape), key=lambda s: s.number)
        brief = Brief.from_json(self.brief.model_dump())
        return Content(self.system_text.strip(), brief, self.person_text.strip(), tuple(shape))


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
    created_at: datetime
    created_by: str | None
    system_text: str
    brief: BriefBody
    person_text: str
    shape: list[SnippetShapeBody]


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


def shown_problems(problems: list[Problem]) -> list[ProblemShown]:
    return [ProblemShown.model_validate(problem, from_attributes=True) for problem in problems]
