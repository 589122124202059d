"""What a template is made of, and what makes one unusable."""

from dataclasses import replace

import pytest

from woodpecker_api.features.leads.rules import FIELD_NAMES
from woodpecker_api.features.templates.rules import (
    DEFAULT_CONTENT,
    SAMPLE_BRIEF,
    STANDARD_VARIABLES,
    Brief,
    SnippetKind,
    content_from_json,
    problems_of,
    referenced,
    sent_fields,
    variables_in,
)

SHAPE = DEFAULT_CONTENT.shape
FILLED = replace(DEFAULT_CONTENT, brief=SAMPLE_BRIEF)


def codes(content, severity=None, columns=("company_nickname", "notes")):
    return {(p.field, p.code) for p in problems_of(content, columns) if severity in (None, p.severity)}


def with_snippet(number, **values):
    return replace(FILLED, shape=tuple(replace(s, **values) if s.number == number else s for s in SHAPE))


def test_the_default_has_seven_snippets_on_the_agreed_days():
    assert [(s.number, s.kind, s.day) for s in SHAPE] == [
        (1, SnippetKind.SUBJECT, 1),
        (2, SnippetKind.EMAIL, 1),
        (3, SnippetKind.LINKEDIN_NOTE, 3),
        (4, SnippetKind.BUMP, 7),
        (5, SnippetKind.EMAIL, 12),
        (6, SnippetKind.BUMP, 17),
        (7, SnippetKind.BREAKUP, 25),
    ]


def test_the_default_lacks_only_the_teams_own_facts():
    assert {code for _, code in codes(DEFAULT_CONTENT)} == {"brief_incomplete", "no_proof_points"}
    assert codes(FILLED) == set()


def test_content_survives_being_stored():
    assert content_from_json(FILLED.as_json()) == FILLED


def test_every_standard_variable_is_a_field_of_leads():
    assert set(STANDARD_VARIABLES) == set(FIELD_NAMES)


def test_variables_are_found_once_in_their_order_whatever_their_case_and_spaces():
    assert variables_in("{{ title }} of {{Company}}, {{title}}") == ("title", "company")


def test_a_variable_points_at_the_data_instead_of_holding_them():
    assert referenced("Write to {{first_name}}.") == "Write to lead_data.first_name."


def test_only_named_fields_and_those_the_checks_need_are_sent():
    assert sent_fields("Mention {{podcast}}.") == ("first_name", "company", "podcast")


@pytest.mark.parametrize("text", ["Hi {{", "Hi {{ }}", "Hi {{first name}}", "Hi first_name}}", "{{1st}}"])
def test_braces_that_are_no_variable_are_errors(text):
    assert ("person_text", "broken_variable") in codes(replace(FILLED, person_text=text), "error")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (replace(FILLED, system_text=" "), ("system_text", "required")),
        (replace(FILLED, person_text=""), ("person_text", "required")),
        (replace(FILLED, system_text="x" * 20_001), ("system_text", "too_long")),
        (replace(FILLED, brief=Brief("us", "x" * 20_001)), ("brief", "too_long")),
        (replace(FILLED, system_text="Write to {{first_name}}."), ("system_text", "variable_in_system_text")),
        (replace(FILLED, shape=()), ("shape", "missing_snippet")),
        (replace(FILLED, shape=SHAPE[:2] + SHAPE[3:]), ("shape", "missing_snippet")),
        (replace(FILLED, shape=SHAPE[:2] + SHAPE[1:]), ("shape", "missing_snippet")),
        (with_snippet(4, day=2), ("shape", "days_out_of_order")),
        (with_snippet(4, day=0), ("shape.4.day", "out_of_range")),
        (with_snippet(4, instruction=""), ("shape.4.instruction", "required")),
        (with_snippet(4, instruction="Greet {{first_name}}"), ("shape.4.instruction", "variable_in_instruction")),
        (with_snippet(4, target_min=0), ("shape.4.limit", "limits_out_of_order")),
        (with_snippet(4, target_max=100, limit=90), ("shape.4.limit", "limits_out_of_order")),
        (with_snippet(4, formatting="html"), ("shape.4.formatting", "unknown_formatting")),
    ],
)
def test_what_cannot_work_is_an_error(content, problem):
    assert problem in codes(content, "error")


def test_more_snippets_than_woodpecker_has_are_an_error():
    shape = tuple(replace(SHAPE[1], number=number) for number in range(1, 17))
    assert ("shape", "too_many_snippets") in codes(replace(FILLED, shape=shape), "error")


def test_an_unknown_variable_is_a_warning_unless_a_list_had_such_a_column():
    content = replace(FILLED, person_text="{{first_name}} {{company}} {{title}} {{industry}} {{podcast}}")
    assert codes(content, columns=()) == {("person_text", "unknown_variable")}
    assert codes(content, columns=("podcast",)) == set()


def test_what_is_not_used_is_noted():
    (problem,) = problems_of(replace(FILLED, person_text="{{first_name}} at {{company}}"))
    assert (problem.code, problem.severity) == ("unused_variables", "note")
    assert "title, industry" in problem.message


def test_a_sequence_without_a_subject_is_a_warning():
    shape = tuple(replace(s, kind=SnippetKind.EMAIL) for s in SHAPE)
    assert ("shape", "no_subject") in codes(replace(FILLED, shape=shape), "warning")
