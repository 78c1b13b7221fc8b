"""The day up to which an import has the bank booked."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ledger_import") as batch:
        batch.add_column(sa.Column("bank_as_of", sa.Date()))
