"""Reading what a database holds, the same for an original and for its copy."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.trigrams import is_trigram_index
from woodpecker_api.system.audit import service as audit
from woodpecker_api.system.backups.manifest import Content
from woodpecker_api.system.settings.service import fact

_OURS = "installation_facts"


def read_content(db: Session) -> Content:
    """Without our tables (nothing was ever set up) only the revision and the counts are known."""
    connection = db.connection()
    tables = [name for name in sa.inspect(connection).get_table_names() if not is_trigram_index(name)]
    counts = {name: _count(connection, name) for name in sorted(tables)}
    known = _OURS in tables
    line_id, line_hash = audit.head(db) if known else (0, audit.GENESIS)
    return Content(
        revision=_revision(connection) if "alembic_version" in tables else None,
        environment=fact(db, "environment") if known else None,
        instance_id=fact(db, "instance_id") if known else None,
        audit_line=line_id,
        audit_hash=line_hash,
        counts=counts,
    )


def what_is_wrong(db: Session, expected: Content) -> list[str]:
    """Where the opened copy differs from its manifest, and whether its record still stands."""
    found = read_content(db)
    wrong = [
        f"{name.replace('_', ' ')} is {getattr(found, name)}, the manifest says {getattr(expected, name)}"
        for name in ("revision", "environment", "instance_id", "audit_line", "audit_hash")
        if getattr(found, name) != getattr(expected, name)
    ]
    for table in sorted(expected.counts.keys() | found.counts.keys()):
        there, said = found.counts.get(table), expected.counts.get(table)
        if there != said:
            wrong.append(f"{table} has {there} rows, the manifest says {said}")
    if "audit_lines" in found.counts:
        *_, verdict = audit.verify(db)
        if not verdict.ok:
            wrong.append(f"the audit chain breaks at line {verdict.first_bad_id}")
    return wrong


def _count(connection: sa.Connection, table: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0


def _revision(connection: sa.Connection) -> str | None:
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found
