"""The real Woodpecker: one HTTP request for each call, nothing retried, nothing logged but kinds and durations."""

import email.utils
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpcore
import httpx
import structlog

from woodpecker_api.clients.woodpecker import wire
from woodpecker_api.clients.woodpecker.deadline import EXCHANGE, DeadlineTransport, Exchange, OutOfTimeError
from woodpecker_api.clients.woodpecker.errors import (
    NOT_JSON,
    Answer,
    ConnectionCutError,
    DeadlinePassedError,
    UnreachableError,
    UnreadableAnswerError,
    WoodpeckerError,
    failure_in,
)
from woodpecker_api.clients.woodpecker.port import (
    MAX_BLACKLIST_WRITE,
    PAGE_SIZE,
    AccountCheck,
    AddOutcome,
    BeforeSend,
    BlacklistPage,
    Campaign,
    CampaignSteps,
    KnownProspect,
    Look,
    NewProspect,
    ProspectsPage,
)
from woodpecker_api.clients.woodpecker.questions import OPEN_QUESTIONS, look_of
from woodpecker_api.clients.woodpecker.sketch import sketch

DEFAULT_BASE_URL = "https://api.woodpecker.co/rest"
DEFAULT_DEADLINE_SECONDS = 60.0
_BLACKLIST_PAGE = 500
# 1000 people with fifteen long snippets are some 30 MB; more than this is no answer of theirs.
_MAX_ANSWER_BYTES = 64 * 1024 * 1024

_Read = TypeVar("_Read")
_Limits = tuple[float | None, BeforeSend | None]
"""Total deadline in seconds, and who is asked right before the first byte goes out."""

_log = structlog.get_logger("woodpecker")


class WoodpeckerClient:
    """A `WoodpeckerApi` for one account. Safe to use from several threads, though the account takes one at a time."""

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str = DEFAULT_BASE_URL,
        default_deadline: float = DEFAULT_DEADLINE_SECONDS,
    ) -> None:
        """Raises ValueError for a key that no header can carry; the message does not repeat it."""
        if not api_key.strip() or not api_key.strip().isascii() or not api_key.strip().isprintable():
            raise ValueError("a Woodpecker key consists of plain letters, digits and signs")
        self._base_url = base_url.rstrip("/")
        self._default_deadline = default_deadline
        self._http = httpx.Client(
            transport=DeadlineTransport(),
            headers={"x-api-key": api_key.strip(), "Accept": "application/json", "Connection": "close"},
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def check_account(self, *, deadline: float | None = None) -> AccountCheck:
        return _read(wire.read_users, self._ask("GET", "/v2/users", limits=(deadline, None)))

    def list_campaigns(self, *, deadline: float | None = None) -> tuple[Campaign, ...]:
        return _read(wire.read_campaigns, self._ask("GET", "/v1/campaign_list", limits=(deadline, None)))

    def campaign_settings(self, campaign_id: int, *, deadline: float | None = None) -> CampaignSteps:
        answer = self._ask("GET", f"/v2/campaigns/{campaign_id:d}", limits=(deadline, None), about_campaign=True)
        return _read(lambda each: wire.read_settings(each, campaign_id), answer)

    def campaign_statistics(self, campaign_id: int, *, deadline: float | None = None) -> CampaignSteps:
        query = {"id": f"{campaign_id:d}"}
        answer = self._ask("GET", "/v1/campaign_list", query, limits=(deadline, None), about_campaign=True)
        return _read(lambda each: wire.read_statistics(each, campaign_id), answer)

    def add_prospects(
        self,
        campaign_id: int,
        prospects: Sequence[NewProspect],
        *,
        deadline: float,
        send_after: datetime | None = None,
        before_send: BeforeSend | None = None,
    ) -> AddOutcome:
        answer = self._ask(
            "POST",
            "/v1/add_prospects_campaign",
            body=wire.add_body(campaign_id, prospects, send_after),
            limits=(deadline, before_send),
            about_campaign=True,
        )
        return _read(lambda each: wire.read_add(each.payload, [prospect.email for prospect in prospects]), answer)

    def find_members(self, addresses: Sequence[str], *, deadline: float | None = None) -> tuple[KnownProspect, ...]:
        query = {"search": wire.search_for(addresses), "campaigns_details": "true", "per_page": str(PAGE_SIZE)}
        return _read(wire.read_found, self._ask("GET", "/v1/prospects", query, limits=(deadline, None)))

    def campaign_members(self, campaign_id: int, page: int, *, deadline: float | None = None) -> ProspectsPage:
        query = {
            "campaigns_id": f"{campaign_id:d}",
            "campaigns_details": "true",
            "per_page": str(PAGE_SIZE),
            "page": f"{page:d}",
        }
        answer = self._ask("GET", "/v1/prospects", query, limits=(deadline, None), about_campaign=True)
        return _read(lambda each: wire.read_page(each, page), answer)

    def prospects_page(
        self, page: int, *, diff: datetime | None = None, deadline: float | None = None
    ) -> ProspectsPage:
        query = {"campaigns_details": "true", "per_page": str(PAGE_SIZE), "page": f"{page:d}"}
        if diff is not None:
            query["diff"] = wire.vendor_moment(diff)
        answer = self._ask("GET", "/v1/prospects", query, limits=(deadline, None))
        return _read(lambda each: wire.read_page(each, page), answer)

    def prospects_by_id(self, ids: Sequence[int], *, deadline: float | None = None) -> tuple[KnownProspect, ...]:
        query = {"id": wire.id_list(ids), "campaigns_details": "true", "per_page": str(PAGE_SIZE)}
        return _read(wire.read_found, self._ask("GET", "/v1/prospects", query, limits=(deadline, None)))

    def look(self, question: str, campaign_id: int, address: str, *, deadline: float | None = None) -> Look:
        asked = OPEN_QUESTIONS[question]
        ask = asked.ask(campaign_id, address)
        exchange = Exchange(self._default_deadline if deadline is None else deadline, None)
        request = self._request(ask.method, ask.path, ask.query, ask.body, exchange)
        return look_of(asked, self._exchange(request, exchange, change=ask.method != "GET"))

    def remove_from_campaign(
        self,
        ids: Sequence[int],
        campaign_id: int,
        *,
        deadline: float | None = None,
        before_send: BeforeSend | None = None,
    ) -> None:
        if campaign_id <= 0:
            raise ValueError("without a campaign the people would be deleted from the account")
        query = {"id": wire.id_list(ids), "campaigns_id": str(campaign_id)}
        self._ask("DELETE", "/v1/prospects", query, limits=(deadline, before_send))

    def delete_prospects(
        self, ids: Sequence[int], *, deadline: float | None = None, before_send: BeforeSend | None = None
    ) -> None:
        self._ask("DELETE", "/v1/prospects", {"id": wire.id_list(ids)}, limits=(deadline, before_send))

    def blacklist_emails(self, emails: Sequence[str], *, deadline: float | None = None) -> None:
        self._blacklist("emails", emails, deadline)

    def blacklist_domains(self, domains: Sequence[str], *, deadline: float | None = None) -> None:
        self._blacklist("domains", domains, deadline)

    def blacklisted_emails(self, page: int, *, deadline: float | None = None) -> BlacklistPage:
        return self._blacklisted("emails", page, deadline)

    def blacklisted_domains(self, page: int, *, deadline: float | None = None) -> BlacklistPage:
        return self._blacklisted("domains", page, deadline)

    def opted_out(self, page: int, *, deadline: float | None = None) -> ProspectsPage:
        query = {"status": "BLACKLIST", "campaigns_details": "true", "per_page": str(PAGE_SIZE), "page": f"{page:d}"}
        answer = self._ask("GET", "/v1/prospects", query, limits=(deadline, None))
        return _read(lambda each: wire.read_page(each, page), answer)

    def _blacklist(self, name: str, values: Sequence[str], deadline: float | None) -> None:
        if not 0 < len(values) <= MAX_BLACKLIST_WRITE:
            raise ValueError(f"blacklist 1 to {MAX_BLACKLIST_WRITE} {name} at a time")
        self._ask("POST", f"/v2/blacklist/{name}", body={name: list(values)}, limits=(deadline, None))

    def _blacklisted(self, name: str, page: int, deadline: float | None) -> BlacklistPage:
        query = {"page": f"{page:d}", "per_page": str(_BLACKLIST_PAGE)}
        answer = self._ask("GET", f"/v2/blacklist/{name}", query, limits=(deadline, None))
        return _read(lambda each: wire.read_blacklist(each, page, name, per_page=_BLACKLIST_PAGE), answer)

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        body: Mapping[str, object] | None = None,
        limits: _Limits = (None, None),
        about_campaign: bool = False,
    ) -> Answer:
        """One request; its answer when Woodpecker said yes, else the failure."""
        started = time.monotonic()
        deadline, before_send = limits
        exchange = Exchange(self._default_deadline if deadline is None else deadline, before_send)
        change = method != "GET"
        request = self._request(method, path, query, body, exchange)
        answer = self._exchange(request, exchange, change=change)
        failure = failure_in(answer, change=change, about_campaign=about_campaign)
        # A removal answers without a body. Anywhere else an empty 2xx is an answer that lost its text.
        if failure is None and answer.payload is NOT_JSON and method != "DELETE":
            failure = UnreadableAnswerError("The answer is not JSON.", outcome_unknown=change, status=answer.status)
        if failure is None and answer.payload is None and answer.status != 204 and not _may_be_empty(method, path):
            failure = UnreadableAnswerError("The answer is empty.", outcome_unknown=change, status=answer.status)
        _log.info(
            "woodpecker_request",
            method=method,
            path=path,
            status=answer.status,
            failure=failure.kind if failure else None,
            seconds=round(time.monotonic() - started, 3),
        )
        if failure is not None:
            _keep_sketch(failure, answer)
            raise failure
        return answer

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Mapping[str, object] | None,
        exchange: Exchange,
    ) -> httpx.Request:
        return self._http.build_request(
            method,
            self._base_url + path,
            params=query,
            content=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            extensions={EXCHANGE: exchange},
        )

    def _exchange(self, request: httpx.Request, exchange: Exchange, *, change: bool) -> Answer:
        try:
            response = self._http.send(request, stream=True)
            try:
                body = _read_body(response, exchange)
            finally:
                response.close()
        except (httpcore.TimeoutException, OutOfTimeError) as error:
            if not exchange.sent:
                raise UnreachableError("Woodpecker could not be reached within the deadline.") from error
            raise DeadlinePassedError(
                "Woodpecker did not answer within the deadline.", outcome_unknown=change
            ) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            if not exchange.sent:
                raise UnreachableError("Woodpecker cannot be reached.") from error
            raise ConnectionCutError("The connection ended before the answer did.", outcome_unknown=change) from error
        except (httpx.DecodingError, _TooLongError) as error:
            raise UnreadableAnswerError("The answer's body cannot be used.", outcome_unknown=change) from error
        return _answer(response, body)


def _read(reader: Callable[[Answer], _Read], answer: Answer) -> _Read:
    """The answer in our words; one that cannot be read leaves its sketch with the error."""
    try:
        return reader(answer)
    except UnreadableAnswerError as error:
        _keep_sketch(error, answer)
        raise


def _keep_sketch(failure: WoodpeckerError, answer: Answer) -> None:
    if isinstance(failure, UnreadableAnswerError):
        payload = None if answer.payload is NOT_JSON else answer.payload
        failure.sketch = sketch(payload, answer.text)
        failure.status = failure.status or answer.status


class _TooLongError(Exception):
    """The answer is longer than any answer can be."""


def _may_be_empty(method: str, path: str) -> bool:
    """Removals, and blacklisting: their 2xx needs no text to be believed."""
    return method == "DELETE" or (method == "POST" and path.startswith("/v2/blacklist/"))


def _read_body(response: httpx.Response, exchange: Exchange) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        exchange.remaining()
        size += len(chunk)
        if size > _MAX_ANSWER_BYTES:
            raise _TooLongError
        chunks.append(chunk)
    return b"".join(chunks)


def _answer(response: httpx.Response, body: bytes) -> Answer:
    payload: Any = None
    text = ""
    if body.strip():
        payload = NOT_JSON
        with suppress(ValueError, RecursionError):
            payload = json.loads(body)
        text = body[:400].decode("utf-8", "replace") if payload is NOT_JSON else ""
    total = response.headers.get("x-total-count", "")
    return Answer(
        status=response.status_code,
        payload=payload,
        text=text,
        retry_after=_seconds(response.headers.get("retry-after")),
        total=int(total) if total.isascii() and total.isdigit() and len(total) < 12 else None,
    )


def _seconds(value: str | None) -> float | None:
    """Retry-After as seconds from now: a number, or a date."""
    if not value:
        return None
    with suppress(ValueError):
        return max(0.0, float(value)) if float(value) < 1e9 else None
    with suppress(ValueError, TypeError):
        return max(0.0, (email.utils.parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    return None
