"""Errors as application/problem+json (RFC 9457): code, one sentence with a next step, fields, and the request's id."""

import errno
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DataError, SQLAlchemyError, StatementError
from starlette.exceptions import HTTPException

from woodpecker_api.db.trouble import Trouble, trouble_of
from woodpecker_api.errors import (
    AppError,
    DatabaseBusyError,
    DatabaseUnavailableError,
    DiskFullError,
    FieldProblem,
    ValidationFailedError,
)

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
_SENTENCES = {
    404: ("not_found", "There is nothing under this address. Check it, or go back to the start page."),
    405: ("method_not_allowed", "This address does not take that method. See /api/openapi.json."),
    413: ("too_large", "The request is too large. Split the file or send less at once."),
}
_TROUBLES: dict[Trouble, AppError] = {
    Trouble.BUSY: DatabaseBusyError(
        "The server was busy with other work for so long that nothing of yours was stored. Try again in a few seconds."
    ),
    Trouble.FULL: DiskFullError(
        "The server's disk is full, so nothing was stored. Ask your operator to make room, then try again."
    ),
    Trouble.AWAY: DatabaseUnavailableError(
        "The database does not answer. Wait a minute, look whether your change is there, and repeat it if it is not."
    ),
}
RETRY_SECONDS = {Trouble.BUSY: 5, Trouble.AWAY: 30}
"""What `Retry-After` says. A full disk has no time at which it is known to be over."""


class ProblemField(BaseModel):
    field: str
    code: str
    message: str


class Problem(BaseModel):
    """The body of every error."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemField] = []
    request_id: str


def problem_response(request: Request, error: AppError) -> JSONResponse:
    """Extra members (such as `current` on a conflict) stand beside the fixed ones."""
    body = Problem(
        title=error.code.replace("_", " ").capitalize(),
        status=error.status,
        code=error.code,
        detail=error.detail,
        errors=[ProblemField(field=p.field, code=p.code, message=p.message) for p in error.errors],
        request_id=getattr(request.state, "request_id", "unknown"),
    ).model_dump()
    return JSONResponse({**jsonable_encoder(error.extra), **body}, error.status, media_type=MEDIA_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(SQLAlchemyError, _on_database_error)
    for kind in (UnicodeEncodeError, OverflowError):
        app.add_exception_handler(kind, _on_unwritable_value)
    app.add_exception_handler(OSError, _on_os_error)
    app.add_exception_handler(Exception, _on_crash)


def _on_app_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)
    log.info("request.refused", code=error.code, status=error.status)
    return problem_response(request, error)


def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = tuple(FieldProblem(_path(e["loc"]), str(e["type"]), str(e["msg"])) for e in error.errors())
    return problem_response(
        request,
        ValidationFailedError("The request has fields that cannot be used. Correct the ones listed.", errors=problems),
    )


def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, sentence = _SENTENCES.get(error.status_code, ("request_failed", str(error.detail)))
    return _plain(request, error.status_code, code, sentence)


def _on_database_error(request: Request, error: Exception) -> JSONResponse:
    trouble = trouble_of(error)
    if trouble is None:
        return _on_unwritable_value(request, error)
    # No traceback: which line had to wait says nothing, and a busy minute would write thousands of them.
    log.error("request.database_trouble", trouble=trouble.value, error=str(getattr(error, "orig", error)))
    return _troubled(request, trouble)


def _on_unwritable_value(request: Request, error: Exception) -> JSONResponse:
    """Half a character, a year beyond the calendar, a number of a hundred digits: no database can hold them."""
    cause = error.orig if isinstance(error, StatementError) else error
    if not isinstance(error, DataError) and not isinstance(cause, ValueError | OverflowError):
        return _on_crash(request, error)
    log.warning("request.unwritable_value", kind=type(cause).__name__)
    sentence = "The request holds a text, a time or a number that cannot be stored. Correct it and try again."
    return problem_response(request, ValidationFailedError(sentence))


def _on_os_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _on_crash(request, error)
    log.error("request.database_trouble", trouble=Trouble.FULL.value, error=error.strerror)
    return _troubled(request, Trouble.FULL)


def _troubled(request: Request, trouble: Trouble) -> JSONResponse:
    answer = problem_response(request, _TROUBLES[trouble])
    if trouble in RETRY_SECONDS:
        answer.headers["retry-after"] = str(RETRY_SECONDS[trouble])
    return answer


def _on_crash(request: Request, error: Exception) -> JSONResponse:
    log.error("request.crashed", exc_info=error, path=request.url.path)
    return _plain(
        request,
        500,
        "internal_error",
        "Something went wrong on the server. Try again; if it stays, send the id to your operator.",
    )


def _plain(request: Request, status: int, code: str, sentence: str) -> JSONResponse:
    kind: type[AppError] = type("_Plain", (AppError,), {"code": code, "status": status})
    return problem_response(request, kind(sentence))


def _path(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location if part not in ("body", "query", "path"))
