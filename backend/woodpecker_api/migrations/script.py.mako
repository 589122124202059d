"""${message}

Kind: additive
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


# No downgrade: the way back is the snapshot that is taken before an upgrade.
def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
