"""The room's errors."""

from woodpecker_api.errors import AppError


class MaintenanceError(AppError):
    """The program is being worked on and answers nobody."""

    code = "maintenance"
    status = 503


class ReadOnlyError(AppError):
    """Everything can be looked at, nothing can be changed for a while."""

    code = "read_only"
    status = 503
