"""What the tests and the soak share: somebody who writes all the time in another process, and ways to damage a backup."""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3

from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.audit.service import SYSTEM, record, write_pending
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.settings.service import set_fact

REPOSITORY = Path(__file__).parents[3]
DATABASE = "woodpecker-api.sqlite3"


def open_database(home: Path) -> Database:
    home.mkdir(parents=True, exist_ok=True)
    database = Database(make_engine(f"sqlite:///{home / DATABASE}"), before_commit=(write_pending,))
    Base.metadata.create_all(database.engine)
    return database


def write_one(database: Database, number: int) -> None:
    """A change as the program makes them: a row and its audit line."""
    with database.writing() as db:
        set_fact(db, f"row-{number}", "x" * 200)
        record(db, SYSTEM, "lab.wrote", ("lab", None), after={"number": number})


def rows_in(database: Path) -> set[int]:
    connection = pysqlite3.connect(database)
    found = connection.execute("SELECT name FROM installation_facts WHERE name LIKE 'row-%'").fetchall()
    connection.close()
    return {int(name.removeprefix("row-")) for (name,) in found}


@contextmanager
def somebody_writing(home: Path, a_second: int) -> Iterator[Callable[[], dict[int, datetime]]]:
    """Gives a function for what was acknowledged so far: number → when."""
    acknowledged = home / "acknowledged.txt"
    code = f"from tests.system.backups.lab import keep_writing; keep_writing({str(home)!r}, {a_second})"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=REPOSITORY, stdin=subprocess.PIPE)
    try:
        while not acknowledged.exists():
            assert process.poll() is None
            time.sleep(0.02)
        yield lambda: _acknowledged(acknowledged)
    finally:
        process.kill()
        process.wait()


def keep_writing(home: str, a_second: int) -> None:
    """The other process: until it is killed."""
    database = open_database(Path(home))
    with (Path(home) / "acknowledged.txt").open("a", buffering=1) as file:
        began, number = time.monotonic(), 0
        while True:
            write_one(database, number)
            file.write(f"{number} {datetime.now(UTC).isoformat()}\n")
            number += 1
            time.sleep(max(0.0, began + number / a_second - time.monotonic()))


def _acknowledged(file: Path) -> dict[int, datetime]:
    lines = [line.split() for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return {int(number): datetime.fromisoformat(at) for number, at in lines}


@dataclass
class Report:
    """`lost`: acknowledged before the copy was taken, and not in what was restored."""

    rounds: int = 0
    writes_a_second: float = 0.0
    older_than_the_copy: int = 0
    lost: int = 0
    seconds: list[float] = field(default_factory=list)


def snapshots_under_writes(home: Path, rounds: int, a_second: int = 50) -> Report:
    """Each round: a backup while somebody writes, restored beside it, compared with what was acknowledged."""
    source, report = home / "source", Report()
    database = open_database(source)
    backups = Backups(database.engine, source)
    with somebody_writing(source, a_second) as acknowledged:
        time.sleep(0.5)
        began, before = time.monotonic(), len(acknowledged())
        for number in range(rounds):
            started = time.monotonic()
            made = backups.create(Kind.MANUAL)
            report.seconds.append(round(time.monotonic() - started, 3))
            there = home / f"restored-{number}"
            target = open_database(there)
            Backups(target.engine, there).restore(backups.shelf.path(made.id), lambda _: None)
            older = {row for row, at in acknowledged().items() if at < made.taken_at}
            report.rounds += 1
            report.older_than_the_copy += len(older)
            report.lost += len(older - rows_in(there / DATABASE))
        report.writes_a_second = round((len(acknowledged()) - before) / (time.monotonic() - began), 1)
    database.engine.dispose()
    return report


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# Twenty and more ways in which a copy is not what it was.


def damages() -> dict[str, Callable[[Path], None]]:
    return {
        "cut in half": lambda f: _cut(f / "database.sqlite3", 0.5),
        "one byte short": lambda f: _cut(f / "database.sqlite3", None),
        "one byte long": lambda f: _write(f / "database.sqlite3", (f / "database.sqlite3").read_bytes() + b"\0"),
        "empty": lambda f: _write(f / "database.sqlite3", b""),
        "a byte flipped in the middle": lambda f: _flip(f / "database.sqlite3", 0.5),
        "a byte flipped in the header": lambda f: _flip(f / "database.sqlite3", 0.0),
        "a byte flipped at the end": lambda f: _flip(f / "database.sqlite3", 0.999),
        "no database": lambda f: (f / "database.sqlite3").unlink(),
        "no manifest": lambda f: (f / "manifest.json").unlink(),
        "an empty manifest": lambda f: _write(f / "manifest.json", b""),
        "a manifest that is no JSON": lambda f: _write(f / "manifest.json", b"{"),
        "a manifest that is a list": lambda f: _write(f / "manifest.json", b"[]"),
        "the manifest of another backup": lambda f: _reseal(f, id="20200101-000000-manual-000000"),
        "a manifest edited": lambda f: _write(
            f / "manifest.json", (f / "manifest.json").read_bytes().replace(b'"audit_line": ', b'"audit_line": 1')
        ),
        "a manifest with other counts": lambda f: _reseal(f, counts={"users": 7}),
        "a manifest with another revision": lambda f: _reseal(f, revision="9999_other"),
        "a manifest with another chain's end": lambda f: _reseal(f, audit_hash="0" * 64),
        "a stray file": lambda f: _write(f / "database.sqlite3-wal", b"x"),
        "an upload cut": lambda f: _cut(f / "uploads" / "i1", 0.5),
        "an upload gone": lambda f: (f / "uploads" / "i1").unlink(),
        "another program's database": _foreign,
        "a text in the database's place": lambda f: _swap(f, b"hello"),
        "a row gone": lambda f: _sql(f, "DELETE FROM installation_facts WHERE name = 'row-1'"),
        "an audit line altered": lambda f: _sql(
            f, "DROP TRIGGER audit_lines_refuse_update", "UPDATE audit_lines SET action = 'other' WHERE id = 2"
        ),
        "a row that refers to nothing": lambda f: _sql(f, "UPDATE audit_payloads SET line_id = 999 WHERE line_id = 2"),
        "a page of zeros": _zero_a_page,
    }


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _cut(path: Path, share: float | None) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] if share is None else content[: int(len(content) * share)])


def _flip(path: Path, share: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * share)] ^= 1
    path.write_bytes(content)


def _reseal(folder: Path, **changes: Any) -> None:
    """A forger who knows how the seal is made."""
    document = json.loads((folder / "manifest.json").read_text())
    document.pop("seal")
    content = document["content"]
    content["counts"] |= changes.pop("counts", {})
    for name, value in changes.items():
        (content if name in content else document)[name] = value
    for file in document["files"]:
        path = folder / file["name"]
        file |= {"bytes": path.stat().st_size, "sha256": sha256(path)}
    (folder / "manifest.json").write_text(json.dumps(document | {"seal": digest(document)}))


def _swap(folder: Path, content: bytes) -> None:
    _write(folder / "database.sqlite3", content)
    _reseal(folder)


def _foreign(folder: Path) -> None:
    (folder / "database.sqlite3").unlink()
    connection = pysqlite3.connect(folder / "database.sqlite3")
    connection.execute("CREATE TABLE songs (id INTEGER PRIMARY KEY)")
    connection.commit()
    connection.close()
    _reseal(folder)


def _sql(folder: Path, *statements: str) -> None:
    connection = pysqlite3.connect(folder / "database.sqlite3")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    _reseal(folder)


def _zero_a_page(folder: Path) -> None:
    path = folder / "database.sqlite3"
    content = bytearray(path.read_bytes())
    content[2 * 4096 : 3 * 4096] = bytes(4096)
    _swap(folder, bytes(content))
