"""Alembic's environment: runs on the connection it is handed (`db/migrate.py`); knows every room's tables for comparing."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from woodpecker_api.db.base import Base, UtcDateTime
from woodpecker_api.db.trigrams import is_trigram_index
from woodpecker_api.features.campaigns import models as campaigns
from woodpecker_api.features.exports import models as exports
from woodpecker_api.features.generation import models as generation
from woodpecker_api.features.imports import models as imports
from woodpecker_api.features.leads import models as leads
from woodpecker_api.features.operations import models as operations
from woodpecker_api.features.privacy import models as privacy
from woodpecker_api.features.review import models as review
from woodpecker_api.features.sequences import models as sequences
from woodpecker_api.features.templates import models as templates
from woodpecker_api.system.audit import models as audit
from woodpecker_api.system.auth import models as auth
from woodpecker_api.system.changes import models as changes
from woodpecker_api.system.jobs.engine import ENGINE_TABLES
from woodpecker_api.system.settings import models as settings

ROOMS = (
    audit,
    auth,
    campaigns,
    changes,
    exports,
    generation,
    imports,
    leads,
    operations,
    privacy,
    review,
    sequences,
    settings,
    templates,
)


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:  # noqa: FBT001  Alembic's signature
    """No model describes what indexes letters, nor the tables of the engine of background work, in the same file on SQLite."""
    return not (is_trigram_index(name) or (kind == "table" and name in ENGINE_TABLES))


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Our time type by its own name, whatever the dialect that a migration was made on; a room's own type as what it is stored as."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    if isinstance(item, UtcDateTime):
        autogen.imports.add("from woodpecker_api.db.base import UtcDateTime")
        return "UtcDateTime()"
    return f"sa.{item.impl!r}"


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    include_object=include_object,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
