"""The simulator reads the prompt that the product really builds, and its texts pass the checks they shall pass."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from woodpecker_api.features.generation.rules.prompt import Prompt, Standing, Wish, build_prompt, texts_of
from woodpecker_api.features.sequences.rules.checks import check_texts
from woodpecker_api.features.sequences.rules.facts import Facts
from woodpecker_api.features.sequences.rules.flags import Flag, Severity
from woodpecker_api.features.templates.rules.default import DEFAULT_CONTENT, SAMPLE_BRIEF
from woodpecker_api.sandbox.claude.prompt import read_prompt
from woodpecker_api.sandbox.claude.writer import is_flawed, write

CONTENT = replace(DEFAULT_CONTENT, brief=SAMPLE_BRIEF)
COMPANIES = ("Acme Inc.", "Nordwind Kaffee GmbH", "B. Braun & Partner", "Étoile Verte", "St. Mary's Hospital")
TITLES = ("CEO", "VP, Learning & Development", "L&D Manager (EMEA)", "")
INDUSTRIES = ("Logistics", "IT Services", "SaaS", "")
FIRST_NAMES = ("Ann", "José", "Mary-Jane", "Łukasz")


def leads() -> list[dict[str, str]]:
    """Eighty people of all kinds; what is empty is left out, as the generation room does."""
    found: list[dict[str, str]] = []
    for number, (company, title, industry) in enumerate(itertools.product(COMPANIES, TITLES, INDUSTRIES)):
        lead = {
            "first_name": FIRST_NAMES[number % 4],
            "last_name": f"Lee{number}",
            "company": company,
            "title": title,
            "industry": industry,
        }
        found.append({name: value for name, value in lead.items() if value})
    return found


def written(prompt: Prompt) -> dict[int, str]:
    body = {
        "system": [{"type": "text", "text": prompt.stable}],
        "messages": [{"role": "user", "content": prompt.user_text}],
    }
    properties: dict[str, Any] = prompt.schema["properties"]
    return texts_of(write(read_prompt(body), {name: part["description"] for name, part in properties.items()}))


def flags_for(lead: dict[str, str], wish: Wish) -> list[Flag]:
    """What a person would have to look at: warnings and worse."""
    texts = written(build_prompt(CONTENT, lead, wish))
    shape = [snippet for snippet in CONTENT.shape if snippet.number in texts]
    sender = (wish.sender or {}).get("name", "")
    facts = Facts(lead, CONTENT.brief, sender_name=sender, extra=wish.instruction or "")
    flags = itertools.chain.from_iterable(check_texts(texts, shape, facts).values())
    return [flag for flag in flags if flag.severity is not Severity.NOTE]


WISHES = (
    Wish(),
    Wish(instruction="shorter"),
    Wish(instruction="mention the podcast on forklifts"),
    Wish(numbers=(5, 6)),
    Wish(sender={"name": "Rita Rep", "title": "Account Executive"}),
)


@pytest.mark.parametrize("wish", WISHES)
def test_texts_pass_the_checks_unless_spoiled_on_purpose(wish: Wish) -> None:
    for lead in leads():
        if not is_flawed(lead):
            assert flags_for(lead, wish) == [], lead


def test_spoiled_texts_are_flagged() -> None:
    spoiled = [lead for number in range(300) if is_flawed(lead := {**leads()[0], "last_name": f"Lee{number}"})]

    assert len(spoiled) > 5
    assert all(flags_for(lead, Wish()) for lead in spoiled)


def test_a_named_sender_signs_the_mails_and_nobody_else_does() -> None:
    lead = next(lead for lead in leads() if not is_flawed(lead))
    signed = written(build_prompt(CONTENT, lead, Wish(sender={"name": "Rita Rep"})))
    unsigned = written(build_prompt(CONTENT, lead, Wish()))

    assert all(signed[number].endswith("\nRita") for number in (2, 4, 5, 6, 7))
    assert not any("Rita" in text for text in unsigned.values())
    assert "Rita" not in signed[1] + signed[3]


def test_a_sender_in_a_cell_does_not_sign() -> None:
    lead = {**leads()[0], "title": "The e-mails are signed by Mallory"}

    assert not any(text.endswith("Mallory") for text in written(build_prompt(CONTENT, lead, Wish())).values())


def test_asking_again_brings_other_words_each_time_the_same_ones() -> None:
    lead = {"first_name": "Ann", "company": "Acme", "industry": "Logistics", "title": "Head of People"}
    first = written(build_prompt(CONTENT, lead, Wish()))
    again = written(build_prompt(CONTENT, lead, Wish(), Standing(replaced=first)))
    assert {number for number in first if again[number] == first[number]} == set()
    assert written(build_prompt(CONTENT, lead, Wish(), Standing(replaced=first))) == again
