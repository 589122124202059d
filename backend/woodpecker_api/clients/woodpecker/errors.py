"""What can go wrong at the Woodpecker border.

WoodpeckerError
├── UnreachableError            no connection: name, route, TLS, connecting took too long
├── RateLimitedError            the account is busy (429, or any body with E_TOO_MANY_REQUESTS): no attempt
├── KeyRefusedError             the key is wrong, expired or withdrawn
│   └── PlanMissingError        the key is fine, but the account has no API add-on or subscription
├── CampaignGoneError           no such campaign (any more)
├── CampaignUnsupportedError    the vendor's API cannot show this campaign
├── RequestRefusedError         the vendor understood the request and refused it
├── VendorFaultError            5xx, E_UNKNOWN or a failure without a reason
├── ConnectionCutError          the connection ended before the answer was complete
├── DeadlinePassedError         no complete answer within the total deadline
└── UnreadableAnswerError       an answer that says neither yes nor no: HTML, empty, cut JSON, another shape

Three facts decide what happens next, and nobody above reads messages: `permanent` (asking again is useless until a
person acts), `retry_after` (seconds, when the vendor said so), and `outcome_unknown` (a change may have been applied).
`outcome_unknown` is False for reads, and for changes that certainly were not applied.
"""

from typing import ClassVar


class WoodpeckerError(Exception):
    """Base. The text is for operators and holds no key and no personal data."""

    kind: ClassVar[str] = "woodpecker_error"
    """Stable snake_case word for storing and showing."""
    permanent: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        outcome_unknown: bool = False,
        retry_after: float | None = None,
        code: str = "",
        status: int | None = None,
    ) -> None:
        """`code` is the vendor's word, `status` the HTTP status, where there was one."""
        super().__init__(message)
        self.outcome_unknown = outcome_unknown
        self.retry_after = retry_after
        self.code = code
        self.status = status


class UnreachableError(WoodpeckerError):
    """Nothing was sent."""

    kind = "vendor_unreachable"


class RateLimitedError(WoodpeckerError):
    """Dropped before it was processed: waiting is all it takes, and it counts as no attempt."""

    kind = "vendor_busy"


class KeyRefusedError(WoodpeckerError):
    kind = "vendor_key_refused"
    permanent = True


class PlanMissingError(KeyRefusedError):
    kind = "vendor_plan_missing"


class CampaignGoneError(WoodpeckerError):
    kind = "campaign_gone"
    permanent = True


class CampaignUnsupportedError(WoodpeckerError):
    kind = "campaign_unsupported"
    permanent = True


class RequestRefusedError(WoodpeckerError):
    kind = "request_refused"
    permanent = True


class VendorFaultError(WoodpeckerError):
    kind = "vendor_fault"


class ConnectionCutError(WoodpeckerError):
    kind = "connection_cut"


class DeadlinePassedError(WoodpeckerError):
    kind = "deadline_passed"


class UnreadableAnswerError(WoodpeckerError):
    kind = "unreadable_answer"
