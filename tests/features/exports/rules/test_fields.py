"""What is sent for a person, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.features.exports.rules.fields import (
    CONTACT_FIELDS,
    CSV_HEADER,
    contact_in,
    fields_hash,
    fields_to_send,
    problem_in,
    same_texts,
    snippets_in,
)

TEXTS = {1: "A question", 2: "Hello Ann,\n\nhow are you?"}
CONTACT = {"first_name": "Ann", "company": "Acme", "phone": "", "time_zone": "Europe/London", "tags": "#x"}


def fields(**values: str) -> dict[str, str]:
    return {**fields_to_send("ann@acme.example", CONTACT, TEXTS, ()), **values}


def test_only_what_we_have_is_sent_so_that_nobodys_data_is_cleared():
    assert set(fields()) == {"email", "first_name", "company", "snippet1", "snippet2"}


def test_the_address_comes_first_and_snippets_in_order():
    sent = fields_to_send("ann@acme.example", CONTACT, {10: "j", 2: "b"}, ())
    assert next(iter(sent)) == "email"
    assert [name for name in sent if name.startswith("snippet")] == ["snippet2", "snippet10"]


def test_what_was_ever_sent_and_is_not_used_now_is_cleared():
    sent = fields_to_send("ann@acme.example", CONTACT, TEXTS, {2, 7})
    assert (sent["snippet2"], sent["snippet7"]) == (TEXTS[2], "")


def test_texts_travel_as_they_are_until_the_account_was_tested():
    assert fields()["snippet2"] == TEXTS[2]


def test_with_break_tags_a_text_is_html_with_no_other_tag():
    sent = fields_to_send("a@b.example", {}, {1: "5 < 6 & more\nnext <b>line</b>"}, (), break_tag=True)
    assert sent["snippet1"] == "5 &lt; 6 &amp; more<br />next &lt;b&gt;line&lt;/b&gt;"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"first_name": ""}, "first name"),
        ({"email": ""}, "email"),
        ({"company": "A | B"}, "company"),
        ({"snippet2": "Hi {{FIRST_NAME}}"}, "snippet2"),
        ({"title": "}}"}, "title"),
    ],
)
def test_what_breaks_a_mail_is_named(change: dict[str, str], word: str):
    assert word in (problem_in(fields(**change), TEXTS) or "")


def test_an_empty_text_holds_the_person_and_is_refused():
    assert "Snippet 2 is empty" in (problem_in(fields(), {1: "x", 2: "  \n"}) or "")
    assert problem_in(fields(), {}) == "There are no texts."


def test_whole_fields_have_no_problem():
    assert problem_in(fields(), TEXTS) is None


def test_fields_come_apart_into_contact_and_snippets():
    assert contact_in(fields()) == {"first_name": "Ann", "company": "Acme"}
    assert snippets_in({**fields(), "snippet15": "", "snippets": "no"}) == {**TEXTS, 15: ""}


def test_the_hash_is_of_everything_that_is_sent_in_any_order():
    assert fields_hash(fields()) == fields_hash(dict(reversed(fields().items())))
    assert fields_hash(fields()) != fields_hash(fields(title="CEO"))
    assert fields_hash(fields()) != fields_hash(fields(snippet7=""))


@pytest.mark.parametrize(
    ("stored", "same"),
    [
        ({1: "A question", 2: "Hello Ann,\n\nhow are you?"}, True),
        ({1: "A question", 2: "Hello Ann,\r\n\r\nhow are you? "}, True),
        ({1: "A question", 2: "Hello Ann, how are you?", 3: "older"}, True),
        ({1: "A question", 2: "Hello Bob,\n\nhow are you?"}, False),
        ({1: "A question"}, False),
    ],
)
def test_texts_are_the_same_when_the_words_that_we_sent_are(stored: dict[int, str], same: bool):
    assert same_texts(TEXTS, stored) is same


def test_a_snippet_that_we_cleared_must_be_empty_there():
    assert same_texts({1: "a", 7: ""}, {1: "a"})
    assert not same_texts({1: "a", 7: ""}, {1: "a", 7: "old"})


@given(
    st.dictionaries(st.sampled_from([*CONTACT_FIELDS, "tags", "time_zone", "custom"]), st.text(max_size=20)),
    st.dictionaries(st.integers(1, 15), st.text(max_size=50)),
    st.sets(st.integers(1, 15)),
)
def test_nothing_is_invented_and_every_name_is_the_vendors(contact, texts, ever):
    sent = fields_to_send("a@b.example", contact, texts, ever)
    assert set(sent) <= set(CSV_HEADER)
    assert snippets_in(sent).keys() == {*texts, *ever}
    assert all(sent[name] == contact[name] for name in contact_in(sent))
    assert all(sent[name] for name in contact_in(sent))
