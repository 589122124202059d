"""The checks on hand-made answers: no bad one passes, no good one is held up."""

import time

import pytest

from tests.features.sequences.answers import BRIEF, FACTS, GOOD, GOOD_SENTENCES, IN_EMAIL, LEAD, SHAPE, WHOLE
from tests.features.sequences.more_answers import MORE_BAD, MORE_GOOD
from woodpecker_api.features.sequences.rules import Facts, Flag, Severity, check_texts
from woodpecker_api.features.sequences.rules.facts import folded, holds_word

REPLACED = "I wonder whether that is also true at Tideway this year."
PLACE = "is also true at Tideway this year"


def with_sentence(sentence: str) -> dict[int, str]:
    before, _, after = GOOD[2].partition(REPLACED)
    assert after
    return {**GOOD, 2: before + sentence + after}


def held(flags: dict[int, list[Flag]]) -> list[tuple[int, str, str | None]]:
    return [(n, f.code, f.excerpt) for n, some in flags.items() for f in some if f.severity is not Severity.NOTE]


def test_a_good_sequence_has_no_flags():
    assert check_texts(GOOD, SHAPE, FACTS) == {n: [] for n in range(1, 8)}


@pytest.mark.parametrize("sentence", GOOD_SENTENCES)
def test_a_good_sentence_is_not_held_up(sentence):
    assert held(check_texts(with_sentence(sentence), SHAPE, FACTS)) == []


@pytest.mark.parametrize(("sentence", "code"), [c[1:] for c in IN_EMAIL], ids=[c[0] for c in IN_EMAIL])
def test_a_bad_sentence_raises_its_flag(sentence, code):
    flags = held(check_texts(with_sentence(sentence), SHAPE, FACTS))
    assert code in {flag[1] for flag in flags if flag[0] == 2}


@pytest.mark.parametrize(("number", "text", "code"), [c[1:] for c in WHOLE], ids=[c[0] for c in WHOLE])
def test_a_bad_text_raises_its_flag(number, text, code):
    flags = held(check_texts({**GOOD, number: text}, SHAPE, FACTS))
    assert code in {flag[1] for flag in flags if flag[0] == number}


def test_a_flag_says_where():
    text = with_sentence("I wonder about [Company Name].")
    (flag,) = check_texts(text, SHAPE, FACTS)[2]
    assert text[2][flag.start : flag.end] == "[Company Name]" == flag.excerpt


def test_what_a_person_added_is_a_note_and_what_the_machine_invented_stays_a_warning():
    text = with_sentence("We did the same for Nestlé and for Danone.")
    original = {**GOOD, 2: GOOD[2].replace(REPLACED, "We did the same for Danone.")}
    flags = check_texts(text, SHAPE, FACTS, original)[2]
    assert {(f.excerpt, f.severity) for f in flags} == {("Nestlé", Severity.NOTE), ("Danone", Severity.WARNING)}


def test_the_nickname_of_a_person_may_greet():
    facts = Facts(lead={**LEAD, "nickname": "Ren"}, brief=BRIEF)
    assert held(check_texts({**GOOD, 2: GOOD[2].replace("Hi Renata", "Hi Ren")}, SHAPE, facts)) == []


def test_accents_and_case_do_not_make_another_name():
    facts = Facts(lead={**LEAD, "first_name": "Renáta"}, brief=BRIEF)
    assert held(check_texts(GOOD, SHAPE, facts)) == []


def test_a_sequence_that_never_names_the_company_is_about_somebody_else():
    texts = {n: t.replace("Tideway", "your company") for n, t in GOOD.items()}
    assert (2, "company_missing", None) in held(check_texts(texts, SHAPE, FACTS))


def test_the_named_sender_may_sign_and_nobody_else():
    facts = Facts(lead=LEAD, brief=BRIEF, sender_name="Tom Baker")
    assert held(check_texts({**GOOD, 2: GOOD[2] + "\n\nBest,\nTom"}, SHAPE, facts)) == []
    assert (2, "sign_off", "Best, Ann") in held(check_texts({**GOOD, 2: GOOD[2] + "\n\nBest,\nAnn"}, SHAPE, facts))


def test_what_an_instruction_mentions_is_no_invention():
    texts = with_sentence("I heard you on the Leadership Unplugged podcast.")
    assert (
        held(check_texts(texts, SHAPE, Facts(lead=LEAD, brief=BRIEF, extra="mention the Leadership Unplugged podcast")))
        == []
    )


def test_flags_stand_in_order_of_severity():
    flags = check_texts(with_sentence("We leverage [Company Name]."), SHAPE, FACTS)[2]
    assert [f.severity for f in flags] == [Severity.BLOCKING, Severity.WARNING]


def test_few_of_many_good_sentences_are_held_up():
    """The bar is three in a hundred; each that is held is printed when it fails."""
    held_up = {one: found for one in MORE_GOOD if (found := held(check_texts(with_sentence(one), SHAPE, FACTS)))}
    assert len(held_up) * 100 <= 3 * len(MORE_GOOD), held_up


@pytest.mark.parametrize(("sentence", "code"), MORE_BAD)
def test_no_bad_sentence_passes(sentence, code):
    assert code in {flag[1] for flag in held(check_texts(with_sentence(sentence), SHAPE, FACTS))}


def test_the_answers_are_three_hundred_different_ones():
    good = {*GOOD_SENTENCES, *MORE_GOOD}
    bad = {case[1] for case in IN_EMAIL} | {sentence for sentence, _ in MORE_BAD} | {case[1:3] for case in WHOLE}
    assert len(good) >= 130
    assert len(bad) >= 165
    assert len(good) + len(bad) + 1 >= 300  # the whole good sequence is one more


@pytest.mark.parametrize(
    ("said", "plain"), [("Łukasz’s", "łukasz's"), ("CAFÉ", "cafe"), ("Straße", "strasse"), ("İ", "i")]
)
def test_words_compare_without_case_and_accents(said, plain):
    assert folded(said) == plain


@pytest.mark.parametrize(
    ("text", "word", "is_there"),
    [
        ("we met at tideway.", "tideway", True),
        ("tideways and tideway_x", "tideway", False),
        ("untideway, tideway", "tideway", True),
        ("a & b", "&", True),
        ("", "tideway", False),
    ],
)
def test_a_word_is_found_only_as_a_word(text, word, is_there):
    assert holds_word(text, word) is is_there


def test_a_text_that_is_long_takes_no_long_time():
    """As long as a text can be, of what the patterns look for: none of them may try each place again and again."""
    words = "Hi Renata, " + "the lead data say none of the two hundred system_ prompts [ { % $ N/ " * 280
    began = time.process_time()
    check_texts({**GOOD, 2: words}, SHAPE, FACTS)
    assert time.process_time() - began < 3
