"""A lead's story, from the record of everything that was done."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.system.audit.models import AuditLine, AuditPayload
from woodpecker_api.system.auth.models import User

LONGEST = 500


def lines_about(db: Session, subjects: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The lines of these subjects, newest first, with who did it and what was kept of it."""
    about = sa.or_(*(sa.and_(AuditLine.subject_kind == kind, AuditLine.subject_id == key) for kind, key in subjects))
    statement = (
        sa.select(AuditLine.at, AuditLine.action, AuditLine.actor_kind, User.name, User.email, AuditPayload.payload)
        .outerjoin(User, User.id == AuditLine.actor_id)
        .outerjoin(AuditPayload, AuditPayload.line_id == AuditLine.id)
        .where(about)
        .order_by(AuditLine.id.desc())
        .limit(LONGEST)
    )
    return [dict(row) for row in db.execute(statement).mappings()]
