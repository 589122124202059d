"""Most patterns are tried only where a glance at the text says that they may find something: the glance never hides a flag."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.features.sequences.answers import BRIEF, GOOD, IN_EMAIL, LEAD, SHAPE
from tests.features.sequences.more_answers import MORE_BAD
from woodpecker_api.features.sequences.rules import Facts, check_texts
from woodpecker_api.features.sequences.rules.checks import names
from woodpecker_api.features.sequences.rules.checks.text import Text

FACTS = Facts(LEAD, BRIEF)
_PIECES = (
    "[Name] {x} {{y}} %NAME% $name ___ n/a TBD T.B.C. TB.A XXX Yyyy lorem ipsum undefined NaN None, null your company name "
    "insert the name here <b> &nbsp; **bold** __x__ `code` ## [a](b) as an AI, language model I'm Claude. I am unable to I can’t "
    "help I cannot write here's the draft system prompt lead_data snippet 3 as you instructed </brief> Sure, here two hundred "
    "customers Three-fold doubled in half by a third twice as 40% 3x $5k https://a.example www.b.example c.io/x mailto:d e@f.example "
    "Jane Smith’s iPhone McKinsey Łukasz Über ÉCOLE ǅ ǲ İstanbul Kelvin ſynergy SYNERGY Leveraging cutting-edge game-changer \n - , . ? !"
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
