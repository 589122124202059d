"""Asking for a backup, and noting that one was checked."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.shelf import Verdict, new_backup_id
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs

BACKUP_JOB = "operations.backup"


def ask_for_backup(db: Session, jobs: Jobs, actor: Actor, now: datetime) -> str:
    """Its id. The worker makes it."""
    backup_id = new_backup_id(Kind.MANUAL, now)
    jobs.enqueue(db, BACKUP_JOB, backup_id)
    record(db, actor, "backup.asked", ("backup", None), after={"backup": backup_id})
    announce(db, "backup")
    return backup_id


def note_verification(db: Session, actor: Actor, backup_id: str, verdict: Verdict) -> None:
    after = {"backup": backup_id, "ok": verdict.ok, "problems": list(verdict.problems)}
    record(db, actor, "backup.verified", ("backup", None), after=after)
    announce(db, "backup")
