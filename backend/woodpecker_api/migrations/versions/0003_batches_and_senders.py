"""Batches at the vendor, and who signs, kept per user.

Kind: additive
"""

import sqlalchemy as sa
from alembic import op

from woodpecker_api.db.base import UtcDateTime

revision = "0003_batches_and_senders"
down_revision = "0002_removals"
branch_labels = None
depends_on = None


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    op.create_table(
        "senders",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_senders_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_senders")),
    )
    op.create_table(
        "generation_batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("vendor_batch_id", sa.String(length=100), nullable=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("found_again", sa.Boolean(), nullable=False),
        sa.Column("not_ours", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("next_look_at", UtcDateTime(), nullable=False),
        sa.Column("absent_since", UtcDateTime(), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('submitting', 'submitted', 'collected', 'refused', 'lost')",
            name=op.f("ck_generation_batches_status"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["generation_runs.id"], name=op.f("fk_generation_batches_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_batches")),
        sa.UniqueConstraint("vendor_batch_id", name=op.f("uq_generation_batches_vendor_batch_id")),
    )
    with op.batch_alter_table("generation_batches", schema=None) as batch_op:
        batch_op.create_index("ix_generation_batches_run", ["run_id", "status"], unique=False)

    with op.batch_alter_table("generation_calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.String(length=32), nullable=True))
        batch_op.create_index("ix_generation_calls_batch", ["batch_id"], unique=False)
        batch_op.create_index("ix_generation_calls_item", ["item_id", "status"], unique=False)

    with op.batch_alter_table("generation_runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batching", sa.Boolean(), server_default=sa.false(), nullable=False))
