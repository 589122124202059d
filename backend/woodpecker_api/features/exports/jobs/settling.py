"""Asking for what became of an intent, once its settle time is over on this worker's own clock."""

from collections.abc import Sequence

import structlog

from woodpecker_api.clients.woodpecker.errors import UnreadableAnswerError
from woodpecker_api.clients.woodpecker.port import KnownProspect, WoodpeckerApi
from woodpecker_api.clients.woodpecker.wire import address_batches
from woodpecker_api.features.exports.jobs.tools import Memory, Tools
from woodpecker_api.features.exports.models import ExportBatch, ExportItem
from woodpecker_api.features.exports.queries import working
from woodpecker_api.features.exports.rules import BatchStatus, Event, same_texts, snippets_in
from woodpecker_api.features.exports.service.outcomes import Row, mark_seen, write_rows
from woodpecker_api.kit.text import address_key

log = structlog.get_logger("exports")


def notice(tools: Tools, memory: Memory, batches: Sequence[ExportBatch]) -> None:
    """Every open intent starts its wait the moment this worker sees it."""
    for batch in batches:
        memory.watch.saw(batch.id, tools.monotonic())
    unmarked = [batch.id for batch in batches if batch.status == BatchStatus.INTENDED]
    if unmarked:
        with tools.database.writing() as db:
            for batch_id in unmarked:
                mark_seen(db, batch_id, tools.clock())


def next_wait(tools: Tools, memory: Memory, batches: Sequence[ExportBatch]) -> float | None:
    """Seconds until somebody may be asked for; 0 for now, None when nothing is open."""
    now, waiting = tools.monotonic(), _waiting(tools, batches)
    return min((memory.watch.wait(batch_id, ids, now) for batch_id, ids in waiting.items()), default=None)


def settle_some(tools: Tools, memory: Memory, api: WoodpeckerApi, batches: Sequence[ExportBatch]) -> bool:
    """One question about the first batch that has somebody to ask for; False when there is nobody yet."""
    now, waiting = tools.monotonic(), _waiting(tools, batches)
    for batch in batches:
        ready = {item_id for item_id in waiting[batch.id] if memory.watch.may_ask(batch.id, item_id, now)}
        if ready:
            with tools.database.reading() as db:
                items = [item for item in working.items_in_flight(db, batch.id) if item.id in ready]
            _ask(tools, memory, api, batch, items)
            return True
        if not waiting[batch.id]:
            with tools.database.writing() as db:
                write_rows(db, batch.id, {}, tools.clock())
    return False


def _waiting(tools: Tools, batches: Sequence[ExportBatch]) -> dict[str, list[str]]:
    if not batches:
        return {}
    with tools.database.reading() as db:
        return working.ids_in_flight(db, [batch.id for batch in batches])


def _ask(tools: Tools, memory: Memory, api: WoodpeckerApi, batch: ExportBatch, ready: Sequence[ExportItem]) -> None:
    """Raises `WoodpeckerError` when there is no answer: nothing changes then, and the question is asked again."""
    # An absence that decides is asked for singly: should the vendor read a search for many in a way that nobody documented,
    # people who are in the campaign would look absent, and be added twice.
    deciding = [item for item in ready if memory.watch.was_absent(batch.id, item.id)]
    by_email = {item.email: item for item in deciding or ready}
    chunk = next(address_batches(list(by_email)))
    if deciding or batch.id in memory.one_by_one:
        chunk = chunk[:1]
    asked = [by_email[email] for email in chunk]
    try:
        found = api.find_members(chunk, deadline=tools.deadline_seconds)
        rows = _decide(tools, memory, batch, asked, found)
    except UnreadableAnswerError as error:
        # From now on one by one, so that one person nobody can read of does not keep the others waiting.
        log.warning("export.settle_unreadable", batch_id=batch.id, people=len(asked), error=str(error))
        if len(asked) == 1:
            memory.watch.postpone([asked[0].id], tools.monotonic())
        memory.one_by_one.add(batch.id)
        return
    memory.worked()
    if rows:
        with tools.database.writing() as db:
            write_rows(db, batch.id, rows, tools.clock())
            is_closed = not working.is_in_flight(db, batch.id)
        if is_closed:
            memory.watch.forget(batch.id, rows)
            memory.one_by_one.discard(batch.id)


def _decide(
    tools: Tools, memory: Memory, batch: ExportBatch, asked: Sequence[ExportItem], found: Sequence[KnownProspect]
) -> dict[str, Row]:
    by_key: dict[str, list[KnownProspect]] = {}
    for person in found:
        by_key.setdefault(address_key(person.email), []).append(person)
    now = tools.monotonic()
    rows: dict[str, Row] = {}
    for item in asked:
        people = by_key.get(item.address_key, [])
        member = next((person for person in people if person.is_member_of(batch.campaign_vendor_id)), None)
        if member is not None:
            equal = same_texts(snippets_in(item.fields), member.snippets)
            rows[item.id] = Row(
                Event.FOUND_EQUAL if equal else Event.FOUND_DIFFERENT, "settled", content_differs=not equal
            )
        elif any(person.memberships is None for person in people):
            raise UnreadableAnswerError("The answer does not say in which campaigns a person is.")
        elif memory.watch.absent(batch.id, item.id, now):
            rows[item.id] = Row(Event.ABSENT, "not_applied")
    return rows
