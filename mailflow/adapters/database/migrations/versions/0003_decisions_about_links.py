"""people's decisions about links."""

import sqlalchemy as sa
from alembic import op

from mailflow.adapters.database.schema import Exact, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_decision",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.String(length=120), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("ours", sa.JSON(), nullable=False),
        sa.Column("theirs", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=True),
        sa.Column("withdrawn_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_match_decision")),
    )
    with op.batch_alter_table("match_decision", schema=None) as batch_op:
        batch_op.create_index("ix_match_decision_account", ["party_id", "side"], unique=False)

    # ### end Alembic commands ###
