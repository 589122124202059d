"""A rep at the import page, with a worker that works when told to."""

import threading
import time
from typing import Any

from fastapi.testclient import TestClient

from tests import builders as make
from tests.room import Room
from woodpecker_api.features.imports.jobs import ImportWork
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs import Again, JobContext


def a_turn(*, stopping: bool = False) -> JobContext:
    event = threading.Event()
    if stopping:
        event.set()
    return JobContext("key", 0, event, lambda: True, time.monotonic())


class Desk:
    def __init__(self, room: Room) -> None:
        self.room = room
        self.database = room.database
        with room.database.writing() as db:
            self.user = make.a_user(db, role=Role.REP, name="Olga")
        self.client: TestClient = room.client(user=self.user)
        self.uploads = Uploads(room.settings.data_dir)
        self.work = ImportWork(room.database, self.uploads, lambda: room.now)

    def upload(self, data: bytes, name: str = "leads.csv", **headers: str) -> dict[str, Any]:
        answer = self.client.post("/api/imports", files={"file": (name, data)}, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def patch(self, import_id: str, **change: Any) -> dict[str, Any]:
        answer = self.client.patch(f"/api/imports/{import_id}", json=change)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def get(self, import_id: str) -> dict[str, Any]:
        return self.client.get(f"/api/imports/{import_id}").json()  # type: ignore[no-any-return]

    def start(self, import_id: str, **body: Any) -> None:
        answer = self.client.post(f"/api/imports/{import_id}/commit", json=body)
        assert answer.status_code == 202, answer.text
        assert answer.json()["status"] == "committing"

    def finish(self, import_id: str) -> dict[str, Any]:
        """The worker works until the commit is done."""
        while isinstance(self.work.commit(a_turn(), import_id), Again):
            pass
        return self.get(import_id)

    def bring_in(self, data: bytes, **body: Any) -> dict[str, Any]:
        """Uploads and commits."""
        import_id = self.upload(data)["id"]
        self.start(import_id, **body)
        return self.finish(import_id)

    def leads(self, **wanted: Any) -> list[dict[str, Any]]:
        """All that match, oldest first."""
        found, cursor = [], None
        while True:
            query = {"sort": "created", "limit": 500, **wanted} | ({"cursor": cursor} if cursor else {})
            answer = self.client.get("/api/leads", params=query).json()
            found += answer["items"]
            cursor = answer["next_cursor"]
            if cursor is None:
                return found
