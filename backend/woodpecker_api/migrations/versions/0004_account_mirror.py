"""The mirror of the account, collisions of a plan, checklists of campaigns, what the vendor's answers look like.

Kind: additive
"""

import sqlalchemy as sa
from alembic import op

from woodpecker_api.db.base import UtcDateTime

revision = "0004_account_mirror"
down_revision = "0003_batches_and_senders"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('campaigns', 'members', 'people', 'steps', 'check', 'probe', 'questions')"


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    op.create_table(
        "vendor_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("sketch", sa.Text(), nullable=False),
        sa.Column("read_id", sa.String(length=32), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_vendor_answers_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_answers")),
    )
    op.create_index("ix_vendor_answers_newest", "vendor_answers", ["woodpecker_account_id", "at"])
    op.create_table(
        "campaign_checklists",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("template_version_id", sa.String(length=32), nullable=False),
        sa.Column("ticked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("ticked_by", sa.String(length=32), nullable=True),
        sa.Column("ticked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_checklists_campaign_id")),
        sa.ForeignKeyConstraint(
            ["template_version_id"],
            ["template_versions.id"],
            name=op.f("fk_campaign_checklists_template_version_id"),
        ),
        sa.ForeignKeyConstraint(["ticked_by"], ["users.id"], name=op.f("fk_campaign_checklists_ticked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_checklists")),
        sa.UniqueConstraint(
            "campaign_id", "template_version_id", name=op.f("uq_campaign_checklists_campaign_id_template_version_id")
        ),
    )
    with op.batch_alter_table("woodpecker_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("people_full_as_of", UtcDateTime(), nullable=True))
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_names", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("steps_asked_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("interest", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("sender", sa.String(length=320), nullable=True))
    with op.batch_alter_table("account_reads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("rounds", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("highest_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("total", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("verifying", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("subject", sa.String(length=320), nullable=True))
        batch_op.drop_constraint(op.f("ck_account_reads_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_account_reads_kind"), _KINDS)
    with op.batch_alter_table("export_plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checks", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("send_after", UtcDateTime(), nullable=True))
    with op.batch_alter_table("export_plan_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("collisions", sa.JSON(none_as_null=True), nullable=True))
