"""Who is kept out, and which of several reasons is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from woodpecker_api.features.campaigns.rules import Collision, Known, Place, Policy, Weight
from woodpecker_api.features.exports.rules.planning import WITH_ANOTHER_CAMPAIGN, Candidate, Reason, Target, Texts, plan

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TARGET = Target(campaign_vendor_id=7, real=True, now=NOW, policy=Policy(30))
TEXTS = Texts("sequence", 1, approved=True, was_approved=True, sandbox=False, texts={1: "Hello"})
ANN = Candidate(
    lead_id="lead",
    email="ann@acme.example",
    address_key="ann@acme.example",
    contact={"first_name": "Ann"},
    sandbox=False,
    sequence=TEXTS,
    suppressed=False,
    at_vendor=Known(),
    added_by_us=False,
    open_elsewhere=False,
)


def reason(target: Target = TARGET, **changes: object) -> Reason:
    return plan(replace(ANN, **changes), target).reason  # type: ignore[arg-type]


def at(campaigns: dict[int, str] | None = None, **values: object) -> Known:
    """`campaigns`: the vendor's numbers to names, all of them running."""
    places = tuple(Place(number, name, "RUNNING", "ACTIVE") for number, name in (campaigns or {}).items())
    return Known(places=places, **values)  # type: ignore[arg-type]


def test_an_approved_lead_whom_nothing_keeps_out_is_new():
    planned = plan(ANN, TARGET)
    assert (planned.reason, planned.detail) == (Reason.NEW, None)
    assert planned.fields == {"email": "ann@acme.example", "first_name": "Ann", "snippet1": "Hello"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"suppressed": True}, Reason.DO_NOT_CONTACT),
        ({"at_vendor": at(status="BLACKLIST")}, Reason.DO_NOT_CONTACT),
        ({"at_vendor": at(campaigns={7: "This one"})}, Reason.ALREADY_IN_CAMPAIGN),
        ({"added_by_us": True}, Reason.ALREADY_IN_CAMPAIGN),
        ({"open_elsewhere": True}, Reason.CLAIMED_BY_OTHER_EXPORT),
        ({"at_vendor": at(status="REPLIED")}, Reason.REPLIED),
        ({"at_vendor": at(status="BOUNCED")}, Reason.BOUNCED),
        ({"at_vendor": at(campaigns={8: "Another"})}, Reason.IN_OTHER_CAMPAIGN),
        ({"at_vendor": at(last_contacted_at=NOW - timedelta(days=29))}, Reason.CONTACTED_RECENTLY),
        ({"sequence": None}, Reason.NOT_APPROVED),
        ({"sequence": replace(TEXTS, approved=False, was_approved=False)}, Reason.NOT_APPROVED),
        ({"sequence": replace(TEXTS, approved=False)}, Reason.EDITED_AFTER_APPROVAL),
        ({"sequence": replace(TEXTS, sandbox=True)}, Reason.SANDBOX_TEXT),
        ({"sandbox": True}, Reason.SANDBOX_TEXT),
        ({"address_problem": "No."}, Reason.INVALID),
        ({"contact": {}}, Reason.INVALID),
        ({"sequence": replace(TEXTS, texts={1: "{{SNIPPET_2}}"})}, Reason.INVALID),
    ],
    ids=str,
)
def test_each_reason_keeps_out(changes: dict[str, object], expected: Reason):
    assert reason(**changes) is expected


def test_a_contact_long_ago_is_no_reason():
    assert reason(at_vendor=at(last_contacted_at=NOW - timedelta(days=31))) is Reason.NEW
    never = replace(TARGET, policy=Policy(0))
    assert reason(never, at_vendor=at(last_contacted_at=NOW)) is Reason.NEW


def test_sandbox_texts_may_go_to_the_sandbox():
    assert reason(replace(TARGET, real=False), sandbox=True, sequence=replace(TEXTS, sandbox=True)) is Reason.NEW


def test_a_manager_may_overrule_another_campaign_and_nothing_else():
    elsewhere = at(campaigns={8: "Another"}, last_contacted_at=NOW)
    assert reason(at_vendor=elsewhere, overridden=WITH_ANOTHER_CAMPAIGN) is Reason.NEW
    assert reason(at_vendor=replace(elsewhere, status="REPLIED"), overridden=WITH_ANOTHER_CAMPAIGN) is Reason.REPLIED
    assert reason(at_vendor=elsewhere, overridden=WITH_ANOTHER_CAMPAIGN, suppressed=True) is Reason.DO_NOT_CONTACT


def test_do_not_contact_is_told_before_every_other_reason():
    worst = at(status="REPLIED", campaigns={7: "This one", 8: "Another"}, last_contacted_at=NOW)
    assert reason(suppressed=True, at_vendor=worst, sequence=None, contact={}) is Reason.DO_NOT_CONTACT


def test_other_campaigns_are_named():
    detail = plan(replace(ANN, at_vendor=at(campaigns={9: "Zebra", 8: "Ant"})), TARGET).detail
    assert detail == "Still in “Zebra”, “Ant”: new texts would replace those not yet mailed there."


def test_what_only_warns_goes_out_and_is_told():
    warns = replace(TARGET, policy=Policy(30, {Collision.IN_OTHER_CAMPAIGN: Weight.WARNS}))
    planned = plan(replace(ANN, at_vendor=at(campaigns={8: "Another"})), warns)
    assert (planned.reason, [each.code for each in planned.collisions]) == (Reason.NEW, [Collision.IN_OTHER_CAMPAIGN])
    assert planned.overridden == frozenset()


def test_an_override_is_told_only_where_it_changed_something():
    met = plan(replace(ANN, at_vendor=at(campaigns={8: "Another"}), overridden=WITH_ANOTHER_CAMPAIGN), TARGET)
    assert met.overridden == {Collision.IN_OTHER_CAMPAIGN}
    assert plan(replace(ANN, overridden=WITH_ANOTHER_CAMPAIGN), TARGET).overridden == frozenset()
