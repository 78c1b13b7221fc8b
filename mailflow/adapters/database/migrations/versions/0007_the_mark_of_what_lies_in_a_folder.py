"""the mark of what lies in a folder."""

import sqlalchemy as sa
from alembic import op

from mailflow.adapters.database.schema import Exact, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail_epoch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("compared_at", Instant(length=32), nullable=True))
        batch_op.add_column(sa.Column("modseq", sa.BigInteger(), nullable=True))

    # ### end Alembic commands ###
