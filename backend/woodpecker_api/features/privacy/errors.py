"""What can be refused about erasing."""

from woodpecker_api.errors import AppError, NotFoundError


class PersonBusyError(AppError):
    """Work with this person's data is in progress."""

    code = "person_busy"
    status = 409


class ErasureNotFoundError(NotFoundError):
    """There is no erasure under this id."""

    code = "erasure_not_found"
