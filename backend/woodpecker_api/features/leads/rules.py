"""States of a lead."""

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
    EMAIL = "email"
    DOMAIN = "domain"
