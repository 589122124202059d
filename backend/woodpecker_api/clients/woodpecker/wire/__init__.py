"""Woodpecker's JSON to and from our words. Pure: no clock, no network, and no exception but the border's own."""

from woodpecker_api.clients.woodpecker.wire.adding import add_body, read_add, row_of
from woodpecker_api.clients.woodpecker.wire.campaigns import (
    read_campaigns,
    read_settings,
    read_statistics,
    read_users,
)
from woodpecker_api.clients.woodpecker.wire.prospects import (
    address_batches,
    id_list,
    read_blacklist,
    read_found,
    read_page,
    search_for,
)
from woodpecker_api.clients.woodpecker.wire.values import moment_of, vendor_moment

__all__ = [
    "add_body",
    "address_batches",
    "id_list",
    "moment_of",
    "read_add",
    "read_blacklist",
    "read_campaigns",
    "read_found",
    "read_page",
    "read_settings",
    "read_statistics",
    "read_users",
    "row_of",
    "search_for",
    "vendor_moment",
]
