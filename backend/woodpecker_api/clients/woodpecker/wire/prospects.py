"""People as Woodpecker lists them, and the questions by which we look for them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from woodpecker_api.clients.woodpecker.errors import Answer, UnreadableAnswerError
from woodpecker_api.clients.woodpecker.port import (
    CONTACT_FIELDS,
    MAX_IDS_PER_REMOVAL,
    MAX_SEARCH_ADDRESSES,
    PAGE_SIZE,
    SNIPPET_NUMBERS,
    BlacklistPage,
    KnownProspect,
    Membership,
    ProspectsPage,
)
from woodpecker_api.clients.woodpecker.wire.values import (
    identifier_of,
    is_unreadable_moment,
    moment_of,
    number_of,
    object_of,
    text_of,
    texts_of,
    word_of,
)

# The vendor takes about 4,100 characters of URL; the rest is for address, path and the other parameters.
_MAX_SEARCH_CHARACTERS = 3500
# Spellings that old help pages show beside the right ones.
_OLD_SNIPPET_NAMES = {1: "snipet1", 2: "snipet2", 3: "snipet3", 4: "snipet4", 9: "snipper9"}
# The default, and the largest page of 2017: what might come back instead of the 1,000 that we ask for.
_SMALLER_PAGES = (100, 500)
_MOMENTS = ("last_contacted", "last_replied", "updated")


def search_for(addresses: Sequence[str]) -> str:
    """The `search` value for these addresses. Raises ValueError when one cannot be asked for, or they are too many."""
    if not 0 < len(addresses) <= MAX_SEARCH_ADDRESSES:
        raise ValueError(f"ask for 1 to {MAX_SEARCH_ADDRESSES} addresses at a time")
    if any("," in address or "@" not in address for address in addresses):
        raise ValueError("an address without @ or with a comma cannot be searched for")
    return ",".join(f"email={address}" for address in addresses)


def address_batches(addresses: Sequence[str]) -> Iterator[list[str]]:
    """The addresses in groups that fit one search: at most 25, and not too long for a URL."""
    batch: list[str] = []
    length = 0
    for address in addresses:
        size = len(quote(f",email={address}", safe=""))
        if batch and (len(batch) == MAX_SEARCH_ADDRESSES or length + size > _MAX_SEARCH_CHARACTERS):
            yield batch
            batch, length = [], 0
        batch.append(address)
        length += size
    if batch:
        yield batch


def id_list(ids: Sequence[int]) -> str:
    """The `id` value of a removal. Raises ValueError for none or too many: no ids might mean everybody."""
    if not 0 < len(ids) <= MAX_IDS_PER_REMOVAL or any(each <= 0 for each in ids):
        raise ValueError(f"remove 1 to {MAX_IDS_PER_REMOVAL} people at a time, by ids above 0")
    return ",".join(str(each) for each in ids)


def read_page(answer: Answer, page: int, *, per_page: int = PAGE_SIZE) -> ProspectsPage:
    """One page of people; all three forms of "nothing found" are an empty page."""
    rows = _rows(answer)
    prospects = tuple(found for found in map(_prospect, rows) if found is not None)
    if rows and not prospects:
        raise UnreadableAnswerError(f"None of {len(rows)} rows of the list of people can be read.")
    return ProspectsPage(
        prospects=prospects,
        page=page,
        more=len(rows) >= per_page or _is_a_smaller_page(len(rows), page, answer.total),
        total=answer.total,
        unreadable_rows=len(rows) - len(prospects),
    )


def _is_a_smaller_page(rows: int, page: int, total: int | None) -> bool:
    """A vendor whose pages are smaller than what was asked for has more all the same, if its own count says so."""
    return total is not None and rows in _SMALLER_PAGES and page * rows < total


def read_found(answer: Answer) -> tuple[KnownProspect, ...]:
    """The whole answer to a search, or UnreadableAnswerError: absence is concluded from it."""
    found = read_page(answer, 1)
    if found.more or (found.total or 0) > len(found.prospects):
        raise UnreadableAnswerError("The answer to a search by address is not complete.")
    if found.unreadable_rows or any(prospect.memberships is None for prospect in found.prospects):
        raise UnreadableAnswerError("The answer to a search by address does not say who is in which campaign.")
    return found.prospects


def read_blacklist(answer: Answer, page: int, name: str, *, per_page: int) -> BlacklistPage:
    """One page of suppressed `name` ("emails" or "domains")."""
    payload = object_of(answer.payload)
    if answer.status == 204 or _says_nothing_found(answer.payload):
        return BlacklistPage((), page, more=False, total=None)
    values = payload.get(name)
    if not isinstance(values, list):
        raise UnreadableAnswerError(f"The blacklist answer holds no {name}.")
    total = number_of(payload.get("total"))
    seen = (page - 1) * per_page + len(values)
    more = bool(values) and (seen < total if total is not None else len(values) >= per_page)
    return BlacklistPage(texts_of(values), page, more, total)


def _rows(answer: Answer) -> list[Any]:
    if answer.status == 204 or _says_nothing_found(answer.payload):
        return []
    if isinstance(answer.payload, list):
        return answer.payload
    raise UnreadableAnswerError("The list of people is neither a list nor a word that there is nobody.")


def _says_nothing_found(payload: Any) -> bool:
    """An object with a sentence and no rows; failures were sorted out before. The sentence itself is not compared."""
    answer = object_of(payload)
    return isinstance(answer.get("message"), str) and not any(isinstance(value, list) for value in answer.values())


def _prospect(row: Any) -> KnownProspect | None:
    outer = object_of(row)
    inner = outer.get("prospect")
    data = {**outer, **inner} if isinstance(inner, dict) else outer
    number, email = identifier_of(data.get("id")), text_of(data.get("email")).strip()
    if number is None or "@" not in email:
        return None
    replied = data.get("last_replied", data.get("last replied"))
    return KnownProspect(
        id=number,
        email=email,
        status=word_of(data.get("status")),
        fields={name: text_of(data.get(name)) for name in CONTACT_FIELDS},
        snippets={number: _snippet(data, number) for number in SNIPPET_NUMBERS},
        last_contacted=moment_of(data.get("last_contacted")),
        last_replied=moment_of(replied),
        updated=moment_of(data.get("updated")),
        memberships=_memberships(data),
        interest=_interest(data),
        unreadable=tuple(name for name in (*_MOMENTS, "last replied") if is_unreadable_moment(data.get(name))),
    )


def _snippet(data: Mapping[str, Any], number: int) -> str:
    name = f"snippet{number}"
    if name not in data and number in _OLD_SNIPPET_NAMES:
        name = _OLD_SNIPPET_NAMES[number]
    return text_of(data.get(name))


def _memberships(data: Mapping[str, Any]) -> tuple[Membership, ...] | None:
    """None when the answer is silent or one entry cannot be read: half a list would be a wrong one."""
    if "campaigns_details" not in data:
        return None
    entries = data["campaigns_details"]
    if entries is None:
        return ()
    if not isinstance(entries, list):
        return None
    found = [_membership(object_of(entry)) for entry in entries]
    readable = tuple(membership for membership in found if membership is not None)
    return readable if len(readable) == len(found) else None


def _membership(entry: Mapping[str, Any]) -> Membership | None:
    campaign_id = identifier_of(entry.get("campaign_id"))
    if campaign_id is None:
        return None
    return Membership(
        campaign_id=campaign_id,
        campaign_name=text_of(entry.get("campaign_name")),
        campaign_status=word_of(entry.get("campaign_status")),
        status=word_of(entry.get("campaign_prospect_status")),
        interest=_interest(entry),
        sender=text_of(entry.get("campaign_email")),
    )


def _interest(data: Mapping[str, Any]) -> str:
    """INTERESTED, MAYBE-LATER, NOT-INTERESTED, NOT-MARKED, in either form and with either dash."""
    newer = data.get("interest_level")
    level = newer.get("level") if isinstance(newer, dict) else newer
    return (word_of(level) or word_of(data.get("interested"))).replace("_", "-")
