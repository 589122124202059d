"""Requests and answers of operations."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, RootModel, SecretStr

from woodpecker_api.features.operations.rules import WorkerState
from woodpecker_api.http.services import VendorMode, VendorState
from woodpecker_api.system.audit.models import AuditLine, AuditPayload
from woodpecker_api.system.jobs.port import JobRow
from woodpecker_api.system.settings.service import Vendor
from woodpecker_api.system.settings.values import AppSettings


class AuditAnswer(BaseModel):
    """One line of the record. `erased`: its before and after were removed; the line still stands."""

    id: str
    at: datetime
    actor: str
    actor_kind: str
    actor_id: str | None
    action: str
    subject_kind: str
    subject_id: str | None
    count: int
    request_id: str | None
    hash: str
    before: Any
    after: Any
    erased: bool

    @classmethod
    def of(cls, line: AuditLine, payload: AuditPayload | None, names: dict[str, str]) -> Self:
        content = payload.payload if payload is not None else {}
        return cls(
            id=str(line.id),
            at=line.at,
            actor=names.get(line.actor_id or "", "the program" if line.actor_kind == "system" else "somebody"),
            actor_kind=line.actor_kind,
            actor_id=line.actor_id,
            action=line.action,
            subject_kind=line.subject_kind,
            subject_id=line.subject_id,
            count=line.count,
            request_id=line.request_id,
            hash=line.hash,
            before=content.get("before"),
            after=content.get("after"),
            erased=payload is None,
        )


class VerdictAnswer(BaseModel):
    """`checked` lines stand; `first_bad_id` is the first that does not."""

    ok: bool
    checked: int
    first_bad_id: str | None


class VendorAnswer(BaseModel):
    """`source`: server (environment, wins) or settings. `last_four` of the key, for admins only."""

    mode: VendorMode
    source: str | None
    last_four: str | None

    @classmethod
    def of(cls, state: VendorState, *, for_admin: bool) -> Self:
        return cls(mode=state.mode, source=state.source, last_four=state.last_four if for_admin else None)


class SettingsAnswer(BaseModel):
    values: AppSettings
    vendors: dict[Vendor, VendorAnswer]


class SettingsChanges(RootModel[dict[str, Any]]):
    """Names and new values; names that are not there stay as they are."""


class KeyRequest(BaseModel):
    key: SecretStr = Field(max_length=600)


class QueueAnswer(BaseModel):
    queue: str
    waiting: int
    running: int
    oldest_waiting_seconds: float | None

    @classmethod
    def of(cls, row: JobRow) -> Self:
        return cls(
            queue=row.queue,
            waiting=row.waiting,
            running=row.running,
            oldest_waiting_seconds=row.oldest_waiting_seconds,
        )


class DatabaseAnswer(BaseModel):
    """`safe` is false for a SQLite so old that it can lose committed writes."""

    version: str
    bytes: int
    safe: bool


class WorkerAnswer(BaseModel):
    state: WorkerState
    queues: list[QueueAnswer]


class DiskAnswer(BaseModel):
    free_bytes: int
    total_bytes: int


class StatusAnswer(BaseModel):
    """Health of every part. `sending_reason` is a stable code: restored, database_behind, other_database, epoch_missing."""

    version: str
    environment: str
    at: datetime
    database: DatabaseAnswer
    worker: WorkerAnswer
    disk: DiskAnswer
    vendors: dict[Vendor, VendorAnswer]
    sending: Literal["ok", "held"]
    sending_reason: str | None
    audit_lines: int
    open_pages: int
