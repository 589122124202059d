"""Idempotency-Key: a POST that starts work does it once, however often it is sent within 24 hours."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from woodpecker_api.http.services import Services, get_services
from woodpecker_api.http.user import Who
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.auth.idempotency import KeptAnswer, claim, keep_answer
from woodpecker_api.system.auth.sessions import Principal


class Once:
    def __init__(self, services: Services, principal: Principal, path: str, key: str | None) -> None:
        self._services = services
        self._principal = principal
        self._path = path
        self._key = key

    def answer(self, db: Session, body: BaseModel | None, status: int, work: Callable[[], BaseModel]) -> JSONResponse:
        """Does `work` and keeps its answer, or gives the answer that was kept. Same transaction as the work.

        Raises `IdempotencyMismatchError` when the key came with another body.
        """
        if self._key is None:
            return JSONResponse(work().model_dump(mode="json"), status)
        now = self._services.clock()
        request_hash = digest([self._path, body.model_dump(mode="json") if body else None])
        kept = claim(db, self._principal.user_id, self._key, request_hash, now)
        if kept is None:
            kept = KeptAnswer(status, work().model_dump(mode="json"))
            keep_answer(db, self._principal.user_id, self._key, kept)
        return JSONResponse(kept.body, kept.status)


def get_once(
    request: Request,
    principal: Who,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Once:
    return Once(get_services(request), principal, request.url.path, idempotency_key)


OnlyOnce = Annotated[Once, Depends(get_once)]
