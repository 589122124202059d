"""What the routes take and give."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from woodpecker_api.features.imports.models import Import, ImportIssue, ImportStatus, OnDuplicate
from woodpecker_api.kit.clock import rfc3339

Moment = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]
_CODE, _COMPANY = "code.", "company."


class ColumnAnswer(BaseModel):
    """`field` null: kept as a custom field; `ignore`: left out; else a lead's field, full_name, tags, snippet_N, custom.KEY."""

    name: str
    sample: list[str]
    field: str | None


class IssueAnswer(BaseModel):
    """`row` is the line of the file on which the row begins."""

    row: int | None
    column: str | None
    code: str
    severity: str
    message: str

    @classmethod
    def of(cls, issue: ImportIssue) -> "IssueAnswer":
        return cls.model_validate(issue, from_attributes=True)


class CompanyAnswer(BaseModel):
    domain: str
    people: int


class ImportAnswer(BaseModel):
    """`issues` are the first hundred, the gravest first; `issue_counts` counts all of each code.

    `companies` are those of which the list has most people, two at least: mails to colleagues get compared.
    """

    id: str
    status: ImportStatus
    filename: str
    encoding: str | None
    delimiter: str | None
    header_row: int | None
    sheet: str | None
    row_count: int
    rows_done: int
    columns: list[ColumnAnswer]
    issues: list[IssueAnswer]
    issues_total: int
    issue_counts: dict[str, int]
    counts: dict[str, int]
    companies: list[CompanyAnswer]
    on_duplicate: OnDuplicate
    note: str
    error_code: str | None
    error: str | None
    created_by: str | None
    created_at: Moment
    finished_at: Moment | None
    version: int

    @classmethod
    def of(cls, imported: Import, issues: list[ImportIssue]) -> "ImportAnswer":
        counted = {name: count for name, count in imported.counts.items() if not name.startswith((_CODE, _COMPANY))}
        shared = {name.removeprefix(_COMPANY): n for name, n in imported.counts.items() if name.startswith(_COMPANY)}
        by_code = {name.removeprefix(_CODE): count for name, count in imported.counts.items() if name.startswith(_CODE)}
        values: dict[str, Any] = {name: getattr(imported, name) for name in cls.model_fields if hasattr(imported, name)}
        values |= {
            "columns": imported.columns or [],
            "counts": counted,
            "companies": [
                CompanyAnswer(domain=domain, people=people)
                for domain, people in sorted(shared.items(), key=lambda found: (-found[1], found[0]))
            ],
            "issue_counts": by_code,
            "issues": [IssueAnswer.of(issue) for issue in issues],
            "issues_total": sum(by_code.values()),
        }
        return cls.model_validate(values)


class ImportChange(BaseModel):
    """How the file is read, and what its columns mean. What is not sent stays; null lets us find it again."""

    model_config = ConfigDict(extra="forbid")

    encoding: str | None = Field(None, max_length=32)
    delimiter: str | None = Field(None, max_length=4)
    header_row: int | None = Field(None, ge=0, description="the line of the header; 0: the file has none")
    sheet: str | None = Field(None, max_length=100)
    mapping: dict[str, str | None] | None = None


class CommitBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mapping: dict[str, str | None] | None = None
    on_duplicate: OnDuplicate = OnDuplicate.SKIP
    note: str = Field("", max_length=2000, description="how do we know these people? usable in templates")
