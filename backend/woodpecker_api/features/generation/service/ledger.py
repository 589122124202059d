"""The ledger of calls: what is reserved, what was charged, what is uncertain."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.port import TokenUsage
from woodpecker_api.features.generation.models import (
    CallStatus,
    GenerationCall,
    GenerationItem,
    GenerationRun,
    RunStatus,
)
from woodpecker_api.features.generation.rules.budget import Purse
from woodpecker_api.features.generation.rules.failures import WAITS_ONLY
from woodpecker_api.features.generation.rules.prices import Tokens, cost_micros, price_of
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.money import usd_micros
from woodpecker_api.system.settings.service import read_setting


@dataclass(frozen=True)
class Sums:
    """Micro-dollars by what became of the calls; tokens of the settled ones, cached ones included."""

    settled: int = 0
    uncertain: int = 0
    reserved: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


def sums_of_run(db: Session, run_id: str) -> Sums:
    return _sums(db, GenerationCall.run_id == run_id)


def purses(db: Session, run: GenerationRun, now: datetime) -> tuple[Purse, ...]:
    """The limits that apply to a call of this run now. Locks the runs that share the month's purse."""
    month = month_purses(db, run, now)
    if run.budget_micros is None:
        return month
    sums = sums_of_run(db, run.id)
    return (*month, Purse("run", run.budget_micros, sums.settled + sums.uncertain, sums.reserved))


def month_purses(db: Session, run: GenerationRun, now: datetime) -> tuple[Purse, ...]:
    """The month's limit, if there is one. Locks the runs that share it."""
    limit = month_budget(db)
    if limit is None:
        return ()
    # On PostgreSQL two runs could otherwise both see the last dollar. SQLite has one writer anyway.
    active = sa.select(GenerationRun.id).where(GenerationRun.status.in_((RunStatus.QUEUED, RunStatus.RUNNING)))
    db.execute(active.order_by(GenerationRun.id).with_for_update()).all()
    return (month_purse(db, limit, now, sandbox=run.sandbox),)


def month_budget(db: Session) -> int | None:
    with db.no_autoflush:  # what a run has on hand is no setting: without a budget nobody needs it written yet
        limit: Decimal | None = read_setting(db, "month_budget_usd")
    return None if limit is None else usd_micros(limit)


def month_purse(db: Session, limit: int | None, now: datetime, *, sandbox: bool) -> Purse:
    """Spending of the calendar month, in UTC; sandbox and real money are counted apart."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sums = _sums(db, sa.and_(GenerationCall.sandbox == sandbox, GenerationCall.created_at >= start))
    return Purse("month", limit, sums.settled + sums.uncertain, sums.reserved)


def reserve(db: Session, run: GenerationRun, item: GenerationItem, worst_case: int, now: datetime) -> GenerationCall:
    call = GenerationCall(
        id=new_id(),
        run_id=run.id,
        item_id=item.id,
        status=CallStatus.RESERVED,
        model=run.model,
        reserved_micros=worst_case,
        charged_micros=0,
        sandbox=run.sandbox,
        created_at=now,
    )
    db.add(call)
    return call


def settle(
    call: GenerationCall, usage: TokenUsage, request_id: str | None, now: datetime, *, batch: bool = False
) -> None:
    """Charges what the vendor says it used."""
    tokens = Tokens(usage.input, usage.output, usage.cache_write, usage.cache_write_hour, usage.cache_read)
    price = price_of(call.model, call.created_at.date())
    call.status, call.settled_at, call.vendor_request_id = CallStatus.SETTLED, now, request_id
    call.charged_micros = cost_micros(price, tokens, batch=batch) if price else 0
    call.input_tokens, call.output_tokens = usage.input, usage.output
    call.cache_read_tokens, call.cache_write_tokens = usage.cache_read, usage.cache_write


def release(call: GenerationCall, error_code: str, request_id: str | None, now: datetime) -> None:
    """Certainly not charged."""
    call.status, call.charged_micros, call.settled_at = CallStatus.RELEASED, 0, now
    call.error_code, call.vendor_request_id = error_code, request_id


def keep_uncertain(call: GenerationCall, error_code: str, request_id: str | None, now: datetime) -> None:
    """Perhaps charged: it stays at its worst case, and is shown apart."""
    call.status, call.charged_micros, call.settled_at = CallStatus.UNCERTAIN, call.reserved_micros, now
    call.error_code, call.vendor_request_id = error_code, request_id


def open_calls(db: Session, item_id: str) -> list[GenerationCall]:
    wanted = sa.select(GenerationCall).where(
        GenerationCall.item_id == item_id, GenerationCall.status == CallStatus.RESERVED
    )
    return list(db.scalars(wanted))


def paid_answers(db: Session, item: GenerationItem) -> int:
    """Complete answers since the item was begun, or begun again by `retry_failed`."""
    return _calls_since(db, item, GenerationCall.status == CallStatus.SETTLED)


def waits(db: Session, item: GenerationItem) -> int:
    """How often the vendor asked this item for patience."""
    return _calls_since(db, item, GenerationCall.error_code.in_(WAITS_ONLY))


def _calls_since(db: Session, item: GenerationItem, condition: sa.ColumnElement[bool]) -> int:
    if item.started_at is None:
        return 0
    wanted = sa.select(sa.func.count()).where(
        GenerationCall.item_id == item.id, GenerationCall.created_at >= item.started_at, condition
    )
    return db.scalar(wanted) or 0


def _sums(db: Session, condition: sa.ColumnElement[bool]) -> Sums:
    calls = GenerationCall
    prompt = calls.input_tokens + calls.cache_read_tokens + calls.cache_write_tokens
    wanted = (
        sa.select(
            calls.status,
            sa.func.sum(calls.charged_micros).label("charged"),
            sa.func.sum(calls.reserved_micros).label("reserved"),
            sa.func.sum(prompt).label("input"),
            sa.func.sum(calls.output_tokens).label("output"),
        )
        .where(condition)
        .group_by(calls.status)
    )
    rows = {row.status: row for row in db.execute(wanted)}
    settled, uncertain = rows.get(CallStatus.SETTLED), rows.get(CallStatus.UNCERTAIN)
    reserved = rows.get(CallStatus.RESERVED)
    return Sums(
        settled=int(settled.charged) if settled else 0,
        uncertain=int(uncertain.charged) if uncertain else 0,
        reserved=int(reserved.reserved) if reserved else 0,
        input_tokens=int(settled.input) if settled else 0,
        output_tokens=int(settled.output) if settled else 0,
    )
