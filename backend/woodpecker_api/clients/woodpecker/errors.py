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

import re
from dataclasses import dataclass
from typing import Any, ClassVar


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
    sketch: str = ""
    """What the answer looked like, without personal data; empty where nobody kept it."""


NOT_JSON: Any = object()
"""The payload of an answer whose body is there, but is no JSON."""

# Refusals by which the vendor says that it did nothing. Any other code in a failed change leaves the outcome open.
_NOTHING_DONE = frozenset(
    {"E_RECORD_NOT_FOUND", "E_REQUIRED_ELEMENT", "E_URL_NOT_FOUND", "E_WRONG_PARAM", "E_EMAIL", "E_EMAIL_NOT_EXISTS"}
)
_GONE = frozenset({"E_RECORD_NOT_FOUND", "CAMPAIGN_NOT_EXIST"})
_PLAN_SENTENCES = ("no api addon", "upgrade your plan")
_ADDRESS = re.compile(r"[^\s\"'<>,;:=]+@[^\s\"'<>,;]+")


@dataclass(frozen=True)
class Answer:
    """What came back. `payload` is None for an empty body and NOT_JSON for one that cannot be parsed."""

    status: int
    payload: Any
    text: str = ""
    """The beginning of the body."""
    retry_after: float | None = None
    total: int | None = None


def failure_in(answer: Answer, *, change: bool, about_campaign: bool = False) -> WoodpeckerError | None:
    """The failure an answer reports, or None when it says yes or holds rows of its own.

    `change`: the request alters something, so a failure that leaves it open is `outcome_unknown`.
    `about_campaign`: a missing record means the campaign.
    """
    code, sentence = _said(answer.payload)
    text = f"Woodpecker answered {answer.status}" + (f" {code}" if code else "")
    text += f": {without_addresses(sentence or answer.text)}" if sentence or answer.text else "."
    kind, unknown = _judge(answer, code, sentence.lower(), about_campaign=about_campaign)
    if kind is None:
        return None
    return kind(
        text,
        outcome_unknown=change and unknown,
        retry_after=answer.retry_after,
        code=code,
        status=answer.status,
    )


def without_addresses(text: str) -> str:
    """A vendor's sentence, short and without e-mail addresses, fit for a log."""
    return _ADDRESS.sub("<address>", " ".join(text.split()))[:200]


_Verdict = tuple[type[WoodpeckerError] | None, bool]
"""Which failure, and whether it leaves a change open."""


def _judge(answer: Answer, code: str, sentence: str, *, about_campaign: bool) -> _Verdict:
    if answer.status == 429 or code == "E_TOO_MANY_REQUESTS":
        return RateLimitedError, False
    if answer.status >= 500 or answer.status == 408:
        return VendorFaultError, True
    if answer.status == 401 or code == "E_SESSION":
        return (PlanMissingError if sentence.startswith(_PLAN_SENTENCES) else KeyRefusedError), False
    if 200 <= answer.status < 300:
        return _judge_success(answer, code, about_campaign=about_campaign)
    return _judge_refusal(answer, code, about_campaign=about_campaign)


def _judge_success(answer: Answer, code: str, *, about_campaign: bool) -> _Verdict:
    """2xx, which can hold a failure all the same."""
    if not _reports_failure(answer.payload):
        return None, False
    if code == "E_NO_PERMISSION":
        return PlanMissingError, False
    if code in _GONE and about_campaign:
        return CampaignGoneError, False
    if code in _NOTHING_DONE:
        return RequestRefusedError, False
    return VendorFaultError, True


def _judge_refusal(answer: Answer, code: str, *, about_campaign: bool) -> _Verdict:
    """3xx and 4xx. Without JSON it was not Woodpecker who spoke, but something on the way."""
    if answer.status < 400 or not isinstance(answer.payload, dict):
        return UnreadableAnswerError, True
    if code == "E_NO_PERMISSION" or answer.status == 403:
        return PlanMissingError, False
    if code in _GONE and about_campaign:
        return CampaignGoneError, False
    if code.startswith("API_UNSUPPORTED"):
        return CampaignUnsupportedError, False
    return RequestRefusedError, False


def _said(payload: Any) -> tuple[str, str]:
    """Code and sentence of either dialect; empty where there is none."""
    if not isinstance(payload, dict):
        return "", ""
    inner = payload.get("status")
    if isinstance(inner, dict):
        return _text(inner.get("code")), _text(inner.get("msg"))
    code = _text(payload.get("code"))
    return code, _text(payload.get("detail")) or _text(payload.get("message")) or _text(payload.get("msg"))


def _reports_failure(payload: Any) -> bool:
    """A failure inside a 2xx. Rows of their own say more than the word above them, so they are left to the reader."""
    if not isinstance(payload, dict) or payload.get("prospects"):
        return False
    inner = payload.get("status")
    if isinstance(inner, dict):
        return _text(inner.get("status")).upper() == "ERROR"
    if isinstance(inner, int) and not isinstance(inner, bool):
        return inner >= 400
    return _text(inner).upper() == "ERROR" or (_text(payload.get("code")) != "" and "message" in payload)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
