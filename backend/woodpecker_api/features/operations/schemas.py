"""Requests and answers of operations."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, RootModel, SecretStr

from woodpecker_api.features.operations.rules import WorkerState
from woodpecker_api.features.operations.rules.alerts import Severity
from woodpecker_api.http.services import VendorMode, VendorState
from woodpecker_api.system.audit.models import AuditLine, AuditPayload
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.shelf import Backup, Verdict
from woodpecker_api.system.backups.shelf import Status as BackupStatus
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


class BackupVerdict(BaseModel):
    """`problems` are what differs from the manifest."""

    ok: bool
    checked_at: datetime
    problems: list[str]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        return cls(ok=verdict.ok, checked_at=verdict.checked_at, problems=list(verdict.problems))


class BackupAnswer(BaseModel):
    """`status`: making, unverified, verified, damaged or failed. `counts`: rows of each table; empty while it is made."""

    id: str
    kind: Kind
    status: BackupStatus
    taken_at: datetime
    bytes: int | None
    app_version: str | None
    revision: str | None
    audit_line: int | None
    counts: dict[str, int]
    verified: BackupVerdict | None

    @classmethod
    def of(cls, backup: Backup) -> Self:
        manifest = backup.manifest
        return cls(
            id=backup.id,
            kind=backup.kind,
            status=backup.status,
            taken_at=backup.taken_at,
            bytes=manifest.bytes if manifest else None,
            app_version=manifest.app_version if manifest else None,
            revision=manifest.content.revision if manifest else None,
            audit_line=manifest.content.audit_line if manifest else None,
            counts=manifest.content.counts if manifest else {},
            verified=BackupVerdict.of(backup.verdict) if backup.verdict else None,
        )


class BackupsAnswer(BaseModel):
    items: list[BackupAnswer]


class BackupStarted(BaseModel):
    id: str
    status: BackupStatus = BackupStatus.MAKING


class LastBackupAnswer(BaseModel):
    """The newest one that was checked and found sound."""

    id: str
    taken_at: datetime
    age_seconds: float
    bytes: int


class AlertAnswer(BaseModel):
    """`since`: when it was first seen; `told`: whether somebody was reached outside the program."""

    code: str
    severity: Severity
    message: str
    since: datetime
    told: bool


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
    last_backup: LastBackupAnswer | None
    alerts: list[AlertAnswer]
    channels: bool
    """Whether trouble is also told outside the program (APP_NOTIFY_URLS)."""
