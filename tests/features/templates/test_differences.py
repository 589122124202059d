"""What two versions of a template say differently, part by part and word by word."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.features.templates.rules import DEFAULT_CONTENT, SAMPLE_BRIEF
from woodpecker_api.features.templates.rules.differences import Piece, differences, pieces

CONTENT = replace(DEFAULT_CONTENT, brief=SAMPLE_BRIEF)


def test_the_same_content_has_no_difference() -> None:
    assert differences(CONTENT, CONTENT) == []


def test_each_changed_part_is_named_in_the_order_of_the_form() -> None:
    after = replace(
        CONTENT,
        system_text="Other.",
        person_text="Another.",
        brief=replace(CONTENT.brief, voice="Cold.", proof_points=("One",)),
    )
    fields = [change.field for change in differences(CONTENT, after)]
    assert fields == ["system_text", "brief.voice", "brief.proof_points", "person_text"]


def test_of_a_snippet_only_what_changed_is_told() -> None:
    first, *rest = CONTENT.shape
    after = replace(CONTENT, shape=(replace(first, limit=99, day=1), *rest))
    (change,) = differences(CONTENT, after)
    assert (change.field, change.before, change.after) == ("shape.1.limit", str(first.limit), "99")


def test_a_snippet_that_came_or_went_is_told_as_a_whole() -> None:
    shorter = replace(CONTENT, shape=CONTENT.shape[:-1])
    (gone,) = differences(CONTENT, shorter)
    assert (gone.field, gone.after) == ("shape.7", "")
    assert gone.before.startswith("breakup, day 25: ")
    (came,) = differences(shorter, CONTENT)
    assert (came.before, came.after) == ("", gone.before)


def test_words_are_marked_removed_before_added() -> None:
    assert pieces("Write a short mail", "Write a long mail") == (
        (Piece.SAME, "Write a "),
        (Piece.REMOVED, "short"),
        (Piece.ADDED, "long"),
        (Piece.SAME, " mail"),
    )


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [("", "new", [Piece.ADDED]), ("old", "", [Piece.REMOVED]), ("", "", []), ("a\n\nb", "a\n\nb", [Piece.SAME])],
)
def test_empty_texts_have_one_piece_at_most(before: str, after: str, kinds: list[Piece]) -> None:
    assert [kind for kind, _ in pieces(before, after)] == kinds


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_the_pieces_put_together_are_the_texts_again(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(text for kind, text in found if kind is not Piece.ADDED) == before
    assert "".join(text for kind, text in found if kind is not Piece.REMOVED) == after
