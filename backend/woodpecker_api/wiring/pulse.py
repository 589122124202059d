"""A job that only shows that jobs are done: it leaves its id where whoever sent it looks."""

from woodpecker_api.db.session import Database
from woodpecker_api.system.jobs import Done, Job, JobContext, NextStep
from woodpecker_api.system.settings.service import set_fact

PULSE = "pulse"


def pulse_job(database: Database) -> Job:
    def beat(_context: JobContext, pulse_id: str) -> NextStep:
        with database.writing() as db:
            set_fact(db, PULSE, pulse_id)
        return Done()

    return Job(PULSE, beat)
