"""Crashes are starts without an orderly end before them."""

from datetime import timedelta
from pathlib import Path

from tests.builders import NOON
from woodpecker_api.kit.starts import StartBook

MINUTE, TEN = timedelta(minutes=1), timedelta(minutes=10)


def test_an_orderly_life_counts_no_crash(tmp_path: Path) -> None:
    book = StartBook(tmp_path / "starts")
    assert book.crashes(TEN, NOON) == 0
    for minute in range(5):
        book.began("server", NOON + minute * MINUTE)
        book.ended("server", NOON + minute * MINUTE)
    assert book.crashes(TEN, NOON + 5 * MINUTE) == 0


def test_every_start_after_a_crash_counts_and_only_for_ten_minutes(tmp_path: Path) -> None:
    book = StartBook(tmp_path / "starts")
    for minute in range(4):
        book.began("worker", NOON + minute * MINUTE)
        book.began("server", NOON + minute * MINUTE)
        book.ended("server", NOON + minute * MINUTE)
    assert book.crashes(TEN, NOON + 4 * MINUTE) == 3
    assert book.crashes(TEN, NOON + 12 * MINUTE) == 2
    assert book.crashes(TEN, NOON + 20 * MINUTE) == 0


def test_a_book_that_was_cut_is_still_read_and_does_not_grow_for_ever(tmp_path: Path) -> None:
    book = StartBook(tmp_path / "starts")
    for _ in range(500):
        book.began("worker", NOON)
    with book.path.open("a") as file:
        file.write('{"at": "2026-')
    book.began("worker", NOON)
    assert len(book.path.read_text().splitlines()) <= 401
    assert book.crashes(TEN, NOON) > 100
