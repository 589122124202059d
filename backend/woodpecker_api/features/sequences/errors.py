"""What can go wrong with sequences."""

from woodpecker_api.errors import AppError


class SequenceLockedError(AppError):
    """An export holds the lead; its texts cannot change until that is over."""

    code = "export_in_progress"
    status = 409


class BeingWrittenError(AppError):
    """The model is writing these texts; what a person changes meanwhile would be replaced."""

    code = "being_written"
    status = 409


class NotApprovableError(AppError):
    """Something about the texts keeps them from being approved."""

    code = "not_approvable"
    status = 409
