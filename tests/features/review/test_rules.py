"""How an approval counts, and whom a bulk approval passes over."""

from dataclasses import replace

import pytest

from woodpecker_api.features.review.rules import Standing, kind_of_approval, why_not_approved
from woodpecker_api.features.sequences.rules import Approval, SequenceStatus

CLEAN = Standing(SequenceStatus.DRAFT, version=3, blocking_flags=0, warning_flags=0, is_locked=False)
READ, BULK = Approval


@pytest.mark.parametrize(
    ("asked", "by_ids", "count", "kind"),
    [
        (None, True, 1, READ),
        (None, True, 2, BULK),
        (None, False, 1, BULK),
        (READ, True, 9, READ),
        (BULK, True, 1, BULK),
    ],
)
def test_one_that_is_named_was_read_and_many_were_not(asked, by_ids, count, kind):
    assert kind_of_approval(asked, by_ids=by_ids, count=count) is kind


@pytest.mark.parametrize("kind", Approval)
def test_a_clean_draft_is_approved_either_way(kind):
    assert why_not_approved(CLEAN, kind, 3) is None


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (replace(CLEAN, is_locked=True), "export_in_progress"),
        (replace(CLEAN, is_being_written=True), "being_written"),
        (replace(CLEAN, status=SequenceStatus.APPROVED), "already_approved"),
        (replace(CLEAN, status=SequenceStatus.EXPORTED), "exported"),
        (replace(CLEAN, version=4), "version_conflict"),
        (replace(CLEAN, blocking_flags=1), "blocking_flags"),
    ],
)
@pytest.mark.parametrize("kind", Approval)
def test_what_can_never_be_approved(standing, reason, kind):
    assert why_not_approved(standing, kind, 3) == reason


@pytest.mark.parametrize(
    ("standing", "reason"),
    [(replace(CLEAN, warning_flags=1), "flags"), (replace(CLEAN, status=SequenceStatus.REJECTED), "rejected")],
)
def test_what_only_somebody_who_read_it_approves(standing, reason):
    assert why_not_approved(standing, BULK, None) == reason
    assert why_not_approved(standing, READ, None) is None
