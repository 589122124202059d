"""Exports that run while releases change: a vendor beside the droplet, approved leads by the hundred, and what its ledger says."""

import time
from collections import Counter
from typing import Any

from tests.builders import a_lead, a_sequence, a_template, a_user
from tests.deploy.lab.machine import HOST, STATE, VENDOR_PORT
from tests.deploy.lab.site import Site, see
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.sandbox.woodpecker import woodpecker_server
from woodpecker_api.system.audit.service import write_pending
from woodpecker_api.system.auth.permissions import Role

# 40 batches of 50 at a vendor that takes its time: some minutes. A deploy begins with so many left that slots and worker change in
# the middle of it.
LEADS, VENDOR_MS = 2000, 3000
ENOUGH = 1300
LONGEST_SECONDS = 600
ENDED = ("completed", "failed", "cancelled")


class Exporting:
    """One campaign; each `start` puts new people into it. `close` when done."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._number = time.time_ns()
        self._exports: list[str] = []
        self._vendor = woodpecker_server(HOST, VENDOR_PORT, STATE / "vendor.sqlite3", with_sample=False).start()
        self._vendor.control.faults()
        self._vendor_campaign = self._vendor.control.put_campaign(name="Deploys", status="RUNNING")
        self._campaign = site.lab.wait_for(self._known_campaign, 180, "the program's copy of the campaign")
        # Else an export to an account that nobody tried begins with five people and waits.
        site.ask("PUT", "/api/paragraphs", {"encoding": "plain"})
        self._vendor.control.faults(latency_ms=VENDOR_MS)
        site.ask("PATCH", "/api/settings", {"countdown_seconds": 0})

    def close(self) -> None:
        self._vendor.stop()

    def _known_campaign(self) -> str | None:
        """Asks for a read until the campaign is in it."""
        self._site.ask("POST", "/api/campaigns/refresh", {"kind": "campaigns"})
        time.sleep(3)
        for campaign in self._site.ask("GET", "/api/campaigns")["items"]:
            if campaign["woodpecker_id"] == self._vendor_campaign:
                return str(campaign["id"])
        return None

    def start(self) -> None:
        """Another one when the present one would end too soon; two into one campaign take turns."""
        if self._left() >= ENOUGH:
            return
        body = {"campaign_id": self._campaign, "selection": {"ids": self._approved()}, "confirm_sending": True}
        plan = self._site.ask("POST", "/api/exports", {**body, "dry_run": True})
        see(plan["counts"]["new"] == LEADS, "all of them may be added", plan["counts"])
        export = self._site.ask("POST", "/api/exports", {**body, "plan_id": plan["plan_id"]})
        self._exports.append(export["id"])
        self._site.lab.wait_for(self._has_begun, 180, "people who were added")

    def _left(self) -> int:
        """People of exports that have not ended."""
        found = [self._export(export) for export in self._exports]
        return sum(LEADS - each["counts"].get("added", 0) for each in found if each["status"] not in ENDED)

    def _has_begun(self) -> bool | None:
        return any(self._export(export)["counts"].get("added", 0) for export in self._exports) or None

    def _approved(self) -> list[str]:
        """Ids of leads whose texts somebody approved: written into the database, as the texts are not what is looked at here."""
        engine = make_engine(f"sqlite:///{self._site.database}")
        ids = []
        try:
            for _ in range(LEADS // 100):  # a hundred at a time: people write meanwhile
                with Database(engine, before_commit=(write_pending,)).writing() as db:
                    template = a_template(db)
                    approver = a_user(db, email=f"approver{time.time_ns()}@team.test", role=Role.MANAGER)
                    for _ in range(100):
                        self._number += 1
                        lead = a_lead(db, email=f"p{self._number}@exported{self._number}.example")
                        a_sequence(db, lead=lead, template=template, by=approver, status=SequenceStatus.APPROVED)
                        ids.append(lead.id)
        finally:
            engine.dispose()
        return ids

    def progress(self) -> str:
        """Right after a deploy, through which it must have run."""
        left, states = self._left(), [self._export(export)["status"] for export in self._exports]
        see(left and "running" in states, "an export ran through the deploy", states)
        return f" and an export ({left} of its people still to come)"

    def proof(self) -> dict[str, Any]:
        """Nobody twice: by the vendor's ledger, and by the attempts on record."""
        self._vendor.control.faults()  # quicker from here on
        for export in self._exports:
            ended = self._ended(export)
            see(ended["counts"].get("added", 0) == LEADS, "everybody of an export was added", ended)
        ledger, inside = self._vendor.control.ledger(), self._vendor.control.enrolled(self._vendor_campaign)
        see(ledger["applied_too_often"] == [], "no address added twice", ledger["applied_too_often"])
        wrong = {address: seen for address, seen in inside.items() if seen["applied"] != 1}
        see(len(inside) == LEADS * len(self._exports) and not wrong, "each exactly once", (len(inside), wrong))
        added: Counter[str] = Counter()
        for export in self._exports:
            added.update(self._added_on_record(export))
        see(set(added.values()) == {1} and len(added) == len(inside), "history knows each once", added.most_common(3))
        arrived_again = sum(seen["arrived"] > 1 for seen in inside.values())
        self._site.lab.say(
            f"{len(self._exports)} exports meanwhile: {len(inside)} addresses added, 0 twice by the vendor's ledger and by the"
            f" attempts on record, {arrived_again} sent again, at most {ledger['peak_in_flight']} request at a time"
        )
        return {"added": len(inside), "twice": 0, "sent_again": arrived_again}

    def _added_on_record(self, export_id: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            page = self._site.ask("GET", f"/api/history?export_id={export_id}&limit=100{cursor}")
            found += [each["email"] for each in page["items"] if each["status"] == "added"]
            if not page["next_cursor"]:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def _ended(self, export_id: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            export = self._export(export_id)
            return export if export["status"] in ENDED else None

        return self._site.lab.wait_for(look, LONGEST_SECONDS, "the end of an export")

    def _export(self, export_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self._site.ask("GET", f"/api/exports/{export_id}")
        return found
