"""Where answers kept for repeated requests speak of a person."""

from collections.abc import Collection

import sqlalchemy as sa

from woodpecker_api.db.forgetting import Place, mentions
from woodpecker_api.system.auth.models import IdempotentRequest, SignInFailure


def places(key: str, ids: Collection[str], words: Collection[str]) -> list[Place]:
    """An answer about them goes as a whole: the request, sent once more within its day, would be done again or refused."""
    return [
        Place(IdempotentRequest, mentions(IdempotentRequest.answer, [*words, *ids])),
        Place(SignInFailure, sa.and_(SignInFailure.email_key == key)),
    ]
