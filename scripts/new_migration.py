"""`make migration NAME="add lead source"`: a migration from the difference between the models and the newest schema."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from woodpecker_api.db import migrate
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.revisions import SCRIPTS


def main(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'schema.sqlite3'}")
        migrate.upgrade(engine)
        with engine.begin() as connection:
            number = len(list((SCRIPTS / "versions").glob("*.py"))) + 1
            slug = name.lower().replace(" ", "_")
            command.revision(migrate.alembic_config(connection), name, autogenerate=True, rev_id=f"{number:04d}_{slug}")
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
