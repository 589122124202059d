"""One table: which role may do what. Every route names one of these permissions (tests/architecture checks it)."""

from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    REP = "rep"
    VIEWER = "viewer"


class Permission(StrEnum):
    READ = "read"
    """See leads, sequences, exports, history."""
    WORK = "work"
    """Import, generate, review, export, edit leads, add to do-not-contact."""
    MANAGE = "manage"
    """Templates, budgets, overriding what keeps a person out, removing from do-not-contact."""
    AUDIT = "audit"
    """Read and verify the audit trail, operations."""
    ADMINISTER = "administer"
    """Users, settings, keys, backups, erasure."""


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.READ}),
    Role.REP: frozenset({Permission.READ, Permission.WORK}),
    Role.MANAGER: frozenset({Permission.READ, Permission.WORK, Permission.MANAGE, Permission.AUDIT}),
    Role.ADMIN: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]
