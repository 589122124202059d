"""Statements that are compiled once and then only executed, for the few hot lists; `among` gives them lists of any length.

SQLAlchemy needs three to five times as long to put together, look up and type a small statement as SQLite needs to answer it
(benchmarks/history.py). Everywhere else its ordinary way is the right one.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

_Turn = Callable[[Any], Any]


class Prepared:
    """One statement for one dialect, with a name for every value. Made once, used by all threads."""

    def __init__(self, statement: sa.Select[Any] | sa.CompoundSelect[Any], dialect: sa.Dialect) -> None:
        # Lists of values must be as long as they will always be: they are written out here.
        compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self._sql = str(compiled)
        self._fixed = dict(compiled.params)
        self._order: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None
        self._in: dict[str, _Turn] = {}
        for name, bound in compiled.binds.items():
            processor = bound.type.dialect_impl(dialect).bind_processor(dialect)
            if processor is not None and name in self._fixed:
                self._in[name] = processor
                self._fixed[name] = processor(self._fixed[name])
        columns = list(statement.selected_columns)
        names = [column.key or f"column_{place}" for place, column in enumerate(columns)]
        self._row: Any = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024  columns are known only here
        self._out: list[tuple[int, _Turn]] = []
        for place, column in enumerate(columns):
            turn = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if turn is not None:
                self._out.append((place, turn))

    def rows(self, connection: sa.Connection, values: Mapping[str, Any]) -> list[Any]:
        """By column name, each value as its column's type has it. Values that are not given stay as they were at first."""
        found = self.raw_rows(connection, values)
        make, out = self._row._make, self._out
        if not out:
            return [make(row) for row in found]
        typed = []
        for row in found:
            cells = list(row)
            for place, turn in out:
                if cells[place] is not None:
                    cells[place] = turn(cells[place])
            typed.append(make(cells))
        return typed

    def raw_rows(self, connection: sa.Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """As the driver gives them, for texts and numbers of which there are thousands: by place only."""
        into = self._in
        given = {name: into[name](value) if name in into else value for name, value in values.items()}
        bound = {**self._fixed, **given}
        parameters: Any = bound if self._order is None else tuple(bound[name] for name in self._order)
        return connection.exec_driver_sql(self._sql, parameters).fetchall()


class _List(sa.types.TypeDecorator[list[str]]):
    """Texts as one value: a JSON array on SQLite, an array on PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        is_postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(postgresql.ARRAY(sa.Text) if is_postgres else sa.Text())

    def process_bind_param(self, value: list[str] | None, dialect: sa.Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else json.dumps(value)


def among(column: Any, name: str, dialect: sa.Dialect) -> sa.ColumnElement[bool]:
    """Whether the column's text is one of the list that is given as `name`: the same statement for lists of any length."""
    if dialect.name == "postgresql":
        return column == sa.func.any(sa.bindparam(name, [], _List))  # type: ignore[no-any-return]
    return column.in_(sa.select(each_of(name, dialect)))  # type: ignore[no-any-return]


def each_of(name: str, dialect: sa.Dialect) -> sa.ColumnElement[str]:
    """The texts of the list that is given as `name`, one a row: to be selected from, and to look something up for each."""
    turned_into_rows = sa.func.unnest if dialect.name == "postgresql" else sa.func.json_each
    texts = turned_into_rows(sa.bindparam(name, [], _List)).table_valued("value")
    given = texts.render_derived(name="given") if dialect.name == "postgresql" else texts
    return given.c.value
