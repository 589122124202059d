"""What every route may ask for; built once by `wiring`, found on the application's state."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, cast

from fastapi import Depends, Request

from woodpecker_api.clients.anthropic.port import ClaudeApi
from woodpecker_api.clients.notify.port import Notifier
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.errors import VendorKeyMissingError
from woodpecker_api.kit.clock import Clock
from woodpecker_api.kit.crypto import SecretBox
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.settings.service import Vendor


class VendorMode(StrEnum):
    """sandbox: our simulator; real: the vendor; off: no key, actions answer `vendor_key_missing`."""

    SANDBOX = "sandbox"
    REAL = "real"
    OFF = "off"


@dataclass(frozen=True)
class VendorState:
    mode: VendorMode
    source: str | None
    """"server" (environment), "settings", or None."""
    last_four: str | None = None


@dataclass(frozen=True)
class Services:
    settings: Settings
    database: Database
    clock: Clock
    secrets: SecretBox
    jobs: Jobs
    vendor_state: Callable[[Vendor], VendorState]
    claude: Callable[[], ClaudeApi]
    """For models and token counting only; texts are made by the worker. Woodpecker is not here: it belongs to the worker."""
    notifier: Callable[[str], Notifier] | None = None
    """Who tells at an Apprise address; None where nobody does."""


def get_services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


Ask = Annotated[Services, Depends(get_services)]


def require_vendor(services: Services, vendor: Vendor) -> VendorMode:
    """The vendor's mode. Raises `VendorKeyMissingError` when it is off."""
    mode = services.vendor_state(vendor).mode
    if mode is VendorMode.OFF:
        name = vendor.value.capitalize()
        raise VendorKeyMissingError(
            f"There is no key for {name}, so this is switched off. An admin can enter one in Settings."
        )
    return mode
