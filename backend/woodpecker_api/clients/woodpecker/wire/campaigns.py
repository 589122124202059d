"""The account and its campaigns: who, which, and what their steps say."""

from collections.abc import Iterator, Mapping
from typing import Any

from woodpecker_api.clients.woodpecker.errors import Answer, UnreadableAnswerError
from woodpecker_api.clients.woodpecker.port import (
    AccountCheck,
    Campaign,
    CampaignStep,
    CampaignSteps,
    Mailbox,
    StepVersion,
)
from woodpecker_api.clients.woodpecker.wire.values import (
    identifier_of,
    moment_of,
    number_of,
    object_of,
    text_of,
    texts_of,
    word_of,
)

_MINUTES = {"MINUTE": 1, "HOUR": 60, "DAY": 24 * 60, "WEEK": 7 * 24 * 60}
# A campaign has a handful of steps; a chain longer than this is no campaign.
_MAX_STEPS = 100


def read_users(answer: Answer) -> AccountCheck:
    content = object_of(answer.payload).get("content")
    if not isinstance(content, list):
        raise UnreadableAnswerError("The list of users cannot be read.")
    return AccountCheck(
        tuple(
            Mailbox(name=text_of(row.get("name")), email=text_of(row.get("email")), role=text_of(row.get("role")))
            for row in map(object_of, content)
            if row
        )
    )


_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def read_campaigns(answer: Answer) -> tuple[Campaign, ...]:
    """Campaigns in the vendor's order. A row without an id cannot be used by anybody and is left out."""
    rows = _campaign_rows(answer)
    found = tuple(_campaign(row, number) for row in rows if (number := identifier_of(row.get("id"))))
    if rows and not found:
        raise UnreadableAnswerError(f"None of {len(rows)} campaigns can be read.")
    return found


def read_settings(answer: Answer, campaign_id: int) -> CampaignSteps:
    """The tree of steps as the newer API tells it."""
    payload = object_of(answer.payload)
    if identifier_of(payload.get("id")) != campaign_id or not isinstance(payload.get("steps"), dict):
        raise UnreadableAnswerError("The campaign's settings cannot be read.")
    settings = object_of(payload.get("settings"))
    return CampaignSteps(
        campaign_id=campaign_id,
        name=text_of(payload.get("name")),
        status=word_of(payload.get("status")),
        time_zone=text_of(settings.get("timezone")),
        uses_prospect_time_zone=settings.get("prospect_timezone") is True,
        per_day=number_of(settings.get("daily_enroll")),
        steps=tuple(_steps(payload["steps"])),
    )


def read_statistics(answer: Answer, campaign_id: int) -> CampaignSteps:
    """Version A of the e-mail steps, out of the older API's statistics of one campaign. Days are not told there."""
    row = next((row for row in _campaign_rows(answer) if identifier_of(row.get("id")) == campaign_id), None)
    emails = object_of(row.get("stats")).get("emails") if row else None
    if row is None or not isinstance(emails, list):
        raise UnreadableAnswerError("The campaign's statistics hold no steps.")
    entries = [object_of(entry) for entry in emails]
    zones = [text_of(entry.get("timezone")) for entry in entries]
    return CampaignSteps(
        campaign_id=campaign_id,
        name=text_of(row.get("name")),
        status=word_of(row.get("status")),
        time_zone=next(filter(None, zones), ""),
        uses_prospect_time_zone=any(entry.get("use_prospect_timezone") is True for entry in entries),
        per_day=number_of(row.get("per_day")),
        steps=tuple(_statistics_step(entry, place) for place, entry in enumerate(entries, start=1)),
    )


def _campaign_rows(answer: Answer) -> list[Mapping[str, Any]]:
    if answer.status == 204 or isinstance(object_of(answer.payload).get("message"), str):
        return []
    if isinstance(answer.payload, list):
        return [object_of(row) for row in answer.payload]
    raise UnreadableAnswerError("The list of campaigns is neither a list nor a word that there are none.")


def _campaign(row: Mapping[str, Any], number: int) -> Campaign:
    one = text_of(row.get("from_email"))
    return Campaign(
        id=number,
        name=text_of(row.get("name")),
        status=word_of(row.get("status")),
        from_emails=texts_of(row.get("from_emails")) or ((one,) if one else ()),
        per_day=number_of(row.get("per_day")),
        created=moment_of(row.get("created")),
        error=text_of(row.get("error")),
        folder=text_of(row.get("folder_name")),
        from_names=texts_of(row.get("from_names")) or ((name,) if (name := text_of(row.get("from_name"))) else ()),
    )


def _steps(start: Mapping[str, Any]) -> Iterator[CampaignStep]:
    """Walk the chain of follow-ups. The wait before the first step is not counted: its day is day 1."""
    minutes: int | None = 0
    node = start if word_of(start.get("type")) != "START" else object_of(start.get("followup"))
    for number in range(1, _MAX_STEPS + 1):
        if not node:
            return
        if number > 1:
            minutes = _later(minutes, object_of(node.get("followup_after")))
        yield CampaignStep(
            number=number,
            kind=word_of(node.get("type")),
            day=None if minutes is None else 1 + minutes // _MINUTES["DAY"],
            versions=tuple(_versions(object_of(node.get("body")).get("versions"))),
            windows=_windows(node.get("delivery_time")),
        )
        node = object_of(node.get("followup"))
    raise UnreadableAnswerError(f"The campaign has more than {_MAX_STEPS} steps.")


def _later(minutes: int | None, wait: Mapping[str, Any]) -> int | None:
    value, unit = number_of(wait.get("value")), _MINUTES.get(word_of(wait.get("range")))
    return None if minutes is None or value is None or unit is None else minutes + value * unit


def _versions(value: Any) -> Iterator[StepVersion]:
    for row in map(object_of, value if isinstance(value, list) else ()):
        yield StepVersion(
            name=text_of(row.get("version")),
            subject=text_of(row.get("subject")),
            body=text_of(row.get("message")),
            signature=text_of(row.get("signature")),
        )


def _windows(value: Any) -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        day.upper(): tuple((text_of(each.get("from")), text_of(each.get("to"))) for each in map(object_of, spans))
        for day, spans in object_of(value).items()
        if isinstance(spans, list)
    }


def _statistics_step(entry: Mapping[str, Any], place: int) -> CampaignStep:
    return CampaignStep(
        number=number_of(entry.get("step")) or place,
        kind="EMAIL",
        day=1 if place == 1 else None,
        versions=(StepVersion("A", text_of(entry.get("subject")), text_of(entry.get("msg")), ""),),
        windows=_windows({day: entry.get(day.lower()) for day in _WEEKDAYS}),
    )
