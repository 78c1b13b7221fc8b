"""Webhooks and their deliveries."""

import sqlalchemy as sa
from alembic import op

from mailflow.adapters.database.schema import Exact, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("from_settings", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", Instant(length=32), nullable=False),
        sa.Column("seen_journal", sa.Integer(), nullable=False),
        sa.Column("seen_message", sa.Integer(), nullable=False),
        sa.Column("seen_task", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_webhook")),
        sa.UniqueConstraint("name", name=op.f("uq_webhook_name")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("webhook", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=30), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_at", Instant(length=32), nullable=False),
        sa.Column("due_at", Instant(length=32), nullable=False),
        sa.Column("claimed_until", Instant(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("settled_at", Instant(length=32), nullable=True),
        sa.ForeignKeyConstraint(["webhook"], ["webhook.no"], name=op.f("fk_webhook_delivery_webhook_webhook")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("webhook", "event", name=op.f("uq_webhook_delivery_webhook_event")),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_delivery_state_due_at", ["state", "due_at"], unique=False)
