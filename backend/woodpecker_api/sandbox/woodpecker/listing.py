"""Lists of people: which match a query, and how a row looks."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from woodpecker_api.sandbox.woodpecker.account import SNIPPETS, TEXT_FIELDS, Prospect, WoodpeckerAccount

_SEARCHABLE = frozenset({*TEXT_FIELDS, *SNIPPETS, "email", "status"})
Match = Callable[[Prospect], bool]


class WrongParameterError(ValueError):
    """The vendor answers 400 to this query."""


def select(account: WoodpeckerAccount, query: Mapping[str, str]) -> list[Prospect]:
    """Everybody who matches, by id. Parameters we do not know are passed over, as the vendor does."""
    campaigns = numbers(query.get("campaigns_id", ""))
    candidates = _candidates(account, query, campaigns)
    tests: list[Match] = []
    if "search" in query:
        tests.append(_search(query["search"]))
    if query.get("id"):
        wanted = set(numbers(query["id"]))
        tests.append(lambda prospect: prospect.id in wanted)
    if query.get("status"):
        tests.append(_status(set(query["status"].upper().split(",")), campaigns))
    if query.get("contacted") in ("true", "false"):
        contacted = query["contacted"] == "true"
        tests.append(lambda prospect: bool(prospect.last_contacted) is contacted)
    if query.get("diff"):
        after = _moment(query["diff"])
        tests.append(lambda prospect: bool(prospect.updated) and _moment(prospect.updated) > after)
    if not tests:
        return list(candidates)
    return [prospect for prospect in candidates if all(test(prospect) for test in tests)]


def row(account: WoodpeckerAccount, prospect: Prospect, query: Mapping[str, str]) -> dict[str, Any]:
    """One person as the vendor shows them, memberships when asked."""
    campaigns = numbers(query.get("campaigns_id", ""))
    data: dict[str, Any] = {"id": prospect.id, "email": prospect.email, "organization_id": None}
    data |= {name: prospect.values.get(name, "") for name in TEXT_FIELDS}
    data |= {"last_contacted": prospect.last_contacted, "last_replied": prospect.last_replied}
    data |= {"updated": prospect.updated, "encrypted": False, "status": prospect.status}
    data |= {name: prospect.values.get(name, "") for name in SNIPPETS}
    data |= {"snipet1": data["snippet1"], "snippet_labels": None}
    if campaigns:
        inside = next((number for number in campaigns if number in prospect.enrolments), None)
        if inside is not None:
            data["status"] = prospect.enrolments[inside].status
    if query.get("campaigns_details") == "true":
        data["campaigns_details"] = [_membership(account, prospect, number) for number in prospect.enrolments]
    return data


def page_of(query: Mapping[str, str]) -> tuple[int, int]:
    """Page from 1 and rows a page, at most 1000."""
    page, size = query.get("page", "1"), query.get("per_page", "100")
    if not page.isdigit() or not size.isdigit() or int(page) < 1 or int(size) < 1:
        raise WrongParameterError("page and per_page are numbers from 1")
    return int(page), min(int(size), 1000)


def numbers(text: str) -> list[int]:
    """A comma list of ids; WrongParameterError for anything else."""
    parts = [part for part in text.split(",") if part]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise WrongParameterError("ids are a comma list of numbers")
    return [int(part) for part in parts]


def _candidates(account: WoodpeckerAccount, query: Mapping[str, str], campaigns: list[int]) -> Iterable[Prospect]:
    """The smallest set that surely holds every match: full addresses come from the index."""
    terms = _terms(query["search"]) if "search" in query else {}
    emails = terms.get("email", [])
    if emails and all("@" in email for email in emails):
        found = {each.id: each for email in emails if (each := account.find(email))}
        chosen = [found[number] for number in sorted(found)]
        return [each for each in chosen if not campaigns or any(number in each.enrolments for number in campaigns)]
    return account.members(campaigns) if campaigns else account.prospects.values()


def _terms(search: str) -> dict[str, list[str]]:
    terms: dict[str, list[str]] = {}
    for part in search.split(","):
        name, equals, value = part.partition("=")
        if not equals or name.strip() not in _SEARCHABLE:
            raise WrongParameterError("search takes field=value pairs")
        terms.setdefault(name.strip(), []).append(value)
    return terms


def _search(search: str) -> Match:
    """Fields are combined with AND, values of one field with OR; a full address must match exactly."""
    tests = [(name, [_value_test(name, value) for value in values]) for name, values in _terms(search).items()]

    def matches(prospect: Prospect) -> bool:
        return all(any(test(_stored(prospect, name)) for test in any_of) for name, any_of in tests)

    return matches


def _value_test(name: str, value: str) -> Callable[[str], bool]:
    if name == "email" and "@" in value:
        return lambda stored: stored.lower() == value.strip().lower()
    try:
        pattern = re.compile(value, 0 if name == "tags" else re.IGNORECASE)
    except re.error:
        pattern = re.compile(re.escape(value), re.IGNORECASE)
    return lambda stored: pattern.search(stored) is not None


def _stored(prospect: Prospect, name: str) -> str:
    if name == "email":
        return prospect.email
    return prospect.status if name == "status" else prospect.values.get(name, "")


def _status(wanted: set[str], campaigns: list[int]) -> Match:
    def matches(prospect: Prospect) -> bool:
        if not campaigns:
            return prospect.status in wanted
        return any(prospect.enrolments[each].status in wanted for each in campaigns if each in prospect.enrolments)

    return matches


def _membership(account: WoodpeckerAccount, prospect: Prospect, campaign_id: int) -> dict[str, Any]:
    enrolment = prospect.enrolments[campaign_id]
    campaign = account.campaigns.get(campaign_id)
    return {
        "campaign_id": campaign_id,
        "campaign_name": campaign.name if campaign else "",
        "campaign_status": campaign.status if campaign else "DELETED",
        "campaign_prospect_status": enrolment.status,
        "interest_level": {"level": enrolment.interest, "ai_detected": False},
        "campaign_email": campaign.from_emails[0] if campaign and campaign.from_emails else "",
    }


# A large account has few moments, for it is filled at once; reading each of them for every page took 11 s of 200,000 people.
@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime:
    try:
        moment = datetime.strptime(text.replace("Z", "+0000"), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise WrongParameterError("moments look like 2026-01-15T00:00:00+0200") from None
    return moment
