"""Some rooms' routes as an ASGI application over a real database, for tests that need no more of the program than that."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from tests import builders as make
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.http.problem import install_problem_handlers
from woodpecker_api.http.services import Services, VendorMode, VendorState
from woodpecker_api.http.user import COOKIE
from woodpecker_api.kit.crypto import SecretBox
from woodpecker_api.system.auth import sessions
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.settings.service import Vendor
from woodpecker_api.web.middleware import RequestContext, RequestMetrics


@dataclass
class Room:
    """`now` and `modes` may be changed while a test runs; the application sees it with the next request."""

    database: Database
    settings: Settings
    routers: tuple[APIRouter, ...]
    now: datetime = make.NOON
    modes: dict[Vendor, VendorMode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.secrets = SecretBox(["a key of the tests"])
        self.services = Services(
            settings=self.settings,
            database=self.database,
            clock=lambda: self.now,
            secrets=self.secrets,
            jobs=Jobs(self.database),
            vendor_state=self._vendor_state,
            claude=_no_claude,
        )
        self.app = FastAPI()
        self.app.state.services = self.services
        install_problem_handlers(self.app)
        for router in self.routers:
            self.app.include_router(router)
        self.app.add_middleware(RequestContext, metrics=RequestMetrics(CollectorRegistry()))

    def client(self, role: Role | None = Role.REP, *, user: User | None = None) -> TestClient:
        """Signed in as somebody of that role; `role=None` is nobody."""
        client = TestClient(self.app, raise_server_exceptions=False)
        if role is not None:
            client.cookies.set(COOKIE, self.cookie(role, user=user))
        return client

    def cookie(self, role: Role = Role.REP, *, user: User | None = None) -> str:
        with self.database.writing() as db:
            who = user or make.a_user(db, role=role)
            return sessions.start_session(db, who, user_agent="test", now=self.now, request_id=None)

    def _vendor_state(self, vendor: Vendor) -> VendorState:
        mode = self.modes.get(vendor, VendorMode.SANDBOX)
        return VendorState(
            mode, "server" if mode is VendorMode.REAL else None, "1234" if mode is VendorMode.REAL else None
        )


OpenRoom = Callable[..., Room]


def _no_claude() -> NoReturn:
    raise AssertionError("no test of a single room asks Claude")
