import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.features.imports.lists import outcome_of, text_of
from woodpecker_api.features.imports.rules.mapping import (
    check_mapping,
    header_hash,
    make_plan,
    suggest,
    unique_names,
)
from woodpecker_api.features.imports.rules.spellings import recognise


@pytest.mark.parametrize(
    ("field", "names"),
    [
        (
            "email",
            "E-mail|Email_Address|WORK EMAIL|e.mail|Business Email|E-Mail-Adresse|Courriel|correo electrónico|E-post",
        ),
        ("first_name", "First Name|first_name|FIRSTNAME|given-name|fname|Vorname|Prénom|Voornaam|Förnamn|Imię"),
        (
            "last_name",
            "Last Name|last_name|Surname|lname|Nachname|Nom de famille|Apellidos|Cognome|Achternaam|Nazwisko",
        ),
        ("full_name", "Full Name|Name|Contact Name|contact|Nom complet|Nombre completo"),
        ("company", "Company|Company Name|Organisation|organization|Account|Firma|Société|Empresa|Azienda|Bedrijf"),
        ("title", "Title|Job Title|job_title|Position|Role|Poste|Cargo|Functie|Stanowisko"),
        ("phone", "Phone|Mobile Phone|Telephone Number|Cell|Telefon|Téléphone|Handynummer"),
        ("website", "Website|Company Website|URL|web|Site web|Homepage"),
        ("linkedin_url", "LinkedIn|LinkedIn URL|linkedin_profile|Person Linkedin Url|Profile URL"),
        ("industry", "Industry|sector|Branche|Secteur d'activité|Settore"),
        ("city", "City|Town|Stadt|Ville|Ciudad|Città"),
        ("state", "State|Province|State/Province|Bundesland|Région"),
        ("country", "Country|Land|Pays|País|Kraj"),
        ("time_zone", "Time Zone|timezone|tz|Zeitzone"),
        ("tags", "Tag|tags|Labels|Categories"),
        ("address", "Address|Street|Street Address|Straße|Adresse"),
        ("snippet_7", "Snippet 7|snippet7|SNIPPET_07|Snippet-7"),
    ],
)
def test_many_spellings_mean_one_field(field: str, names: str) -> None:
    assert {name: recognise(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), field)


@pytest.mark.parametrize(
    "name",
    [
        "Email in Lusha",
        "Email in Apollo",
        "Email Validation (MS Teams)",
        "Email Status",
        "Company Nickname",
        "Company LinkedIn URL",
        "Snippet 16",
        "Snippet 0",
        "Seniority",
        "",
        "Column 1",
        "id",
        "Send status",
    ],
)
def test_a_name_that_only_resembles_a_field_is_none(name: str) -> None:
    assert recognise(name) is None


@given(st.sampled_from(["First Name", "E-mail", "Job Title", "LinkedIn URL"]), st.randoms(use_true_random=False))
def test_case_gaps_and_punctuation_never_matter(name: str, chance: object) -> None:
    dressed = name.upper().replace(" ", "__").replace("-", ". ")
    assert recognise(f"  {dressed} ") == recognise(name) is not None


def test_equal_and_blank_headers_get_names_of_their_own() -> None:
    names = unique_names(["Email", "Email", " ", "Email (2)", "", "  Two   Words "])
    assert names == ("Email", "Email (2)", "Column 3", "Email (2) (2)", "Column 5", "Two Words")


@given(st.lists(st.text(max_size=8), max_size=30))
def test_no_two_columns_ever_share_a_name(header: list[str]) -> None:
    assert len(set(unique_names(header))) == len(header)


def test_the_first_filled_of_two_equal_columns_wins_and_the_other_is_kept() -> None:
    found = outcome_of(
        text_of(
            "Email,First Name,Company,Company",
            "a@acme.example,Ann,Acme,Acme Ltd",
            "b@acme.example,Bob,,Bolt",
            "c@acme.example,Cem,Cat,",
        )
    )
    ann, bob, cem = found.accepted
    assert (ann.values["company"], ann.custom) == ("Acme", {"company_2": "Acme Ltd"})
    assert (bob.values["company"], bob.custom) == ("Bolt", {})
    assert (cem.values["company"], cem.custom) == ("Cat", {})


def test_of_two_address_columns_the_one_with_addresses_wins() -> None:
    found = outcome_of(text_of("Email,Email,Name", "yes,a@acme.example,Ann Ames", "no,b@acme.example,Bob Bolt"))
    assert [checked.values["email"] for checked in found.accepted] == ["a@acme.example", "b@acme.example"]
    assert [list(checked.custom.values()) for checked in found.accepted] == [["yes"], ["no"]]


def test_an_address_column_of_another_name_is_found_by_its_content() -> None:
    found = outcome_of(text_of("Who,First Name,Where", "a@acme.example,Ann,Rome", "b@acme.example,Bob,Oslo"))
    assert len(found.accepted) == 2


@pytest.mark.parametrize(
    ("header", "row", "first", "last"),
    [
        ("Email,Vorname,Name", "a@acme.example,Kim,Lee", "Kim", "Lee"),
        ("Email,Prénom,Nom", "a@acme.example,Kim,Lee", "Kim", "Lee"),
        ("Email,Nombre,Apellidos", "a@acme.example,Kim,Lee Diaz", "Kim", "Lee Diaz"),
        ("Email,First Name,Name", "a@acme.example,Kim,Kim Lee", "Kim", "Lee"),
        ("Email,Name", "a@acme.example,Kim Lee", "Kim", "Lee"),
        ("Email,Name,Last Name", "a@acme.example,Kim,Lee", "Kim", "Lee"),
    ],
)
def test_a_column_called_name_means_what_the_others_leave(header: str, row: str, first: str, last: str) -> None:
    (lead,) = outcome_of(text_of(header, row)).accepted
    assert (lead.values["first_name"], lead.values["last_name"]) == (first, last)


def test_numbered_custom_columns_are_texts_only_where_there_are_no_snippets() -> None:
    assert suggest(["Email", "Custom 1"], []) == ("email", "snippet_1")
    assert suggest(["Email", "Custom 1", "Snippet 1"], []) == ("email", None, "snippet_1")


def test_a_mapping_is_refused_column_by_column() -> None:
    problems = check_mapping(["A", "B"], {"A": "shoe_size", "C": "email"})
    assert {(problem.column, problem.code) for problem in problems} == {
        ("C", "column_unknown"),
        ("A", "field_unknown"),
        (None, "name_not_mapped"),
    }


def test_a_mapping_with_address_and_name_is_enough() -> None:
    assert check_mapping(["A", "B", "C"], {"A": "email", "B": "full_name", "C": "custom.shoe_size"}) == []
    assert [p.code for p in check_mapping(["A"], {"A": "full_name"})] == ["email_not_mapped"]


def test_the_user_may_rename_a_custom_field_or_leave_a_column_out() -> None:
    data = text_of("Email,First Name,Shoe,Secret", "a@acme.example,Ann,44,xyz")
    mapping: dict[str, str | None] = {"Shoe": "custom.Shoe Size", "Secret": "ignore"}
    (lead,) = outcome_of(data, mapping=mapping).accepted
    assert lead.custom == {"shoe_size": "44"}


@given(st.lists(st.text(max_size=10), min_size=1, max_size=20))
def test_custom_keys_are_unique_and_never_hide_a_field(header: list[str]) -> None:
    names = unique_names(header)
    plan = make_plan(names, {})
    keys = [key for _, key in plan.custom]
    assert len(keys) == len(set(keys)) == len(names)
    assert not {"email", "first_name", "title", ""} & set(keys)


def test_headers_of_one_shape_share_their_memory() -> None:
    assert header_hash(["E-Mail", "First Name"]) == header_hash(["email", "first_name"])
    assert header_hash(["Email", "First Name"]) != header_hash(["First Name", "Email"])
