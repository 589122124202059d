"""Signing in: what is stored, what stops working when, and how guessing is slowed down."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders as make
from woodpecker_api.db.session import Database
from woodpecker_api.errors import NotFoundError
from woodpecker_api.system.auth.errors import InvalidCredentialsError, TooManyAttemptsError
from woodpecker_api.system.auth.models import ApiToken, SignInFailure, UserSession
from woodpecker_api.system.auth.sessions import (
    FAILURE_WINDOW,
    MAX_FAILURES,
    SESSION_LIFE,
    check_password,
    create_token,
    end_session,
    list_tokens,
    note_failure,
    principal_by_session,
    principal_by_token,
    revoke_token,
    start_session,
)
from woodpecker_api.system.auth.users import disable_user, enable_user, set_password

NOW = make.NOON


def test_only_fingerprints_of_sessions_and_tokens_are_stored(database: Database) -> None:
    with database.writing() as db:
        olga = make.a_user(db)
        cookie = start_session(db, olga, user_agent="x" * 500, now=NOW, request_id=None)
        _, secret = create_token(db, make.an_actor(olga), olga, name=" report ", expires_at=None)
    with database.reading() as db:
        stored = [*db.scalars(sa.select(UserSession.token_hash)), *db.scalars(sa.select(ApiToken.token_hash))]
    assert len(stored) == 2
    assert not {cookie, secret} & set(stored)
    content = b"".join(path.read_bytes() for path in _files(database))
    assert cookie.encode() not in content
    assert secret.encode() not in content


def test_a_session_lives_until_its_time_is_over_or_it_is_ended(either_database: Database) -> None:
    with either_database.writing() as db:
        olga = make.a_user(db)
        cookie = start_session(db, olga, user_agent="", now=NOW, request_id=None)
        last = NOW + SESSION_LIFE - timedelta(microseconds=1)
        who = principal_by_session(db, cookie, last)
        assert who is not None
        assert (who.user_id, who.token_id) == (olga.id, None)
        assert principal_by_session(db, cookie, NOW + SESSION_LIFE) is None
        assert principal_by_session(db, cookie + "x", NOW) is None
        assert who.session_id is not None
        end_session(db, make.an_actor(olga), who.session_id, NOW)
        assert principal_by_session(db, cookie, NOW) is None


def test_a_disabled_users_sessions_and_tokens_stop_at_once_and_stay_stopped(either_database: Database) -> None:
    with either_database.writing() as db:
        ada, olga = make.a_user(db), make.a_user(db)
        cookie = start_session(db, olga, user_agent="", now=NOW, request_id=None)
        _, secret = create_token(db, make.an_actor(olga), olga, name="report", expires_at=None)
        disable_user(db, make.an_actor(ada), olga, NOW)
        for _ in range(2):
            assert principal_by_session(db, cookie, NOW) is None
            assert principal_by_token(db, secret, NOW) is None
            enable_user(db, make.an_actor(ada), olga)


def test_a_new_password_ends_every_session_of_the_old_one(database: Database) -> None:
    with database.writing() as db:
        olga = make.a_user(db)
        cookie = start_session(db, olga, user_agent="", now=NOW, request_id=None)
        set_password(db, make.an_actor(olga), olga, "a new and longer one", NOW)
        assert principal_by_session(db, cookie, NOW) is None
        assert check_password(db, olga.email, "a new and longer one", NOW).id == olga.id
        with pytest.raises(InvalidCredentialsError):
            check_password(db, olga.email, make.PASSWORD, NOW)


def test_a_token_ends_when_it_expires_or_is_revoked(database: Database) -> None:
    with database.writing() as db:
        olga = make.a_user(db)
        token, secret = create_token(db, make.an_actor(olga), olga, name="t", expires_at=NOW + timedelta(days=1))
        assert secret.startswith("wpa_")
        assert principal_by_token(db, secret, NOW) is not None
        assert principal_by_token(db, secret, NOW + timedelta(days=1)) is None
        revoke_token(db, make.an_actor(olga), token.id, NOW)
        assert principal_by_token(db, secret, NOW) is None
        assert list_tokens(db, olga.id) == []


def test_somebody_elses_token_is_not_there(database: Database) -> None:
    with database.writing() as db:
        olga, stan = make.a_user(db), make.a_user(db)
        token, _ = create_token(db, make.an_actor(olga), olga, name="t", expires_at=None)
        with pytest.raises(NotFoundError):
            revoke_token(db, make.an_actor(stan), token.id, NOW, owner_id=stan.id)
        assert token.revoked_at is None


def test_guessing_is_stopped_for_a_while_even_with_the_right_password(either_database: Database) -> None:
    with either_database.writing() as db:
        olga, stan = make.a_user(db, email="Olga@team.example"), make.a_user(db)
        for _ in range(MAX_FAILURES):
            note_failure(db, " OLGA@team.example", NOW)
        db.flush()
        with pytest.raises(TooManyAttemptsError):
            check_password(db, "olga@team.example", make.PASSWORD, NOW)
        assert check_password(db, stan.email, make.PASSWORD, NOW).id == stan.id
        later = NOW + FAILURE_WINDOW
        assert check_password(db, "olga@team.example", make.PASSWORD, later).id == olga.id


def test_signing_in_clears_the_failures_before_it_and_old_ones_are_thrown_away(database: Database) -> None:
    with database.writing() as db:
        olga = make.a_user(db)
        note_failure(db, olga.email, NOW)
        note_failure(db, "stranger@team.example", NOW)
        start_session(db, olga, user_agent="", now=NOW, request_id=None)
        assert [row.email_key for row in db.scalars(sa.select(SignInFailure))] == ["stranger@team.example"]
        note_failure(db, "x" * 400, NOW + FAILURE_WINDOW + timedelta(seconds=1))
        db.flush()
        assert [len(row.email_key) for row in db.scalars(sa.select(SignInFailure))] == [320]


@pytest.mark.parametrize("password", ["", "wrong", make.PASSWORD + " "])
def test_a_user_without_a_password_an_unknown_one_and_a_wrong_one_get_the_same_refusal(
    database: Database, password: str
) -> None:
    with database.writing() as db:
        make.a_user(db, email="known@team.example")
        make.a_user(db, email="none@team.example", password_hash=None)
        refusals = set()
        for email in ("known@team.example", "none@team.example", "unknown@team.example"):
            with pytest.raises(InvalidCredentialsError) as refusal:
                check_password(db, email, password, NOW)
            refusals.add(str(refusal.value))
    assert len(refusals) == 1


def _files(database: Database) -> Iterator[Path]:
    path = Path(str(database.engine.url.database))
    return path.parent.glob(f"{path.name}*")
