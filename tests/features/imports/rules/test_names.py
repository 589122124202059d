import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.features.imports.rules.names import split_name


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Kim Lee", "Kim", "Lee"),
        ("Kim Lee, MBA", "Kim", "Lee"),
        ("Kim Lee, MBA, SHRM-SCP", "Kim", "Lee"),
        ("Kim Lee PhD", "Kim", "Lee"),
        ("Kim Lee, Ph.D.", "Kim", "Lee"),
        ("Kim (Kimmy) Lee", "Kim", "Lee"),
        ("Kim Lee (she/her)", "Kim", "Lee"),
        ("Kim Lee (née Park)", "Kim", "Lee"),
        ('José "Pepe" García', "José", "García"),
        ("Kim Lee (unclosed", "Kim", "Lee"),
        ("Lee, Kim", "Kim", "Lee"),
        ("Lee, Kim, MBA", "Kim", "Lee"),
        ("van der Berg, Jan", "Jan", "van der Berg"),
        ("Dr. Kim Lee", "Kim", "Lee"),
        ("Prof. Dr. Anna-Lena Müller", "Anna-Lena", "Müller"),
        ("Ms Kim Lee", "Kim", "Lee"),
        ("Kim Lee Jr.", "Kim", "Lee Jr."),
        ("Kim Lee, Jr., MBA", "Kim", "Lee Jr."),
        ("Maria del Carmen Lopez", "Maria", "del Carmen Lopez"),
        ("Jack Ma", "Jack", "Ma"),
        ("Yo-Yo Ma, CPA", "Yo-Yo", "Ma"),
        ("Cher", "Cher", ""),
        ("", "", ""),
        ("  Kim \t Lee ", "Kim", "Lee"),
        ("王伟", "王伟", ""),
    ],
)
def test_a_name_is_taken_apart(full: str, first: str, last: str) -> None:
    assert split_name(full) == (first, last, False)


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("kim lee", "Kim", "Lee"),
        ("KIM LEE", "Kim", "Lee"),
        ("o'neil smith", "O'Neil", "Smith"),
        ("anna-lena mcdonald", "Anna-Lena", "McDonald"),
        ("jose mce", "Jose", "Mce"),
    ],
)
def test_a_name_in_one_case_gets_capitals_and_says_so(full: str, first: str, last: str) -> None:
    assert split_name(full) == (first, last, True)


@given(st.text(max_size=60))
def test_any_text_gives_two_trimmed_parts_of_what_was_there(text: str) -> None:
    first, last, _ = split_name(text)
    assert first == first.strip()
    assert last == last.strip()
    letters = {c.casefold() for c in text}
    assert {c.casefold()[:1] for c in first + last if c.isalpha()} <= {c[:1] for c in letters}


plain_name = st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True)


@given(plain_name, plain_name, st.sampled_from(["", ", MBA", ", PhD, CPA", " (Bobby)", ", CPTD"]))
def test_first_and_last_survive_whatever_is_hung_on(first: str, last: str, ornament: str) -> None:
    degrees = {
        "mba",
        "phd",
        "cpa",
        "cptd",
        "mrs",
        "dame",
        "rev",
        "hon",
        "herr",
        "frau",
        "mme",
        "prof",
        "professor",
        "miss",
    }
    if {first.lower(), last.lower()} & degrees:
        return
    assert split_name(f"{first} {last}{ornament}")[:2] == (first, last)
