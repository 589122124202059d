"""Reading models and batches."""

from collections.abc import Mapping
from typing import Any

from woodpecker_api.clients.anthropic.errors import ClaudeUnusableAnswerError
from woodpecker_api.clients.anthropic.port import (
    Batch,
    BatchCounts,
    BatchOutcome,
    BatchPage,
    BatchResult,
    BatchState,
    Effort,
    Lifecycle,
    ModelOffer,
)
from woodpecker_api.clients.anthropic.usage import CallFacts
from woodpecker_api.clients.anthropic.wire.answers import answer_from
from woodpecker_api.clients.anthropic.wire.faults import error_from
from woodpecker_api.clients.anthropic.wire.values import count, count_or_none, moment, part, text_or_none


def tokens_from(body: Any, headers: Mapping[str, str]) -> int:
    tokens = count_or_none(part(body, "input_tokens"))
    if tokens is None:
        raise unusable("no token count", headers)
    return tokens


def models_from(body: Any, headers: Mapping[str, str]) -> tuple[tuple[ModelOffer, ...], str | None]:
    """One page of models and the id to go on after, None at the end."""
    offers = tuple(_offer(entry) for entry in _entries(body, headers) if text_or_none(part(entry, "id")))
    return offers, _next_after(body)


def _offer(entry: Any) -> ModelOffer:
    name = text_or_none(part(entry, "id")) or ""
    can = part(entry, "capabilities")
    return ModelOffer(
        id=name,
        display_name=text_or_none(part(entry, "display_name")) or name,
        lifecycle=_lifecycle(part(entry, "lifecycle")),
        created_at=moment(part(entry, "created_at")),
        retires_at=moment(part(entry, "retires_at")),
        max_input_tokens=count_or_none(part(entry, "max_input_tokens")),
        max_output_tokens=count_or_none(part(entry, "max_tokens")),
        structured_outputs=part(can, "structured_outputs", "supported") is True,
        batch=part(can, "batch", "supported") is True,
        efforts=tuple(effort for effort in Effort if part(can, "effort", effort.value, "supported") is True),
    )


def _lifecycle(value: Any) -> Lifecycle:
    return Lifecycle(value) if value in tuple(Lifecycle) else Lifecycle.UNKNOWN


def batch_from(body: Any, headers: Mapping[str, str]) -> Batch:
    """A batch, archived or not. Raises ClaudeUnusableAnswerError when it has no id, state or time."""
    name = text_or_none(part(body, "id"))
    state = part(body, "processing_status")
    created_at = moment(part(body, "created_at"))
    if name is None or state not in tuple(BatchState) or created_at is None:
        raise unusable("no batch", headers)
    counts = part(body, "request_counts")
    return Batch(
        id=name,
        state=BatchState(state),
        counts=BatchCounts(
            processing=count(part(counts, "processing")),
            succeeded=count(part(counts, "succeeded")),
            errored=count(part(counts, "errored")),
            canceled=count(part(counts, "canceled")),
            expired=count(part(counts, "expired")),
        ),
        created_at=created_at,
        expires_at=moment(part(body, "expires_at")),
        ended_at=moment(part(body, "ended_at")),
        results_ready=bool(part(body, "results_url")) and part(body, "archived_at") is None,
    )


def batch_page_from(body: Any, headers: Mapping[str, str]) -> BatchPage:
    return BatchPage(tuple(batch_from(entry, headers) for entry in _entries(body, headers)), _next_after(body))


def batch_result_from(line: Any, schema: Mapping[str, Any] | None) -> BatchResult:
    """One line of the results. A success without a readable message is an error of that line, not of the batch."""
    name = text_or_none(part(line, "custom_id"))
    outcome = part(line, "result", "type")
    if name is None or outcome not in tuple(BatchOutcome):
        raise unusable("no line of a batch's results", {})
    if outcome == BatchOutcome.SUCCEEDED:
        try:
            answer = answer_from(part(line, "result", "message"), {}, schema)
        except ClaudeUnusableAnswerError as error:
            return BatchResult(name, BatchOutcome.ERRORED, None, error)
        return BatchResult(name, BatchOutcome.SUCCEEDED, answer, None)
    if outcome == BatchOutcome.ERRORED:
        error_body = part(line, "result", "error")
        return BatchResult(name, BatchOutcome.ERRORED, None, error_from(None, error_body, {}, paid_call=False))
    return BatchResult(name, BatchOutcome(outcome), None, None)


def unusable(what: str, headers: Mapping[str, str]) -> ClaudeUnusableAnswerError:
    """For an answer to a call that costs nothing."""
    return ClaudeUnusableAnswerError(what, facts=CallFacts(status=200, request_id=headers.get("request-id")))


def _entries(body: Any, headers: Mapping[str, str]) -> list[Any]:
    entries = part(body, "data")
    if not isinstance(entries, list):
        raise unusable("no list", headers)
    return entries


def _next_after(body: Any) -> str | None:
    return text_or_none(part(body, "last_id")) if part(body, "has_more") is True else None
