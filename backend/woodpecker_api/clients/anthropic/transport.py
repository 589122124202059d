"""What the SDK and the network raise, turned into our errors in one place."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import httpx2
from anthropic import AnthropicError, APIConnectionError, APIStatusError, APITimeoutError

from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.usage import CallFacts
from woodpecker_api.clients.anthropic.wire.faults import error_from
from woodpecker_api.clients.anthropic.wire.values import limits_from

NOTHING_WAS_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)


class _Call:
    """What the SDK forgets when an answer breaks off after its headers: the id by which the vendor can be asked."""

    headers: Mapping[str, str] | None = None

    def known(self) -> CallFacts:
        if self.headers is None:
            return CallFacts()
        return CallFacts(request_id=self.headers.get("request-id"), limits=limits_from(self.headers))


_current: ContextVar[_Call | None] = ContextVar("claude_call", default=None)


def note_headers(response: httpx2.Response) -> None:
    """For the HTTP client's `response` hook, which is called before the body is read."""
    call = _current.get()
    if call is not None:
        call.headers = response.headers


@contextmanager
def our_errors(*, paid_call: bool) -> Iterator[None]:
    """`paid_call`: whether an answer that is lost on its way would have cost something."""
    call = _Call()
    _current.set(call)
    try:
        yield
    except APIStatusError as error:
        raise error_from(error.status_code, error.body, error.response.headers, paid_call=paid_call) from error
    except APIConnectionError as error:
        raise _connection_error(error, call, paid_call=paid_call) from error
    except (httpx2.HTTPError, httpx2.StreamError) as error:  # while a body was being read
        raise _lost(error, call, paid_call=paid_call) from error
    except UnicodeEncodeError as error:
        raise errors.ClaudeRequestError("the text holds half a character, which cannot be sent") from error
    except AnthropicError as error:
        raise errors.ClaudeServerError(type(error).__name__, may_have_been_charged=paid_call) from error


def _connection_error(error: APIConnectionError, call: _Call, *, paid_call: bool) -> errors.ClaudeError:
    cause = error.__cause__
    if isinstance(cause, NOTHING_WAS_SENT):
        return errors.ClaudeUnreachableError(type(cause).__name__)
    if isinstance(error, APITimeoutError):
        return errors.ClaudeTimeoutError(facts=call.known(), may_have_been_charged=paid_call)
    return _lost(cause, call, paid_call=paid_call)


def _lost(cause: BaseException | None, call: _Call, *, paid_call: bool) -> errors.ClaudeError:
    return errors.ClaudeConnectionLostError(type(cause).__name__, facts=call.known(), may_have_been_charged=paid_call)
