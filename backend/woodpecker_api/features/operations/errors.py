"""What can go wrong with steering."""

from woodpecker_api.errors import AppError


class KeySetByServerError(AppError):
    """The vendor's key comes from the server's environment, which wins over Settings."""

    code = "key_set_by_server"
    status = 409
