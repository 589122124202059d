"""Taking people out: ask who is there, take them out, ask again. Everything here may be repeated without harm."""

from collections.abc import Sequence

import structlog

from woodpecker_api.clients.woodpecker.errors import UnreadableAnswerError, WoodpeckerError
from woodpecker_api.clients.woodpecker.port import MAX_SEARCH_ADDRESSES, KnownProspect, WoodpeckerApi
from woodpecker_api.clients.woodpecker.wire import address_batches
from woodpecker_api.features.exports.jobs.tools import Memory, Tools
from woodpecker_api.features.exports.models import Removal
from woodpecker_api.features.exports.queries import removing as queries
from woodpecker_api.features.exports.rules import wait_after
from woodpecker_api.features.exports.service import removing as service
from woodpecker_api.features.exports.service.holding import sending
from woodpecker_api.kit.text import address_key

log = structlog.get_logger("exports")


def ready(tools: Tools, memory: Memory, account_id: str) -> Sequence[Removal]:
    """Who may be asked about now. Nobody while sending is held: a wrong database must not take people out either."""
    now = tools.monotonic()
    resting = [removal_id for removal_id, until in memory.removals_rest_until.items() if until > now]
    with tools.database.reading() as db:
        if sending(db).held:
            return []
        return queries.waiting(db, account_id, MAX_SEARCH_ADDRESSES, resting)


def remove_some(tools: Tools, memory: Memory, api: WoodpeckerApi, removals: Sequence[Removal]) -> None:
    """One question about some of them and what follows from it. Raises `WoodpeckerError` where the account should rest."""
    domains = [removal for removal in removals if removal.address_key.startswith("@")]
    if domains:
        _blacklist_domains(tools, memory, api, domains)
        return
    emails = next(address_batches(list(dict.fromkeys(removal.email for removal in removals))))
    asked = [removal for removal in removals if removal.email in emails]
    try:
        found = api.find_members(emails, deadline=tools.deadline_seconds)
        _follow_up(tools, memory, api, asked, found)
    except WoodpeckerError as error:
        if not (error.permanent or isinstance(error, UnreadableAnswerError)):
            raise
        log.warning("removal.refused", people=len(asked), kind=error.kind)
        _tried(tools, memory, asked, error.kind, str(error))
        if error.kind in ("vendor_key_refused", "vendor_plan_missing"):
            raise


def _blacklist_domains(tools: Tools, memory: Memory, api: WoodpeckerApi, domains: Sequence[Removal]) -> None:
    """Whole domains have nobody to take out, those who are there have removals of their own; a yes to the request is the end."""
    try:
        api.blacklist_domains([removal.email.removeprefix("@") for removal in domains], deadline=tools.deadline_seconds)
    except WoodpeckerError as error:
        _tried(tools, memory, domains, error.kind, str(error))
        if not (error.permanent or isinstance(error, UnreadableAnswerError)):
            raise
        log.warning("removal.refused", domains=len(domains), kind=error.kind)
        return
    ids = [removal.id for removal in domains]
    with tools.database.writing() as db:
        service.note_blacklisted(db, ids, tools.clock())
        service.finish(db, ids, tools.clock())


def _follow_up(
    tools: Tools, memory: Memory, api: WoodpeckerApi, asked: Sequence[Removal], found: Sequence[KnownProspect]
) -> None:
    known = _to_delete(asked, found)
    if known:
        _tried(tools, memory, [removal for removal, _ in known], None, None)
        # From every campaign at once; the next look shows whether they are gone.
        api.delete_prospects(sorted({person_id for _, person_id in known}), deadline=tools.deadline_seconds)
        return
    inside = _inside(asked, found)
    if inside:
        campaign_id = min(campaign for campaign, _, _ in inside)
        there = [(removal, person_id) for campaign, removal, person_id in inside if campaign == campaign_id]
        ids = sorted({person_id for _, person_id in there})
        # Before the request: the next look is a moment later, and later each time, whatever becomes of this one.
        _tried(tools, memory, [removal for removal, _ in there], None, None)
        api.remove_from_campaign(ids, campaign_id, deadline=tools.deadline_seconds)
    gone = [removal for removal in asked if removal.id not in {each.id for _, each, _ in inside}]
    to_blacklist = [removal for removal in gone if removal.blacklist and removal.blacklisted_at is None]
    if to_blacklist and not inside:
        api.blacklist_emails([removal.email for removal in to_blacklist], deadline=tools.deadline_seconds)
        with tools.database.writing() as db:
            service.note_blacklisted(db, [removal.id for removal in to_blacklist], tools.clock())
    finished = [removal.id for removal in gone if removal not in to_blacklist]
    if finished:
        with tools.database.writing() as db:
            service.finish(db, finished, tools.clock())


def _to_delete(asked: Sequence[Removal], found: Sequence[KnownProspect]) -> list[tuple[Removal, int]]:
    """(removal, person) for everybody who is to be erased and whom the account still has."""
    return [
        (removal, person.id)
        for removal in asked
        if removal.erasure_id is not None
        for person in found
        if address_key(person.email) == removal.address_key
    ]


def _inside(asked: Sequence[Removal], found: Sequence[KnownProspect]) -> list[tuple[int, Removal, int]]:
    """(campaign, removal, person) for everybody who is still somewhere they are to leave."""
    inside: list[tuple[int, Removal, int]] = []
    for removal in asked:
        for person in found:
            if address_key(person.email) != removal.address_key:
                continue
            if person.memberships is None:
                raise UnreadableAnswerError("The answer does not say in which campaigns a person is.")
            inside += [
                (membership.campaign_id, removal, person.id)
                for membership in person.memberships
                if removal.campaign_vendor_id in (None, membership.campaign_id)
            ]
    return inside


def _tried(tools: Tools, memory: Memory, removals: Sequence[Removal], code: str | None, sentence: str | None) -> None:
    now = tools.monotonic()
    for removal in removals:
        memory.removals_rest_until[removal.id] = now + wait_after(removal.tries + 1, None)
    with tools.database.writing() as db:
        service.note_tried(db, [removal.id for removal in removals], code, sentence)
