"""What an admin changes while the program runs, and the vendors' keys. No answer contains a key."""

from fastapi import APIRouter

from woodpecker_api.features.operations import service
from woodpecker_api.features.operations.errors import KeySetByServerError
from woodpecker_api.features.operations.schemas import KeyRequest, SettingsAnswer, SettingsChanges, VendorAnswer
from woodpecker_api.http.services import Ask, Services
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.system.auth.permissions import Permission, may
from woodpecker_api.system.auth.sessions import Principal
from woodpecker_api.system.settings.service import Vendor, change_settings, read_settings, set_vendor_key

router = APIRouter()


@router.get("/api/settings", dependencies=[needs(Permission.READ)])
def get_settings(services: Ask, who: Who) -> SettingsAnswer:
    return _present(services, who)


@router.patch("/api/settings", dependencies=[needs(Permission.ADMINISTER)])
def patch_settings(body: SettingsChanges, services: Ask, by: By, who: Who) -> SettingsAnswer:
    """All of the changes, or none."""
    with services.database.writing() as db:
        change_settings(db, by, body.root, services.clock())
    return _present(services, who)


@router.put("/api/settings/keys/{vendor}", dependencies=[needs(Permission.ADMINISTER)])
def set_key(vendor: Vendor, body: KeyRequest, services: Ask, by: By, who: Who) -> SettingsAnswer:
    """In force at once. A key from the server's environment cannot be changed here."""
    _refuse_when_set_by_server(services, vendor)
    with services.database.writing() as db:
        service.enter_key(db, by, services.secrets, vendor, body.key.get_secret_value(), services.clock())
    return _present(services, who)


@router.delete("/api/settings/keys/{vendor}", dependencies=[needs(Permission.ADMINISTER)])
def remove_key(vendor: Vendor, services: Ask, by: By, who: Who) -> SettingsAnswer:
    _refuse_when_set_by_server(services, vendor)
    with services.database.writing() as db:
        set_vendor_key(db, by, services.secrets, vendor, None, services.clock())
    return _present(services, who)


def vendor_answers(services: Services, who: Principal) -> dict[Vendor, VendorAnswer]:
    for_admin = may(who.role, Permission.ADMINISTER)
    return {vendor: VendorAnswer.of(services.vendor_state(vendor), for_admin=for_admin) for vendor in Vendor}


def _present(services: Services, who: Principal) -> SettingsAnswer:
    # After the change is committed: the vendors' states are read by connections of their own.
    with services.database.reading() as db:
        values = read_settings(db)
    return SettingsAnswer(values=values, vendors=vendor_answers(services, who))


def _refuse_when_set_by_server(services: Services, vendor: Vendor) -> None:
    if services.vendor_state(vendor).source == "server":
        raise KeySetByServerError(
            f"The key for {vendor.value.capitalize()} is set by the server and wins. Change it there, or remove it there first."
        )
