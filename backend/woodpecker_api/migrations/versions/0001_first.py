"""first

Kind: additive
"""

import sqlalchemy as sa
from alembic import op

from woodpecker_api.db.base import UtcDateTime
from woodpecker_api.db.dialect import refuse_changes_ddl
from woodpecker_api.db.trigrams import trigram_ddl

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_lines")),
    )
    with op.batch_alter_table("audit_lines", schema=None) as batch_op:
        batch_op.create_index("ix_audit_lines_action", ["action", "id"], unique=False)
        batch_op.create_index("ix_audit_lines_actor", ["actor_id", "id"], unique=False)
        batch_op.create_index("ix_audit_lines_subject", ["subject_kind", "subject_id", "id"], unique=False)

    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changes_at"), ["at"], unique=False)

    op.create_table(
        "do_not_contact",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=320), nullable=False),
        sa.Column("value_key", sa.String(length=320), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("list_name", sa.String(length=100), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('email', 'domain')", name=op.f("ck_do_not_contact_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_do_not_contact")),
        sa.UniqueConstraint("kind", "value_key", name=op.f("uq_do_not_contact_kind_value_key")),
    )
    op.create_table(
        "installation_facts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_facts")),
    )
    op.create_table(
        "mapping_memories",
        sa.Column("header_hash", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("header_hash", name=op.f("pk_mapping_memories")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failures_email_key"), ["email_key"], unique=False)

    op.create_table(
        "templates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
    )
    with op.batch_alter_table("templates", schema=None) as batch_op:
        batch_op.create_index(
            "uq_templates_one_default",
            ["is_default"],
            unique=True,
            sqlite_where=sa.text("is_default = 1"),
            postgresql_where=sa.text("is_default"),
        )

    op.create_table(
        "users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'manager', 'rep', 'viewer')", name=op.f("ck_users_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
    )
    op.create_table(
        "woodpecker_accounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("base_url", sa.String(length=500), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("paragraph_encoding", sa.String(length=16), nullable=False),
        sa.Column("worker_generation", sa.Integer(), nullable=False),
        sa.Column("campaigns_as_of", UtcDateTime(), nullable=True),
        sa.Column("people_as_of", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "paragraph_encoding IN ('untested', 'plain', 'break_tag')",
            name=op.f("ck_woodpecker_accounts_paragraph_encoding"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_woodpecker_accounts")),
    )
    op.create_table(
        "account_people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("interest", sa.String(length=32), nullable=True),
        sa.Column("last_contacted_at", UtcDateTime(), nullable=True),
        sa.Column("last_replied_at", UtcDateTime(), nullable=True),
        sa.Column("vendor_updated_at", UtcDateTime(), nullable=True),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("read_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_account_people_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_people")),
        sa.UniqueConstraint(
            "woodpecker_account_id", "address_key", name=op.f("uq_account_people_woodpecker_account_id_address_key")
        ),
    )
    with op.batch_alter_table("account_people", schema=None) as batch_op:
        batch_op.create_index("ix_account_people_domain", ["woodpecker_account_id", "domain"], unique=False)

    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audit_payloads",
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["audit_lines.id"], name=op.f("fk_audit_payloads_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_audit_payloads")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("from_emails", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=True),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("members_as_of", UtcDateTime(), nullable=True),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_campaigns_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint(
            "woodpecker_account_id", "vendor_id", name=op.f("uq_campaigns_woodpecker_account_id_vendor_id")
        ),
    )
    op.create_table(
        "idempotent_requests",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_idempotent_requests_user_id")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotent_requests")),
    )
    with op.batch_alter_table("idempotent_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotent_requests_created_at"), ["created_at"], unique=False)

    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("encoding", sa.String(length=32), nullable=True),
        sa.Column("delimiter", sa.String(length=4), nullable=True),
        sa.Column("header_row", sa.Integer(), nullable=True),
        sa.Column("sheet", sa.String(length=100), nullable=True),
        sa.Column("choices", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("columns", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("on_duplicate", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("on_duplicate IN ('skip', 'fill', 'overwrite')", name=op.f("ck_imports_on_duplicate")),
        sa.CheckConstraint(
            "status IN ('parsing', 'parsed', 'committing', 'committed', 'failed', 'undone')",
            name=op.f("ck_imports_status"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_imports_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "memberships",
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("campaign_vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("vendor_prospect_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=True),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("read_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_memberships_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint(
            "woodpecker_account_id", "address_key", "campaign_vendor_id", name=op.f("pk_memberships")
        ),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index("ix_memberships_campaign", ["woodpecker_account_id", "campaign_vendor_id"], unique=False)

    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("user_id", "page", "name", name=op.f("uq_saved_views_user_id_page_name")),
    )
    op.create_table(
        "template_versions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("template_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("system_text", sa.Text(), nullable=False),
        sa.Column("brief", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("person_text", sa.Text(), nullable=False),
        sa.Column("shape", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("session_only", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_template_versions_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_versions")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_template_versions_template_id_number")),
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "account_reads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("next_page", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('campaigns', 'members', 'people', 'check')", name=op.f("ck_account_reads_kind")),
        sa.CheckConstraint("status IN ('waiting', 'done', 'failed')", name=op.f("ck_account_reads_status")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_account_reads_campaign_id")),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_account_reads_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_reads")),
    )
    with op.batch_alter_table("account_reads", schema=None) as batch_op:
        batch_op.create_index(
            "ix_account_reads_waiting", ["woodpecker_account_id", "status", "created_at"], unique=False
        )

    op.create_table(
        "export_plans",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_status", sa.String(length=32), nullable=False),
        sa.Column("membership_as_of", UtcDateTime(), nullable=True),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_export_plans_campaign_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_export_plans_created_by")),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_export_plans_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_plans")),
    )
    op.create_table(
        "generation_runs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("status_code", sa.String(length=64), nullable=True),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("template_version_id", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("effort", sa.String(length=16), nullable=True),
        sa.Column("instruction", sa.Text(), nullable=True),
        sa.Column("numbers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sender", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("budget_micros", sa.BigInteger(), nullable=True),
        sa.Column("estimate", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("vendor_batch_id", sa.String(length=100), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("mode IN ('live', 'batch')", name=op.f("ck_generation_runs_mode")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'paused', 'completed', 'cancelled', 'failed')",
            name=op.f("ck_generation_runs_status"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_generation_runs_created_by")),
        sa.ForeignKeyConstraint(
            ["template_version_id"], ["template_versions.id"], name=op.f("fk_generation_runs_template_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_runs")),
    )
    op.create_table(
        "import_issues",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(length=300), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_issues_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_issues")),
    )
    with op.batch_alter_table("import_issues", schema=None) as batch_op:
        batch_op.create_index("ix_import_issues_code", ["import_id", "code", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_issues_import_id"), ["import_id"], unique=False)

    op.create_table(
        "import_rejects",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cells", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rejects_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rejects")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_import_rejects_import_id_row")),
    )
    op.create_table(
        "leads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("first_name", sa.String(length=200), nullable=False),
        sa.Column("last_name", sa.String(length=200), nullable=False),
        sa.Column("company", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=100), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.Column("linkedin_url", sa.String(length=1000), nullable=False),
        sa.Column("industry", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("tags", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("custom", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("company_sort", sa.String(length=300), nullable=False),
        sa.Column("name_sort", sa.String(length=400), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("import_id", sa.String(length=32), nullable=True),
        sa.Column("pending_import_id", sa.String(length=32), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('imported', 'generating', 'drafted', 'approved', 'rejected', 'exporting', 'exported', 'failed')",
            name=op.f("ck_leads_status"),
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_leads_import_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_leads_owner_id")),
        sa.ForeignKeyConstraint(["pending_import_id"], ["imports.id"], name=op.f("fk_leads_pending_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
    )
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.create_index("ix_leads_company", ["company_sort", "id"], unique=False)
        batch_op.create_index("ix_leads_domain", ["domain"], unique=False)
        batch_op.create_index("ix_leads_import", ["import_id", "id"], unique=False)
        batch_op.create_index("ix_leads_name", ["name_sort", "id"], unique=False)
        batch_op.create_index("ix_leads_owner", ["owner_id", "id"], unique=False)
        batch_op.create_index(
            "ix_leads_pending",
            ["pending_import_id"],
            unique=False,
            sqlite_where=sa.text("pending_import_id IS NOT NULL"),
            postgresql_where=sa.text("pending_import_id IS NOT NULL"),
        )
        batch_op.create_index("ix_leads_status", ["status", "id"], unique=False)
        batch_op.create_index("ix_leads_updated", ["updated_at", "id"], unique=False)
        batch_op.create_index(
            "uq_leads_live_address",
            ["address_key"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "export_plan_items",
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("sequence_id", sa.String(length=32), nullable=True),
        sa.Column("sequence_version", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("in_other_campaign_allowed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_export_plan_items_lead_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["export_plans.id"], name=op.f("fk_export_plan_items_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_export_plan_items")),
    )
    op.create_table(
        "exports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_name", sa.String(length=500), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("confirmed_campaign_status", sa.String(length=32), nullable=False),
        sa.Column("confirm_sending", sa.Boolean(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.Column("send_after", UtcDateTime(), nullable=True),
        sa.Column("batch_limit", sa.Integer(), nullable=True),
        sa.Column("members_read_id", sa.String(length=32), nullable=True),
        sa.Column("last_unit_at", UtcDateTime(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'paused', 'completed', 'cancelled', 'failed')",
            name=op.f("ck_exports_status"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_exports_campaign_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_exports_created_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["export_plans.id"], name=op.f("fk_exports_plan_id")),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_exports_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.create_index("ix_exports_account", ["woodpecker_account_id", "status"], unique=False)

    op.create_table(
        "generation_items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("previous_status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("raw_answer", sa.Text(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_generation_items_status")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_generation_items_lead_id")),
        sa.ForeignKeyConstraint(["run_id"], ["generation_runs.id"], name=op.f("fk_generation_items_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_items")),
        sa.UniqueConstraint("run_id", "lead_id", name=op.f("uq_generation_items_run_id_lead_id")),
    )
    with op.batch_alter_table("generation_items", schema=None) as batch_op:
        batch_op.create_index("ix_generation_items_lead", ["lead_id"], unique=False)
        batch_op.create_index("ix_generation_items_status", ["run_id", "status"], unique=False)

    op.create_table(
        "import_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_changes_import_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_import_changes_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
        sa.UniqueConstraint("import_id", "lead_id", name=op.f("uq_import_changes_import_id_lead_id")),
    )
    op.create_table(
        "sequences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("template_version_id", sa.String(length=32), nullable=True),
        sa.Column("generation_run_id", sa.String(length=32), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("blocking_flags", sa.Integer(), nullable=False),
        sa.Column("warning_flags", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("sender", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("approved_by", sa.String(length=32), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approved_version", sa.Integer(), nullable=True),
        sa.Column("approval", sa.String(length=8), nullable=True),
        sa.Column("rejected_reason", sa.String(length=500), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("approval IN ('read', 'bulk')", name=op.f("ck_sequences_approval")),
        sa.CheckConstraint("status IN ('draft', 'approved', 'rejected', 'exported')", name=op.f("ck_sequences_status")),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_sequences_approved_by")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_sequences_lead_id")),
        sa.ForeignKeyConstraint(
            ["template_version_id"], ["template_versions.id"], name=op.f("fk_sequences_template_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sequences")),
        sa.UniqueConstraint("lead_id", name=op.f("uq_sequences_lead_id")),
    )
    with op.batch_alter_table("sequences", schema=None) as batch_op:
        batch_op.create_index("ix_sequences_queue", ["status", "blocking_flags", "warning_flags", "id"], unique=False)

    op.create_table(
        "export_batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("export_id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("intended_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('intended', 'unclear', 'answered', 'settled', 'dropped')", name=op.f("ck_export_batches_status")
        ),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name=op.f("fk_export_batches_export_id")),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_export_batches_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_batches")),
    )
    with op.batch_alter_table("export_batches", schema=None) as batch_op:
        batch_op.create_index("ix_export_batches_open", ["woodpecker_account_id", "status"], unique=False)

    op.create_table(
        "export_items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("export_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("sequence_id", sa.String(length=32), nullable=False),
        sa.Column("sequence_version", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("fields_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("content_differs", sa.Boolean(), nullable=False),
        sa.Column("in_other_campaign_allowed_by", sa.String(length=32), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'unknown', 'added', 'already_in_campaign', 'rejected', 'failed', 'cancelled', 'skipped')",
            name=op.f("ck_export_items_status"),
        ),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name=op.f("fk_export_items_export_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_export_items_lead_id")),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequences.id"], name=op.f("fk_export_items_sequence_id")),
        sa.ForeignKeyConstraint(
            ["woodpecker_account_id"], ["woodpecker_accounts.id"], name=op.f("fk_export_items_woodpecker_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_items")),
    )
    with op.batch_alter_table("export_items", schema=None) as batch_op:
        batch_op.create_index("ix_export_items_batch", ["batch_id"], unique=False)
        batch_op.create_index("ix_export_items_lead", ["lead_id"], unique=False)
        batch_op.create_index("ix_export_items_work", ["export_id", "status", "position"], unique=False)
        batch_op.create_index(
            "uq_export_items_claim",
            ["woodpecker_account_id", "address_key", "campaign_vendor_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('added', 'already_in_campaign', 'queued', 'sending', 'unknown')"),
            postgresql_where=sa.text("status IN ('added', 'already_in_campaign', 'queued', 'sending', 'unknown')"),
        )
        batch_op.create_index(
            "uq_export_items_open_person",
            ["woodpecker_account_id", "address_key"],
            unique=True,
            sqlite_where=sa.text("status IN ('queued', 'sending', 'unknown')"),
            postgresql_where=sa.text("status IN ('queued', 'sending', 'unknown')"),
        )

    op.create_table(
        "generation_calls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("reserved_micros", sa.BigInteger(), nullable=False),
        sa.Column("charged_micros", sa.BigInteger(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cache_read_tokens", sa.Integer(), nullable=False),
        sa.Column("cache_write_tokens", sa.Integer(), nullable=False),
        sa.Column("vendor_request_id", sa.String(length=100), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('reserved', 'settled', 'uncertain', 'released')", name=op.f("ck_generation_calls_status")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["generation_items.id"], name=op.f("fk_generation_calls_item_id")),
        sa.ForeignKeyConstraint(["run_id"], ["generation_runs.id"], name=op.f("fk_generation_calls_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_calls")),
    )
    with op.batch_alter_table("generation_calls", schema=None) as batch_op:
        batch_op.create_index("ix_generation_calls_month", ["sandbox", "created_at"], unique=False)
        batch_op.create_index("ix_generation_calls_run", ["run_id", "status"], unique=False)

    op.create_table(
        "review_decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sequence_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("approval", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('approved', 'rejected', 'returned')", name=op.f("ck_review_decisions_decision")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_review_decisions_decided_by")),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequences.id"], name=op.f("fk_review_decisions_sequence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decisions")),
    )
    with op.batch_alter_table("review_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_review_decisions_sequence", ["sequence_id", "id"], unique=False)

    op.create_table(
        "sequence_versions",
        sa.Column("sequence_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author", sa.String(length=8), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=True),
        sa.Column("template_version_id", sa.String(length=32), nullable=True),
        sa.Column("instruction", sa.Text(), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("snippets", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("author IN ('model', 'person', 'import')", name=op.f("ck_sequence_versions_author")),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequences.id"], name=op.f("fk_sequence_versions_sequence_id")),
        sa.PrimaryKeyConstraint("sequence_id", "version", name=op.f("pk_sequence_versions")),
    )
    op.create_table(
        "snippets",
        sa.Column("sequence_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("original_text", sa.Text(), nullable=False),
        sa.Column("flags", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('subject', 'email', 'linkedin_note', 'bump', 'breakup')", name=op.f("ck_snippets_kind")
        ),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequences.id"], name=op.f("fk_snippets_sequence_id")),
        sa.PrimaryKeyConstraint("sequence_id", "number", name=op.f("pk_snippets")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("export_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("woodpecker_account_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_name", sa.String(length=500), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("person_name", sa.String(length=400), nullable=False),
        sa.Column("company", sa.String(length=300), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("sequence_id", sa.String(length=32), nullable=False),
        sa.Column("sequence_version", sa.Integer(), nullable=False),
        sa.Column("template_name", sa.String(length=200), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.String(length=32), nullable=True),
        sa.Column("approved_by_name", sa.String(length=200), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approval", sa.String(length=8), nullable=True),
        sa.Column("fields_hash", sa.String(length=64), nullable=False),
        sa.Column("first_mailed_at", UtcDateTime(), nullable=True),
        sa.Column("held", sa.String(length=32), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('sending', 'unknown', 'added', 'already_in_campaign', 'rejected', 'failed', 'not_sent', 'not_applied')",
            name=op.f("ck_attempts_status"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["export_batches.id"], name=op.f("fk_attempts_batch_id")),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name=op.f("fk_attempts_export_id")),
        sa.ForeignKeyConstraint(["item_id"], ["export_items.id"], name=op.f("fk_attempts_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("batch_id", "item_id", name=op.f("uq_attempts_batch_id_item_id")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index("ix_attempts_address", ["address_key", "started_at", "id"], unique=False)
        batch_op.create_index("ix_attempts_campaign", ["campaign_id", "started_at", "id"], unique=False)
        batch_op.create_index("ix_attempts_domain", ["domain", "started_at", "id"], unique=False)
        batch_op.create_index("ix_attempts_export", ["export_id", "started_at", "id"], unique=False)
        batch_op.create_index("ix_attempts_lead", ["lead_id", "started_at", "id"], unique=False)
        batch_op.create_index(
            "ix_attempts_started", ["started_at", "id", "status", "campaign_id", "user_id", "sandbox"], unique=False
        )
        batch_op.create_index("ix_attempts_status", ["status", "started_at", "id"], unique=False)
        batch_op.create_index("ix_attempts_user", ["user_id", "started_at", "id"], unique=False)

    op.create_table(
        "attempt_people",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_people")),
        sa.UniqueConstraint("address_key", "text_digest", name=op.f("uq_attempt_people_address_key_text_digest")),
    )
    for dialect, sql in (*refuse_changes_ddl("audit_lines"), *trigram_ddl("attempt_people", "search_text")):
        if op.get_bind().dialect.name == dialect:
            op.execute(sql)
