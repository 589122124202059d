"""Clients of the two vendors: real where there is a key, our simulators in the sandbox, else none. Keys take effect at once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from woodpecker_api.clients.anthropic.port import ClaudeApi
from woodpecker_api.clients.woodpecker.client import DEFAULT_BASE_URL, WoodpeckerClient
from woodpecker_api.clients.woodpecker.port import WoodpeckerApi
from woodpecker_api.config import Environment, Settings
from woodpecker_api.db.session import Database
from woodpecker_api.errors import VendorKeyMissingError
from woodpecker_api.http.services import VendorMode, VendorState
from woodpecker_api.kit.crypto import SecretBox, UnreadableSecretError
from woodpecker_api.system.settings.service import Vendor, vendor_key

SANDBOX_KEY = "sandbox"


@dataclass(frozen=True)
class _Access:
    state: VendorState
    key: str | None
    base_url: str | None


@dataclass(frozen=True)
class _Simulator:
    base_url: str
    stop: Callable[[], None]


class Vendors:
    """Makes a client when first asked and again whenever its key or address changed. Safe to share between threads."""

    def __init__(self, settings: Settings, database: Database, secrets: SecretBox) -> None:
        self._settings = settings
        self._database = database
        self._secrets = secrets
        self._lock = threading.Lock()
        self._clients: dict[Vendor, tuple[_Access, Any]] = {}
        self._simulators: dict[Vendor, _Simulator] = {}

    def state(self, vendor: Vendor) -> VendorState:
        return self._access(vendor).state

    def woodpecker(self) -> WoodpeckerApi:
        """Raises `VendorKeyMissingError`."""
        client: WoodpeckerApi = self._client(Vendor.WOODPECKER, self._make_woodpecker)
        return client

    def claude(self) -> ClaudeApi:
        """Raises `VendorKeyMissingError`."""
        client: ClaudeApi = self._client(Vendor.ANTHROPIC, self._make_claude)
        return client

    def woodpecker_address(self) -> str:
        """What tells one account's installation from another's; the simulator's changes with each start and says nothing."""
        access = self._access(Vendor.WOODPECKER)
        return access.base_url or (DEFAULT_BASE_URL if access.state.mode is VendorMode.REAL else "sandbox")

    def close(self) -> None:
        with self._lock:
            for _access, client in self._clients.values():
                client.close()
            for simulator in self._simulators.values():
                simulator.stop()
            self._clients.clear()
            self._simulators.clear()

    def _client(self, vendor: Vendor, make: Callable[[str, str | None], Any]) -> Any:
        access = self._access(vendor)
        if access.key is None:
            name = vendor.value.capitalize()
            raise VendorKeyMissingError(f"There is no key for {name}. An admin can enter one in Settings.")
        with self._lock:
            known = self._clients.get(vendor)
            if known is not None and known[0] == access:
                return known[1]
            # The old client may be in use by another thread; it closes when the last reference goes.
            base_url = access.base_url or (self._simulator(vendor) if access.state.mode is VendorMode.SANDBOX else None)
            client = make(access.key, base_url)
            self._clients[vendor] = (access, client)
            return client

    def _make_woodpecker(self, key: str, base_url: str | None) -> WoodpeckerClient:
        deadline = self._settings.woodpecker_deadline_seconds
        return WoodpeckerClient(key, base_url=base_url or DEFAULT_BASE_URL, default_deadline=deadline)

    def _make_claude(self, key: str, base_url: str | None) -> ClaudeApi:
        # The SDK takes seconds and 65 MB to load; most commands and every start do without it.
        from woodpecker_api.clients.anthropic.client import AnthropicClient

        return AnthropicClient(key, base_url)

    def _access(self, vendor: Vendor) -> _Access:
        settings = self._settings
        if vendor is Vendor.WOODPECKER:
            from_server = settings.woodpecker_api_key
            base_url = None if settings.woodpecker_base_url == DEFAULT_BASE_URL else settings.woodpecker_base_url
        else:
            from_server, base_url = settings.anthropic_api_key, settings.anthropic_base_url
        if from_server is not None:
            return _real(from_server.get_secret_value(), "server", base_url)
        try:
            with self._database.reading() as db:
                stored = vendor_key(db, self._secrets, vendor)
        except UnreadableSecretError:
            # APP_SECRET_KEY was changed without the old one beside it: off, never another mode, until a key is entered anew.
            return _Access(VendorState(VendorMode.OFF, "settings"), None, None)
        if stored is not None:
            return _real(stored, "settings", base_url)
        if settings.environment is Environment.SANDBOX:
            return _Access(VendorState(VendorMode.SANDBOX, None), SANDBOX_KEY, base_url)
        return _Access(VendorState(VendorMode.OFF, None), None, None)

    def _simulator(self, vendor: Vendor) -> str:
        if vendor not in self._simulators:
            # A tenth of a second that a program with keys, or one that asks nobody, need not spend.
            from woodpecker_api.wiring.simulators import start_claude, start_woodpecker

            folder = self._settings.data_dir
            if vendor is Vendor.WOODPECKER:
                woodpecker = start_woodpecker(folder / "sandbox-woodpecker.sqlite3")
                self._simulators[vendor] = _Simulator(woodpecker.base_url, woodpecker.stop)
            else:
                claude = start_claude(folder / "sandbox-claude-batches")
                self._simulators[vendor] = _Simulator(claude.url, claude.stop)
        return self._simulators[vendor].base_url


def _real(key: str, source: str, base_url: str | None) -> _Access:
    return _Access(VendorState(VendorMode.REAL, source, key[-4:]), key, base_url)
