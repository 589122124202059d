"""Woodpecker's blacklist and its opt-outs are read back: a read of a new kind, and the moment of the last one.

Kind: additive
"""

import sqlalchemy as sa
from alembic import op

from woodpecker_api.db.base import UtcDateTime

revision = "0008_blacklist_read_back"
down_revision = "0007_items_by_address"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('campaigns', 'members', 'people', 'steps', 'check', 'probe', 'questions', 'blacklist')"


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    with op.batch_alter_table("woodpecker_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("blacklist_as_of", UtcDateTime(), nullable=True))
    with op.batch_alter_table("account_reads", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_account_reads_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_account_reads_kind"), _KINDS)
