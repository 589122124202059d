"""`make migration NAME="add lead source" KIND=additive`: a migration from the difference between the models and the newest schema.

KIND says what it asks of a deploy (`db/revisions.py`); without it the question is put on a terminal.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from woodpecker_api.db import migrate
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.revisions import SCRIPTS, Kind

QUESTION = "Does the program before this one go on working on the new schema? additive = yes, breaking = no: "


def main(name: str, kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'schema.sqlite3'}")
        migrate.upgrade(engine)
        with engine.begin() as connection:
            number = len(list((SCRIPTS / "versions").glob("*.py"))) + 1
            slug = name.lower().replace(" ", "_")
            command.revision(migrate.alembic_config(connection), name, autogenerate=True, rev_id=f"{number:04d}_{slug}")
            made = SCRIPTS / "versions" / f"{number:04d}_{slug}.py"
            made.write_text(
                made.read_text(encoding="utf-8").replace("Kind: additive", f"Kind: {kind}"), encoding="utf-8"
            )
        engine.dispose()


if __name__ == "__main__":
    chosen = sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] else ""
    while chosen not in tuple(Kind):
        if not sys.stdin.isatty():
            sys.exit("Say what it asks of a deploy: KIND=additive or KIND=breaking.")
        chosen = input(QUESTION).strip()
    main(sys.argv[1], chosen)
