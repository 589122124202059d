"""The states of a lead and the ways between them."""

from enum import StrEnum


class LeadStatus(StrEnum):
    IMPORTED = "imported"
    GENERATING = "generating"
    DRAFTED = "drafted"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPORTING = "exporting"
    EXPORTED = "exported"
    FAILED = "failed"


class SuppressionKind(StrEnum):
    """What a do-not-contact entry stops: one address, or all of a domain."""

    EMAIL = "email"
    DOMAIN = "domain"


_I, _G, _D, _A, _R, _X, _E, _F = LeadStatus

TRANSITIONS: dict[LeadStatus, frozenset[LeadStatus]] = {
    _I: frozenset({_G, _D}),  # drafted at once when the list brought texts
    _G: frozenset({_D, _A, _R, _E, _F, _I}),  # a failed or cancelled try gives back what was there before
    _D: frozenset({_G, _A, _R, _I}),
    _A: frozenset({_D, _R, _G, _X, _I}),
    _R: frozenset({_D, _G, _A, _I}),
    _X: frozenset({_E, _F, _A, _D}),
    _E: frozenset({_G, _D, _A, _X}),  # a further campaign, or a take-back
    _F: frozenset({_G, _I, _D, _A, _X, _E}),
}
LOCKED = frozenset({LeadStatus.EXPORTING})
"""Nothing of such a lead may be deleted or changed: an export holds it."""


def may_become(status: LeadStatus, target: LeadStatus) -> bool:
    """Whether the step is one that the product knows. Staying is always allowed."""
    return status == target or target in TRANSITIONS[status]
