"""A campaign's steps beside a template's texts."""

import pytest

from woodpecker_api.features.exports.rules.fit import Planned, StepText, fit, tokens_in
from woodpecker_api.features.sequences.rules import SnippetKind

TEMPLATE = [
    Planned(1, SnippetKind.SUBJECT, 1),
    Planned(2, SnippetKind.EMAIL, 1),
    Planned(3, SnippetKind.LINKEDIN_NOTE, 3),
    Planned(4, SnippetKind.BUMP, 5),
]
STEPS = [
    StepText(1, "EMAIL", 1, "A", "{{SNIPPET_1}}", "<p>{{SNIPPET_2}}</p>"),
    StepText(2, "LINKEDIN", 3, "A", "", "{{SNIPPET_3}}"),
    StepText(3, "EMAIL", 5, "A", "", '<p>{{SNIPPET_4 | "x"}}</p>'),
]


def codes(steps: list[StepText]) -> tuple[list[str], list[str]]:
    found = fit(steps, TEMPLATE)
    return [each.code for each in found.blocking], [each.code for each in found.warnings]


def step(body: str, *, subject: str = "", kind: str = "EMAIL", day: int | None = 5, version: str = "A") -> StepText:
    return StepText(3, kind, day, version, subject, body)


def test_a_campaign_made_for_the_template_fits():
    assert codes(STEPS) == ([], [])


@pytest.mark.parametrize(
    ("third", "blocking"),
    [
        (step("{{SNIPPET_3}}"), ["wrong_place"]),
        (step("{{SNIPPET_1}}"), ["wrong_place"]),
        (step("{{SNIPPET_9}}"), ["snippet_missing"]),
        (step("{{SNIPPET_4}}", subject="{{SNIPPET_2}}"), ["wrong_place"]),
        (step("{{SNIPPET_4}}", kind="LINKEDIN"), ["wrong_place"]),
    ],
    ids=["note in a mail", "subject in a text", "nobody writes it", "text as subject", "mail in a note"],
)
def test_words_in_the_wrong_place_block(third: StepText, blocking: list[str]):
    assert codes([*STEPS[:2], third])[0] == blocking


def test_a_campaign_without_snippets_blocks():
    assert codes([step("<p>Hello</p>")])[0] == ["no_snippets"]


@pytest.mark.parametrize(
    ("third", "warning"),
    [
        (step("{{SNIPPET_4}}", day=9), "day_differs"),
        (step("{{SNIPPET_4}} {{SNIPPET5}}"), "odd_token"),
        (step("<p>Just a line</p>"), "step_without_snippet"),
        (step("{{SNIPPET_4}} {{MEETING_LINK}}"), "unknown_token"),
        (step("{{SNIPPET_4}} {{CITY}}"), "field_may_be_empty"),
        (step("{{SNIPPET_4}}", subject="Once more"), "subject_on_bump"),
    ],
)
def test_what_is_odd_is_told(third: StepText, warning: str):
    blocking, warnings = codes([*STEPS[:2], third])
    assert blocking == []
    assert warning in warnings


def test_a_text_that_no_step_uses_is_told():
    assert codes(STEPS[:2]) == ([], ["snippet_unused"])


def test_a_day_that_woodpecker_does_not_say_is_no_difference():
    assert codes([*STEPS[:2], step("{{SNIPPET_4}}", day=None)]) == ([], [])


def test_versions_that_say_the_same_are_told_once():
    twice = [step("{{SNIPPET_9}}"), step("{{SNIPPET_9}}", version="B")]
    assert codes([*STEPS[:2], *twice])[0] == ["snippet_missing"]


def test_tokens_are_found_with_and_without_a_fallback():
    assert tokens_in('{{SNIPPET_1}} {{ snippet_12 | "there" }} {{SNIPPET3}} {{FIRST_NAME}} {{SNIPPET_}}') == [1, 12]


@pytest.mark.parametrize(
    "known", ["{{FIRST_NAME}}", '{{CITY | "your city"}}', "{{SENDER}}", "{{EMAIL}}", "{{snippet_4}}"]
)
def test_what_woodpecker_or_the_lead_fills_is_nothing_to_tell(known: str):
    assert codes([*STEPS[:2], step("{{SNIPPET_4}} " + known)]) == ([], [])


SENTENCES = [
    (step("{{SNIPPET_9}}"), "Step 3 asks for snippet 9, which the template does not write: it would be empty."),
    (step("{{SNIPPET_3}}"), "Snippet 3 is a LinkedIn note, but stands in the text of step 3."),
    (step("{{SNIPPET_4}}", kind="LINKEDIN"), "Snippet 4 is a bump, but stands in the text of step 3 (LinkedIn)."),
    (
        step("{{SNIPPET_4}} {{SNIPPET5}}"),
        "Step 3 has {{SNIPPET5}}, which Woodpecker sends as it is: it lacks the underscore.",
    ),
    (step("{{SNIPPET_4}}", day=9), "Snippet 4 was written for day 5; step 3 goes out on day 9."),
    (step("Hello"), "Snippet 4 (bump) is in no step: nobody would get it."),
    (
        step("{{SNIPPET_4}} {{MEETING_LINK}}"),
        "Step 3 uses {{MEETING_LINK}}, which none of our texts or fields fills. Make sure Woodpecker does.",
    ),
]


@pytest.mark.parametrize(("third", "sentence"), SENTENCES, ids=[sentence[:40] for _, sentence in SENTENCES])
def test_a_finding_says_where_and_what_it_means(third: StepText, sentence: str):
    found = fit([*STEPS[:2], third], TEMPLATE)
    assert sentence in [each.message for each in (*found.blocking, *found.warnings)]
