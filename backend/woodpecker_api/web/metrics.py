"""What the installation says of itself at each scrape: what the alert rules of deploy/monitoring need. No personal data."""

import shutil
import time
from collections.abc import Iterator
from importlib.metadata import version

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from woodpecker_api.features.operations.api.status import lookout_of
from woodpecker_api.features.operations.service.lookout import Seen
from woodpecker_api.http.services import Services

_STARTED = time.time()


class InstallationMetrics(Collector):
    """Gauges, read when asked for. A database that does not answer is a gauge too."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked while the program starts."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        settings = self._services.settings
        info = GaugeMetricFamily("woodpecker_info", "Version and environment", labels=["version", "environment"])
        info.add_metric([version("woodpecker-api"), settings.environment.value], 1)
        yield info
        yield _gauge("process_start_time_seconds", "Since when this process lives, Unix time", _STARTED)
        disk = shutil.disk_usage(settings.data_dir)
        yield _gauge("woodpecker_disk_free_bytes", "Free where the data is", disk.free)
        yield _gauge("woodpecker_disk_total_bytes", "Size of the disk where the data is", disk.total)
        yield from _seen(lookout_of(self._services).look())
        yield from self._queues()

    def _queues(self) -> Iterator[GaugeMetricFamily]:
        waiting = GaugeMetricFamily("woodpecker_queue_waiting", "Jobs that wait", labels=["queue"])
        running = GaugeMetricFamily("woodpecker_queue_running", "Jobs in progress", labels=["queue"])
        try:
            with self._services.database.reading() as db:
                rows = self._services.jobs.status(db)
        except sa.exc.SQLAlchemyError:
            return
        for row in rows:
            waiting.add_metric([row.queue], row.waiting)
            running.add_metric([row.queue], row.running)
        yield waiting
        yield running


def _seen(seen: Seen) -> Iterator[GaugeMetricFamily]:
    signals, now = seen.signals, seen.signals.at
    yield _gauge("woodpecker_database_up", "1 when the database answers", float(signals.database_answers))
    stalled = GaugeMetricFamily(
        "woodpecker_queue_stalled_seconds",
        "How long a queue's oldest job waits while nobody works on it",
        labels=["queue"],
    )
    for queue, seconds in (signals.stalled_queues or {}).items():
        stalled.add_metric([queue], seconds)
    yield stalled
    unknown = (now - signals.oldest_unknown).total_seconds() if signals.oldest_unknown else 0.0
    yield _gauge("woodpecker_export_unknown_seconds", "Age of the oldest outcome that is not known", unknown)
    yield _gauge("woodpecker_exports_in_trouble", "Exports that do not get on", len(signals.troubled_exports or {}))
    yield _gauge("woodpecker_sending_held", "1 while nothing may be sent", float(signals.held is not None))
    yield _gauge(
        "woodpecker_unclean_starts", "Starts within ten minutes after an end nobody asked for", signals.crashes
    )
    if seen.newest_backup is not None and seen.newest_backup.manifest is not None:
        taken = seen.newest_backup.taken_at.timestamp()
        yield _gauge("woodpecker_backup_taken_timestamp_seconds", "When the newest sound backup was taken", taken)
        yield _gauge("woodpecker_backup_bytes", "Its size", seen.newest_backup.manifest.bytes)
    alerts = GaugeMetricFamily("woodpecker_alert", "1 for each present alert", labels=["code", "severity"])
    for alert in seen.alerts:
        alerts.add_metric([alert.code, alert.severity.value], 1)
    yield alerts


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=value)
