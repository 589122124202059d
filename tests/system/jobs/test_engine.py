import io
import json
import logging

from woodpecker_api.kit.logging import configure_logging
from woodpecker_api.system.jobs.engine import route_engine_log
from woodpecker_api.system.jobs.port import JobGivenUpError


def said(error: Exception) -> list[dict[str, str]]:
    """What our log holds after the engine reported an error."""
    stream = io.StringIO()
    configure_logging(as_json=True, stream=stream)
    route_engine_log()
    route_engine_log()
    try:
        raise error
    except Exception:
        logging.getLogger("dbos").exception("Exception encountered in background workflow:")
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_the_engines_errors_are_lines_of_our_log_without_the_exceptions_text() -> None:
    (line,) = said(ValueError("Ada Lovelace <ada@example.com>"))
    assert (line["event"], line["level"], line["error"]) == ("engine", "error", "ValueError")
    assert "ada" not in json.dumps(line).lower()


def test_a_job_that_was_given_up_is_not_reported_a_second_time() -> None:
    assert said(JobGivenUpError("not_found: The campaign is gone.")) == []
