"""What each person wants to be told outside the program; the users a check of the account found.

Kind: additive
"""

import sqlalchemy as sa
from alembic import op

from woodpecker_api.db.base import UtcDateTime

revision = "0009_notices"
down_revision = "0008_blacklist_read_back"
branch_labels = None
depends_on = None


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    op.create_table(
        "notice_choices",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("finished", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("needs_me", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notice_choices_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_choices")),
    )
    with op.batch_alter_table("account_reads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("found", sa.JSON(none_as_null=True), nullable=True))
