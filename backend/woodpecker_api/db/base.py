"""The declarative base, and the column types that our tables share."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from woodpecker_api.kit.clock import system_clock
from woodpecker_api.kit.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware in UTC on both sides; a naive time is refused. SQLite keeps fixed-width text, so it sorts and compares."""

    impl = sa.String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(sa.DateTime(timezone=True) if postgres else sa.String(27))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone does not say when")
        moment = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return moment
        # Not strftime: it writes the year 900 with three digits, which sorts after 2026.
        return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return]
        return datetime.fromisoformat(value)  # twenty times as fast as strptime; reads our fixed form with its Z


Id = sa.String(32)
Json = sa.JSON(none_as_null=True)


def id_column() -> Mapped[str]:
    return mapped_column(Id, primary_key=True, default=new_id)


def created_column() -> Mapped[datetime]:
    return mapped_column(UtcDateTime, default=system_clock)


def state_check(column: str, states: type[StrEnum]) -> sa.CheckConstraint:
    """CHECK (column IN …): a state that the code does not know cannot be stored."""
    listed = ", ".join(f"'{state.value}'" for state in states)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)
