"""Signing in and out, API tokens, and who a request comes from."""

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.kit.crypto import new_token, token_hash
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.auth.errors import InvalidCredentialsError, TooManyAttemptsError
from woodpecker_api.system.auth.models import ApiToken, SignInFailure, User, UserSession
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.auth.users import HASHER

SESSION_LIFE = timedelta(days=14)
FAILURE_WINDOW = timedelta(minutes=15)
MAX_FAILURES = 10
TOKEN_PREFIX = "wpa_"  # noqa: S105  a prefix lets secret scanners find a leaked token; it is none itself


@dataclass(frozen=True)
class Principal:
    """Whom a request comes from, and by which door."""

    user_id: str
    email: str
    name: str
    role: Role
    session_id: str | None
    token_id: str | None

    def actor(self, request_id: str | None) -> Actor:
        return Actor("token" if self.token_id else "user", self.user_id, request_id)


def check_password(db: Session, email: str, password: str, now: datetime) -> User:
    """The user, or `InvalidCredentialsError` / `TooManyAttemptsError`. Writes nothing: see `note_failure`."""
    key = address_key(email)
    recent = sa.select(sa.func.count()).where(SignInFailure.email_key == key, SignInFailure.at > now - FAILURE_WINDOW)
    if (db.scalar(recent) or 0) >= MAX_FAILURES:
        raise TooManyAttemptsError("Too many wrong passwords for this address. Wait 15 minutes, or ask an admin.")
    user = db.scalar(sa.select(User).where(User.email_key == key))
    usable = user if user is not None and user.password_hash and user.disabled_at is None else None
    right = HASHER.verify(password, usable.password_hash if usable and usable.password_hash else _decoy_hash())
    if usable is None or not right:
        raise InvalidCredentialsError(
            "The address or the password is wrong. Try again, or ask an admin for a new password."
        )
    return usable


@functools.cache
def _decoy_hash() -> str:
    """Verified when the address is unknown, so that the answer takes as long as for a known one. Made when first needed."""
    return HASHER.hash(new_token())


def note_failure(db: Session, email: str, now: datetime) -> None:
    db.execute(sa.delete(SignInFailure).where(SignInFailure.at < now - FAILURE_WINDOW))
    db.add(SignInFailure(email_key=address_key(email)[:320], at=now))


def start_session(db: Session, user: User, *, user_agent: str, now: datetime, request_id: str | None) -> str:
    """The cookie's value; only its fingerprint is stored."""
    token = new_token()
    session = UserSession(
        user_id=user.id,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=now + SESSION_LIFE,
        user_agent=user_agent[:200],
    )
    db.execute(sa.delete(SignInFailure).where(SignInFailure.email_key == user.email_key))
    db.add(session)
    db.flush()
    record(db, Actor("user", user.id, request_id), "session.started", ("session", session.id))
    return token


def end_session(db: Session, actor: Actor, session_id: str, now: datetime) -> None:
    session = db.get(UserSession, session_id)
    if session is not None and session.ended_at is None:
        session.ended_at = now
        record(db, actor, "session.ended", ("session", session_id))


def principal_by_session(db: Session, token: str, now: datetime) -> Principal | None:
    row = db.execute(
        sa.select(User, UserSession.id)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_hash == token_hash(token),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > now,
            User.disabled_at.is_(None),
        )
    ).first()
    return _principal(row[0], session_id=row[1]) if row else None


def principal_by_token(db: Session, token: str, now: datetime) -> Principal | None:
    row = db.execute(
        sa.select(User, ApiToken.id)
        .join(ApiToken, ApiToken.user_id == User.id)
        .where(
            ApiToken.token_hash == token_hash(token),
            ApiToken.revoked_at.is_(None),
            sa.or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
            User.disabled_at.is_(None),
        )
    ).first()
    return _principal(row[0], token_id=row[1]) if row else None


def create_token(
    db: Session, actor: Actor, user: User, *, name: str, expires_at: datetime | None
) -> tuple[ApiToken, str]:
    """The record and the secret, which is shown once and never again."""
    secret = TOKEN_PREFIX + new_token()
    token = ApiToken(user_id=user.id, name=name.strip(), token_hash=token_hash(secret), expires_at=expires_at)
    db.add(token)
    db.flush()
    record(db, actor, "token.created", ("token", token.id), after={"name": token.name, "user_id": user.id})
    return token, secret


def revoke_token(db: Session, actor: Actor, token_id: str, now: datetime, *, owner_id: str | None = None) -> None:
    """Raises `NotFoundError`, also for somebody else's token when `owner_id` is given."""
    token = db.get(ApiToken, token_id)
    if token is None or (owner_id is not None and token.user_id != owner_id):
        raise NotFoundError("There is no such token. Reload the list of tokens.")
    if token.revoked_at is None:
        token.revoked_at = now
        record(db, actor, "token.revoked", ("token", token_id))


def list_tokens(db: Session, owner_id: str | None = None) -> list[ApiToken]:
    statement = sa.select(ApiToken).where(ApiToken.revoked_at.is_(None)).order_by(ApiToken.id)
    return list(db.scalars(statement.where(ApiToken.user_id == owner_id) if owner_id else statement))


def _principal(user: User, *, session_id: str | None = None, token_id: str | None = None) -> Principal:
    return Principal(user.id, user.email, user.name, Role(user.role), session_id, token_id)
