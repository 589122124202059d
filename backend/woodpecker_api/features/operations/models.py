"""What each person wants to be told outside the program."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, UtcDateTime


class NoticeChoice(Base):
    """One row a person who chose; without one nothing is told outside. `channel` is an Apprise address, encrypted: it holds secrets."""

    __tablename__ = "notice_choices"

    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), primary_key=True)
    finished: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Work that they started came to its end."""
    needs_me: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Work that they started stands still until a person acts."""
    channel: Mapped[str | None] = mapped_column(sa.Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
