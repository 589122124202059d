"""The history of the schema: run by `db/migrate.py` as files, imported by nobody."""
