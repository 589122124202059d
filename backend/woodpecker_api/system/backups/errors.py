"""The room's errors."""

from woodpecker_api.errors import AppError


class BackupNotFoundError(AppError):
    """There is no backup under this id."""

    code = "backup_not_found"
    status = 404


class BackupDamagedError(AppError):
    """The backup is not what its manifest says; `problems` names each difference."""

    code = "backup_damaged"
    status = 409


class BackupImpossibleError(AppError):
    """The backup or the restore cannot be done now: no room, a missing tool, or the database is in use."""

    code = "backup_impossible"
    status = 409
