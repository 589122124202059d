"""Sign-in, users, API tokens."""

from fastapi import APIRouter, Request, Response

from woodpecker_api.errors import VersionConflictError
from woodpecker_api.features.accounts.schemas import (
    ChangeUserRequest,
    NewTokenRequest,
    NewUserRequest,
    PasswordRequest,
    SessionAnswer,
    SignInRequest,
    TokenAnswer,
    UserAnswer,
)
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.paging import Listing
from woodpecker_api.http.services import Ask, Services, VendorMode
from woodpecker_api.http.user import COOKIE, By, Who, check_origin, needs, public
from woodpecker_api.system.auth import sessions, users
from woodpecker_api.system.auth.errors import InvalidCredentialsError
from woodpecker_api.system.auth.permissions import Permission, may
from woodpecker_api.system.settings.service import Vendor

router = APIRouter(tags=["accounts"])


@router.post("/api/session", dependencies=[public("this is the sign-in")])
def sign_in(body: SignInRequest, request: Request, response: Response, services: Ask) -> SessionAnswer:
    check_origin(request, services)
    now, password = services.clock(), body.password.get_secret_value()
    # Checking a password takes a tenth of a second on purpose: not inside a writing transaction.
    try:
        with services.database.reading() as db:
            user = sessions.check_password(db, body.email, password, now)
    except InvalidCredentialsError:
        with services.database.writing() as db:
            sessions.note_failure(db, body.email, now)
        raise
    agent = request.headers.get("user-agent", "")
    with services.database.writing() as db:
        token = sessions.start_session(db, user, user_agent=agent, now=now, request_id=request.state.request_id)
        who = sessions.principal_by_session(db, token, now)
        if who is None:
            raise InvalidCredentialsError("This user was disabled a moment ago. Ask an admin.")
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(sessions.SESSION_LIFE.total_seconds()),
        httponly=True,
        secure=services.settings.public_url.startswith("https://"),
        samesite="lax",
    )
    return SessionAnswer.of(who, _modes(services))


@router.get("/api/session", dependencies=[needs(Permission.READ)])
def who_am_i(who: Who, services: Ask) -> SessionAnswer:
    return SessionAnswer.of(who, _modes(services))


@router.delete("/api/session", status_code=204, dependencies=[needs(Permission.READ)])
def sign_out(who: Who, by: By, db: WriteDb, services: Ask, response: Response) -> None:
    if who.session_id is not None:
        sessions.end_session(db, by, who.session_id, services.clock())
    response.delete_cookie(COOKIE)


@router.get("/api/users", dependencies=[needs(Permission.READ)])
def list_users(db: ReadDb) -> Listing[UserAnswer]:
    items = [UserAnswer.of(user) for user in users.list_users(db)]
    return Listing(items=items, total=len(items))


@router.post("/api/users", status_code=201, dependencies=[needs(Permission.ADMINISTER)])
def create_user(body: NewUserRequest, db: WriteDb, by: By) -> UserAnswer:
    password = body.password.get_secret_value()
    return UserAnswer.of(users.create_user(db, by, email=body.email, role=body.role, password=password, name=body.name))


@router.patch("/api/users/{user_id}", dependencies=[needs(Permission.ADMINISTER)])
def change_user(user_id: str, body: ChangeUserRequest, db: WriteDb, by: By, services: Ask) -> UserAnswer:
    user = users.find_user(db, user_id)
    if user.version != body.version:
        current = UserAnswer.of(user).model_dump(mode="json")
        raise VersionConflictError(
            "Somebody changed this user meanwhile. Look at the present values and try again.", current=current
        )
    if body.disabled is True and user.disabled_at is None:
        users.disable_user(db, by, user, services.clock())
    elif body.disabled is False and user.disabled_at is not None:
        users.enable_user(db, by, user)
    if body.role is not None or body.name is not None:
        users.change_user(db, by, user, role=body.role, name=body.name)
    return UserAnswer.of(user)


@router.put("/api/users/{user_id}/password", status_code=204, dependencies=[needs(Permission.ADMINISTER)])
def set_password(user_id: str, body: PasswordRequest, db: WriteDb, by: By, services: Ask) -> None:
    users.set_password(db, by, users.find_user(db, user_id), body.password.get_secret_value(), services.clock())


@router.get("/api/tokens", dependencies=[needs(Permission.READ)])
def list_tokens(db: ReadDb, who: Who) -> Listing[TokenAnswer]:
    """My tokens; for an admin everybody's."""
    owner = None if may(who.role, Permission.ADMINISTER) else who.user_id
    items = [TokenAnswer.of(token) for token in sessions.list_tokens(db, owner)]
    return Listing(items=items, total=len(items))


@router.post("/api/tokens", status_code=201, dependencies=[needs(Permission.READ)])
def create_token(body: NewTokenRequest, db: WriteDb, who: Who, by: By) -> TokenAnswer:
    """A token for myself. Its secret is shown once."""
    owner = users.find_user(db, who.user_id)
    token, secret = sessions.create_token(db, by, owner, name=body.name, expires_at=body.expires_at)
    return TokenAnswer.of(token, secret)


@router.delete("/api/tokens/{token_id}", status_code=204, dependencies=[needs(Permission.READ)])
def revoke_token(token_id: str, db: WriteDb, who: Who, by: By, services: Ask) -> None:
    owner = None if may(who.role, Permission.ADMINISTER) else who.user_id
    sessions.revoke_token(db, by, token_id, services.clock(), owner_id=owner)


def _modes(services: Services) -> dict[Vendor, VendorMode]:
    return {vendor: services.vendor_state(vendor).mode for vendor in Vendor}
