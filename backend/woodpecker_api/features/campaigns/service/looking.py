"""What our copy says of people, for plans and for the last look before sending."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns import queries


@dataclass(frozen=True)
class VendorView:
    """One address as Woodpecker last described it; `campaigns` maps the vendor's numbers to names."""

    status: str
    last_contacted_at: datetime | None
    campaigns: Mapping[int, str]


NOBODY = VendorView("", None, {})


def view_of(db: Session, account_id: str, address_keys: Collection[str]) -> dict[str, VendorView]:
    """For each address that our copy knows; absent ones are unknown to it."""
    people = queries.people_by_key(db, account_id, address_keys)
    campaigns = queries.campaigns_by_key(db, account_id, address_keys)
    views: dict[str, VendorView] = {}
    for key in {*people, *campaigns}:
        person = people.get(key)
        views[key] = VendorView(
            person.status if person else "",
            person.last_contacted_at if person else None,
            campaigns.get(key, {}),
        )
    return views
