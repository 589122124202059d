"""Does this campaign use a template's texts where they belong? And what to paste where, when it is still to be made."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.exports.queries import planning as queries
from woodpecker_api.features.exports.rules import contact_in
from woodpecker_api.features.exports.rules.campaign_texts import Part, campaign_texts, first_versions, preview
from woodpecker_api.features.exports.rules.fit import Finding, StepText, placements, tokens_in
from woodpecker_api.features.exports.schemas import FindingAnswer, WhenAnswer
from woodpecker_api.features.exports.service import fitting
from woodpecker_api.features.exports.service.fitting import Reading
from woodpecker_api.features.exports.service.planning import contact_of
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.rules import SnippetKind
from woodpecker_api.features.templates import service as templates
from woodpecker_api.features.templates.models import TemplateVersion
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import By, needs
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(prefix="/api/campaigns", tags=["campaigns"])


class StepAnswer(BaseModel):
    """`snippets`: the numbers that any of its versions asks for."""

    number: int
    kind: str
    day: int | None
    subject: str
    snippets: list[int]


class PlacementAnswer(BaseModel):
    """A snippet of the template and where it goes; `step` is null when no step asks for it."""

    snippet: int
    kind: SnippetKind
    written_for_day: int
    step: int | None
    step_day: int | None
    place: str


class ChecklistItem(BaseModel):
    code: str
    sentence: str
    ticked: bool


class FitAnswer(BaseModel):
    """`readable` is false when Woodpecker cannot show the steps (`reading`: unreadable, then `checklist` is to be ticked), or
    they were not read yet, or there are none.
    """

    readable: bool
    reading: Reading
    as_of: datetime | None
    steps: list[StepAnswer]
    placements: list[PlacementAnswer]
    blocking: list[FindingAnswer]
    warnings: list[FindingAnswer]
    checklist: list[ChecklistItem]
    when: WhenAnswer | None


class TicksRequest(BaseModel):
    """Everything that is ticked now; what is left out is not."""

    template_id: str = Field(max_length=32)
    ticked: list[str] = Field(max_length=50)


class CampaignTextAnswer(BaseModel):
    """One step to make in Woodpecker, ready to paste; an empty subject keeps a follow-up in the thread."""

    step: int
    day: int
    wait_days: int
    channel: str
    subject: str
    text: str


class CampaignTextsAnswer(BaseModel):
    template_name: str
    template_version: int
    steps: list[CampaignTextAnswer]


class PartAnswer(BaseModel):
    """`source`: campaign (its own words), snippet (ours), field (the person's data), missing (a token that nobody fills)."""

    text: str
    source: str
    snippet: int | None


class PreviewStep(BaseModel):
    number: int
    kind: str
    day: int | None
    subject: list[PartAnswer]
    text: list[PartAnswer]


class PreviewAnswer(BaseModel):
    reading: Reading
    as_of: datetime | None
    steps: list[PreviewStep]


_SENTENCES = {
    Reading.NOT_READ: "The campaign's steps were not read yet. Read them, or compare them in Woodpecker.",
    Reading.UNREADABLE: "Woodpecker cannot show this campaign's steps. Compare them there and tick the list.",
    Reading.EMPTY: "The campaign has no step yet: nothing would be mailed. Paste the texts below into new steps.",
}


@router.get("/{campaign_id}/fit", dependencies=[needs(Permission.READ)])
def get_fit(campaign_id: str, template_id: str, db: ReadDb, services: Ask, people: int = 0) -> FitAnswer:
    """`people`: how many would be added, for the forecast."""
    campaign = _campaign(db, campaign_id)
    return _fit(db, campaign, _version(db, template_id), people, services.clock())


@router.put("/{campaign_id}/fit/checklist", dependencies=[needs(Permission.WORK)])
def tick_checklist(campaign_id: str, body: TicksRequest, db: WriteDb, by: By, services: Ask) -> FitAnswer:
    """What a person compared in Woodpecker; remembered for this campaign and this version of the template."""
    campaign, version = _campaign(db, campaign_id), _version(db, body.template_id)
    fitting.tick(db, by, campaign, version, body.ticked, services.clock())
    return _fit(db, campaign, version, 0, services.clock())


@router.get("/texts", dependencies=[needs(Permission.READ)])
def get_texts(template_id: str, db: ReadDb) -> CampaignTextsAnswer:
    """The steps of a campaign that fits this template, to build one in Woodpecker by copy and paste."""
    template = templates.get(db, template_id)
    version = templates.current_version(db, template)
    steps = [CampaignTextAnswer(**vars(step)) for step in campaign_texts(fitting.shape_of(version))]
    return CampaignTextsAnswer(template_name=template.name, template_version=version.number, steps=steps)


@router.get("/{campaign_id}/preview", dependencies=[needs(Permission.READ)])
def get_preview(campaign_id: str, lead_id: str, db: ReadDb) -> PreviewAnswer:
    """How this campaign's mails would read for a lead: its own words with our texts where its tokens stand."""
    campaign = _campaign(db, campaign_id)
    lead = db.get(Lead, lead_id)
    if lead is None or lead.deleted_at is not None:
        raise NotFoundError("There is no such lead. Reload the list.")
    ((_, sequence),) = queries.leads_with_sequences(db, [lead.id]) or [(lead, None)]
    texts = queries.texts_of(db, [sequence.id]).get(sequence.id, {}) if sequence else {}
    fields = contact_in(contact_of(lead)) | {"email": lead.email}
    steps = first_versions(fitting.steps_of(campaign))
    return PreviewAnswer(
        reading=fitting.reading_of(campaign),
        as_of=fitting.as_of(campaign),
        steps=[_preview_step(step, texts, fields) for step in steps],
    )


def _fit(db: Session, campaign: Campaign, version: TemplateVersion, people: int, now: datetime) -> FitAnswer:
    found = fitting.fit_of(db, campaign, version)
    template = fitting.shape_of(version)
    warnings = list(found.found.warnings)
    if found.reading in _SENTENCES:
        warnings.insert(0, Finding("unreadable", _SENTENCES[found.reading]))
    last_day = max((snippet.day for snippet in template), default=1)
    return FitAnswer(
        readable=found.reading is Reading.READ,
        reading=found.reading,
        as_of=found.as_of,
        steps=_steps(found.steps),
        placements=[PlacementAnswer(**vars(each)) for each in placements(found.steps, template)],
        blocking=[_answer(finding) for finding in found.found.blocking],
        warnings=[_answer(finding) for finding in warnings],
        checklist=[
            ChecklistItem(code=code, sentence=sentence, ticked=code in found.ticked)
            for code, sentence in found.checklist.items()
        ],
        when=WhenAnswer.model_validate(fitting.when(db, campaign, people, now, last_day)) if people else None,
    )


def _steps(texts: Sequence[StepText]) -> list[StepAnswer]:
    steps: dict[int, StepAnswer] = {}
    for text in texts:
        step = steps.setdefault(
            text.number,
            StepAnswer(number=text.number, kind=text.kind, day=text.day, subject=text.subject, snippets=[]),
        )
        step.snippets = sorted({*step.snippets, *tokens_in(text.subject), *tokens_in(text.body)})
    return list(steps.values())


def _preview_step(step: StepText, texts: Mapping[int, str], fields: Mapping[str, str]) -> PreviewStep:
    return PreviewStep(
        number=step.number,
        kind=step.kind,
        day=step.day,
        subject=[_part(part) for part in preview(step.subject, texts, fields)],
        text=[_part(part) for part in preview(step.body, texts, fields)],
    )


def _part(part: Part) -> PartAnswer:
    return PartAnswer(text=part.text, source=part.source, snippet=part.snippet)


def _answer(finding: Finding) -> FindingAnswer:
    return FindingAnswer(code=finding.code, message=finding.message, step=finding.step, snippet=finding.snippet)


def _campaign(db: Session, campaign_id: str) -> Campaign:
    campaign = db.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundError("There is no such campaign here. Refresh the list of campaigns.")
    return campaign


def _version(db: Session, template_id: str) -> TemplateVersion:
    return templates.current_version(db, templates.get(db, template_id))
