"""One table; its ids only grow."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, UtcDateTime


class Change(Base):
    __tablename__ = "changes"
    # AUTOINCREMENT: an id is never used again, also after the newest rows were purged.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    record_id: Mapped[str | None] = mapped_column(Id)
