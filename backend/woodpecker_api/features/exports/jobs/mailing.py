"""Every ten minutes: whom Woodpecker has mailed since, and whom it holds back."""

from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.service import mailing
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs import Done, JobContext, NextStep, Schedule


def mailing_facts(database: Database, clock: Clock) -> Schedule:
    def look(context: JobContext, _planned: str) -> NextStep:
        after: str | None = ""
        while after is not None and not context.stopping.is_set():
            with database.reading() as db:
                learnt, after = mailing.to_learn(db, clock(), after)
            if learnt:
                with database.writing() as db:
                    mailing.learn(db, learnt)
                    announce(db, "history")
        return Done()

    return Schedule("mailing-facts", "*/10 * * * *", look)
