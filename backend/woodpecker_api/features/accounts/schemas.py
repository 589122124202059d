"""Requests and answers about people, sessions and tokens."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field, SecretStr

from woodpecker_api.http.services import VendorMode
from woodpecker_api.system.auth.models import ApiToken, User
from woodpecker_api.system.auth.permissions import PERMISSIONS, Permission, Role
from woodpecker_api.system.auth.sessions import Principal
from woodpecker_api.system.settings.service import Vendor


class SignInRequest(BaseModel):
    email: str = Field(max_length=320)
    password: SecretStr = Field(max_length=1000)


class SessionAnswer(BaseModel):
    """Who I am, what I may do, and whether each vendor is the simulator or the real one: every page shows that."""

    user_id: str
    email: str
    name: str
    role: Role
    permissions: list[Permission]
    vendors: dict[Vendor, VendorMode]

    @classmethod
    def of(cls, who: Principal, vendors: dict[Vendor, VendorMode]) -> Self:
        permissions = sorted(PERMISSIONS[who.role])
        return cls(
            user_id=who.user_id,
            email=who.email,
            name=who.name,
            role=who.role,
            permissions=permissions,
            vendors=vendors,
        )


class UserAnswer(BaseModel):
    id: str
    email: str
    name: str
    role: Role
    disabled: bool
    version: int
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            role=Role(user.role),
            disabled=user.disabled_at is not None,
            version=user.version,
            created_at=user.created_at,
        )


class NewUserRequest(BaseModel):
    email: str = Field(max_length=320)
    name: str = Field("", max_length=200)
    role: Role
    password: SecretStr = Field(max_length=1000)


class ChangeUserRequest(BaseModel):
    version: int
    name: str | None = Field(None, max_length=200)
    role: Role | None = None
    disabled: bool | None = None


class PasswordRequest(BaseModel):
    password: SecretStr = Field(max_length=1000)


class NewTokenRequest(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    expires_at: datetime | None = None


class TokenAnswer(BaseModel):
    """`secret` is there only in the answer to its making."""

    id: str
    user_id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    secret: str | None = None

    @classmethod
    def of(cls, token: ApiToken, secret: str | None = None) -> Self:
        return cls(
            id=token.id,
            user_id=token.user_id,
            name=token.name,
            created_at=token.created_at,
            expires_at=token.expires_at,
            secret=secret,
        )
