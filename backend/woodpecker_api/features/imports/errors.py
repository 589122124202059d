"""What can be refused about imports."""

from woodpecker_api.errors import AppError, NotFoundError, ValidationFailedError


class ImportNotFoundError(NotFoundError):
    """There is no import under this id."""

    code = "import_not_found"


class ImportUnreadableError(AppError):
    """The file is no list that we can read; `reason` says in a stable word why."""

    code = "import_unreadable"
    status = 422


class ImportTooLargeError(AppError):
    """The file is larger than this installation takes."""

    code = "import_too_large"
    status = 413


class MappingInvalidError(ValidationFailedError):
    """The mapping names a column or field that is not there, or lacks the address or the name."""

    code = "mapping_invalid"


class ImportStateError(AppError):
    """The import is in a state in which this cannot be done."""

    code = "import_state"
    status = 409


class ImportExportedError(AppError):
    """Something of this import was exported, so it cannot be undone."""

    code = "import_exported"
    status = 409
