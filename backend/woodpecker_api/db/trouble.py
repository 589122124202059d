"""What a driver's error means for whoever asked: wait, ask the operator for room, or find out whether it was stored."""

from enum import StrEnum

import sqlalchemy as sa


class Trouble(StrEnum):
    """Everything else is a mistake of the program or of the values."""

    BUSY = "busy"
    """Others held the lock, or all connections, for longer than anybody may wait. Nothing was stored."""
    FULL = "full"
    """No room on the disk. Nothing was stored."""
    AWAY = "away"
    """The database cannot be reached. When that happens at a commit, nobody here knows whether it was stored."""


_SQLITE = {"SQLITE_BUSY": Trouble.BUSY, "SQLITE_LOCKED": Trouble.BUSY, "SQLITE_FULL": Trouble.FULL}
# A damaged file (CORRUPT, NOTADB) is not among them: it must not look like something that passes.
_SQLITE |= dict.fromkeys(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY"), Trouble.AWAY)
_POSTGRESQL = {
    "40001": Trouble.BUSY,  # serialization_failure
    "40P01": Trouble.BUSY,  # deadlock_detected
    "53100": Trouble.FULL,  # disk_full
    "53300": Trouble.BUSY,  # too_many_connections
    "55P03": Trouble.BUSY,  # lock_not_available
    "57014": Trouble.BUSY,  # query_canceled, by a time limit of the server's
    "57P01": Trouble.AWAY,  # admin_shutdown
    "57P02": Trouble.AWAY,  # crash_shutdown
    "57P03": Trouble.AWAY,  # cannot_connect_now
    "25006": Trouble.AWAY,  # read_only_sql_transaction: this server is a copy now
    "58030": Trouble.AWAY,  # io_error
}
_CONNECTION_EXCEPTION = "08"


def trouble_of(error: BaseException) -> Trouble | None:
    """None when waiting would not help."""
    if isinstance(error, sa.exc.TimeoutError):  # the pool's: no connection became free
        return Trouble.BUSY
    if not isinstance(error, sa.exc.DBAPIError):
        return None
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        # Extended names, such as SQLITE_BUSY_SNAPSHOT, begin with the plain one.
        return _SQLITE.get("_".join(str(name).split("_")[:2]))
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return Trouble.AWAY if state.startswith(_CONNECTION_EXCEPTION) else _POSTGRESQL.get(state)
    # The driver noticed it before any server could give a state: refused, cut, or closed.
    is_cut = error.connection_invalidated or isinstance(error, sa.exc.OperationalError)
    return Trouble.AWAY if is_cut else None
