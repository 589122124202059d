import io

import structlog

from woodpecker_api.kit.logging import configure_logging


def test_a_traceback_for_people_shows_no_local_variables() -> None:
    stream = io.StringIO()
    configure_logging(as_json=False, stream=stream)
    try:
        _fail("annATacme.example".replace("AT", "@"))
    except RuntimeError as error:
        structlog.get_logger().error("it.failed", exc_info=error)
    finally:
        structlog.reset_defaults()
    said = stream.getvalue()
    assert "RuntimeError: no luck" in said
    assert "ann@acme.example" not in said


def test_a_value_under_a_telling_name_is_never_written() -> None:
    stream = io.StringIO()
    configure_logging(as_json=True, stream=stream)
    try:
        structlog.get_logger().warning("it.happened", api_key="sk-live", input_tokens=7)
    finally:
        structlog.reset_defaults()
    assert "sk-live" not in stream.getvalue()
    assert '"input_tokens": 7' in stream.getvalue()


def _fail(address: str) -> None:
    raise RuntimeError("no luck")
