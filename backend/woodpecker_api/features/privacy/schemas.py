"""Requests and answers of privacy. No answer about an erasure says who it was."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from woodpecker_api.features.privacy.models import Erasure, RetentionReport
from woodpecker_api.features.privacy.rules import ErasureStatus


class PersonRequest(BaseModel):
    email: str = Field(min_length=3, max_length=320)


class ErasureAnswer(BaseModel):
    """waiting: rows are being emptied. erased: nothing is left here. done: Woodpecker confirmed as well.

    `counts`: rows emptied, by table. `woodpecker_open`: it has not confirmed that it deleted and blacklisted the person.
    """

    id: str
    status: ErasureStatus
    counts: dict[str, int]
    woodpecker_open: bool
    requested_by: str | None
    created_at: datetime
    erased_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, erasure: Erasure, *, woodpecker_open: bool) -> Self:
        names = ("id", "counts", "requested_by", "created_at", "erased_at", "finished_at")
        values = {name: getattr(erasure, name) for name in names}
        return cls(**values, status=ErasureStatus(erasure.status), woodpecker_open=woodpecker_open)


class LiftAnswer(BaseModel):
    """`lifted` is false when the person was never erased."""

    lifted: bool


class HeldAnswer(BaseModel):
    """Everything held on a person, by table; for that person."""

    email: str
    at: datetime
    erased_at: datetime | None
    held: dict[str, list[dict[str, Any]]]


class SamplesAnswer(BaseModel):
    """Invented people: how many are left, and how many this call put away."""

    left: int
    removed: int = 0


class RetentionReportAnswer(BaseModel):
    """What one run removed: texts (sequences), plan_items, history_people (attempts)."""

    id: str
    counts: dict[str, int]
    keep_content_days: int | None
    keep_people_days: int | None
    started_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, report: RetentionReport) -> Self:
        return cls(**{name: getattr(report, name) for name in cls.model_fields})


class RetentionAnswer(BaseModel):
    """How long things are kept, whether somebody confirmed that, and what the latest runs removed. None: never removed."""

    keep_content_days: int | None
    keep_people_days: int | None
    confirmed: bool
    reports: list[RetentionReportAnswer]
