"""What can be refused about leads."""

from woodpecker_api.errors import AppError, NotFoundError, ValidationFailedError


class LeadNotFoundError(NotFoundError):
    """No live lead has this id."""

    code = "lead_not_found"


class LeadDeletedError(LeadNotFoundError):
    """The lead was deleted and can be brought back. Apart from "not found", so that a page can offer the way back."""

    code = "lead_deleted"


class LeadInvalidError(ValidationFailedError):
    """A field of the lead cannot be stored."""

    code = "lead_invalid"


class AddressTakenError(AppError):
    """Another live lead has this address."""

    code = "address_taken"
    status = 409


class ExportInProgressError(AppError):
    """An export holds the lead: it cannot be deleted, undone or erased now."""

    code = "export_in_progress"
    status = 409


class EntryInvalidError(ValidationFailedError):
    """This is neither an address nor a domain."""

    code = "do_not_contact_invalid"


class EntryNotFoundError(NotFoundError):
    """There is no such entry on the do-not-contact list."""

    code = "do_not_contact_not_found"


class ViewNotFoundError(NotFoundError):
    """There is no such saved view, or it is somebody else's."""

    code = "view_not_found"


class ViewNameTakenError(AppError):
    """One of my views already has this name."""

    code = "view_name_taken"
    status = 409


class SuppressionKeyMissingError(AppError):
    """Whether somebody was erased cannot be told."""

    code = "suppression_key_missing"
    status = 409
