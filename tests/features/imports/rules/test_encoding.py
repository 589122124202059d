import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.features.imports.lists import outcome_of
from woodpecker_api.features.imports.rules.encoding import Encoded, find_encoding
from woodpecker_api.features.imports.rules.issues import UnreadableFileError
from woodpecker_api.features.imports.rules.layout import Choices

LATIN = "Email,First Name,Company\njose@acme.example,José,Müller & Søn\nzoe@acme.example,Zoë,Crédit Über\n"


def encoding_of(data: bytes, chosen: str | None = None) -> Encoded:
    return find_encoding(io.BytesIO(data), chosen)


@pytest.mark.parametrize(
    ("data", "encoding", "mark"),
    [
        (LATIN.encode(), "utf-8", 0),
        (b"\xef\xbb\xbf" + LATIN.encode(), "utf-8", 3),
        (b"\xff\xfe" + LATIN.encode("utf-16-le"), "utf-16-le", 2),
        (b"\xfe\xff" + LATIN.encode("utf-16-be"), "utf-16-be", 2),
        (LATIN.encode("utf-16-le"), "utf-16-le", 0),
        (LATIN.encode("utf-16-be"), "utf-16-be", 0),
        (LATIN.encode("cp1252"), "cp1252", 0),
        ("Почта,Имя\nivan@firma.example,Иван Петров Москва компания\n".encode("cp1251"), "cp1251", 0),
    ],
)
def test_the_encoding_is_found(data: bytes, encoding: str, mark: int) -> None:
    found = encoding_of(data)
    assert (found.encoding, found.mark) == (encoding, mark)


def test_a_guess_is_said_to_be_one() -> None:
    assert [issue.code for issue in encoding_of(LATIN.encode("cp1252")).issues] == ["encoding_guessed"]
    assert encoding_of(LATIN.encode()).issues == ()


@given(
    st.lists(
        st.sampled_from(["éna", "ñol", "jür", "Øst", "ßel", "çam", "åke", "Ædn", "ôte", "lön", "ger,", "mat\n", "von"]),
        max_size=60,
    )
)
def test_western_text_is_never_taken_for_another_script(parts: list[str]) -> None:
    data = ("Email,Name\nx@acme.example," + " ".join(parts)).encode("cp1252")
    found = encoding_of(data)
    assert found.encoding in ("utf-8", "cp1252") if data.isascii() else found.encoding == "cp1252"


@given(
    st.text(max_size=300).filter(lambda text: "\ufffd" not in text),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
)
def test_marked_unicode_is_read_without_loss(text: str, encoding: str) -> None:
    data = ("\ufeffEmail,Name\nx@acme.example," + text.replace("\ufeff", "")).encode(encoding)
    found = encoding_of(data)
    assert found.encoding == encoding
    assert all(issue.code != "characters_unreadable" for issue in found.issues)


def test_a_damaged_utf8_file_stays_utf8_and_names_its_broken_rows() -> None:
    rows = [f"a{n}@acme.example,José{n},Ünal".encode() for n in range(60)]
    rows[40] = b"a40@acme.example,Jos\xe9,Acme"
    found = outcome_of(b"Email,First Name,Company\n" + b"\n".join(rows))
    assert found.layout.encoded is not None
    assert found.layout.encoded.encoding == "utf-8"
    assert "characters_unreadable" in {issue.code for issue in found.layout.issues}
    marked = [c for c in found.checked if any(issue.code == "characters_unreadable" for issue in c.issues)]
    assert [checked.line for checked in marked] == [42]
    assert marked[0].values["first_name"] == "Jos\ufffd"


def test_the_users_word_wins_over_what_we_found() -> None:
    data = "Email,First Name\nx@acme.example,Łukasz\n".encode("cp1250")
    found = outcome_of(data, Choices(encoding="cp1250"))
    assert found.checked[0].values["first_name"] == "Łukasz"


def test_a_wrong_choice_is_followed_but_warned_about() -> None:
    found = encoding_of(LATIN.encode("cp1252"), "utf-8")
    assert found.encoding == "utf-8"
    assert [issue.code for issue in found.issues] == ["characters_unreadable"]


def test_an_encoding_we_do_not_read_is_refused() -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        encoding_of(b"a,b", "rot13")
    assert refusal.value.code == "encoding_unknown"


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02" * 500, b"%PDF-1.7\n" + bytes(range(32)) * 50])
def test_a_file_that_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        encoding_of(data)
    assert refusal.value.code == "file_not_text"


def test_a_file_without_line_ends_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        encoding_of(b"x" * (17 << 20))
    assert refusal.value.code == "line_too_long"


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\x7f", "\x85", "\u200b", "\u202e", "\u2028", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_file_with_unseen_characters_is_called_odd(hidden: str, encoding: str) -> None:
    text = "Email,Name\nx@acme.example,Ann" + hidden + " — Lee"
    assert encoding_of(("\ufeff" + text).encode(encoding)).odd
    assert not encoding_of(("\ufeff" + text.replace(hidden, "")).encode(encoding)).odd


def test_an_unseen_character_across_the_border_of_two_chunks_is_noticed() -> None:
    line = b"x@acme.example,Ann\n"
    padding = line * ((1 << 20) // len(line))
    filler = b"y" * ((1 << 20) - len(padding) - 1)
    assert encoding_of(padding + filler + "\u200b".encode() + b"\n").odd
