"""The whole program from its settings: what `serve`, `worker`, the command line and the tests start from."""

from dataclasses import dataclass

from woodpecker_api.config import Settings, SettingsError
from woodpecker_api.db.presence import Presence
from woodpecker_api.db.session import Database
from woodpecker_api.http.services import Services
from woodpecker_api.kit.clock import Clock, system_clock
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.jobs.worker import Worker
from woodpecker_api.wiring.installation import (
    open_database,
    prepare,
    refuse_old_schema,
    secret_box,
    upgrade_database,
)
from woodpecker_api.wiring.listeners import connect_rooms
from woodpecker_api.wiring.tasks import all_jobs, all_schedules, know_accounts
from woodpecker_api.wiring.vendors import Vendors


@dataclass
class Program:
    """Built, not started. `start` and `stop` concern the background work of this process."""

    settings: Settings
    database: Database
    services: Services
    vendors: Vendors
    worker: Worker
    presence: Presence

    def start(self) -> None:
        self.worker.start()

    def stop(self) -> bool:
        """False when a turn was still in progress; the process should then end by `os._exit` (see `Worker.stop`)."""
        drained = self.worker.stop()
        self.close()
        return drained

    def close(self) -> None:
        self.vendors.close()
        self.database.engine.dispose()
        self.presence.leave()


def build(settings: Settings, *, clock: Clock = system_clock, upgrade: bool = True) -> Program:
    """Raises `SettingsError`. `upgrade` brings the schema up to date first; without it an old schema is refused."""
    database = open_database(settings)
    presence = _here(settings)
    if upgrade:
        upgrade_database(settings, database)
    else:
        refuse_old_schema(database)
    prepare(settings, database)
    secrets = secret_box(settings)
    vendors = Vendors(settings, database, secrets)
    jobs = Jobs(database, clock)
    services = Services(
        settings=settings,
        database=database,
        clock=clock,
        secrets=secrets,
        jobs=jobs,
        vendor_state=vendors.state,
        claude=vendors.claude,
    )
    know_accounts(services, vendors)
    connect_rooms()
    worker = Worker(database, settings.data_dir, all_jobs(services, vendors), all_schedules(services))
    return Program(settings, database, services, vendors, worker, presence)


def _here(settings: Settings) -> Presence:
    presence = Presence.take(settings.data_dir, shared=True)
    if presence is None:
        raise SettingsError("APP_DATA_DIR: a backup is being restored there. Start again when that is done.")
    return presence
