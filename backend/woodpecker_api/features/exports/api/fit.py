"""Does this campaign use a template's texts where they belong? Asked before a plan is confirmed."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.exports.rules.fit import Finding, Planned, StepText, fit, tokens_in
from woodpecker_api.features.sequences.rules import SnippetKind
from woodpecker_api.features.templates import service as templates
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.user import needs
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(prefix="/api/campaigns", tags=["campaigns"])


class FindingAnswer(BaseModel):
    code: str
    message: str
    step: int | None
    snippet: int | None


class StepAnswer(BaseModel):
    """`snippets`: the numbers that any of its versions asks for."""

    number: int
    kind: str
    day: int | None
    subject: str
    snippets: list[int]


class FitAnswer(BaseModel):
    """`readable` is false when Woodpecker cannot show the steps, or they were not read yet: then look yourself."""

    readable: bool
    as_of: datetime | None
    steps: list[StepAnswer]
    blocking: list[FindingAnswer]
    warnings: list[FindingAnswer]


@router.get("/{campaign_id}/fit", dependencies=[needs(Permission.READ)])
def get_fit(campaign_id: str, template_id: str, db: ReadDb) -> FitAnswer:
    campaign = db.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundError("There is no such campaign here. Refresh the list of campaigns.")
    version = templates.current_version(db, templates.get(db, template_id))
    template = [Planned(int(s["number"]), SnippetKind(s["kind"]), int(s["day"])) for s in version.shape]
    detail = campaign.detail or {}
    texts = _texts(detail)
    as_of = datetime.fromisoformat(detail["as_of"]) if detail else None
    if not texts:
        sentence = "The campaign's steps are not known here. Read its members again, or compare them in Woodpecker."
        return FitAnswer(
            readable=False, as_of=as_of, steps=[], blocking=[], warnings=[_answer(Finding("unreadable", sentence))]
        )
    found = fit(texts, template)
    return FitAnswer(
        readable=True,
        as_of=as_of,
        steps=_steps(texts),
        blocking=[_answer(finding) for finding in found.blocking],
        warnings=[_answer(finding) for finding in found.warnings],
    )


def _texts(detail: dict[str, Any]) -> list[StepText]:
    return [
        StepText(step["number"], step["kind"], step["day"], version["name"], version["subject"], version["body"])
        for step in detail.get("steps", [])
        for version in step["versions"]
    ]


def _steps(texts: list[StepText]) -> list[StepAnswer]:
    steps: dict[int, StepAnswer] = {}
    for text in texts:
        step = steps.setdefault(
            text.number,
            StepAnswer(number=text.number, kind=text.kind, day=text.day, subject=text.subject, snippets=[]),
        )
        step.snippets = sorted({*step.snippets, *tokens_in(text.subject), *tokens_in(text.body)})
    return list(steps.values())


def _answer(finding: Finding) -> FindingAnswer:
    return FindingAnswer(code=finding.code, message=finding.message, step=finding.step, snippet=finding.snippet)
