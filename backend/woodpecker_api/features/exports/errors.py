"""Why an export cannot be planned, started or steered as asked."""

from woodpecker_api.errors import AppError


class ConfirmSendingError(AppError):
    """Adding to this campaign makes mail go out, and nobody said that this is meant."""

    code = "confirm_sending_required"
    status = 409


class CampaignRefusedError(AppError):
    """Nobody knows what adding to a campaign of this status does, or it is gone."""

    code = "campaign_status_refused"
    status = 409


class CampaignChangedError(AppError):
    """The campaign is not what the plan or the confirmation was about any more."""

    code = "campaign_changed"
    status = 409


class CampaignMisfitError(AppError):
    """The campaign's steps ask for texts that are not written, or put one where it does not belong."""

    code = "campaign_does_not_fit"
    status = 409


class ChecklistOpenError(AppError):
    """Nobody can read the campaign's steps, and nobody has compared them by eye."""

    code = "campaign_not_compared"
    status = 409


class SenderMissingError(AppError):
    """The texts are signed by somebody who does not send this campaign."""

    code = "sender_not_in_campaign"
    status = 409


class PlanUsedError(AppError):
    """An export was started from this plan already."""

    code = "plan_already_started"
    status = 409


class NothingToExportError(AppError):
    """The plan keeps everybody out: an export of it would be empty."""

    code = "nothing_to_export"
    status = 409


class ExportStateError(AppError):
    """What was asked does not fit the state the export is in."""

    code = "export_state"
    status = 409


class CountdownOverError(AppError):
    """Undo came after sending had begun."""

    code = "countdown_over"
    status = 409


class SendingHeldError(AppError):
    """Sending is held until history is reconciled with Woodpecker."""

    code = "sending_held"
    status = 409


class ReconciliationError(AppError):
    """The step comes too early: first the account is read, then what is unknown is adopted, then sending is released."""

    code = "reconciliation_needed"
    status = 409
