import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.features.imports.lists import a_list, outcome_of, text_of
from woodpecker_api.features.imports.rules.issues import UnreadableFileError
from woodpecker_api.features.imports.rules.layout import NO_HEADER, Choices


def test_one_column_of_addresses_needs_no_delimiter() -> None:
    found = outcome_of(text_of("Email", "a@acme.example", "b@acme.example"))
    assert found.layout.width == 1
    assert [checked.values["email"] for checked in found.checked] == ["a@acme.example", "b@acme.example"]


def test_excels_word_about_the_delimiter_is_believed_and_left_out() -> None:
    found = outcome_of(text_of("sep=;", "Email;Name", "a@acme.example;Lee, Kim"))
    assert (found.layout.delimiter, found.layout.header_row) == (";", 2)
    assert found.accepted[0].values["last_name"] == "Lee"


def test_commas_inside_cells_do_not_hide_the_semicolons_between_them() -> None:
    rows = [f'a{n}@acme.example;Ann;"Head, Learning, Skills"; Acme, Inc' for n in range(9)]
    found = outcome_of(text_of("Email;First Name;Title;Company", *rows))
    assert found.layout.delimiter == ";"
    assert found.accepted[0].values["title"] == "Head, Learning, Skills"


def test_what_stands_above_the_header_is_left_out_and_named() -> None:
    found = outcome_of(text_of("Report,,", "by Sam,,", "", "Email,First Name,Company", "a@acme.example,Ann,Acme"))
    assert found.layout.header_row == 4
    (issue,) = [issue for issue in found.layout.issues if issue.code == "preamble_skipped"]
    assert "lines 1 to 2" in issue.message
    assert len(found.accepted) == 1


def test_the_user_may_say_where_the_header_is() -> None:
    data = text_of("Email,Name", "Mail,Who", "a@acme.example,Ann Ames")
    assert outcome_of(data).layout.header == ("Email", "Name")
    assert outcome_of(data, Choices(header_row=2)).layout.header == ("Mail", "Who")
    none = outcome_of(data, Choices(header_row=NO_HEADER))
    assert none.layout.names == ("Column 1", "Column 2")
    assert len(none.read) == 3


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        (Choices(delimiter=";;"), "delimiter_unknown"),
        (Choices(delimiter='"'), "delimiter_unknown"),
        (Choices(header_row=99), "header_row_unknown"),
        (Choices(encoding="klingon"), "encoding_unknown"),
    ],
)
def test_a_choice_that_cannot_be_followed_is_refused(choices: Choices, code: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        outcome_of(text_of("Email,Name", "a@acme.example,Ann"), choices)
    assert refusal.value.code == code


@pytest.mark.parametrize("data", [b"\n\n\n", b" \n \n", b",,,\n,,,\n"])
def test_a_file_of_nothing_but_gaps_is_called_empty(data: bytes) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        outcome_of(data)
    assert refusal.value.code == "file_empty"


def test_a_header_in_an_unknown_language_is_still_a_header() -> None:
    found = outcome_of(text_of("Kto,Skąd,Co", "a@acme.example,Łódź,x", "b@acme.example,Gdynia,y"))
    assert found.layout.header == ("Kto", "Skąd", "Co")


def test_empty_columns_at_the_end_of_the_header_are_no_columns() -> None:
    found = outcome_of(text_of("Email,First Name,,,", "a@acme.example,Ann,,,"))
    assert found.layout.names == ("Email", "First Name")
    assert found.codes() == set()


def test_totals_at_the_end_are_left_out_but_a_lead_never_is() -> None:
    rows = ["a@acme.example,Ann,Acme,,", "Total,,1,,", "b@acme.example,Bob,,,", "Total,1", "made by the list tool"]
    found = outcome_of(text_of("Email,First Name,Company,City,State", *rows))
    assert [row.line for row in found.read] == [2, 3, 4]
    assert [issue.row for issue in found.rows.issues] == [5, 6]


def test_empty_rows_are_counted_and_passed_over() -> None:
    found = outcome_of(text_of("Email,First Name", "", "a@acme.example,Ann", ",", "  ", "b@acme.example,Bob", ""))
    assert (len(found.read), found.rows.blank) == (2, 3)


word = st.text(alphabet="abcXYZ äß.-'&()/@,;\t|\"\n0123", max_size=15)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.tuples(word, word, word), min_size=1, max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_list_is_read_back_as_it_was_meant(
    people: list[tuple[str, str, str]], delimiter: str, line_end: str, encoding: str
) -> None:
    header = ["Email", "First Name", "Company", "Notes"]
    rows = [
        [f"p{n}@acme.example", f"N{first}".strip(), company, note] for n, (first, company, note) in enumerate(people)
    ]
    lines = [delimiter.join(_quoted(cell) for cell in row) for row in rows]
    data = (delimiter.join(header) + line_end + line_end.join(lines)).encode(encoding)
    found = outcome_of(data)
    assert found.layout.delimiter == delimiter
    assert len(found.checked) == len(rows)
    for checked, (email, first, company, note) in zip(found.checked, rows, strict=True):
        if checked.error is None:
            assert checked.values["email"] == email
            assert checked.values["first_name"] == _one_line(first)
            assert checked.values.get("company", "") == _one_line(company)
            assert checked.custom.get("notes", "") == note.strip()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _one_line(text: str) -> str:
    return " ".join(part.strip() for part in text.strip().split("\n") if part.strip()) if "\n" in text else text.strip()


def test_the_same_file_is_always_understood_the_same_way() -> None:
    data = a_list("kitchen-sink").data
    assert outcome_of(data).checked == outcome_of(data).checked
