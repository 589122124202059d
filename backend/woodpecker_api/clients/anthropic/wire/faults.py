"""What failed, in our errors. The HTTP class decides; the vendor's type where there is no status of its own."""

from collections.abc import Mapping
from typing import Any

from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.usage import CallFacts
from woodpecker_api.clients.anthropic.wire.values import (
    limits_from,
    part,
    retry_after_from,
    text_or_none,
    usage_from,
)

# enforced_…, contract_… and linked_organization_spend_limit_reached; more of the family may come.
SPEND_LIMIT_SUFFIX = "spend_limit_reached"

BY_STATUS: dict[int, type[errors.ClaudeError]] = {
    401: errors.ClaudeKeyError,
    402: errors.ClaudeBillingError,
    403: errors.ClaudePermissionError,
    404: errors.ClaudeNotFoundError,
    408: errors.ClaudeTimeoutError,
    409: errors.ClaudeServerError,
    429: errors.ClaudeRateLimitError,
    503: errors.ClaudeOverloadedError,
    504: errors.ClaudeTimeoutError,
    529: errors.ClaudeOverloadedError,
}

STATUS_BY_KIND: dict[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "conflict_error": 409,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}

VENDOR_WORDS_KEPT = 500


def error_from(status: int | None, body: Any, headers: Mapping[str, str], *, paid_call: bool) -> errors.ClaudeError:
    """The error for an answer that is none. `status` None for an error inside a batch, whose type takes its place.

    `paid_call`: whether the call would have cost something. An error that the vendor states costs nothing; one from
    something in between (no error type), and a timeout, may hide an answer that was charged.
    """
    facts = CallFacts(
        status=status,
        kind=text_or_none(part(body, "error", "type")),
        error_code=text_or_none(part(body, "error", "details", "error_code")),
        request_id=headers.get("request-id") or text_or_none(part(body, "request_id")),
        usage=usage_from(body),
        limits=limits_from(headers),
    )
    kind = _class_for(status, facts)
    uncertain = issubclass(kind, errors.ClaudeUncertainError) or (not kind.permanent and facts.kind is None)
    return kind(
        (text_or_none(part(body, "error", "message")) or "")[:VENDOR_WORDS_KEPT],
        facts=facts,
        retry_after=None if kind.permanent else retry_after_from(headers),
        may_have_been_charged=paid_call and uncertain,
    )


def _class_for(status: int | None, facts: CallFacts) -> type[errors.ClaudeError]:
    if (facts.error_code or "").endswith(SPEND_LIMIT_SUFFIX):
        return errors.ClaudeSpendLimitError
    # An error line of a batch has only its type.
    known = STATUS_BY_KIND.get(facts.kind or "", 500) if status is None else status
    if known in BY_STATUS:
        return BY_STATUS[known]
    return errors.ClaudeRequestError if known < 500 else errors.ClaudeServerError
