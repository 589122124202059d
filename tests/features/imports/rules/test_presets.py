"""Every list of the generator against what the generator says it put in."""

import pytest

from tests.features.imports.lists import SMALL_PRESETS, List, Outcome, a_list, outcome_of
from tests.fixtures.make_leads_csv import COL, HEADER, INVALID_EMAILS
from woodpecker_api.features.imports.rules.cleaning import cleaned
from woodpecker_api.features.imports.rules.issues import Severity, UnreadableFileError

# Files in which not every row can be used, or columns have no names to be recognised by.
SPECIAL = {"zero-bytes", "no-header", "big-cells"}
PLAIN = [name for name in SMALL_PRESETS if name not in SPECIAL]
FIELD_COLUMNS = {
    "first_name": "First Name",
    "last_name": "Last Name",
    "company": "Company",
    "title": "Title",
    "industry": "Industry",
    "city": "City",
    "state": "State",
    "country": "Country",
}


@pytest.mark.parametrize("preset", PLAIN)
def test_as_many_rows_are_read_as_were_written(preset: str) -> None:
    made = a_list(preset)
    found = outcome_of(made.data)
    assert len(found.read) == made.facts["rows"]
    assert (
        len(found.accepted) + len(found.doubles) + sum(c.error is not None for c in found.checked) == made.facts["rows"]
    )


@pytest.mark.parametrize("preset", PLAIN)
def test_as_many_leads_come_out_as_there_are_distinct_addresses(preset: str) -> None:
    made = a_list(preset)
    found = outcome_of(made.data)
    assert len(found.accepted) == made.facts["emails_distinct_trimmed_lower"]
    refused = [checked.error for checked in found.checked if checked.error]
    assert sum(error.code == "email_invalid" for error in refused) == made.facts["invalid_emails"]
    assert sum(error.code == "email_missing" for error in refused) == made.facts["blank_emails"]
    assert len(refused) == made.facts["invalid_emails"] + made.facts["blank_emails"]
    doubles = made.facts["duplicates"]
    assert len(found.doubles) == doubles["exact"] + doubles["case"] + doubles["space"] + _plus_repeats(made)


def _plus_repeats(made: List) -> int:
    """A plus tag is another person, but the same plus tag twice is not."""
    total = made.facts["rows"] - made.facts["invalid_emails"] - made.facts["blank_emails"]
    doubles = made.facts["duplicates"]
    known = doubles["exact"] + doubles["case"] + doubles["space"]
    return int(total - known - made.facts["emails_distinct_trimmed_lower"])


@pytest.mark.parametrize("preset", PLAIN)
def test_every_value_is_the_one_that_was_written(preset: str) -> None:
    made = a_list(preset)
    found = outcome_of(made.data)
    for checked, meant in zip(found.checked, made.meant, strict=True):
        cells, _ = cleaned(meant, "".join(meant), odd=True)
        for field, column in FIELD_COLUMNS.items():
            expected = " ".join(cells[COL[column]].split("\n"))
            assert checked.values.get(field, "") == expected, (preset, checked.line, field)
        if checked.error is None:
            assert checked.values["email"] == cells[COL["Email"]]
        if "row_short" not in {issue.code for issue in checked.issues}:  # cut off by the generator
            _assert_snippets(checked.drafts, cells)


def _assert_snippets(drafts: dict[int, str], cells: list[str]) -> None:
    for number in range(1, 16):
        written = cells[COL[f"Snippet {number}"]]
        kept = drafts.get(number, "")
        assert kept in (written, written.removeprefix("Subject: "))


@pytest.mark.parametrize("preset", [p for p in PLAIN if p not in ("header-blank", "header-dup-email")])
def test_columns_without_a_field_are_kept_as_custom_values(preset: str) -> None:
    made = a_list(preset)
    found = outcome_of(made.data)
    for checked, meant in zip(found.checked, made.meant, strict=True):
        cells, _ = cleaned(meant, "".join(meant), odd=True)
        assert checked.custom["company_nickname"] == cells[COL["Company Nickname"]]
        assert checked.custom["send_status"] == cells[COL["Send status"]]
        assert checked.custom["email_in_lusha"] == cells[COL["Email in Lusha"]]
        assert "seniority_2" not in checked.custom


def test_a_file_of_no_bytes_is_refused_with_a_next_step() -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        outcome_of(a_list("zero-bytes").data)
    assert refusal.value.code == "file_empty"


def test_a_header_without_rows_is_an_empty_list() -> None:
    found = outcome_of(a_list("empty").data)
    assert found.read == []
    assert len(found.layout.names) == 40


def test_without_a_header_the_address_is_found_and_the_rest_is_asked_for() -> None:
    made = a_list("no-header")
    found = outcome_of(made.data)
    assert found.layout.header_row is None
    assert "header_missing" in found.codes()
    assert {checked.error.code for checked in found.checked if checked.error} == {"name_missing"}
    by_hand = {"Column 10": "first_name", "Column 11": "last_name", "Column 12": "company"}
    mapped = outcome_of(made.data, mapping=by_hand)
    assert [c.values["first_name"] for c in mapped.accepted] == [row[COL["First Name"]] for row in made.meant]
    assert [c.values["email"] for c in mapped.accepted] == [row[COL["Email"]] for row in made.meant]


def test_a_megabyte_cell_refuses_its_own_row_only() -> None:
    made = a_list("big-cells")
    found = outcome_of(made.data)
    refused = [checked.error for checked in found.checked if checked.error]
    assert [error.code for error in refused] == ["too_long"] * 3
    assert {error.column for error in refused} == {"Title", "Snippet 2"}
    assert len(found.accepted) == 19


@pytest.mark.parametrize(
    ("preset", "encoding", "delimiter", "line_end"),
    [
        ("normal", "utf-8", ",", "crlf"),
        ("bom", "utf-8", ",", "crlf"),
        ("utf16", "utf-16-le", "\t", "crlf"),
        ("utf16-be", "utf-16-be", ",", "crlf"),
        ("utf16-nobom", "utf-16-le", ",", "crlf"),
        ("cp1252", "cp1252", ",", "crlf"),
        ("semicolon", "utf-8", ";", "crlf"),
        ("tab", "utf-8", "\t", "crlf"),
        ("pipe", "utf-8", "|", "crlf"),
        ("lf", "utf-8", ",", "lf"),
        ("cr", "utf-8", ",", "cr"),
    ],
)
def test_the_layout_of_a_file_is_found(preset: str, encoding: str, delimiter: str, line_end: str) -> None:
    layout = outcome_of(a_list(preset).data).layout
    assert layout.encoded is not None
    assert (layout.encoded.encoding, layout.delimiter, layout.line_end) == (encoding, delimiter, line_end)
    assert layout.header_row == 1


@pytest.mark.parametrize(
    ("preset", "code"),
    [
        ("cp1252", "encoding_guessed"),
        ("preamble", "preamble_skipped"),
        ("footer", "footer_skipped"),
        ("unterminated", "unterminated_quote"),
        ("ragged", "row_short"),
        ("ragged", "row_long"),
        ("controls", "unseen_removed"),
        ("nul", "unseen_removed"),
        ("formula", "formula"),
        ("html", "markup"),
        ("html", "link_not_http"),
        ("html", "merge_field_characters"),
        ("unicode", "email_not_ascii"),
        ("missing", "company_missing"),
    ],
)
def test_what_is_odd_about_a_list_is_said(preset: str, code: str) -> None:
    assert code in outcome_of(a_list(preset).data).codes()


def test_an_open_quote_is_named_by_its_true_line_and_swallows_nothing() -> None:
    made = a_list("unterminated")
    found = outcome_of(made.data)
    (issue,) = [i for checked in found.checked for i in checked.issues if i.code == "unterminated_quote"]
    broken_row = found.checked[made.facts["unterminated_at_row"] - 1]
    assert issue.row == broken_row.line
    assert made.data.splitlines()[issue.row - 1].count(b'"') % 2 == 1
    assert len(found.accepted) == 50


def test_lines_are_counted_with_the_header_and_the_line_breaks_inside_cells() -> None:
    made = a_list("crlf-in-cells", rows=60, snippets=0.5)
    text = made.data.decode().replace("\r\n", "\n").split("\n")
    for row in outcome_of(made.data).read:
        assert text[row.line - 1].startswith(("Queued,", "Queued - Check,"))


def test_cells_beyond_the_header_are_kept() -> None:
    found = outcome_of(a_list("ragged").data)
    long = [c for c in found.checked if any(issue.code == "row_long" for issue in c.issues)]
    assert len(long) == 18
    assert all(checked.custom["column_41"] == "surplus" for checked in long)


def test_no_name_of_four_hundred_comes_out_wrong() -> None:
    made = a_list(rows=400)
    found: Outcome = outcome_of(made.data)
    wrong = [
        checked.line
        for checked, meant in zip(found.checked, made.meant, strict=True)
        if (checked.values["first_name"], checked.values["last_name"])
        != (meant[COL["First Name"]], meant[COL["Last Name"]])
    ]
    assert wrong == []


def test_no_name_of_four_hundred_comes_out_wrong_when_there_is_only_the_full_name() -> None:
    made = a_list(rows=400)
    aside: dict[str, str | None] = {"First Name": "ignore", "Last Name": "ignore"}
    found = outcome_of(made.data, mapping=aside)
    wrong = [
        meant[COL["Full Name"]]
        for checked, meant in zip(found.checked, made.meant, strict=True)
        if (checked.values["first_name"], checked.values["last_name"])
        != (meant[COL["First Name"]], meant[COL["Last Name"]])
    ]
    assert wrong == []


def test_each_kind_of_bad_address_is_refused_and_explained() -> None:
    head = "Email,First Name\n"
    rows = "\n".join(f'"{address}",Kim' for address in INVALID_EMAILS)
    found = outcome_of((head + rows).encode())
    assert len(found.checked) == len(INVALID_EMAILS)
    assert all(checked.error and checked.error.message for checked in found.checked)


def test_errors_are_the_only_issues_that_keep_a_row_out() -> None:
    found = outcome_of(a_list("kitchen-sink").data)
    for checked in found.checked:
        has_error = any(issue.severity is Severity.ERROR for issue in checked.issues)
        assert has_error == (checked.error is not None)
        assert all(issue.row == checked.line for issue in checked.issues)


def test_the_header_of_the_real_lists_is_mapped_whole() -> None:
    layout = outcome_of(a_list().data).layout
    assert layout.header == tuple(HEADER)
    assert layout.names[24] == "Seniority (2)"
