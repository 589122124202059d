"""Keeps the simulated account in one SQLite file, so that killing the process that serves it loses nothing.

Every change is committed before it is answered. Against a power cut it is not protected: it is a sandbox.
"""

import fcntl
import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import IO, Any

from woodpecker_api.sandbox.woodpecker.account import Campaign, Prospect, WoodpeckerAccount
from woodpecker_api.sandbox.woodpecker.ledger import Ledger

_SCHEMA = """
CREATE TABLE IF NOT EXISTS prospects (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS enrolled (
  campaign_id INTEGER, address TEXT, arrived INTEGER, applied INTEGER, removed INTEGER,
  PRIMARY KEY (campaign_id, address)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (number INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, body TEXT NOT NULL);
"""


class SimulatorBusyError(Exception):
    """Another process serves this file."""


class Storage:
    """One process at a time; the lock goes with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock: IO[bytes] = path.with_name(path.name + ".lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise SimulatorBusyError(f"Another simulator already serves {path.name}.") from error
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.executescript(_SCHEMA)

    def load(self) -> tuple[WoodpeckerAccount, Ledger, dict[str, Any]] | None:
        """What was kept, with the remaining documents; None for a new file."""
        documents = {name: json.loads(body) for name, body in self._connection.execute("SELECT * FROM documents")}
        if "campaigns" not in documents:
            return None
        people = self._connection.execute("SELECT body FROM prospects ORDER BY id")
        prospects = [Prospect.from_json(json.loads(body)) for (body,) in people]
        campaigns = [Campaign.from_json(each) for each in documents.pop("campaigns")]
        blacklist = documents.pop("blacklist")
        account = WoodpeckerAccount(
            prospects={prospect.id: prospect for prospect in prospects},
            campaigns={campaign.id: campaign for campaign in campaigns},
            blacklist={name: set(values) for name, values in blacklist.items()},
        )
        return account, self._load_ledger(documents.pop("counters")), documents

    def save(self, account: WoodpeckerAccount, ledger: Ledger, documents: dict[str, Any]) -> None:
        """Store what changed since the last call, in one transaction."""
        run = self._connection
        run.execute("BEGIN")
        for number in account.touched:
            prospect = account.prospects.get(number)
            if prospect is None:
                run.execute("DELETE FROM prospects WHERE id = ?", (number,))
            else:
                run.execute("REPLACE INTO prospects VALUES (?, ?)", (number, json.dumps(prospect.to_json())))
        run.executemany(
            "REPLACE INTO enrolled VALUES (?, ?, ?, ?, ?)",
            [(*key, ledger.arrived[key], ledger.applied[key], ledger.removed[key]) for key in ledger.changed],
        )
        run.executemany(
            "REPLACE INTO requests VALUES (?, ?)",
            [(request["number"], json.dumps(request)) for request in ledger.new_requests],
        )
        kept = {
            **documents,
            "campaigns": [campaign.to_json() for campaign in account.campaigns.values()],
            "blacklist": {name: sorted(values) for name, values in account.blacklist.items()},
            "counters": ledger.counters(),
        }
        run.executemany(
            "REPLACE INTO documents VALUES (?, ?)", [(name, json.dumps(body)) for name, body in kept.items()]
        )
        run.execute("COMMIT")
        account.touched.clear()
        ledger.changed.clear()
        ledger.new_requests.clear()

    def clear(self) -> None:
        for table in ("prospects", "enrolled", "requests", "documents"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - four names of our own

    def close(self) -> None:
        self._connection.close()
        self._lock.close()

    def _load_ledger(self, counters: dict[str, Any]) -> Ledger:
        ledger = Ledger(
            calls=Counter(counters["calls"]),
            faults=Counter(counters["faults"]),
            unknown_keys=set(counters["unknown_keys"]),
            peak_in_flight=counters["peak_in_flight"],
            peak_at_vendor=counters["peak_at_vendor"],
            refused_busy=counters["refused_busy"],
        )
        for campaign_id, address, arrived, applied, removed in self._connection.execute("SELECT * FROM enrolled"):
            for counter, times in ((ledger.arrived, arrived), (ledger.applied, applied), (ledger.removed, removed)):
                if times:
                    counter[campaign_id, address] = times
        requests = self._connection.execute("SELECT body FROM requests ORDER BY number")
        ledger.requests = [json.loads(body) for (body,) in requests]
        return ledger
