"""The schema as the migrations make it: the same as the models say, on both databases, and never half made."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from woodpecker_api.db import migrate
from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import is_sqlite, make_engine
from woodpecker_api.db.revisions import (
    SCRIPTS,
    Kind,
    is_up_to_date,
    kind_of,
    newest_revision,
    pending,
    present_revision,
)
from woodpecker_api.db.trigrams import is_trigram_index
from woodpecker_api.system.jobs.engine import ENGINE_TABLES
from woodpecker_api.system.jobs.engine import migrate as migrate_jobs


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}" if sqlite else request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def upgraded(engine: sa.Engine) -> sa.Engine:
    migrate.upgrade(engine)
    return engine


def test_an_empty_database_becomes_the_newest_schema(engine: sa.Engine):
    assert present_revision(engine) is None
    assert not is_up_to_date(engine)
    migrate.upgrade(engine)
    assert present_revision(engine) == newest_revision() is not None
    assert is_up_to_date(engine)


def test_the_models_ask_for_nothing_that_the_migrations_did_not_make(upgraded: sa.Engine):
    with upgraded.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrated_schema_is_the_one_that_tests_make_from_the_models(upgraded: sa.Engine, tmp_path: Path):
    """Also what Alembic does not compare: checks, conditions of partial indexes, triggers."""
    migrated = _picture(upgraded)
    with upgraded.begin() as connection:
        _empty(connection)
    Base.metadata.create_all(upgraded)
    made = _picture(upgraded)
    assert migrated.keys() == made.keys()
    for table, picture in made.items():
        assert migrated[table] == picture, table


def test_audit_lines_of_a_migrated_database_refuse_changes(upgraded: sa.Engine):
    row = "1, '2026-03-02T12:00:00.000000Z', 'user', 'lead.edited', 'lead', 1, 'd', 'p', 'h'"
    columns = "id, at, actor_kind, action, subject_kind, count, digest, previous_hash, hash"
    with upgraded.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO audit_lines ({columns}) VALUES ({row})")
    for change in ("UPDATE audit_lines SET action = 'x'", "DELETE FROM audit_lines"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), upgraded.begin() as connection:
            connection.exec_driver_sql(change)


def test_upgrading_again_changes_nothing_and_keeps_the_data(upgraded: sa.Engine):
    with upgraded.begin() as connection:
        connection.exec_driver_sql("INSERT INTO installation_facts VALUES ('environment', 'staging')")
    before = _picture(upgraded)
    migrate.upgrade(upgraded)
    assert _picture(upgraded) == before
    with upgraded.connect() as connection:
        assert connection.exec_driver_sql("SELECT value FROM installation_facts").scalar_one() == "staging"


def test_two_processes_that_upgrade_at_once_do_it_once(engine: sa.Engine):
    script = (
        "import sys; from woodpecker_api.db import dialect, migrate; migrate.upgrade(dialect.make_engine(sys.argv[1]))"
    )
    url = engine.url.render_as_string(hide_password=False)
    both = [subprocess.Popen([sys.executable, "-c", script, url], stderr=subprocess.PIPE) for _ in range(2)]
    errors = [process.communicate(timeout=60)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    assert is_up_to_date(engine)


def test_a_migration_that_fails_half_way_leaves_the_old_schema(upgraded: sa.Engine, tmp_path: Path):
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_bad.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        f"revision = '9999_bad'\ndown_revision = {newest_revision()!r}\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('id', sa.Integer, primary_key=True))\n"
        "    op.execute('SELECT * FROM a_table_that_is_not_there')\n"
    )
    before = present_revision(upgraded)
    assert newest_revision(scripts) == "9999_bad"
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(upgraded, scripts)
    assert present_revision(upgraded) == before
    assert not sa.inspect(upgraded).has_table("half")


def test_the_engine_of_background_work_and_our_tables_share_a_database(engine: sa.Engine):
    """Its names are reserved: no table of ours may take one."""
    migrate_jobs(engine.url.render_as_string(hide_password=False))
    migrate.upgrade(engine)
    assert ENGINE_TABLES.isdisjoint(Base.metadata.tables)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, Base.metadata) == []
    if is_sqlite(engine):
        assert set(sa.inspect(engine).get_table_names()) >= ENGINE_TABLES


def test_a_schema_that_is_newer_than_the_program_will_do(upgraded: sa.Engine):
    """Only additive migrations come before the switch to a new version; the old one runs on beside it."""
    with upgraded.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9998_from_the_future'")
    assert is_up_to_date(upgraded)


def test_migrations_are_one_line_of_descent_named_by_their_revisions_and_say_their_kind():
    descent = list(ScriptDirectory(str(SCRIPTS)).walk_revisions())[::-1]
    files = sorted((SCRIPTS / "versions").glob("*.py"))
    assert [path.stem for path in files] == [script.revision for script in descent]
    assert descent[-1].revision == newest_revision()
    for number, path in enumerate(files, start=1):
        text = path.read_text()
        assert path.name.startswith(f"{number:04d}_")
        assert "\nKind: additive\n" in text or "\nKind: breaking\n" in text, path.name
        assert "def downgrade" not in text, path.name


def _is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    return not (is_trigram_index(name) or (kind == "table" and name in ENGINE_TABLES))


def _picture(engine: sa.Engine) -> dict[str, Any]:
    """Everything that the database says of each table of ours, without the order of things."""
    inspector = sa.inspect(engine)
    facts: dict[str, Any] = {
        "columns": inspector.get_multi_columns(),
        "primary key": inspector.get_multi_pk_constraint(),
        "foreign keys": inspector.get_multi_foreign_keys(),
        "unique": inspector.get_multi_unique_constraints(),
        "checks": inspector.get_multi_check_constraints(),
        "indexes": inspector.get_multi_indexes(),
    }
    tables = {name: {fact: _sorted(of[None, name]) for fact, of in facts.items()} for name in Base.metadata.tables}
    return {**tables, "": _triggers(engine)}


def _sorted(things: Any) -> list[str]:
    several = things if isinstance(things, list) else [things]
    return sorted(json.dumps(thing, sort_keys=True, default=str) for thing in several)


def _triggers(engine: sa.Engine) -> list[str]:
    sql = (
        "SELECT name || sql FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite(engine)
        else "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    with engine.connect() as connection:
        return sorted(connection.exec_driver_sql(sql).scalars())


def _empty(connection: sa.Connection) -> None:
    if is_sqlite(connection):
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        virtual = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
        for name in virtual.scalars().all():
            connection.exec_driver_sql(f'DROP TABLE "{name}"')  # its shadow tables go with it
        for name in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f'DROP TABLE "{name}"')
    else:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def test_every_migration_says_what_it_asks_of_a_deploy() -> None:
    for path in sorted((SCRIPTS / "versions").glob("[0-9]*.py")):
        assert kind_of(path) in Kind, path.name


def test_a_migration_without_its_mark_is_refused(tmp_path: Path) -> None:
    unmarked = tmp_path / "0099_unmarked.py"
    unmarked.write_text('"""Something."""\n\nimport os\n\nNOTE = """\nKind: additive\n"""\n')
    with pytest.raises(ValueError, match="0099_unmarked"):
        kind_of(unmarked)


def test_what_an_upgrade_would_run_is_known_before_it_runs(engine: sa.Engine) -> None:
    revisions = [path.stem for path in sorted((SCRIPTS / "versions").glob("[0-9]*.py"))]
    assert [revision for revision, _ in pending(engine)] == revisions
    migrate.upgrade(engine)
    assert pending(engine) == []
