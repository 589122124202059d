"""Structured logs: one JSON object a line, one event name a line, no personal data and no secrets."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

_SECRET_WORDS = ("password", "api_key", "secret", "token", "authorization", "cookie")
_COUNTS = ("input_tokens", "output_tokens", "max_tokens")


def configure_logging(*, as_json: bool, quiet: bool = False, stream: TextIO | None = None) -> None:
    """Once per process. `as_json` for machines, else coloured lines for people; `quiet` says only warnings and worse."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        # Its own choice, where Rich is installed, prints every local variable: people's data, for minutes.
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer] if as_json else [*shared, renderer],
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        cache_logger_on_first_use=False,
    )


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last line of defence: a value under a telling name is never written out."""
    for name in event:
        if name not in _COUNTS and any(word in name.lower() for word in _SECRET_WORDS):
            event[name] = "***"
    return event
