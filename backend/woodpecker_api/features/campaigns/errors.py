"""What can be wrong with a question about campaigns."""

from woodpecker_api.errors import AppError


class AccountMissingError(AppError):
    """No Woodpecker account has been set up yet."""

    code = "woodpecker_account_missing"
    status = 409
