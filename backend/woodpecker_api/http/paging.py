"""Lists: `limit` and `cursor` in, `{items, next_cursor, total, total_capped}` out."""

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, BadCursorError, decode_cursor

Item = TypeVar("Item")


class Listing(BaseModel, Generic[Item]):
    items: list[Item]
    next_cursor: str | None = None
    total: int
    total_capped: bool = False


@dataclass(frozen=True)
class Paging:
    limit: int
    cursor: str | None

    def key(self, length: int, kind: type | None = None) -> list[Any] | None:
        """The sort key after which to go on, each part of `kind`; None for the first page. Raises `ValidationFailedError`."""
        if self.cursor is None:
            return None
        try:
            key = decode_cursor(self.cursor, length)
            if kind is not None and not all(type(part) is kind for part in key):
                raise BadCursorError(self.cursor)
            return key
        except BadCursorError:
            sentence = "This cursor is not from a list of ours, or from another sorting. Start again without it."
            raise ValidationFailedError(sentence, errors=(FieldProblem("cursor", "bad_cursor", sentence),)) from None


def get_paging(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Paging:
    return Paging(limit, cursor)


Page = Annotated[Paging, Depends(get_paging)]
