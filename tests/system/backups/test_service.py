"""A backup holds everything that was acknowledged before it, and a damaged one never replaces anything."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.system.backups import lab
from woodpecker_api.db.session import Database
from woodpecker_api.system.backups.errors import BackupDamagedError, BackupImpossibleError, BackupNotFoundError
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.retention import Policy
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.backups.shelf import Status
from woodpecker_api.system.settings.models import InstallationFact


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Five rows, five audit lines, one upload."""
    database = lab.open_database(tmp_path)
    for number in range(5):
        lab.write_one(database, number)
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "i1").write_text("Email,Name\n")
    yield database
    database.engine.dispose()


@pytest.fixture
def backups(database: Database, tmp_path: Path) -> Backups:
    return Backups(database.engine, tmp_path)


def test_a_backup_is_opened_and_checked_before_it_counts(backups: Backups) -> None:
    made = backups.create(Kind.MANUAL)
    assert made.status is Status.VERIFIED
    assert made.manifest is not None
    assert made.manifest.content.counts["installation_facts"] == 5
    assert made.manifest.content.audit_line == 5
    assert {file.name for file in made.manifest.files} == {"database.sqlite3", "uploads/i1"}
    assert [backup.id for backup in backups.shelf.all()] == [made.id]


def test_nobody_else_on_the_machine_may_read_it(backups: Backups) -> None:
    folder = backups.shelf.path(backups.create(Kind.MANUAL).id)
    assert (folder.parent.stat().st_mode & 0o077, folder.stat().st_mode & 0o077) == (0, 0)


def test_a_restore_brings_back_the_rows_and_keeps_what_was_there(
    backups: Backups, database: Database, tmp_path: Path
) -> None:
    made = backups.create(Kind.MANUAL)
    lab.write_one(database, 99)
    (tmp_path / "uploads" / "i1").unlink()
    database.engine.dispose()
    restored = backups.restore(backups.shelf.path(made.id), lambda _: None)
    assert lab.rows_in(tmp_path / lab.DATABASE) == {0, 1, 2, 3, 4}
    assert restored.kept_aside is not None
    assert lab.rows_in(Path(restored.kept_aside) / lab.DATABASE) == {0, 1, 2, 3, 4, 99}
    assert (tmp_path / "uploads" / "i1").read_text() == "Email,Name\n"


def test_what_is_done_to_the_copy_is_done_before_it_takes_the_place(
    backups: Backups, database: Database, tmp_path: Path
) -> None:
    made = backups.create(Kind.MANUAL)
    database.engine.dispose()
    before = lab.sha256(tmp_path / lab.DATABASE)

    def fail(_address: str) -> None:
        raise BackupImpossibleError("The migration failed.")

    with pytest.raises(BackupImpossibleError):
        backups.restore(backups.shelf.path(made.id), fail)
    assert lab.sha256(tmp_path / lab.DATABASE) == before
    assert not list(tmp_path.glob(".restoring-*"))


def test_a_restore_also_replaces_a_database_that_cannot_be_read(
    backups: Backups, database: Database, tmp_path: Path
) -> None:
    made = backups.create(Kind.MANUAL)
    database.engine.dispose()
    (tmp_path / lab.DATABASE).write_bytes(b"rubbish" * 1000)
    restored = backups.restore(backups.shelf.path(made.id), lambda _: None)
    assert lab.rows_in(tmp_path / lab.DATABASE) == {0, 1, 2, 3, 4}
    assert (Path(restored.kept_aside or "") / lab.DATABASE).read_bytes().startswith(b"rubbish")


@pytest.mark.parametrize("damage", lab.damages().items(), ids=lambda damage: damage[0].replace(" ", "-"))
def test_a_damaged_copy_is_refused_and_the_present_database_untouched(
    backups: Backups, database: Database, tmp_path: Path, damage: tuple[str, object]
) -> None:
    folder = backups.shelf.path(backups.create(Kind.MANUAL).id)
    database.engine.dispose()
    lab.damages()[damage[0]](folder)
    before = lab.sha256(tmp_path / lab.DATABASE)
    with pytest.raises(BackupDamagedError) as refused:
        backups.restore(folder, lambda _: None)
    assert refused.value.extra["problems"]
    assert lab.sha256(tmp_path / lab.DATABASE) == before
    assert not (tmp_path / "before-restore").exists()
    assert backups.verify(folder.name).ok is False
    assert backups.find(folder.name).status is Status.DAMAGED


def test_every_acknowledged_row_older_than_the_copy_is_in_it_while_somebody_writes(tmp_path: Path) -> None:
    report = lab.snapshots_under_writes(tmp_path / "lab", rounds=3)
    assert report.rounds == 3
    assert report.older_than_the_copy > 20
    assert report.lost == 0


def test_no_backup_begins_without_room_for_it(backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    # A full disk cannot be had in a test folder.
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1_000_000})())
    with pytest.raises(BackupImpossibleError, match="doctor --free"):
        backups.create(Kind.NIGHTLY)
    [failed] = backups.shelf.all()
    assert (failed.status, failed.kind) == (Status.FAILED, Kind.NIGHTLY)


def test_what_is_beyond_retention_goes_whole(backups: Backups, tmp_path: Path) -> None:
    first, second = backups.create(Kind.MANUAL), backups.create(Kind.MANUAL)
    assert backups.prune(Policy()) == []
    assert backups.prune(Policy(manual=timedelta(0))) == [first.id]
    assert [backup.id for backup in backups.shelf.all()] == [second.id]
    assert {path.name for path in backups.shelf.root.iterdir()} == {second.id}


@pytest.mark.parametrize("backup_id", ["", "..", "../etc", "20261122-000000-manual-abcdef", "x" * 300])
def test_what_is_no_backup_is_not_found(backups: Backups, backup_id: str) -> None:
    with pytest.raises(BackupNotFoundError):
        backups.verify(backup_id)


def test_a_copy_made_half_is_no_backup_and_the_next_try_begins_anew(backups: Backups) -> None:
    made = backups.create(Kind.MANUAL)
    draft = backups.shelf.begin("20260302-120000-manual-aaaaaa")
    (draft / "database.sqlite3").write_text("half")
    listed = {backup.id: backup.status for backup in backups.shelf.all()}
    assert listed == {made.id: Status.VERIFIED, "20260302-120000-manual-aaaaaa": Status.MAKING}
    assert not list(backups.shelf.begin("20260302-120000-manual-aaaaaa").iterdir())


@pytest.mark.postgres
def test_postgresql_is_dumped_checked_and_exchanged_by_name(postgres_url: str, tmp_path: Path) -> None:
    from woodpecker_api.db.base import Base
    from woodpecker_api.db.dialect import make_engine
    from woodpecker_api.system.audit.service import write_pending

    database = Database(make_engine(postgres_url), before_commit=(write_pending,))
    Base.metadata.create_all(database.engine)
    for number in range(3):
        lab.write_one(database, number)
    backups = Backups(database.engine, tmp_path, clock=lambda: make.NOON)
    made = backups.create(Kind.MANUAL)
    assert made.status is Status.VERIFIED
    lab.write_one(database, 99)
    database.engine.dispose()
    prepared: list[str] = []
    restored = backups.restore(backups.shelf.path(made.id), prepared.append)
    assert len(prepared) == 1
    with database.reading() as db:
        assert db.scalars(sa.select(InstallationFact.name).order_by(InstallationFact.name)).all() == [
            "row-0",
            "row-1",
            "row-2",
        ]
        assert db.scalar(
            sa.text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": restored.kept_aside}
        )
    database.engine.dispose()
    file = backups.shelf.path(made.id) / "database.pgdump"
    shutil.copyfile(file, tmp_path / "kept")
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BackupDamagedError):
        backups.restore(backups.shelf.path(made.id), prepared.append)
