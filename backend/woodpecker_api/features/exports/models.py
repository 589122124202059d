"""Plans, exports, their items (which hold the claims), batches (the written intents), attempts (the record) and their people."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, Json, UtcDateTime, created_column, id_column, state_check
from woodpecker_api.db.trigrams import index_trigrams
from woodpecker_api.features.exports.rules import (
    CLAIMING,
    OPEN,
    AttemptStatus,
    BatchStatus,
    ExportStatus,
    ItemStatus,
    RemovalCause,
    RemovalStatus,
)


def _where(statuses: frozenset[ItemStatus]) -> sa.TextClause:
    return sa.text(f"status IN ({', '.join(repr(status.value) for status in sorted(statuses))})")


class ExportPlan(Base):
    """What a dry run showed; an export started from it does exactly that."""

    __tablename__ = "export_plans"

    id: Mapped[str] = id_column()
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    campaign_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("campaigns.id"))
    campaign_status: Mapped[str] = mapped_column(sa.String(32))
    membership_as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    checks: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What the plan showed besides people: fit of the campaign, senders, when mail would go."""
    send_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The earliest moment at which Woodpecker may mail these people."""
    created_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = created_column()


class ExportPlanItem(Base):
    """One lead of a plan: `decision` is "new" or the reason it is kept out; `fields` are exactly what would be sent."""

    __tablename__ = "export_plan_items"

    plan_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("export_plans.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lead_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("leads.id"))
    email: Mapped[str] = mapped_column(sa.String(320))
    address_key: Mapped[str] = mapped_column(sa.String(320))
    decision: Mapped[str] = mapped_column(sa.String(32))
    detail: Mapped[str | None] = mapped_column(sa.Text)
    sequence_id: Mapped[str | None] = mapped_column(Id)
    sequence_version: Mapped[int | None]
    fields: Mapped[dict[str, str]] = mapped_column(Json)
    in_other_campaign_allowed: Mapped[bool] = mapped_column(default=False)
    """A manager decided that membership elsewhere does not matter for this person."""
    collisions: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    """code, weight, sentence, overridden: everything in which this person meets what Woodpecker or the list says."""


class CampaignChecklist(Base):
    """What a person compared in Woodpecker, because nobody could read the campaign's steps for them."""

    __tablename__ = "campaign_checklists"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "template_version_id"),)

    id: Mapped[str] = id_column()
    campaign_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("campaigns.id"))
    template_version_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("template_versions.id"))
    ticked: Mapped[list[str]] = mapped_column(Json)
    ticked_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    ticked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Export(Base):
    __tablename__ = "exports"
    __table_args__ = (
        state_check("status", ExportStatus),
        sa.Index("ix_exports_account", "woodpecker_account_id", "status"),
    )

    id: Mapped[str] = id_column()
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    campaign_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("campaigns.id"))
    campaign_vendor_id: Mapped[int] = mapped_column(sa.BigInteger)
    campaign_name: Mapped[str] = mapped_column(sa.String(500))
    plan_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("export_plans.id"))
    status: Mapped[str] = mapped_column(sa.String(16), default=ExportStatus.QUEUED)
    reason: Mapped[str | None] = mapped_column(sa.String(64))
    """Stable code of why it is paused or failed, or does not get on while running; the sentence is in the interface."""
    confirmed_campaign_status: Mapped[str] = mapped_column(sa.String(32))
    confirm_sending: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The countdown with Undo, for exports that make mail go out."""
    send_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch_limit: Mapped[int | None]
    """Smaller batches after a refused one, until the person who causes it is alone."""
    members_read_id: Mapped[str | None] = mapped_column(Id)
    """The read of the campaign's members that comes before the first batch."""
    last_unit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When something last came of it: what has rested too long is shown under Needs help."""
    total: Mapped[int] = mapped_column(default=0)
    sandbox: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = created_column()
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExportItem(Base):
    """One lead of an export. The two partial unique indexes are the claims: the database itself refuses a second one."""

    __tablename__ = "export_items"
    __table_args__ = (
        state_check("status", ItemStatus),
        sa.Index(
            "uq_export_items_claim",
            "woodpecker_account_id",
            "address_key",
            "campaign_vendor_id",
            unique=True,
            sqlite_where=_where(CLAIMING),
            postgresql_where=_where(CLAIMING),
        ),
        sa.Index(
            "uq_export_items_open_person",
            "woodpecker_account_id",
            "address_key",
            unique=True,
            sqlite_where=_where(OPEN),
            postgresql_where=_where(OPEN),
        ),
        sa.Index("ix_export_items_work", "export_id", "status", "position"),
        sa.Index("ix_export_items_lead", "lead_id"),
        sa.Index("ix_export_items_batch", "batch_id"),
        # The partial ones above serve the claims alone: with bound values a planner cannot know that they apply.
        sa.Index("ix_export_items_address", "address_key", "woodpecker_account_id"),
        sa.Index("ix_export_items_sequence", "sequence_id"),
    )

    id: Mapped[str] = id_column()
    export_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("exports.id"))
    position: Mapped[int]
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    campaign_vendor_id: Mapped[int] = mapped_column(sa.BigInteger)
    lead_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("leads.id"))
    sequence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("sequences.id"))
    sequence_version: Mapped[int]
    email: Mapped[str] = mapped_column(sa.String(320))
    address_key: Mapped[str] = mapped_column(sa.String(320))
    fields: Mapped[dict[str, str]] = mapped_column(Json)
    """Exactly what is sent for this person."""
    fields_hash: Mapped[str] = mapped_column(sa.String(64))
    texts_removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When retention took the texts out of `fields`; the fingerprint stays."""
    status: Mapped[str] = mapped_column(sa.String(24), default=ItemStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    """Intents written for it; each has a row in `attempts`."""
    tries: Mapped[int] = mapped_column(default=0)
    """Those that went out: what was turned away unread does not count."""
    batch_id: Mapped[str | None] = mapped_column(Id)
    """The intent that this item is part of while sending or unknown."""
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    error: Mapped[str | None] = mapped_column(sa.Text)
    content_differs: Mapped[bool] = mapped_column(default=False)
    in_other_campaign_allowed_by: Mapped[str | None] = mapped_column(Id)
    updated_at: Mapped[datetime] = created_column()


class ExportBatch(Base):
    """A written intent: committed before the request goes out, so that a crash can never hide that it may have."""

    __tablename__ = "export_batches"
    __table_args__ = (
        state_check("status", BatchStatus),
        sa.Index("ix_export_batches_open", "woodpecker_account_id", "status"),
    )

    id: Mapped[str] = id_column()
    export_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("exports.id"))
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    campaign_vendor_id: Mapped[int] = mapped_column(sa.BigInteger)
    status: Mapped[str] = mapped_column(sa.String(16), default=BatchStatus.INTENDED)
    size: Mapped[int]
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    intended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Base):
    """One try for one person, written before sending: the row of history. Names are copied so that it stays readable."""

    __tablename__ = "attempts"
    __table_args__ = (
        state_check("status", AttemptStatus),
        sa.UniqueConstraint("batch_id", "item_id"),
        # Covers the counts by day and campaign: they read the index alone.
        sa.Index("ix_attempts_started", "started_at", "id", "status", "campaign_id", "user_id", "sandbox"),
        sa.Index("ix_attempts_status", "status", "started_at", "id"),
        sa.Index("ix_attempts_campaign", "campaign_id", "started_at", "id"),
        sa.Index("ix_attempts_user", "user_id", "started_at", "id"),
        sa.Index("ix_attempts_address", "address_key", "started_at", "id"),
        sa.Index("ix_attempts_domain", "domain", "started_at", "id"),
        sa.Index("ix_attempts_lead", "lead_id", "started_at", "id"),
        sa.Index("ix_attempts_export", "export_id", "started_at", "id"),
    )

    id: Mapped[str] = id_column()
    item_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("export_items.id"))
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("export_batches.id"))
    export_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("exports.id"))
    lead_id: Mapped[str] = mapped_column(Id)
    woodpecker_account_id: Mapped[str] = mapped_column(Id)
    campaign_id: Mapped[str] = mapped_column(Id)
    campaign_name: Mapped[str] = mapped_column(sa.String(500))
    email: Mapped[str] = mapped_column(sa.String(320))
    address_key: Mapped[str] = mapped_column(sa.String(320))
    domain: Mapped[str] = mapped_column(sa.String(255))
    person_name: Mapped[str] = mapped_column(sa.String(400), default="")
    company: Mapped[str] = mapped_column(sa.String(300), default="")
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[str] = mapped_column(sa.String(24))
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    error: Mapped[str | None] = mapped_column(sa.Text)
    attempt: Mapped[int]
    user_id: Mapped[str | None] = mapped_column(Id)
    user_name: Mapped[str] = mapped_column(sa.String(200), default="")
    sequence_id: Mapped[str] = mapped_column(Id)
    sequence_version: Mapped[int]
    template_name: Mapped[str | None] = mapped_column(sa.String(200))
    template_version: Mapped[int | None]
    approved_by: Mapped[str | None] = mapped_column(Id)
    approved_by_name: Mapped[str | None] = mapped_column(sa.String(200))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approval: Mapped[str | None] = mapped_column(sa.String(8))
    fields_hash: Mapped[str] = mapped_column(sa.String(64))
    first_mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held: Mapped[str | None] = mapped_column(sa.String(32))
    sandbox: Mapped[bool]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Removal(Base):
    """A person who is to leave a campaign (or all of them), and to be blacklisted where that is meant for ever.

    A whole domain stands as @acme.com: it is only blacklisted, its people have removals of their own.
    """

    __tablename__ = "removals"
    __table_args__ = (
        state_check("cause", RemovalCause),
        state_check("status", RemovalStatus),
        sa.Index("ix_removals_work", "woodpecker_account_id", "status", "id"),
        sa.Index("ix_removals_address", "woodpecker_account_id", "address_key"),
    )

    id: Mapped[str] = id_column()
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    email: Mapped[str] = mapped_column(sa.String(320))
    address_key: Mapped[str] = mapped_column(sa.String(320))
    cause: Mapped[str] = mapped_column(sa.String(16))
    campaign_vendor_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """None: every campaign."""
    item_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("export_items.id"))
    blacklist: Mapped[bool] = mapped_column(default=False)
    blacklisted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erasure_id: Mapped[str | None] = mapped_column(Id, index=True)
    """The person is to be erased: deleted from the account, not only taken out of campaigns."""
    status: Mapped[str] = mapped_column(sa.String(16), default=RemovalStatus.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    error: Mapped[str | None] = mapped_column(sa.Text)
    requested_by: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime] = created_column()
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptPerson(Base):
    """Each address and each `search_text` that its attempts have, once: what a search looks through instead of attempts.

    Nothing refers to it. To erase a person, delete the rows of the address: the index of its letters goes with them.
    """

    __tablename__ = "attempt_people"
    __table_args__ = (sa.UniqueConstraint("address_key", "text_digest"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    address_key: Mapped[str] = mapped_column(sa.String(320))
    text_digest: Mapped[str] = mapped_column(sa.String(64))
    """A text may be too long for an index."""
    search_text: Mapped[str] = mapped_column(sa.Text)


index_trigrams(AttemptPerson.__table__, "search_text")
