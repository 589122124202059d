"""The states of a sequence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.features.sequences.rules import SequenceStatus, counts, may_become, status_after_change

D, A, R, E = SequenceStatus


@pytest.mark.parametrize(
    ("status", "target", "allowed"),
    [
        (D, A, True),
        (D, R, True),
        (D, E, False),
        (A, D, True),
        (A, E, True),
        (R, A, True),
        (R, E, False),
        (E, D, True),
        (E, R, False),
    ],
)
def test_the_ways_between_states(status, target, allowed):
    assert may_become(status, target) is allowed


@given(st.sampled_from(SequenceStatus))
def test_changed_words_are_always_a_draft(status):
    assert status_after_change(status) is D


@given(st.sampled_from(SequenceStatus))
def test_staying_is_always_allowed(status):
    assert may_become(status, status)


def test_flags_are_counted_by_severity():
    flags = [[{"severity": "blocking"}, {"severity": "note"}], [{"severity": "warning"}, {"severity": "warning"}], []]
    assert counts(flags) == (1, 2)
