"""The verbs on users. Each writes its audit line."""

from datetime import datetime

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, NotFoundError, ValidationFailedError
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.auth.errors import LastAdminError, UserExistsError
from woodpecker_api.system.auth.models import ApiToken, User, UserSession
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.changes.service import announce

MIN_PASSWORD_LENGTH = (
    12  # NIST SP 800-63B-4 asks for 15 alone or 8 with a second factor; inside an allow-list 12 will do
)
# RFC 9106's second choice (64 MiB, 3 passes, 4 lanes) halved in memory: sign-ins are rare, the server is small.
HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=32 * 1024, parallelism=1),))


def create_user(db: Session, actor: Actor, *, email: str, role: Role, password: str | None, name: str = "") -> User:
    """Raises `ValidationFailedError`, `UserExistsError`."""
    key = address_key(_checked_email(email))
    if db.scalar(sa.select(User.id).where(User.email_key == key)):
        raise UserExistsError("There is already a user with this address. Change that user instead.")
    user = User(email=email.strip(), email_key=key, role=role, name=name.strip())
    if password is not None:
        user.password_hash = hash_password(password)
    db.add(user)
    db.flush()
    record(db, actor, "user.created", ("user", user.id), after={"email": user.email, "role": role, "name": user.name})
    announce(db, "user", user.id)
    return user


def change_user(db: Session, actor: Actor, user: User, *, role: Role | None, name: str | None) -> None:
    """Raises `LastAdminError`."""
    before = {"role": user.role, "name": user.name}
    if role is not None and role != user.role:
        _keep_an_admin(db, user)
        user.role = role
    if name is not None:
        user.name = name.strip()
    user.version += 1
    record(db, actor, "user.changed", ("user", user.id), before=before, after={"role": user.role, "name": user.name})
    announce(db, "user", user.id)


def set_password(db: Session, actor: Actor, user: User, password: str, now: datetime) -> None:
    """Also ends every session of the user: whoever knew the old password is out."""
    user.password_hash = hash_password(password)
    user.version += 1
    end_all_sessions(db, user, now)
    record(db, actor, "user.password_set", ("user", user.id))


def disable_user(db: Session, actor: Actor, user: User, now: datetime) -> None:
    """Sessions and tokens stop working with this transaction. Raises `LastAdminError`."""
    _keep_an_admin(db, user)
    user.disabled_at = now
    user.version += 1
    end_all_sessions(db, user, now)
    db.execute(
        sa.update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    )
    record(db, actor, "user.disabled", ("user", user.id))
    announce(db, "user", user.id)


def enable_user(db: Session, actor: Actor, user: User) -> None:
    user.disabled_at = None
    user.version += 1
    record(db, actor, "user.enabled", ("user", user.id))
    announce(db, "user", user.id)


def find_user(db: Session, user_id: str) -> User:
    """Raises `NotFoundError`."""
    user = db.get(User, user_id)
    if user is None:
        raise NotFoundError("There is no such user. Reload the list of the team.")
    return user


def user_by_email(db: Session, email: str) -> User:
    """Raises `NotFoundError`."""
    user = db.scalar(sa.select(User).where(User.email_key == address_key(email)))
    if user is None:
        raise NotFoundError(f"There is no user with the address {email}. `users list` shows who there is.")
    return user


def list_users(db: Session) -> list[User]:
    return list(db.scalars(sa.select(User).order_by(User.disabled_at.is_not(None), User.email_key)))


def names_of(db: Session, user_ids: set[str | None]) -> dict[str, str]:
    """What to show for each user: the name, else the address."""
    wanted = [user_id for user_id in user_ids if user_id]
    rows = db.execute(sa.select(User.id, User.name, User.email).where(User.id.in_(wanted))) if wanted else ()
    return {row.id: row.name or row.email for row in rows}


def hash_password(password: str) -> str:
    """Raises `ValidationFailedError` for a short one."""
    if len(password) < MIN_PASSWORD_LENGTH:
        sentence = f"Choose a password of at least {MIN_PASSWORD_LENGTH} characters."
        raise ValidationFailedError(sentence, errors=(FieldProblem("password", "too_short", sentence),))
    return HASHER.hash(password)


def end_all_sessions(db: Session, user: User, now: datetime) -> None:
    still_open = sa.update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    db.execute(still_open.values(ended_at=now))


def _checked_email(email: str) -> str:
    try:
        # An internal team may well use a name such as .local or .test.
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        sentence = f"{email!r} is not an e-mail address. Check it for typing errors."
        raise ValidationFailedError(sentence, errors=(FieldProblem("email", "invalid_email", str(error)),)) from None


def _keep_an_admin(db: Session, user: User) -> None:
    if user.role != Role.ADMIN or user.disabled_at is not None:
        return
    # All of them locked, in one order: two admins who remove each other at the same time must not both succeed.
    admins = sa.select(User.id).where(User.role == Role.ADMIN, User.disabled_at.is_(None)).order_by(User.id)
    if set(db.scalars(admins.with_for_update())) <= {user.id}:
        raise LastAdminError("This is the only admin. Make somebody else an admin first.")
