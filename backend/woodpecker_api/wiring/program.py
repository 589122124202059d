"""The whole program from its settings: what `serve`, `worker`, the command line and the tests start from."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from woodpecker_api.clients.notify.client import AppriseNotifier
from woodpecker_api.config import Environment, Settings
from woodpecker_api.db.presence import Presence
from woodpecker_api.db.session import Database
from woodpecker_api.features.operations.jobs import Watch
from woodpecker_api.features.operations.service.lookout import STARTS, Lookout
from woodpecker_api.features.operations.service.notices import Noticing
from woodpecker_api.http.services import Services
from woodpecker_api.kit.clock import Clock, system_clock
from woodpecker_api.kit.starts import StartBook
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.jobs.worker import Worker
from woodpecker_api.system.modes.service import Mode, ModeFile
from woodpecker_api.wiring.installation import (
    be_present,
    know_the_erased,
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
    watch: Watch

    def start(self) -> None:
        self.worker.start()

    @contextmanager
    def on_duty(self, role: str) -> Iterator[None]:
        """While a server or worker lives: it watches for trouble, and its start and orderly end are in the book."""
        book = StartBook(self.settings.data_dir / STARTS)
        role = f"{role}@{socket.gethostname()}"
        book.began(role, self.services.clock())
        self.watch.start()
        try:
            yield
        finally:
            self.watch.stop()
            book.ended(role, self.services.clock())

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
    presence = be_present(settings)
    if upgrade:
        upgrade_database(settings, database)
    else:
        refuse_old_schema(database)
    prepare(settings, database)
    secrets = secret_box(settings)
    know_the_erased(database, secrets)
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
        notifier=AppriseNotifier,
    )
    know_accounts(services, vendors)
    connect_rooms()
    modes = ModeFile(settings.data_dir)
    worker = Worker(
        database,
        settings.data_dir,
        all_jobs(services, vendors),
        all_schedules(services),
        may_work=lambda: modes.read().mode is Mode.LIVE,
    )
    return Program(settings, database, services, vendors, worker, presence, _watch(services))


def _watch(services: Services) -> Watch:
    """Tells trouble where APP_NOTIFY_URLS says; without it the page still shows it."""
    urls = services.settings.notify_urls
    notifier = AppriseNotifier(urls.get_secret_value()) if urls is not None else None
    lookout = Lookout(
        database=services.database,
        jobs=services.jobs,
        data_dir=services.settings.data_dir,
        clock=services.clock,
        expects_backups=services.settings.environment is not Environment.SANDBOX,
    )
    name = f"Woodpecker-API ({services.settings.environment.value})"
    noticing = Noticing(services.database, services.secrets, AppriseNotifier, services.clock, name)
    return Watch(lookout, notifier, name, noticing)
