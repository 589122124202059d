"""One batch: intent, send, outcome. Two transactions with the request between them."""

from collections.abc import Mapping

import structlog

from woodpecker_api.clients.woodpecker.errors import (
    CampaignGoneError,
    CampaignUnsupportedError,
    RequestRefusedError,
    WoodpeckerError,
)
from woodpecker_api.clients.woodpecker.port import AddOutcome, NewProspect, RowOutcome, RowResult, WoodpeckerApi
from woodpecker_api.features.exports.jobs import trouble
from woodpecker_api.features.exports.jobs.tools import Memory, Tools
from woodpecker_api.features.exports.queries import steering
from woodpecker_api.features.exports.rules import Event, contact_in, snippets_in
from woodpecker_api.features.exports.service.holding import begin_epoch, epoch_begun, epoch_is_due, renew_epoch
from woodpecker_api.features.exports.service.intents import Intent, write_intent
from woodpecker_api.features.exports.service.outcomes import Row, write_for_all, write_rows
from woodpecker_api.features.exports.service.stopping import stop_export
from woodpecker_api.system.jobs import JobContext
from woodpecker_api.system.settings.service import read_settings

log = structlog.get_logger("exports")

_EVENTS = {
    RowOutcome.ADDED: Event.ADDED,
    RowOutcome.ALREADY_IN_CAMPAIGN: Event.DUPLICATE,
    RowOutcome.REJECTED: Event.REJECTED,
    RowOutcome.MISSING: Event.UNCLEAR,
    RowOutcome.UNCLEAR: Event.UNCLEAR,
}
_CODES = {RowOutcome.MISSING: "row_missing", RowOutcome.UNCLEAR: "row_unclear"}


class _DroppedError(Exception):
    """The last look before the first byte said no: certainly nothing was sent."""


def send_batch(tools: Tools, memory: Memory, api: WoodpeckerApi, context: JobContext, export_id: str) -> None:
    """One unit of an export. Whatever happens to this process meanwhile, the intent tells the next one what to ask."""
    # Measured before the intent is written: a worker that is stopped right after its commit must find its time over.
    send_by = tools.monotonic() + tools.send_by_seconds
    _prepare_epoch(tools)
    with tools.database.writing() as db:
        size = read_settings(db).export_batch_size
        intent = write_intent(db, export_id, tools.epoch, size, tools.clock())
    if intent is None:
        return
    if not _epoch_renewed(tools):
        _write_for_all(tools, intent, Row(Event.TURNED_AWAY, "epoch_unwritable"))
        memory.failed(tools.monotonic(), None)
        return

    def last_look() -> None:
        if not context.still_mine():
            raise _DroppedError("lock_lost")
        if tools.monotonic() >= send_by:
            raise _DroppedError("too_late_to_send")

    try:
        outcome = api.add_prospects(
            intent.campaign_vendor_id,
            [_prospect(person.email, person.fields) for person in intent.people],
            deadline=tools.deadline_seconds,
            send_after=intent.send_after,
            before_send=last_look,
        )
    except _DroppedError as dropped:
        _write_for_all(tools, intent, Row(Event.TURNED_AWAY, str(dropped)))
    except WoodpeckerError as error:
        _on_error(tools, memory, intent, error)
    else:
        memory.worked()
        _write_answer(tools, memory, intent, outcome)


def _prepare_epoch(tools: Tools) -> None:
    """The file before the first intent ever: after it, a missing file means that something was swapped."""
    with tools.database.reading() as db:
        is_due = epoch_is_due(db, tools.epoch)
    if not is_due:
        return
    with tools.database.writing() as db:
        begin_epoch(db)
    with tools.database.reading() as db:
        renew_epoch(db, tools.epoch)
    with tools.database.writing() as db:
        epoch_begun(db)


def _epoch_renewed(tools: Tools) -> bool:
    """False when the file cannot be written (a full disk): then nothing goes out."""
    try:
        with tools.database.reading() as db:
            renew_epoch(db, tools.epoch)
    except OSError:
        log.exception("export.epoch_unwritable")
        return False
    return True


def _prospect(email: str, fields: Mapping[str, str]) -> NewProspect:
    return NewProspect(email, contact_in(fields), snippets_in(fields))


def _write_answer(tools: Tools, memory: Memory, intent: Intent, outcome: AddOutcome) -> None:
    rows = {person.item_id: _row(result) for person, result in zip(intent.people, outcome.rows, strict=True)}
    if any(row.event is Event.UNCLEAR for row in rows.values()):
        memory.watch.reopen(intent.batch_id, tools.monotonic())
    with tools.database.writing() as db:
        write_rows(db, intent.batch_id, rows, tools.clock())


def _row(result: RowResult) -> Row:
    code = result.error_code or _CODES.get(result.outcome)
    return Row(_EVENTS[result.outcome], code, result.error or None)


def _on_error(tools: Tools, memory: Memory, intent: Intent, error: WoodpeckerError) -> None:
    if error.outcome_unknown:
        memory.watch.reopen(intent.batch_id, tools.monotonic())
        _write_for_all(tools, intent, Row(Event.UNCLEAR, error.kind, str(error)))
    elif isinstance(error, RequestRefusedError) and len(intent.people) == 1:
        _write_for_all(tools, intent, Row(Event.REFUSED_ALONE, error.code or error.kind, str(error)))
        memory.worked()
        return
    else:
        _write_for_all(tools, intent, Row(Event.TURNED_AWAY, error.kind, str(error)))
    if isinstance(error, RequestRefusedError):
        _make_smaller(tools, intent)
        memory.worked()
    elif isinstance(error, CampaignGoneError | CampaignUnsupportedError):
        _stop(tools, intent, error)
        memory.worked()
    else:
        trouble.on_failure(tools, memory, intent.account_id, error)


def _make_smaller(tools: Tools, intent: Intent) -> None:
    """One person of the batch may be why all of it was refused: smaller batches find out who."""
    with tools.database.writing() as db:
        export = steering.locked_export(db, intent.export_id)
        if export is not None:
            export.batch_limit = max(1, len(intent.people) // 5)


def _stop(tools: Tools, intent: Intent, error: WoodpeckerError) -> None:
    with tools.database.writing() as db:
        export = steering.locked_export(db, intent.export_id)
        if export is not None:
            stop_export(db, export, error.kind, tools.clock(), for_good=isinstance(error, CampaignGoneError))


def _write_for_all(tools: Tools, intent: Intent, row: Row) -> None:
    with tools.database.writing() as db:
        write_for_all(db, intent.batch_id, row, tools.clock())
