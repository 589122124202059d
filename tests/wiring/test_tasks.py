"""What the program does by the clock."""

import threading

from structlog.testing import capture_logs

from woodpecker_api.config import Settings
from woodpecker_api.system.audit.service import SYSTEM, head, record, verify
from woodpecker_api.system.jobs import JobContext
from woodpecker_api.wiring.program import build
from woodpecker_api.wiring.tasks import all_schedules


def test_each_hour_the_end_of_the_record_goes_into_the_log_and_fits_it(settings: Settings) -> None:
    program = build(settings)
    with program.database.writing() as db:
        record(db, SYSTEM, "test.done", ("test", None))
    anchor = next(each for each in all_schedules(program.services) if each.name == "audit-anchor")
    with capture_logs() as lines:
        anchor.handler(JobContext("audit-anchor", 0, threading.Event(), lambda: True, 0.0), "")
    (line,) = [line for line in lines if line["event"] == "audit.anchor"]
    with program.database.reading() as db:
        assert (line["line_id"], line["line_hash"]) == head(db)
        *_, verdict = verify(db, {line["line_id"]: line["line_hash"]})
    assert (verdict.ok, verdict.checked) == (True, line["line_id"])
    assert anchor.cron.split()[1:] == ["*"] * 4, "every hour"
    program.close()
