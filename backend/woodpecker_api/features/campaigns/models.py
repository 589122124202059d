"""The vendor's account, its campaigns, its people and who is in which campaign; and reads that wait for the worker."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, Json, UtcDateTime, created_column, id_column, state_check


class ParagraphEncoding(StrEnum):
    """How line breaks of a text travel inside a snippet; unproven until somebody tested it on the account."""

    UNTESTED = "untested"
    PLAIN = "plain"
    BREAK_TAG = "break_tag"


class ReadKind(StrEnum):
    CAMPAIGNS = "campaigns"
    MEMBERS = "members"
    PEOPLE = "people"
    """Everybody in the account; with `since` only who changed after that moment."""
    STEPS = "steps"
    """What one campaign's steps say."""
    CHECK = "check"
    PROBE = "probe"
    """Each read-only call we use, one a page: does the vendor still answer as we read it? With a campaign: the open questions."""
    QUESTIONS = "questions"
    """What nobody knows of the vendor, asked on a DRAFT campaign for one's own address."""
    BLACKLIST = "blacklist"
    """Addresses and domains that Woodpecker keeps out, and people who opted out there: into our do-not-contact list."""


class ReadStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class WoodpeckerAccount(Base):
    """One today; the schema is ready for more. `sandbox` accounts are our simulator."""

    __tablename__ = "woodpecker_accounts"
    __table_args__ = (state_check("paragraph_encoding", ParagraphEncoding),)

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(sa.String(200))
    base_url: Mapped[str] = mapped_column(sa.String(500))
    sandbox: Mapped[bool]
    paragraph_encoding: Mapped[str] = mapped_column(sa.String(16), default=ParagraphEncoding.UNTESTED)
    worker_generation: Mapped[int] = mapped_column(default=0)
    """Number of the job that speaks for this account; a finished job's key is never used again."""
    campaigns_as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    people_as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Woodpecker as of then: the last read of everybody, or of who changed, that came to its end."""
    people_full_as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When everybody was last read to the end: only that finds who was deleted there."""
    blacklist_as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Woodpecker's blacklist and opt-outs were last read back to the end."""
    created_at: Mapped[datetime] = created_column()


class Campaign(Base):
    __tablename__ = "campaigns"
    __table_args__ = (sa.UniqueConstraint("woodpecker_account_id", "vendor_id"),)

    id: Mapped[str] = id_column()
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    vendor_id: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(500))
    status: Mapped[str] = mapped_column(sa.String(32))
    """The vendor's word, kept as it came: unknown words are possible and are refused for exports."""
    from_emails: Mapped[list[str]] = mapped_column(Json, default=list)
    from_names: Mapped[list[str] | None] = mapped_column(Json)
    per_day: Mapped[int | None]
    time_zone: Mapped[str | None] = mapped_column(sa.String(64))
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    members_as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the memberships of this campaign were last read to the end."""
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Steps and settings as last read; None when unreadable or not asked yet."""
    steps_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the steps were last asked for: tells "cannot be read" from "not asked yet"."""


class AccountPerson(Base):
    """A prospect of the account: what Woodpecker last said of this address."""

    __tablename__ = "account_people"
    __table_args__ = (
        sa.UniqueConstraint("woodpecker_account_id", "address_key"),
        sa.Index("ix_account_people_domain", "woodpecker_account_id", "domain"),
    )

    id: Mapped[str] = id_column()
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    vendor_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    email: Mapped[str] = mapped_column(sa.String(320))
    address_key: Mapped[str] = mapped_column(sa.String(320))
    domain: Mapped[str] = mapped_column(sa.String(255))
    status: Mapped[str] = mapped_column(sa.String(32))
    interest: Mapped[str | None] = mapped_column(sa.String(32))
    last_contacted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    vendor_updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_id: Mapped[str | None] = mapped_column(Id)

    @classmethod
    def is_at(cls, domain: str) -> sa.ColumnElement[bool]:
        """At the domain or at one below it: whom an entry of the do-not-contact list concerns."""
        return sa.or_(cls.domain == domain, cls.domain.endswith("." + domain, autoescape=True))


class Membership(Base):
    """A person in a campaign, as Woodpecker last said."""

    __tablename__ = "memberships"
    __table_args__ = (sa.Index("ix_memberships_campaign", "woodpecker_account_id", "campaign_vendor_id"),)

    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"), primary_key=True)
    address_key: Mapped[str] = mapped_column(sa.String(320), primary_key=True)
    campaign_vendor_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    vendor_prospect_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    status: Mapped[str | None] = mapped_column(sa.String(32))
    interest: Mapped[str | None] = mapped_column(sa.String(32))
    sender: Mapped[str | None] = mapped_column(sa.String(320))
    """The mailbox that writes to this person there."""
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_id: Mapped[str | None] = mapped_column(Id)
    """The read that last saw it: a complete read removes what it did not see and what is older than it."""


class AccountRead(Base):
    """A read somebody asked for; the account's loop does one page of one of them at a time."""

    __tablename__ = "account_reads"
    __table_args__ = (
        state_check("kind", ReadKind),
        state_check("status", ReadStatus),
        sa.Index("ix_account_reads_waiting", "woodpecker_account_id", "status", "created_at"),
    )

    id: Mapped[str] = id_column()
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    campaign_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("campaigns.id"))
    status: Mapped[str] = mapped_column(sa.String(16), default=ReadStatus.WAITING)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Of people: only who changed after this moment."""
    next_page: Mapped[int] = mapped_column(default=1)
    rounds: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of people 0: pages from the first to the last, 1: from the last to the first, so that nobody slips past.
    Of the blacklist: addresses, domains, people who opted out.
    """
    highest_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The vendor's highest number on the first page: every later page is above it, or pages are not turned."""
    total: Mapped[int | None]
    """How many there are, as the vendor said with the last page."""
    verifying: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """All pages were read; who was not on them is asked for by number before being taken away."""
    subject: Mapped[str | None] = mapped_column(sa.String(320))
    """Of questions: the address of one's own that is tried."""
    found: Mapped[list[dict[str, str]] | None] = mapped_column(Json)
    """Of a check: the users of the account that the key sees, as name, email and role."""
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    error: Mapped[str | None] = mapped_column(sa.Text)
    requested_by: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime] = created_column()
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VendorAnswer(Base):
    """What an answer looked like when it could not be read, and what a probe or a question found. Never personal data:
    a sketch has the shape of the answer, its keys and status words, and no value that could name anybody.
    """

    __tablename__ = "vendor_answers"
    __table_args__ = (sa.Index("ix_vendor_answers_newest", "woodpecker_account_id", "at"),)

    id: Mapped[str] = id_column()
    woodpecker_account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("woodpecker_accounts.id"))
    call: Mapped[str] = mapped_column(sa.String(64))
    outcome: Mapped[str] = mapped_column(sa.String(32))
    """`ok`, or the kind of the failure."""
    status: Mapped[int | None]
    sketch: Mapped[str] = mapped_column(sa.Text, default="")
    read_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
