"""Most patterns are tried only where a glance at the text says that they may find something: the glance never hides a flag."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.features.sequences.answers import BRIEF, GOOD, IN_EMAIL, LEAD, SHAPE
from tests.features.sequences.more_answers import MORE_BAD
from woodpecker_api.features.sequences.rules import Facts, check_texts
from woodpecker_api.features.sequences.rules.checks import form, manners, names
from woodpecker_api.features.sequences.rules.checks.text import Text

FACTS = Facts(LEAD, BRIEF)
_PIECES = (
    "[Name] {x} {{y}} %NAME% $name ___ n/a TBD T.B.C. TB.A XXX Yyyy lorem ipsum undefined NaN None, null your company name "
    "insert the name here <b> &nbsp; **bold** __x__ `code` ## [a](b) as an AI, language model I'm Claude. I am unable to I can’t "
    "help I cannot write here's the draft system prompt lead_data snippet 3 as you instructed </brief> Sure, here two hundred "
    "customers Three-fold doubled in half by a third twice as 40% 3x $5k https://a.example www.b.example c.io/x mailto:d e@f.example "
    "Jane Smith’s iPhone McKinsey Łukasz Über ÉCOLE ǅ ǲ İstanbul Kelvin ſynergy SYNERGY Leveraging cutting-edge game-changer \n - , . ? ! "
    "Best regards, Kind Regards All the best\nAnn\nSales\n+1 Thanks in advance Mit freundlichen Grüßen viele grüsse \n– Bo \n~Cy "
    "\n\tCheers! \n\n regards \u017fincerely | {{ }}"
)
PIECES = _PIECES.split(" ")
SENTENCES = [said for _, said, *_ in IN_EMAIL] + [said for said, _ in MORE_BAD]

texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).flatmap(
    lambda pieces: st.sampled_from(
        [" ".join(pieces), " ".join(pieces).upper(), "".join(pieces), " ".join(pieces).lower()]
    )
)


def flags_of(words: str) -> object:
    found = check_texts({**GOOD, 2: words}, SHAPE, FACTS)
    return {number: [flag.as_json() for flag in flags] for number, flags in found.items()}


def flags_without_a_glance(words: str) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "holds_any", lambda _self, _parts: True)
        patch.setattr(Text, "holds_word_of", lambda _self, _words: True)
        patch.setattr(Text, "has_last_line_with", lambda _self, _beginnings, _lines: True)
        return flags_of(words)


@given(texts)
@settings(max_examples=400, deadline=None)
def test_a_glance_hides_nothing_in_any_text(words: str) -> None:
    assert flags_of(words) == flags_without_a_glance(words)


@pytest.mark.parametrize("words", SENTENCES)
def test_a_glance_hides_nothing_in_the_bad_examples(words: str) -> None:
    assert flags_of(words) == flags_without_a_glance(words)


def test_without_a_glance_the_checks_do_see_more_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the tests above would compare the same with the same."""
    asked: list[object] = []
    monkeypatch.setattr(Text, "holds_any", lambda _self, parts: asked.append(parts) or False)
    assert flags_of("Hi Ann, call [Name].") != flags_without_a_glance("Hi Ann, call [Name].")
    assert asked


@given(texts | st.text())
@settings(max_examples=400, deadline=None)
def test_every_word_with_a_capital_is_looked_at_once_and_in_order(words: str) -> None:
    looked_at = [found.span() for found in names._with_a_capital(words)]
    every_word = list(names._TOKEN.finditer(words))
    with_capital = [found.span() for found in every_word if any(letter.isupper() for letter in found.group())]
    assert [span for span in looked_at if span in set(with_capital)] == with_capital
    assert set(looked_at) <= {found.span() for found in every_word}


_SIGNING = (
    "Best|best regards|Kind Regards| regards|All the best|Cheers|Many thanks|Thank you|Yours truly|Take care|Viele Grüße|ſincerely|"
    "MIT FREUNDLICHEN GRÜSSEN|Ann|Ann Lee|Sales|,|.| |\n|\n\n|\r\n|\t|- |– |~|—|İ|some words that are long enough to be no line of it"
)
SIGNING = _SIGNING.split("|")
SIGNED = st.lists(st.sampled_from(SIGNING) | st.text(max_size=2), max_size=14).map("".join)


@given(SIGNED)
@settings(max_examples=600, deadline=None)
def test_a_glance_at_the_last_lines_overlooks_no_signature(words: str) -> None:
    text = Text(words, SHAPE[1], FACTS, None)
    if manners._SIGN_OFF.search(words.rstrip()):
        assert text.has_last_line_with(manners._FORMULA_BEGINNINGS, manners._FORMULA_LINES)


@given(st.text(max_size=5) | st.lists(st.sampled_from(list(".?!…:)\"'”’»(ab 😀☀")), max_size=6).map("".join))
@settings(max_examples=600, deadline=None)
def test_the_end_of_a_text_says_whether_its_last_sentence_ends(words: str) -> None:
    """The pattern says the same, at each place of a long text in turn."""
    closed = re.compile(r"[.?!…:][)\"'”’»]*$|[)\"”»]$|[\U0001f300-\U0001faff☀-➿]$")
    assert form._is_closed(words.rstrip()) == bool(closed.search(words.rstrip()))
