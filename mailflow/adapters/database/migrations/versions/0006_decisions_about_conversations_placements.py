"""decisions about conversations, placements, legal holds."""

import sqlalchemy as sa
from alembic import op

from mailflow.adapters.database.schema import Exact, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thread_ruling",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.String(length=200), nullable=True),
        sa.Column("undone_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_thread_ruling")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=True),
        sa.Column("party_id", sa.String(length=120), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("lifted_by", sa.String(length=200), nullable=True),
        sa.Column("lifted_at", Instant(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_legal_hold_case_id_cases")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_hold_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_legal_hold_party_id"), ["party_id"], unique=False)

    op.create_table(
        "message_placement",
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_message_placement_case_id_cases")),
        sa.ForeignKeyConstraint(["message"], ["message.no"], name=op.f("fk_message_placement_message_message")),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_message_placement")),
    )
    op.create_table(
        "thread_ruling_message",
        sa.Column("ruling", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("other", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.no"], name=op.f("fk_thread_ruling_message_message_message")),
        sa.ForeignKeyConstraint(
            ["ruling"], ["thread_ruling.no"], name=op.f("fk_thread_ruling_message_ruling_thread_ruling")
        ),
        sa.PrimaryKeyConstraint("ruling", "message", name=op.f("pk_thread_ruling_message")),
    )
    with op.batch_alter_table("thread_ruling_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_ruling_message_message"), ["message"], unique=False)

    # ### end Alembic commands ###
