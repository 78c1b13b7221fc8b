"""Who sees to a dispute, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case_dispute") as batch:
        batch.add_column(sa.Column("owner", sa.String(60)))
        batch.add_column(sa.Column("due_on", sa.Date()))
