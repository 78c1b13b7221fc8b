"""Adjustments of the books that cases call for."""

import sqlalchemy as sa
from alembic import op

from mailflow.adapters.database.schema import Exact, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=False),
        sa.Column("party_id", sa.String(length=120), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", Instant(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_at", Instant(length=32), nullable=True),
        sa.Column("export_no", sa.Integer(), nullable=True),
        sa.Column("exported_at", Instant(length=32), nullable=True),
        sa.Column("booked_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_adjustment")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index("ix_adjustment_account", ["party_id", "side"], unique=False)
        batch_op.create_index(batch_op.f("ix_adjustment_case_id"), ["case_id"], unique=False)

    # ### end Alembic commands ###
