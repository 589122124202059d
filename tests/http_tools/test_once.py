"""Idempotency-Key: work is done once, also when two send it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests import builders as make
from tests.either import either_database
from woodpecker_api.db.session import Database
from woodpecker_api.errors import IdempotencyMismatchError
from woodpecker_api.system.auth.idempotency import KEPT, KeptAnswer, claim, keep_answer, purge
from woodpecker_api.system.auth.models import IdempotentRequest

__all__ = ["either_database"]


@pytest.fixture
def user_id(either_database: Database) -> str:
    with either_database.writing() as db:
        return make.a_user(db).id


def work_once(database: Database, user_id: str, hash_: str = "a", *, after: timedelta = timedelta()) -> str:
    with database.writing() as db:
        kept = claim(db, user_id, "key", hash_, make.NOON + after)
        if kept is not None:
            return f"kept {kept.body['n']}"
        keep_answer(db, user_id, "key", KeptAnswer(202, {"n": 1}))
        return "worked"


def test_the_second_request_gets_the_first_ones_answer(either_database: Database, user_id: str):
    assert [work_once(either_database, user_id) for _ in range(3)] == ["worked", "kept 1", "kept 1"]


def test_another_body_under_the_same_key_is_refused(either_database: Database, user_id: str):
    work_once(either_database, user_id)
    with pytest.raises(IdempotencyMismatchError):
        work_once(either_database, user_id, "b")


def test_eight_at_once_do_the_work_once(either_database: Database, user_id: str):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: work_once(either_database, user_id), range(8)))
    assert sorted(answers) == ["kept 1"] * 7 + ["worked"]


def test_work_that_failed_is_not_remembered(either_database: Database, user_id: str):
    def fails() -> None:
        with either_database.writing() as db:
            claim(db, user_id, "key", "a", make.NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert work_once(either_database, user_id) == "worked"


def test_a_key_is_new_again_after_a_day(either_database: Database, user_id: str):
    work_once(either_database, user_id)
    assert work_once(either_database, user_id, "b", after=KEPT + timedelta(seconds=1)) == "worked"


def test_old_answers_are_purged(either_database: Database, user_id: str):
    work_once(either_database, user_id)
    with either_database.writing() as db:
        purge(db, make.NOON + KEPT + timedelta(seconds=1))
        assert db.query(IdempotentRequest).count() == 0
