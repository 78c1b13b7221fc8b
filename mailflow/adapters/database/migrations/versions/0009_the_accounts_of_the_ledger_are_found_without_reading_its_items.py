"""The accounts of the ledger are found without reading its items."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    present = sa.text("gone_on IS NULL")
    columns = ["party_id", "side", "currency"]
    op.create_index("ix_ledger_item_present", "ledger_item", columns, sqlite_where=present, postgresql_where=present)
