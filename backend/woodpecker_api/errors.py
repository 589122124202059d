"""The one error a user can meet: a stable code, one human sentence with a next step, a status.

Rooms subclass `AppError` in their own `errors.py`. Codes are documented in docs/reference/errors.md (a test compares).
"""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field: a dotted path, a stable code, a sentence."""

    field: str
    code: str
    message: str


class AppError(Exception):
    """Base of every error that reaches a user. `code` and `status` belong to the class, the sentence to the raise."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, errors: tuple[FieldProblem, ...] = (), **extra: Any) -> None:
        """`extra` becomes further members of the problem body, such as `current` on a version conflict."""
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.extra = extra


class NotFoundError(AppError):
    """There is nothing under that address."""

    code = "not_found"
    status = 404


class ValidationFailedError(AppError):
    """The request was understood, but a field of it cannot be used."""

    code = "validation_failed"
    status = 422


class VersionConflictError(AppError):
    """Somebody else changed the record first; `current` holds it as it is now."""

    code = "version_conflict"
    status = 409


class SelectionChangedError(AppError):
    """More or fewer records match than the caller expected."""

    code = "selection_changed"
    status = 409


class IdempotencyMismatchError(AppError):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_mismatch"
    status = 409


class VendorKeyMissingError(AppError):
    """There is no key for the vendor, so its actions are switched off."""

    code = "vendor_key_missing"
    status = 409


class DatabaseBusyError(AppError):
    """Others held the database for longer than a request may wait; nothing was stored."""

    code = "database_busy"
    status = 503


class DatabaseUnavailableError(AppError):
    """The database cannot be reached; whether the last change was stored is not known."""

    code = "database_unavailable"
    status = 503


class DiskFullError(AppError):
    """There is no room left on the server's disk; nothing was stored."""

    code = "disk_full"
    status = 507
