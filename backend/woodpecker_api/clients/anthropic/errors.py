"""Everything that can go wrong with Claude.

    ClaudeError
    ├── ClaudeRequestError            permanent: the same request fails again
    │   ├── ClaudeKeyError            401: the key is not accepted
    │   ├── ClaudePermissionError     403: the key may not do this
    │   ├── ClaudeBillingError        402: the account cannot pay
    │   ├── ClaudeNotFoundError       404: no such model or batch
    │   └── ClaudeSpendLimitError     429 or 400: a spending limit is reached, lasts until somebody raises it
    └── ClaudeTemporaryError          a later attempt may succeed
        ├── ClaudeRateLimitError      429: wait `retry_after`
        ├── ClaudeOverloadedError     529, 503: the vendor is too busy
        ├── ClaudeServerError         500 and other 5xx, 409
        ├── ClaudeUnreachableError    nothing was sent
        └── ClaudeUncertainError      sent, and the outcome is not known: it may have been charged
            ├── ClaudeTimeoutError    no answer in time; also 408 and 504
            ├── ClaudeConnectionLostError  cut before the answer was complete
            └── ClaudeUnusableAnswerError  200, but not a message (HTML, empty, cut, no stop reason)

Callers ask `permanent`, `retry_after` (seconds, None when not told) and `may_have_been_charged`; nobody reads messages.
"""

from typing import ClassVar

from woodpecker_api.clients.anthropic.usage import CallFacts, RateLimits, TokenUsage


class ClaudeError(Exception):
    """Base. `str(error)` is one sentence for a person; the vendor's own words are in `vendor_message`."""

    permanent: ClassVar[bool] = False
    code: ClassVar[str] = "claude_error"
    sentence: ClassVar[str] = "Claude could not be used."

    def __init__(
        self,
        vendor_message: str = "",
        *,
        facts: CallFacts | None = None,
        retry_after: float | None = None,
        may_have_been_charged: bool = False,
    ) -> None:
        super().__init__(f"{self.sentence} ({vendor_message})" if vendor_message else self.sentence)
        self.vendor_message = vendor_message
        self.facts = facts or CallFacts()
        self.retry_after = retry_after
        self.may_have_been_charged = may_have_been_charged

    @property
    def request_id(self) -> str | None:
        return self.facts.request_id

    @property
    def usage(self) -> TokenUsage | None:
        """What the vendor says it used; None when it said nothing."""
        return self.facts.usage

    @property
    def limits(self) -> RateLimits:
        return self.facts.limits

    @property
    def status(self) -> int | None:
        return self.facts.status


class ClaudeRequestError(ClaudeError):
    permanent = True
    code = "claude_request_refused"
    sentence = "Claude does not accept this request; change the template, the model or the lead."


class ClaudeKeyError(ClaudeRequestError):
    code = "claude_key_refused"
    sentence = "Claude does not accept the key; enter a valid one in Settings."


class ClaudePermissionError(ClaudeRequestError):
    code = "claude_not_permitted"
    sentence = "The key is not allowed to do this; use another key or model."


class ClaudeBillingError(ClaudeRequestError):
    code = "claude_billing"
    sentence = "The Claude account cannot pay; check its billing."


class ClaudeNotFoundError(ClaudeRequestError):
    code = "claude_not_found"
    sentence = "Claude does not know this model or batch; choose a model from the list."


class ClaudeSpendLimitError(ClaudeRequestError):
    """Waiting does not help: the limit lasts until the month ends or somebody raises it."""

    code = "claude_spend_limit"
    sentence = (
        "The spending limit of the Claude account is reached; raise it in the Claude console or wait for next month."
    )


class ClaudeTemporaryError(ClaudeError):
    code = "claude_temporary"
    sentence = "Claude could not answer just now; a later attempt may succeed."


class ClaudeRateLimitError(ClaudeTemporaryError):
    code = "claude_rate_limited"
    sentence = "Claude asks us to slow down."


class ClaudeOverloadedError(ClaudeTemporaryError):
    code = "claude_overloaded"
    sentence = "Claude is overloaded just now."


class ClaudeServerError(ClaudeTemporaryError):
    code = "claude_server_error"
    sentence = "Claude had an internal error."


class ClaudeUnreachableError(ClaudeTemporaryError):
    code = "claude_unreachable"
    sentence = "Claude could not be reached; nothing was sent. Check the network and the base URL."


class ClaudeUncertainError(ClaudeTemporaryError):
    code = "claude_uncertain"
    sentence = "It is not known whether Claude answered."


class ClaudeTimeoutError(ClaudeUncertainError):
    code = "claude_timeout"
    sentence = "Claude did not answer in time."


class ClaudeConnectionLostError(ClaudeUncertainError):
    code = "claude_connection_lost"
    sentence = "The connection broke before Claude's answer was complete."


class ClaudeUnusableAnswerError(ClaudeUncertainError):
    code = "claude_unusable_answer"
    sentence = "What came back is not an answer of Claude's."
