"""What can go wrong with templates."""

from woodpecker_api.errors import AppError


class TemplateArchivedError(AppError):
    """The template was put away; it takes no changes and no runs until it is brought back."""

    code = "template_archived"
    status = 409


class DefaultTemplateError(AppError):
    """The default cannot be archived: choose another default first."""

    code = "default_template"
    status = 409
