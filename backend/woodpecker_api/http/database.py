"""One request is one transaction, committed before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from woodpecker_api.http.services import get_services


def _reading(request: Request) -> Iterator[Session]:
    with get_services(request).database.reading() as session:
        yield session


def _writing(request: Request) -> Iterator[Session]:
    with get_services(request).database.writing() as session:
        yield session


# scope="function": the block ends, and so the commit happens, before the answer is sent.
ReadDb = Annotated[Session, Depends(_reading, scope="function")]
WriteDb = Annotated[Session, Depends(_writing, scope="function")]
