import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from woodpecker_api.features.leads.rules import (
    LeadStatus,
    check_address,
    custom_key,
    domain_of,
    fold,
    may_become,
    search_text,
)
from woodpecker_api.features.leads.rules.addresses import is_plain
from woodpecker_api.features.leads.rules.states import TRANSITIONS
from woodpecker_api.features.leads.rules.suppression import parents
from woodpecker_api.kit.text import address_key


def library_accepts(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except (EmailNotValidError, UnicodeError):
        return False
    return True


label = st.text(alphabet="abcXYZ019-_", min_size=1, max_size=12)
tops = st.sampled_from(["com", "example", "test", "LOCAL", "onion", "x", "c0m", "travel", "arpa", "invalid", "co"])
likely = st.builds(
    lambda local, domain, top: f"{local}@{'.'.join([*domain, top])}",
    st.text(alphabet="abcXYZ019.-_+'!#~`\"\\ ", max_size=20),
    st.lists(label, min_size=0, max_size=4),
    tops,
)
LONG_LOCAL = "a" * 65 + "@acme.example"
LONG_LABEL = "a@" + "b" * 64 + ".example"


@settings(max_examples=1500, deadline=None)
@given(st.one_of(likely, st.emails(), st.text(max_size=30)))
@example(LONG_LOCAL)
@example(LONG_LABEL)
@example("a@" + "b." * 120 + "example")
@example("a@xn--mller-kva.example")
@example("a@ab--c.example")
@example("a..b@acme.example")
@example(".a@acme.example")
@example("a.@acme.example")
@example("Postmaster@acme.example")
@example("a@acme.example\n")
@example("a@acme.test")
def test_the_fast_path_and_the_library_always_agree(text: str) -> None:
    if is_plain(text):
        assert library_accepts(text)
    assert (check_address(text) is None) == (library_accepts(text) and len(text) <= 254)


def test_the_fast_path_takes_the_usual_addresses() -> None:
    usual = ["ann@acme.example", "Ann.Ames-2@mail.acme.co.uk", "a_b+c@a-b.io", "o'neil@acme.example"]
    assert [is_plain(address) for address in usual] == [True] * len(usual)


@given(st.emails())
def test_a_plain_addresss_key_is_its_lower_case(address: str) -> None:
    if is_plain(address):
        assert address_key(address) == address.lower()


@pytest.mark.parametrize(
    ("text", "code"), [("", "email_missing"), ("x", "email_invalid"), ("a" * 300, "email_invalid")]
)
def test_what_is_no_address_is_named(text: str, code: str) -> None:
    problem = check_address(text)
    assert problem is not None
    assert problem.code == code


@pytest.mark.parametrize(
    ("text", "domain"),
    [("Ann@ACME.example", "acme.example"), ("@acme.example", "acme.example"), ("acme.example.", "acme.example")],
)
def test_a_domain_is_comparable_however_it_is_written(text: str, domain: str) -> None:
    assert domain_of(text) == domain


def test_the_domains_above_end_before_the_top_level() -> None:
    assert list(parents("a.b.acme.example")) == ["a.b.acme.example", "b.acme.example", "acme.example"]
    assert list(parents("localhost")) == ["localhost"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łukasz  MÜLLER-Ørsted", "lukasz muller-orsted"),
        ("Straße", "strasse"),
        ("ÆON œuvre", "aeon oeuvre"),
        ("ＦＵＬＬ width", "full width"),
        ("  a\tb\n", "a b"),
    ],
)
def test_search_forgives_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_search_looks_at_address_name_company_and_title() -> None:
    values = {"email": "a@x.example", "first_name": "José", "company": "Acme", "title": "Head", "city": "Rome"}
    assert search_text(values) == "a@x.example jose acme head"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Company Nickname", "company_nickname"),
        ("Email Validation (MS Teams)", "email_validation_ms_teams"),
        ("Größe", "grosse"),
        ("имя", "имя"),
        ("!!!", ""),
        ("x" * 80, "x" * 60),
    ],
)
def test_a_column_becomes_a_key_that_can_be_typed(name: str, key: str) -> None:
    assert custom_key(name) == key


def test_every_state_has_a_way_on() -> None:
    assert set(TRANSITIONS) == set(LeadStatus)
    assert all(TRANSITIONS[status] for status in LeadStatus)


@pytest.mark.parametrize(
    ("status", "target", "allowed"),
    [
        (LeadStatus.IMPORTED, LeadStatus.GENERATING, True),
        (LeadStatus.IMPORTED, LeadStatus.EXPORTED, False),
        (LeadStatus.DRAFTED, LeadStatus.EXPORTING, False),
        (LeadStatus.APPROVED, LeadStatus.EXPORTING, True),
        (LeadStatus.EXPORTING, LeadStatus.IMPORTED, False),
        (LeadStatus.GENERATING, LeadStatus.APPROVED, True),
        (LeadStatus.EXPORTED, LeadStatus.EXPORTED, True),
    ],
)
def test_only_known_steps_are_taken(status: LeadStatus, target: LeadStatus, allowed: bool) -> None:
    assert may_become(status, target) is allowed
