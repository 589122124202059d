"""The account outlives the process that serves it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.woodpecker import DRAFT, RUNNING, a_client, prospects
from woodpecker_api.sandbox.woodpecker import Fault, FaultKind, SimulatorBusyError, serve_woodpecker, woodpecker_server

SERVE = """
import sys
from pathlib import Path
from woodpecker_api.sandbox.woodpecker import serve_woodpecker
server = serve_woodpecker(storage=Path(sys.argv[1]))
print(server.base_url, flush=True)
server.join()
"""


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "data" / "account.sqlite3"
    with serve_woodpecker(storage=path) as server:
        client = a_client(server)
        client.add_prospects(DRAFT, prospects(3), deadline=5)
        [ann] = client.find_members(["anna.keller@nordwind.example"])
        client.remove_from_campaign([ann.id], RUNNING)
        client.delete_prospects([ann.id])
        client.blacklist_domains(["acme.example"])
        server.control.faults(Fault(FaultKind.CUT_AFTER, on="add"), seed=5, rates={"server_error": 0.5})
        server.control.behaviour(nothing_found="204")
        before = (
            server.control.state(),
            server.control.ledger(),
            server.control.enrolled(DRAFT),
            server.control.requests(),
        )
        client.close()

    with serve_woodpecker(storage=path) as server:
        after = (
            server.control.state(),
            server.control.ledger(),
            server.control.enrolled(DRAFT),
            server.control.requests(),
        )

    assert after == before
    assert before[1]["applied"] == 3
    assert before[0]["prospects"] == 14 + 3 - 1


def test_what_was_answered_survives_the_kill_of_its_process(tmp_path: Path) -> None:
    path = tmp_path / "account.sqlite3"
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        client = a_client(type("At", (), {"base_url": base_url})())
        client.add_prospects(DRAFT, prospects(50), deadline=10)
        client.close()
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()

    with serve_woodpecker(storage=path) as server:
        assert sum(1 for person in server.control.enrolled(DRAFT).values() if person["applied"] == 1) == 50


def test_two_processes_cannot_serve_one_file(tmp_path: Path) -> None:
    with serve_woodpecker(storage=tmp_path / "account.sqlite3"), pytest.raises(SimulatorBusyError):
        serve_woodpecker(storage=tmp_path / "account.sqlite3")

    with serve_woodpecker(storage=tmp_path / "account.sqlite3") as server:
        assert server.control.state()["prospects"] == 14


def test_a_reset_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "account.sqlite3"
    with serve_woodpecker(storage=path) as server:
        server.control.reset(sample=False)

    with serve_woodpecker(storage=path) as server:
        assert server.control.state()["prospects"] == 0


def test_without_a_file_nothing_is_kept() -> None:
    with serve_woodpecker() as server:
        server.control.put_prospect("kim@acme.example")
    with serve_woodpecker() as server:
        assert server.control.state()["prospects"] == 14


def test_a_server_that_is_not_started_has_no_address() -> None:
    server = woodpecker_server()

    with pytest.raises(RuntimeError):
        _ = server.url
    server.stop()
