"""The real client: the vendor's SDK as transport and authentication, our reading of what comes back.

The SDK tries nothing again (`max_retries=0`): the job step is the only place that does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any

import httpx2
from anthropic import Anthropic, APIResponse, DefaultHttpxClient

from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.port import (
    Batch,
    BatchItem,
    BatchPage,
    BatchResult,
    BatchState,
    GenerationAnswer,
    GenerationRequest,
    ModelOffer,
)
from woodpecker_api.clients.anthropic.transport import note_headers, our_errors
from woodpecker_api.clients.anthropic.wire import catalogue
from woodpecker_api.clients.anthropic.wire.answers import answer_from
from woodpecker_api.clients.anthropic.wire.requests import batch_requests, counting_body, message_body
from woodpecker_api.clients.anthropic.wire.values import parsed_json

VENDOR_URL = "https://api.anthropic.com"
CONNECT_SECONDS = 5.0
# Free calls answer at once; a message takes as long as the model thinks.
FREE_CALL_SECONDS = 30.0
MODELS_A_PAGE = 1000
# A proxy named by the environment is right for the vendor and wrong for the sandbox.
_NO_PROXY: dict[str, None] = dict.fromkeys(("http://", "https://", "all://"))


class _SealedSdk(Anthropic):
    """The SDK without what the process's environment would add to it."""

    def __init__(self, api_key: str, base_url: str, timeout: httpx2.Timeout) -> None:
        super().__init__(
            api_key=api_key,  # explicit, so that no other credential is looked for
            base_url=base_url,
            timeout=timeout,
            max_retries=0,
            open_telemetry=False,
            http_client=DefaultHttpxClient(
                timeout=timeout,
                event_hooks={"response": [note_headers]},
                mounts=_NO_PROXY if _is_loopback(base_url) else {},
            ),
        )
        self._custom_headers = {}  # drops ANTHROPIC_CUSTOM_HEADERS, which could replace key and version


class AnthropicClient:
    """`ClaudeApi` over HTTP, against the vendor or a simulator. Safe to share between threads.

    `timeout_seconds`: how long a message may take before it counts as lost (and as possibly charged).
    """

    def __init__(self, api_key: str, base_url: str | None = None, timeout_seconds: float = 180.0) -> None:
        self._key_is_sendable = api_key.isascii() and api_key.isprintable() and bool(api_key.strip())
        self._timeout = httpx2.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds))
        self._sdk = _SealedSdk(api_key.strip() or "none", base_url or VENDOR_URL, self._timeout)
        self._free_call_seconds = min(FREE_CALL_SECONDS, timeout_seconds)

    def close(self) -> None:
        self._sdk.close()

    def generate(self, request: GenerationRequest) -> GenerationAnswer:
        create = self._sdk.messages.with_raw_response.create
        # Said with the call, because the SDK otherwise refuses long answers when it finds its own default.
        body, headers = self._ask(lambda: create(**message_body(request), timeout=self._timeout), paid_call=True)
        return answer_from(body, headers, request.schema)

    def count_tokens(self, request: GenerationRequest) -> int:
        count = self._sdk.messages.with_raw_response.count_tokens
        body, headers = self._ask(lambda: count(**counting_body(request), timeout=self._free_call_seconds))
        return catalogue.tokens_from(body, headers)

    def models(self) -> tuple[ModelOffer, ...]:
        offers: list[ModelOffer] = []
        after: str | None = None
        while True:
            page, following = self._models_after(after)
            offers += page
            if following is None or following == after:
                return tuple(offers)
            after = following

    def _models_after(self, after: str | None) -> tuple[tuple[ModelOffer, ...], str | None]:
        fetch = self._sdk.models.with_raw_response.list
        where = {"limit": MODELS_A_PAGE} | ({"after_id": after} if after else {})
        body, headers = self._ask(lambda: fetch(extra_query=where, timeout=self._free_call_seconds))
        return catalogue.models_from(body, headers)

    def submit_batch(self, items: Sequence[BatchItem]) -> Batch:
        create = self._sdk.messages.batches.with_raw_response.create
        requests: Any = batch_requests(items)
        body, headers = self._ask(lambda: create(requests=requests), paid_call=True)
        try:
            return catalogue.batch_from(body, headers)
        except errors.ClaudeUnusableAnswerError as error:
            error.may_have_been_charged = True
            raise

    def batch(self, batch_id: str) -> Batch:
        fetch = self._sdk.messages.batches.with_raw_response.retrieve
        return catalogue.batch_from(*self._ask(lambda: fetch(batch_id, timeout=self._free_call_seconds)))

    def batch_results(self, batch_id: str, schema: Mapping[str, Any] | None = None) -> Iterator[BatchResult]:
        batch = self.batch(batch_id)
        if batch.state is not BatchState.ENDED:
            raise errors.ClaudeTemporaryError("the batch has not ended")
        if not batch.results_ready:
            raise errors.ClaudeNotFoundError("the vendor has archived the results of this batch")
        return self._results(batch_id, schema)

    def _results(self, batch_id: str, schema: Mapping[str, Any] | None) -> Iterator[BatchResult]:
        with our_errors(paid_call=False), self._sdk.messages.batches.with_streaming_response.results(batch_id) as raw:
            for line in _lines(raw.iter_bytes()):
                yield catalogue.batch_result_from(parsed_json(line), schema)

    def cancel_batch(self, batch_id: str) -> Batch:
        cancel = self._sdk.messages.batches.with_raw_response.cancel
        return catalogue.batch_from(*self._ask(lambda: cancel(batch_id, timeout=self._free_call_seconds)))

    def list_batches(self, limit: int = 100, after_id: str | None = None) -> BatchPage:
        fetch = self._sdk.messages.batches.with_raw_response.list
        where = {"limit": limit} | ({"after_id": after_id} if after_id else {})
        body, headers = self._ask(lambda: fetch(extra_query=where, timeout=self._free_call_seconds))
        return catalogue.batch_page_from(body, headers)

    def _ask(self, send: "_Send", *, paid_call: bool = False) -> tuple[Any, Mapping[str, str]]:
        """The JSON (None for what is none) and the headers of a 200; everything else as `ClaudeError`."""
        if not self._key_is_sendable:
            raise errors.ClaudeKeyError("it is empty or holds characters that no key has")
        with our_errors(paid_call=paid_call):
            raw = send()
            # A plain mapping: the HTTP client's own looks through all headers for each one that is asked for.
            return parsed_json(raw.read()), dict(raw.headers.items())


_Send = Callable[[], APIResponse[Any]]


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines ended by LF only: the texts inside may hold other characters that count as line ends elsewhere."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())
    if rest.strip():
        yield rest


def _is_loopback(base_url: str) -> bool:
    host = httpx2.URL(base_url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
