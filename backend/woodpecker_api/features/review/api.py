"""Routes of review."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.generation import service as generation
from woodpecker_api.features.generation.rules.models_offered import choose_effort
from woodpecker_api.features.review import queries, service
from woodpecker_api.features.review.queries import KEY_LENGTH, QueueFilter, Sort, key_of
from woodpecker_api.features.review.schemas import (
    ApproveBody,
    DecidedShown,
    DecisionBody,
    QueueRow,
    RegenerateBody,
    RegenerationShown,
    RejectBody,
    RestoreBody,
    SequenceChange,
    SequenceShown,
    SequenceVersions,
    shown_decided,
    shown_row,
    shown_version,
)
from woodpecker_api.features.sequences import service as sequences
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.once import OnlyOnce
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask, VendorMode, require_vendor
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.kit.paging import capped, encode_cursor
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.settings.service import Vendor, read_settings

router = APIRouter(prefix="/api", tags=["review"])
READ = [needs(Permission.READ)]
WORK = [needs(Permission.WORK)]
# As many as a person reads in one go; more do not fit into an address.
MOST_NAMED = 100


@router.get("/sequences", dependencies=READ)
def list_sequences(
    db: ReadDb,
    page: Page,
    who: Who,
    status: Annotated[list[SequenceStatus] | None, Query()] = None,
    flagged: Annotated[bool | None, Query(description="with a blocking flag or a warning, or without")] = None,
    owner: Annotated[str | None, Query(max_length=32, description="me, none, or a user's id")] = None,
    company: Annotated[str | None, Query(max_length=200)] = None,
    import_id: Annotated[str | None, Query(max_length=32)] = None,
    run_id: Annotated[str | None, Query(max_length=32)] = None,
    q: Annotated[str | None, Query(max_length=200, description="as in the list of leads")] = None,
    only: Annotated[list[str] | None, Query(max_length=MOST_NAMED, description="ids of sequences")] = None,
    sort: Sort = Sort.FLAGS,
) -> Listing[QueueRow]:
    """The review queue: flags first unless sorted otherwise."""
    wanted = QueueFilter(status, flagged, owner, company, import_id, run_id, q, only)
    key = page.key(KEY_LENGTH[sort])
    rows, count = queries.queue(db, wanted, sort, (page.limit, key), who.user_id)
    total, is_capped = capped(count)
    # A random order cannot be gone on with: whoever wants more asks again.
    is_last = len(rows) < page.limit or sort is Sort.RANDOM
    cursor = None if is_last else encode_cursor(*key_of(sort, *rows[-1]))
    items = [shown_row(sequence, lead) for sequence, lead in rows]
    return Listing(items=items, next_cursor=cursor, total=total, total_capped=is_capped)


@router.post("/sequences/approve", dependencies=WORK)
def approve_sequences(body: ApproveBody, db: WriteDb, services: Ask, by: By) -> DecidedShown:
    """One that is named counts as read; many count as bulk, which passes over everything with a flag."""
    seen = service.Shown(body.versions)
    decided = service.approve(db, by, body.selection, kind=body.kind, seen=seen, now=services.clock())
    return shown_decided(decided)


@router.post("/sequences/reject", dependencies=WORK)
def reject_sequences(body: RejectBody, db: WriteDb, services: Ask, by: By) -> DecidedShown:
    return shown_decided(service.reject(db, by, body.selection, reason=body.reason, now=services.clock()))


@router.post("/sequences/return", dependencies=WORK)
def return_sequences(body: DecisionBody, db: WriteDb, services: Ask, by: By) -> DecidedShown:
    """Takes an approval or a rejection back, until it was exported."""
    return shown_decided(service.take_back(db, by, body.selection, now=services.clock()))


@router.get("/leads/{lead_id}/sequence", dependencies=READ)
def show_sequence_of_lead(lead_id: str, db: ReadDb) -> SequenceShown:
    return SequenceShown(**sequences.shown(db, sequences.of_lead(db, lead_id)[0]))


@router.get("/sequences/{sequence_id}", dependencies=READ)
def show_sequence(sequence_id: str, db: ReadDb) -> SequenceShown:
    return SequenceShown(**sequences.shown(db, sequences.by_id(db, sequence_id)[0]))


@router.get("/sequences/{sequence_id}/versions", dependencies=READ)
def list_sequence_versions(sequence_id: str, db: ReadDb) -> SequenceVersions:
    """All texts this sequence ever had, newest first."""
    sequence, _ = sequences.by_id(db, sequence_id)
    return SequenceVersions(items=[shown_version(version) for version in sequences.versions_of(db, sequence.id)])


@router.patch("/sequences/{sequence_id}", dependencies=WORK)
def edit_sequence(sequence_id: str, body: SequenceChange, db: WriteDb, services: Ask, by: By) -> SequenceShown:
    """New words; flags are found again, and a decision on other words is undone."""
    texts = {snippet.number: snippet.text for snippet in body.snippets}
    sequence = service.edit(db, by, sequence_id, version=body.version, texts=texts, now=services.clock())
    return SequenceShown(**sequences.shown(db, sequence))


@router.post("/sequences/{sequence_id}/restore", dependencies=WORK)
def restore_sequence(sequence_id: str, body: RestoreBody, db: WriteDb, services: Ask, by: By) -> SequenceShown:
    sequence = service.restore(db, by, sequence_id, version=body.version, wanted=body.to, now=services.clock())
    return SequenceShown(**sequences.shown(db, sequence))


@router.post(
    "/sequences/{sequence_id}/regenerate",
    dependencies=WORK,
    status_code=202,
    responses={202: {"model": RegenerationShown}},
)
def regenerate_sequence(
    sequence_id: str, body: RegenerateBody, request: Request, services: Ask, once: OnlyOnce, by: By
) -> JSONResponse:
    """A run of one lead, from the same template version. What stands now stays in the versions."""
    sandbox = require_vendor(services, Vendor.ANTHROPIC) is VendorMode.SANDBOX
    with services.database.reading() as db:
        wanted_model = body.model or read_settings(db).default_model
        sequence, lead = sequences.by_id(db, sequence_id)
        _refuse_unknown({one.number for one in sequences.snippets_of(db, sequence.id)}, body.numbers)
    offers = generation.ModelOffers.shared(request.app.state, services.claude, services.clock)
    offer = offers.choose(wanted_model)
    order = generation.Order(
        lead_ids=[lead.id],
        model=offer,
        effort=choose_effort(offer, None),
        sandbox=sandbox,
        template_version_id=sequence.template_version_id,
        instruction=body.instruction,
        numbers=sorted(set(body.numbers)) if body.numbers else None,
        sender=sequence.sender,
    )
    with services.database.writing() as db:

        def begin() -> RegenerationShown:
            run = generation.start(db, services.jobs, by, order, services.clock()).run
            return RegenerationShown(id=run.id, status=run.status)

        return once.answer(db, body, 202, begin)


def _refuse_unknown(present: set[int], numbers: list[int] | None) -> None:
    unknown = sorted(set(numbers or ()) - present)
    if unknown:
        sentence = f"This sequence has no snippet {', '.join(map(str, unknown))}."
        raise ValidationFailedError(sentence, errors=(FieldProblem("numbers", "unknown_snippet", sentence),))
