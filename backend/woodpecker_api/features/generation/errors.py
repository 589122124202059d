"""What can be refused about runs."""

from woodpecker_api.errors import AppError


class NothingToGenerateError(AppError):
    """None of the chosen leads can be written to now; `excluded` says why."""

    code = "nothing_to_generate"
    status = 409


class ModelNotOfferedError(AppError):
    """The account offers no such model, or none that can do this."""

    code = "model_not_offered"
    status = 409


class UnknownPriceError(AppError):
    """A budget applies, and what the model costs is not known."""

    code = "unknown_price"
    status = 409


class BriefIncompleteError(AppError):
    """The template's brief says nothing true about the team's company yet."""

    code = "brief_incomplete"
    status = 409


class BudgetTooSmallError(AppError):
    """Not even one call fits the budget."""

    code = "budget_too_small"
    status = 409


class BatchModeError(AppError):
    """Batches are not possible for this run."""

    code = "batch_not_available"
    status = 409


class RunStateError(AppError):
    """The run is in a state that does not allow this."""

    code = "run_state"
    status = 409


class ModelsUnavailableError(AppError):
    """Claude could not be asked which models it offers."""

    code = "claude_unavailable"
    status = 502
