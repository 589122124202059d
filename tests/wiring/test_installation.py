"""The data directory and the database belong to one environment, and start the same however often and however many at once."""

import stat
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import sqlalchemy as sa

from woodpecker_api.config import Environment, Settings, SettingsError
from woodpecker_api.system.auth import users
from woodpecker_api.system.jobs.engine import ENGINE_TABLES
from woodpecker_api.system.settings.service import fact, set_fact
from woodpecker_api.wiring.installation import (
    open_database,
    prepare,
    secret_box,
    upgrade_database,
)
from woodpecker_api.wiring.program import build


def _settings(folder: Path, environment: Environment = Environment.SANDBOX, **values: object) -> Settings:
    return Settings(data_dir=folder, environment=environment, **values)  # type: ignore[arg-type]


def test_a_database_refuses_another_environment_than_its_own(tmp_path: Path):
    build(_settings(tmp_path)).close()
    for other in (Environment.DEVELOPMENT, Environment.STAGING, Environment.PRODUCTION):
        with pytest.raises(SettingsError, match="belongs to 'sandbox'"):
            build(_settings(tmp_path, other))
    build(_settings(tmp_path)).close()


def test_the_mark_and_the_instance_stay_the_same_over_restarts(tmp_path: Path):
    marks = []
    for _ in range(2):
        program = build(_settings(tmp_path))
        with program.database.reading() as db:
            marks.append((fact(db, "environment"), fact(db, "instance_id")))
        program.close()
    assert marks[0] == marks[1]
    assert marks[0][0] == "sandbox"
    assert marks[0][1]


def test_the_secret_key_is_for_the_owner_only_and_made_once(tmp_path: Path):
    sealed = secret_box(_settings(tmp_path)).encrypt("a vendor's key")
    path = tmp_path / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_box(_settings(tmp_path)).decrypt(sealed) == "a vendor's key"
    assert [p.name for p in tmp_path.iterdir()] == ["secret.key"]


def test_an_empty_secret_key_is_refused_and_not_used(tmp_path: Path):
    (tmp_path / "secret.key").touch()
    with pytest.raises(SettingsError, match=r"secret\.key is empty"):
        secret_box(_settings(tmp_path))


def test_a_key_of_the_environment_wins_and_leaves_no_file(tmp_path: Path):
    old = secret_box(_settings(tmp_path, secret_key="old key of the team")).encrypt("x")
    assert not (tmp_path / "secret.key").exists()
    rotated = secret_box(_settings(tmp_path, secret_key="new key of the team, old key of the team"))
    assert rotated.decrypt(old) == "x"


def test_processes_that_start_together_agree_on_key_and_schema(tmp_path: Path):
    script = (
        "import sys; from pathlib import Path; from woodpecker_api.config import Settings\n"
        "from woodpecker_api.wiring.installation import *\n"
        "settings = Settings(data_dir=Path(sys.argv[1])); database = open_database(settings)\n"
        "upgrade_database(settings, database); prepare(settings, database)\n"
        "print(secret_box(settings).encrypt('the same'))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=100) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    box = secret_box(_settings(tmp_path))
    assert [box.decrypt(out.strip()) for out, _ in said] == ["the same"] * 2


def test_an_old_schema_is_refused_by_name_where_nothing_is_upgraded_by_the_way(tmp_path: Path):
    with pytest.raises(SettingsError, match="woodpecker-api db upgrade"):
        build(_settings(tmp_path, Environment.STAGING), upgrade=False)
    settings = _settings(tmp_path, Environment.STAGING)
    upgrade_database(settings, open_database(settings))
    build(settings, upgrade=False).close()


def test_a_newer_engine_of_background_work_gets_its_tables_without_a_migration_of_ours(tmp_path: Path):
    settings = _settings(tmp_path)
    database = open_database(settings)
    upgrade_database(settings, database)
    with database.writing() as db:  # as an older version of the engine left it
        set_fact(db, "jobs_engine", "3.0.0")
        db.execute(sa.text("DROP TABLE workflow_schedules"))
        db.execute(sa.text("DELETE FROM dbos_migrations"))
        for table in ENGINE_TABLES - {"workflow_schedules", "dbos_migrations"}:
            db.execute(sa.text(f"DROP TABLE IF EXISTS {table}"))
    upgrade_database(settings, database)
    assert set(sa.inspect(database.engine).get_table_names()) >= ENGINE_TABLES
    with database.reading() as db:
        assert fact(db, "jobs_engine") == version("dbos")


def test_the_first_admin_is_made_when_there_is_nobody_and_never_again(tmp_path: Path):
    given = {"admin_email": "ada@team.test", "admin_password": "a long enough password"}
    settings = _settings(tmp_path, **given)
    database = open_database(settings)
    upgrade_database(settings, database)
    for _ in range(2):
        prepare(settings, database)
    other = _settings(tmp_path, admin_email="eve@team.test", admin_password="a long enough password")
    prepare(other, database)
    with database.reading() as db:
        assert [(user.email, user.role) for user in users.list_users(db)] == [("ada@team.test", "admin")]
