"""An index of the letters of leads: the list's search finds rare words without reading everybody.

Kind: additive
"""

import sqlalchemy as sa
from alembic import op

from woodpecker_api.db.trigrams import rebuild_ddl, trigram_ddl

revision = "0006_letters_of_leads"
down_revision = "0005_forgetting"
branch_labels = None
depends_on = None


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    op.add_column("leads", sa.Column("number", sa.BigInteger(), nullable=True))
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        op.execute("UPDATE leads SET number = rowid")  # any numbers will do, as long as each has its own
    op.create_index("uq_leads_number", "leads", ["number"], unique=True)
    for wanted, sql in (*trigram_ddl("leads", "search_text", "number"), *rebuild_ddl("leads")):
        if wanted == dialect:
            op.execute(sql)
