"""The one job that speaks for a Woodpecker account: settle what is open, then one unit for whoever waits longest."""

from woodpecker_api.features.exports.jobs.loop import AccountLoop, account_job, account_watch
from woodpecker_api.features.exports.jobs.tools import Connection, Tools

__all__ = ["AccountLoop", "Connection", "Tools", "account_job", "account_watch"]
