"""What can be done with templates. Callers own the transaction."""

from woodpecker_api.features.templates.service.changing import (
    archive,
    bring_back,
    clone,
    create,
    ensure_default,
    make_default,
    update,
)
from woodpecker_api.features.templates.service.reading import (
    UsedTemplate,
    content_of,
    current_version,
    get,
    templates,
    used,
    used_cached,
    version_numbered,
    versions,
)
from woodpecker_api.features.templates.service.using import for_new_run, for_this_session

__all__ = [
    "UsedTemplate",
    "archive",
    "bring_back",
    "clone",
    "content_of",
    "create",
    "current_version",
    "ensure_default",
    "for_new_run",
    "for_this_session",
    "get",
    "make_default",
    "templates",
    "update",
    "used",
    "used_cached",
    "version_numbered",
    "versions",
]
