"""Where else a person could be legible: in everything that can be downloaded, and in what the program logs meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import structlog

from tests.features.privacy.world import Privacy
from tests.room import Room
from woodpecker_api.features.exports.api import router as exports
from woodpecker_api.features.exports.models import Export, ExportPlan
from woodpecker_api.features.history.api import router as history
from woodpecker_api.features.imports.api import router as imports
from woodpecker_api.features.imports.models import Import
from woodpecker_api.features.leads.api import router as leads
from woodpecker_api.kit.logging import configure_logging
from woodpecker_api.system.auth.permissions import Role


def download_everything(world: Privacy) -> int:
    """Every list that the program gives out, as an admin gets it, beside the other files; how many there were."""
    room = Room(world.database, world.settings, (leads, exports, imports, history), now=world.now)
    client = room.client(Role.ADMIN)
    folder = world.settings.data_dir / "downloads"
    folder.mkdir(exist_ok=True)
    addresses = ["/api/leads.csv", "/api/do-not-contact.csv", "/api/history.csv", *_of_records(world)]
    for number, address in enumerate(addresses):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text[:200])
        (folder / f"{number}.csv").write_bytes(answer.content)
    return len(addresses)


def _of_records(world: Privacy) -> Iterator[str]:
    with world.database.reading() as db:
        for table, paths in (
            (Export, ("/api/exports/{}/export.csv",)),
            (ExportPlan, ("/api/exports/plans/{}/export.csv",)),
            (Import, ("/api/imports/{}/issues.csv", "/api/imports/{}/rejects.csv")),
        ):
            for record_id in db.scalars(sa.select(table.id)).all():
                yield from (path.format(record_id) for path in paths)


@contextmanager
def logging_into_a_file(world: Privacy) -> Iterator[None]:
    """What the program says of its work stands beside its other files, in the form that production has."""
    before = structlog.get_config()
    with (world.settings.data_dir / "program.log").open("a", encoding="utf-8") as stream:
        configure_logging(as_json=True, stream=stream)
        try:
            yield
        finally:
            structlog.configure(**before)
