"""A job that only shows that jobs are done: it leaves its id where whoever sent it looks."""

from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import lock_until_commit
from woodpecker_api.db.session import Database
from woodpecker_api.system.jobs import Done, Job, JobContext, NextStep
from woodpecker_api.system.settings.service import fact, set_fact

PULSE = "pulse"
_PULSE_LOCK = 7_301_011


def pulse_job(database: Database) -> Job:
    def beat(_context: JobContext, pulse_id: str) -> NextStep:
        with database.writing() as db:
            # One that nobody waits for any more may run beside a newer one: the newest stays, in whatever order they end.
            lock_until_commit(db.connection(), _PULSE_LOCK)
            if not is_done(db, pulse_id):
                set_fact(db, PULSE, pulse_id)
        return Done()

    return Job(PULSE, beat)


def is_done(db: Session, pulse_id: str) -> bool:
    """Whether this job, or one that was sent after it, was done: ids sort by the time of their making."""
    return (fact(db, PULSE) or "") >= pulse_id
