"""Taking personal data out of the record: payloads go, the chained lines stand."""

from collections.abc import Collection

import sqlalchemy as sa

from woodpecker_api.db.forgetting import Place, mentions
from woodpecker_api.system.audit.models import AuditLine, AuditPayload


def places(subjects: Collection[tuple[str, str]], words: Collection[str]) -> list[Place]:
    """Payloads of lines about these subjects, and any other that contains one of the words."""
    by_kind: dict[str, list[str]] = {}
    for kind, id_ in subjects:
        by_kind.setdefault(kind, []).append(id_)
    about = sa.or_(
        sa.false(),
        *(sa.and_(AuditLine.subject_kind == kind, AuditLine.subject_id.in_(ids)) for kind, ids in by_kind.items()),
    )
    return [
        Place(AuditPayload, AuditPayload.line_id.in_(sa.select(AuditLine.id).where(about))),
        Place(AuditPayload, mentions(AuditPayload.payload, words)),
    ]
