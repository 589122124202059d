"""For `previous_tests.sh`: tables come from the migrations, the newer ones among them, where tests make them from their own models."""

from typing import Any

import sqlalchemy as sa

from woodpecker_api.db import migrate
from woodpecker_api.db.base import Base

_from_models = Base.metadata.create_all


def _from_migrations(bind: sa.Engine, *arguments: Any, **options: Any) -> None:
    migrate.upgrade(bind)
    # Tables that only a test knows; one of the program's that a migration dropped must stay away.
    ours = {
        mapper.local_table for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("woodpecker_api.")
    }
    tests_own = [table for table in Base.metadata.sorted_tables if table not in ours]
    _from_models(bind, *arguments, **{"tables": tests_own} | options)


Base.metadata.create_all = _from_migrations  # type: ignore[method-assign]
