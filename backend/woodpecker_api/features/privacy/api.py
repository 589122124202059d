"""Routes of privacy: erase, lift an erasure, tell what is held. All of them an admin's."""

from fastapi import APIRouter

from woodpecker_api.features.exports.service.erasing import deletion_open
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.service import erased_among
from woodpecker_api.features.leads.service.samples import count_samples, remove_samples
from woodpecker_api.features.privacy import queries
from woodpecker_api.features.privacy.errors import ErasureNotFoundError
from woodpecker_api.features.privacy.models import Erasure
from woodpecker_api.features.privacy.schemas import (
    ErasureAnswer,
    HeldAnswer,
    LiftAnswer,
    PersonRequest,
    RetentionAnswer,
    RetentionReportAnswer,
    SamplesAnswer,
)
from woodpecker_api.features.privacy.service import access, erasing
from woodpecker_api.features.privacy.service.ledger import ErasureLedger
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask, Services, VendorMode
from woodpecker_api.http.user import By, needs
from woodpecker_api.kit.paging import capped
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import record
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.settings.service import Vendor, read_settings

router = APIRouter(tags=["privacy"])


@router.post("/api/erasures", status_code=202, dependencies=[needs(Permission.ADMINISTER)])
def erase_person(body: PersonRequest, services: Ask, by: By) -> ErasureAnswer:
    """Asking twice for the same person is the same erasure, so no Idempotency-Key is needed: none would be kept of it."""
    with services.database.writing() as db:
        asked = erasing.Asked(by, _woodpecker_is_sandbox(services))
        erasure = erasing.ask(db, services.jobs, asked, body.email, services.clock())
        return ErasureAnswer.of(erasure, woodpecker_open=bool(deletion_open(db, [erasure.id])))


@router.get("/api/erasures", dependencies=[needs(Permission.ADMINISTER)])
def list_erasures(db: ReadDb, page: Page) -> Listing[ErasureAnswer]:
    rows, cursor, count = queries.erasure_page(db, page.key(1), page.limit)
    still_open = deletion_open(db, [row.id for row in rows])
    total, is_capped = capped(count)
    items = [ErasureAnswer.of(row, woodpecker_open=row.id in still_open) for row in rows]
    return Listing(items=items, next_cursor=cursor, total=total, total_capped=is_capped)


@router.get("/api/erasures/{erasure_id}", dependencies=[needs(Permission.ADMINISTER)])
def get_erasure(erasure_id: str, db: ReadDb) -> ErasureAnswer:
    erasure = db.get(Erasure, erasure_id)
    if erasure is None:
        raise ErasureNotFoundError("There is no erasure under this id. Look in the list.")
    return ErasureAnswer.of(erasure, woodpecker_open=bool(deletion_open(db, [erasure_id])))


@router.post("/api/erasures/lift", dependencies=[needs(Permission.ADMINISTER)])
def lift_erasure(body: PersonRequest, services: Ask, by: By) -> LiftAnswer:
    """The person agreed anew: they may be imported and written to again. Their do-not-contact entry at Woodpecker stays."""
    with services.database.writing() as db:
        hashed = erasing.lift(db, by, body.email)
    if hashed is not None:
        ErasureLedger(services.settings.data_dir).remove(hashed)
    return LiftAnswer(lifted=hashed is not None)


@router.post("/api/people/held", dependencies=[needs(Permission.ADMINISTER)])
def tell_what_is_held(body: PersonRequest, services: Ask, by: By) -> HeldAnswer:
    """The answer to "what do you hold on me?": every row of every table, as it is."""
    now, uploads = services.clock(), Uploads(services.settings.data_dir)
    with services.database.reading() as db:
        held = access.everything_held(db, uploads, body.email, now)
        erased = erased_among(db, [address_key(body.email)])
    with services.database.writing() as db:
        # Whom it was about stands in no line: the answer may be the last thing before an erasure.
        record(db, by, "person.told", ("person", None), count=sum(map(len, held.values())))
    return HeldAnswer(email=body.email, at=now, erased_at=next(iter(erased.values()), None), held=held)


@router.get("/api/samples", dependencies=[needs(Permission.READ)])
def count_sample_people(db: ReadDb) -> SamplesAnswer:
    return SamplesAnswer(left=count_samples(db))


@router.post("/api/samples/remove", dependencies=[needs(Permission.ADMINISTER)])
def remove_sample_people(services: Ask, by: By) -> SamplesAnswer:
    """In one step. Saving the first real key does the same by itself."""
    with services.database.writing() as db:
        removed = remove_samples(db, by, services.clock())
        return SamplesAnswer(left=count_samples(db), removed=removed)


@router.get("/api/retention", dependencies=[needs(Permission.READ)])
def get_retention(db: ReadDb) -> RetentionAnswer:
    """The periods are changed in Settings."""
    settings = read_settings(db)
    return RetentionAnswer(
        keep_content_days=settings.keep_exported_content_days,
        keep_people_days=settings.keep_history_people_days,
        confirmed=settings.retention_confirmed,
        reports=[RetentionReportAnswer.of(report) for report in queries.newest_reports(db, 10)],
    )


def _woodpecker_is_sandbox(services: Services) -> bool | None:
    mode = services.vendor_state(Vendor.WOODPECKER).mode
    return None if mode is VendorMode.OFF else mode is VendorMode.SANDBOX
