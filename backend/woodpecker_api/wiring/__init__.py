"""The only place that builds things: settings → engine, clients, clock, jobs, listeners.

`program` puts everything together, `vendors` makes the clients, `installation` prepares the data directory and the database.
"""
