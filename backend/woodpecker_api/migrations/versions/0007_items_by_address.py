"""Export items are found by address and by sequence: without these, each plan and each removal reads every item there ever was.

Kind: additive
"""

from alembic import op

revision = "0007_items_by_address"
down_revision = "0006_letters_of_leads"
branch_labels = None
depends_on = None


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    op.create_index("ix_export_items_address", "export_items", ["address_key", "woodpecker_account_id"])
    op.create_index("ix_export_items_sequence", "export_items", ["sequence_id"])
