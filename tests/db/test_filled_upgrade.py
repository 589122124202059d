"""A database with people, texts, an export and its record in it, as the release before left it, becomes the newest schema."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.orm import Session

from woodpecker_api.db import migrate
from woodpecker_api.db.dialect import is_sqlite, make_engine
from woodpecker_api.db.revisions import is_up_to_date
from woodpecker_api.system.audit.service import verify

FILLED = Path(__file__).parent.parent / "fixtures" / "filled_at_0002.json.gz"
"""The sample list of a sandbox: 24 leads, 12 of them written, approved and added to a campaign. By table: columns and rows as SQLite stores them."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'filled.sqlite3'}" if sqlite else request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    with engine.begin() as connection:
        command.upgrade(migrate.alembic_config(connection), "0002_removals")
    _fill(engine)
    yield engine
    engine.dispose()


def test_nothing_is_lost_and_every_reference_still_leads_somewhere(filled: sa.Engine):
    before = _counts(filled)
    assert before["leads"] == 24
    assert before["attempts"] == 12
    migrate.upgrade(filled)
    after = _counts(filled)
    assert is_up_to_date(filled)
    assert {table: after[table] for table in before} == before
    with filled.connect() as connection:
        if is_sqlite(connection):
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_the_record_of_changes_still_verifies(filled: sa.Engine):
    migrate.upgrade(filled)
    with Session(filled) as db:
        *_, last = verify(db)
    assert (last.ok, last.checked) == (True, 38)


def test_references_are_checked_again_after_an_upgrade(filled: sa.Engine):
    migrate.upgrade(filled)
    with pytest.raises(sa.exc.IntegrityError), filled.begin() as connection:
        connection.exec_driver_sql("DELETE FROM template_versions")


def _fill(engine: sa.Engine) -> None:
    rows_of: dict[str, Any] = json.loads(gzip.decompress(FILLED.read_bytes()))
    known = sa.MetaData()
    known.reflect(engine)
    with engine.begin() as connection:
        for table in known.sorted_tables:
            # Rows that the migrations themselves made are there already.
            if table.name not in rows_of or connection.scalar(sa.select(sa.func.count()).select_from(table)):
                continue
            columns = [table.c[name] for name in rows_of[table.name]["columns"]]
            connection.execute(
                sa.insert(table),
                [
                    {column.name: _value(column, cell) for column, cell in zip(columns, row, strict=True)}
                    for row in rows_of[table.name]["rows"]
                ],
            )


def _value(column: sa.Column[Any], cell: Any) -> Any:
    """From what SQLite stores to what the column of this database takes."""
    if cell is None:
        return None
    if isinstance(column.type, sa.JSON):
        return json.loads(cell)
    if isinstance(column.type, sa.Boolean):
        return bool(cell)
    if isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat(cell)
    return cell


def _counts(engine: sa.Engine) -> dict[str, int]:
    """Rows by table, without the schema's own version and the index of letters, which is made anew."""
    with engine.connect() as connection:
        return {
            table: connection.scalar(sa.text(f'SELECT count(*) FROM "{table}"'))
            for table in sa.inspect(connection).get_table_names()
            if table != "alembic_version" and "trigrams" not in table
        }
