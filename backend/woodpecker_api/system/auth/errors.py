"""What can go wrong with signing in and with rights."""

from woodpecker_api.errors import AppError


class NotSignedInError(AppError):
    """No valid session or token came with the request."""

    code = "not_signed_in"
    status = 401


class InvalidCredentialsError(AppError):
    """Unknown address or wrong password; which of the two is not said."""

    code = "invalid_credentials"
    status = 401


class TooManyAttemptsError(AppError):
    """Too many wrong passwords in a row."""

    code = "too_many_attempts"
    status = 429


class PermissionDeniedError(AppError):
    """The person's role does not allow this."""

    code = "permission_denied"
    status = 403


class WrongOriginError(AppError):
    """A change was asked for by another website."""

    code = "wrong_origin"
    status = 403


class UserExistsError(AppError):
    """There is a user with that address."""

    code = "user_exists"
    status = 409


class LastAdminError(AppError):
    """The change would leave nobody who can administer."""

    code = "last_admin"
    status = 409
