"""Leads, do-not-contact entries, erased people, saved views."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, Json, UtcDateTime, created_column, id_column, state_check
from woodpecker_api.db.trigrams import index_trigrams
from woodpecker_api.features.leads.rules import LeadStatus, SuppressionKind

_LIVE = sa.text("deleted_at IS NULL")


class Lead(Base):
    """`pending_import_id` is set while the import that brings the lead is unfinished: such a row is invisible."""

    __tablename__ = "leads"
    __table_args__ = (
        state_check("status", LeadStatus),
        sa.Index("uq_leads_number", "number", unique=True),
        sa.Index("uq_leads_live_address", "address_key", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        sa.Index("ix_leads_status", "status", "id"),
        sa.Index("ix_leads_owner", "owner_id", "id"),
        sa.Index("ix_leads_import", "import_id", "id"),
        sa.Index("ix_leads_company", "company_sort", "id"),
        sa.Index("ix_leads_name", "name_sort", "id"),
        sa.Index("ix_leads_updated", "updated_at", "id"),
        sa.Index("ix_leads_domain", "domain"),
        sa.Index(
            "ix_leads_pending",
            "pending_import_id",
            sqlite_where=sa.text("pending_import_id IS NOT NULL"),
            postgresql_where=sa.text("pending_import_id IS NOT NULL"),
        ),
    )

    id: Mapped[str] = id_column()
    number: Mapped[int | None] = mapped_column(sa.BigInteger)
    """What the index of letters calls the lead, on SQLite only; given by the database."""
    email: Mapped[str] = mapped_column(sa.String(320))
    address_key: Mapped[str] = mapped_column(sa.String(320))
    domain: Mapped[str] = mapped_column(sa.String(255))
    first_name: Mapped[str] = mapped_column(sa.String(200), default="")
    last_name: Mapped[str] = mapped_column(sa.String(200), default="")
    company: Mapped[str] = mapped_column(sa.String(300), default="")
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    phone: Mapped[str] = mapped_column(sa.String(100), default="")
    website: Mapped[str] = mapped_column(sa.String(500), default="")
    linkedin_url: Mapped[str] = mapped_column(sa.String(1000), default="")
    industry: Mapped[str] = mapped_column(sa.String(200), default="")
    address: Mapped[str] = mapped_column(sa.String(500), default="")
    city: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[str] = mapped_column(sa.String(200), default="")
    country: Mapped[str] = mapped_column(sa.String(200), default="")
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="")
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    custom: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    """Folded address, name, company and title, for the list's search (`rules.search_text`)."""
    company_sort: Mapped[str] = mapped_column(sa.String(300), default="")
    name_sort: Mapped[str] = mapped_column(sa.String(400), default="")
    owner_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    import_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("imports.id"))
    pending_import_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("imports.id"))
    sandbox: Mapped[bool] = mapped_column(default=False)
    """Sample data: never colours real answers, removable in one step."""
    status: Mapped[str] = mapped_column(sa.String(16), default=LeadStatus.IMPORTED)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = created_column()
    updated_at: Mapped[datetime] = created_column()
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


index_trigrams(Lead.__table__, "search_text", key="number")

VISIBLE: tuple[sa.ColumnElement[bool], ...] = (Lead.deleted_at.is_(None), Lead.pending_import_id.is_(None))
"""Not deleted, and not of an import that is still on its way: every statement that shows or uses leads asks for it."""
RESTORABLE: tuple[sa.ColumnElement[bool], ...] = (
    Lead.deleted_at.is_not(None),
    Lead.pending_import_id.is_(None),
    Lead.email != "",
)
"""Deleted, and can come back. Without an address the person was erased, and there is nothing to bring back."""


class DoNotContact(Base):
    """An address or a whole domain that must not be written to; `value_key` compares, `value` is shown."""

    __tablename__ = "do_not_contact"
    __table_args__ = (state_check("kind", SuppressionKind), sa.UniqueConstraint("kind", "value_key"))

    id: Mapped[str] = id_column()
    kind: Mapped[str] = mapped_column(sa.String(16))
    value: Mapped[str] = mapped_column(sa.String(320))
    value_key: Mapped[str] = mapped_column(sa.String(320))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    list_name: Mapped[str | None] = mapped_column(sa.String(100))
    """A list that is replaced as a whole, such as "customers"; None for single entries."""
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime] = created_column()


class ErasedPerson(Base):
    """Somebody who was erased. Who it was is nowhere written: the key is an HMAC of the address under a key of its own."""

    __tablename__ = "erased_people"

    person_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedView(Base):
    __tablename__ = "saved_views"
    __table_args__ = (sa.UniqueConstraint("user_id", "page", "name"),)

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    page: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(100))
    query: Mapped[dict[str, Any]] = mapped_column(Json)
    shared: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = created_column()
