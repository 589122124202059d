"""Keeps our copy of the account young: asks for reads that the account's loop then does, one unit at a time."""

from collections.abc import Callable

from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.jobs import Done, JobContext, NextStep, Schedule
from woodpecker_api.system.jobs.jobs import Jobs


def account_mirror(database: Database, jobs: Jobs, is_sandbox: Callable[[], bool | None], clock: Clock) -> Schedule:
    """Each minute: what is old enough is asked for again. `is_sandbox` None: there is no key, so nothing may pile up."""

    def look(_context: JobContext, _planned: str) -> NextStep:
        sandbox = is_sandbox()
        if sandbox is None:
            return Done()
        with database.writing() as db:
            account = campaigns.find_account(db, sandbox=sandbox)
            if account is not None and campaigns.ask_for_what_is_old(db, SYSTEM, account.id, clock()):
                campaigns.wake(db, jobs, account.id)
        return Done()

    return Schedule("account-mirror", "* * * * *", look)
