"""Leads that were there before their letters were indexed are found as well."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command

from tests import builders as make
from woodpecker_api.db import migrate
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.features.leads.models import Lead

FILLED = {"email": "p@acme.example", "status": "imported", "tags": "[]", "custom": "{}", "version": 1, "sandbox": 0}


def test_the_migration_takes_in_the_leads_that_are_there(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    with engine.begin() as connection:
        command.upgrade(migrate.alembic_config(connection), "0005_forgetting")
        columns = [column.name for column in Lead.__table__.columns if column.name != "number"]
        row = dict.fromkeys(columns, "") | FILLED | {"created_at": make.NOON, "updated_at": make.NOON}
        row |= {"owner_id": None, "import_id": None, "pending_import_id": None, "deleted_at": None}
        insert = sa.insert(Lead.__table__)
        for name in ("obsidian", "granite"):
            values = row | {"id": name, "address_key": name, "search_text": f"kim {name}", "tags": [], "custom": {}}
            connection.execute(insert, {key: values[key] for key in columns})
    migrate.upgrade(engine)
    with engine.connect() as connection:
        sought = "SELECT leads.id FROM leads_trigrams JOIN leads ON number = leads_trigrams.rowid WHERE leads_trigrams MATCH "
        assert connection.exec_driver_sql(sought + "'\"obsid\"'").scalars().all() == ["obsidian"]
        assert connection.exec_driver_sql(sought + "'\"kim\"'").scalars().all() == ["obsidian", "granite"]
    engine.dispose()
