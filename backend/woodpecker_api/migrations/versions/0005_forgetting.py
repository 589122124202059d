"""Erasures, erased people as keyed hashes, reports of retention; when texts were removed.

Kind: additive
"""

import sqlalchemy as sa
from alembic import op

from woodpecker_api.db.base import UtcDateTime

revision = "0005_forgetting"
down_revision = "0004_account_mirror"
branch_labels = None
depends_on = None


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    op.create_table(
        "erased_people",
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_hash", name=op.f("pk_erased_people")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("lead_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("files", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("requested_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'erased', 'done')", name=op.f("ck_erasures_status")),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name=op.f("fk_erasures_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_person", "erasures", ["person_hash"])
    op.create_table(
        "retention_reports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("keep_content_days", sa.Integer(), nullable=True),
        sa.Column("keep_people_days", sa.Integer(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_reports")),
    )
    op.add_column("removals", sa.Column("erasure_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_removals_erasure_id"), "removals", ["erasure_id"])
    op.add_column("export_items", sa.Column("texts_removed_at", UtcDateTime(), nullable=True))
    op.add_column("sequences", sa.Column("texts_removed_at", UtcDateTime(), nullable=True))
