"""One request is one transaction, committed before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from woodpecker_api.http.services import Ask


def _reading(services: Ask) -> Iterator[Session]:
    with services.database.reading() as session:
        yield session


def _writing(services: Ask) -> Iterator[Session]:
    with services.database.writing() as session:
        yield session


# scope="function": the block ends, and so the commit happens, before the answer is sent.
ReadDb = Annotated[Session, Depends(_reading, scope="function")]
WriteDb = Annotated[Session, Depends(_writing, scope="function")]
