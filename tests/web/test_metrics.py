"""What the alert rules of the monitoring ask for is in /metrics."""

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from woodpecker_api.features.exports.service import hold
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.web.app import create_app
from woodpecker_api.wiring.program import Program


def _samples(program: Program) -> dict[str, float]:
    text = TestClient(create_app(program.services)).get("/metrics").text
    families = text_string_to_metric_families(text)
    return {
        sample.name + "".join(f"{{{name}={value}}}" for name, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_an_installation_that_is_well(program: Program) -> None:
    made = Backups(program.database.engine, program.settings.data_dir).create(Kind.NIGHTLY)
    found = _samples(program)
    assert found["woodpecker_info{environment=sandbox}{version=0.1.0}"] == 1
    assert found["woodpecker_backup_taken_timestamp_seconds"] == pytest.approx(made.taken_at.timestamp())
    assert found["woodpecker_database_up"] == 1
    assert found["woodpecker_queue_waiting{queue=accounts}"] == 0
    assert (found["woodpecker_sending_held"], found["woodpecker_unclean_starts"]) == (0, 0)
    assert found["process_start_time_seconds"] > 1_000_000_000
    assert found["woodpecker_disk_total_bytes"] >= found["woodpecker_disk_free_bytes"] > 0


def test_trouble_shows_with_its_code(program: Program) -> None:
    with program.database.writing() as db:
        hold(db, "restored")
    found = _samples(program)
    assert found["woodpecker_sending_held"] == 1
    assert found["woodpecker_alert{code=sending_held}{severity=warning}"] == 1
    assert "woodpecker_backup_taken_timestamp_seconds" not in found


def test_a_database_that_does_not_answer_is_a_number_too(program: Program) -> None:
    with program.database.writing() as db:
        db.connection().exec_driver_sql("ALTER TABLE installation_facts RENAME TO gone")
    assert _samples(program)["woodpecker_database_up"] == 0
