"""People who are to leave a campaign at Woodpecker.

Kind: additive
"""

import sqlalchemy as sa
from alembic import op

from woodpecker_api.db.base import UtcDateTime

revision = "0002_removals"
down_revision = "0001_first"
branch_labels = None
depends_on = None


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    op.create_table(
        "removals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("campaign_vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("blacklist", sa.Boolean(), nullable=False),
        sa.Column("blacklisted_at", UtcDateTime(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("cause IN ('take_back', 'do_not_contact')", name=op.f("ck_removals_cause")),
        sa.CheckConstraint("status IN ('waiting', 'done')", name=op.f("ck_removals_status")),
        sa.ForeignKeyConstraint(["item_id"], ["export_items.id"], name=op.f("fk_removals_item_id")),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_removals_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    with op.batch_alter_table("removals", schema=None) as batch_op:
        batch_op.create_index("ix_removals_address", ["woodpecker_account_id", "address_key"], unique=False)
        batch_op.create_index("ix_removals_work", ["woodpecker_account_id", "status", "id"], unique=False)
