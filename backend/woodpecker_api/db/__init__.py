"""The database: engine, transactions, column types. All that differs between SQLite and PostgreSQL is in `dialect.py`."""
