"""One row per setting, and the installation's own facts (its environment, its instance id)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Json, UtcDateTime


class StoredSetting(Base):
    """`value` is JSON; for a secret it is {"encrypted": "…"}."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    value: Mapped[dict[str, Any] | list[Any] | str | int | float | bool | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InstallationFact(Base):
    """What this database remembers of itself: `environment`, `sending` (ok or held, with the reason), `instance_id`."""

    __tablename__ = "installation_facts"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text)
