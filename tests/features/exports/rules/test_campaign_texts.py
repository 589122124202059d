"""A campaign that fits a template: what to paste, what to compare, how a step reads with our texts; and when mail would go."""

import pytest

from tests.features.campaigns.rules.test_forecast import MONDAY, PACE
from woodpecker_api.features.campaigns.rules import Pace, forecast
from woodpecker_api.features.exports.rules.campaign_texts import (
    campaign_texts,
    checklist,
    first_versions,
    preview,
)
from woodpecker_api.features.exports.rules.fit import Fit, Planned, StepText, fit, placements
from woodpecker_api.features.exports.rules.sentences import when_in_words
from woodpecker_api.features.sequences.rules import SnippetKind

K = SnippetKind
TEMPLATE = [
    Planned(1, K.SUBJECT, 1),
    Planned(2, K.EMAIL, 1),
    Planned(3, K.LINKEDIN_NOTE, 3),
    Planned(4, K.BUMP, 7),
]


def step(number: int, subject: str, body: str, **values: object) -> StepText:
    return StepText(number, str(values.pop("kind", "EMAIL")), values.pop("day", None), "A", subject, body, **values)  # type: ignore[arg-type]


GOOD = (
    step(1, "{{SNIPPET_1}}", "<p>{{SNIPPET_2}}</p>", day=1),
    step(2, "", "{{SNIPPET_3}}", day=3, kind="LINKEDIN"),
    step(3, "", "<p>{{SNIPPET_4}}</p>", day=7),
)


def codes(found: Fit) -> tuple[list[str], list[str]]:
    return [each.code for each in found.blocking], [each.code for each in found.warnings]


def test_a_campaign_made_from_the_texts_to_paste_fits():
    steps = [
        step(
            each.step, each.subject, each.text, day=each.day, kind="LINKEDIN" if each.channel == "LinkedIn" else "EMAIL"
        )
        for each in campaign_texts(TEMPLATE)
    ]
    assert codes(fit(steps, TEMPLATE)) == ([], [])
    assert [(each.day, each.wait_days, each.channel) for each in campaign_texts(TEMPLATE)] == [
        (1, 0, "E-mail"),
        (3, 2, "LinkedIn"),
        (7, 4, "E-mail"),
    ]


@pytest.mark.parametrize(
    ("steps", "blocking", "warnings"),
    [
        (GOOD, [], []),
        ((*GOOD[:2], step(3, "Still interested?", "{{SNIPPET_4}}", day=7)), [], ["subject_on_bump"]),
        ((step(1, "{{SNIPPET_1}}", "{{SNIPPET_2}}", day=1, signature="NO_SIGNATURE"), *GOOD[1:]), [], ["no_signature"]),
        ((step(1, "{{SNIPPET_1}}", "{{COMPANY}}: {{SNIPPET_2}}", day=1), *GOOD[1:]), [], ["field_may_be_empty"]),
        ((step(1, "{{SNIPPET_1}}", '{{COMPANY | "you"}}: {{SNIPPET_2}}', day=1), *GOOD[1:]), [], []),
        ((step(1, "Hi {{FIRST_NAME}}", "{{SNIPPET_1}}{{SNIPPET_2}}", day=1), *GOOD[1:]), ["wrong_place"], []),
        ((*GOOD[:2], step(3, "", "{{SNIPPET_4}}", day=9)), [], ["day_differs"]),
        ((*GOOD[:2], step(3, "", "{{SNIPPET_9}}", day=7)), ["snippet_missing"], ["snippet_unused"]),
        ((*GOOD[:2], step(3, "", "{{SNIPPET4}}", day=7)), [], ["odd_token", "step_without_snippet", "snippet_unused"]),
        ((GOOD[0], step(2, "", "{{SNIPPET_3}}", day=3), GOOD[2]), ["wrong_place"], []),
        ((), ["no_snippets"], []),
    ],
    ids=str,
)  # fmt: skip
def test_each_way_in_which_a_campaign_does_not_fit(
    steps: tuple[StepText, ...], blocking: list[str], warnings: list[str]
):
    found = codes(fit(steps, TEMPLATE))
    assert found == (blocking, warnings)


def test_each_snippet_stands_beside_its_step_and_both_days():
    found = [(each.snippet, each.step, each.step_day, each.place) for each in placements(GOOD[:2], TEMPLATE)]
    assert found == [(1, 1, 1, "subject"), (2, 1, 1, "text"), (3, 2, 3, "LinkedIn"), (4, None, None, "")]


def test_what_a_person_compares_names_every_step_and_its_day():
    found = checklist(TEMPLATE)
    assert list(found) == ["step_1", "step_2", "step_3", "no_other_snippet"]
    assert (
        found["step_1"] == "Step 1 is E-mail on day 1: its subject is {{SNIPPET_1}} and its text holds {{SNIPPET_2}}."
    )
    assert "its subject is empty" in found["step_3"]


def test_a_preview_puts_our_texts_and_the_persons_fields_into_the_campaigns_own_words():
    body = "<p>Hi {{FIRST_NAME}},</p><p>{{SNIPPET_2}}</p><p>{{ CITY | &quot;there&quot; }} &amp; you<br>{{SNIPPET_9}} {{PHONE}}</p>"
    parts = preview(body.replace("&quot;", '"'), {2: "How do\nyou do?"}, {"first_name": "Ann"})
    assert [(part.source, part.text) for part in parts if part.text.strip()] == [
        ("campaign", "Hi "),
        ("field", "Ann"),
        ("campaign", ",\n"),
        ("snippet", "How do\nyou do?"),
        ("field", "there"),
        ("campaign", " & you\n"),
        ("missing", "{{SNIPPET_9}}"),
        ("missing", "{{PHONE}}"),
    ]


def test_markup_of_a_campaign_is_never_markup_in_a_preview():
    (part,) = preview("<script>alert(1)</script>&lt;b&gt;", {}, {})
    assert part.text == "alert(1)<b>"


def test_only_the_first_version_of_a_step_is_previewed():
    other = StepText(1, "EMAIL", 1, "B", "B", "B")
    assert first_versions([GOOD[0], other, GOOD[1]]) == [GOOD[0], GOOD[1]]


def test_the_plan_says_when_mail_would_go_in_one_sentence():
    found = forecast(300, PACE, MONDAY, waiting_ahead=50)
    assert when_in_words(found, 300, ["ola@team.example"], sends=True) == (
        "At 50 a day these 300 start between Tuesday 24 November 2026 and Tuesday 1 December 2026, after 50 who wait there "
        "already; mailbox ola@team.example; Monday to Friday 08:00 to 18:00, Europe/Berlin."
    )
    one = when_in_words(forecast(1, PACE, MONDAY), 1, [], sends=False, in_their_own_zone=True)
    assert one == (
        "Nothing goes out until somebody runs the campaign. If that is now: At 50 a day this person starts on "
        "Monday 23 November 2026; Monday to Friday 08:00 to 18:00, in each person's own time zone."
    )


@pytest.mark.parametrize(
    ("pace", "missing"),
    [
        (Pace(None, PACE.windows, "Europe/Berlin"), "how many people it starts a day"),
        (Pace(50, {}, "Europe/Berlin"), "sending hours"),
        (Pace(50, PACE.windows, ""), "time zone"),
    ],
)
def test_what_is_not_known_is_named(pace: Pace, missing: str):
    assert missing in when_in_words(forecast(3, pace, MONDAY), 3, [], sends=True)
