"""The mailroom's tables: leases and epochs of folders, places, messages, what each stage made of them, threads.

mail_folder ─ mail_epoch ─ mail_place ──► message ─ message_stage
                                             └──► thread ◄── thread_id (ids seen in headers, ghosts included)
"""

from __future__ import annotations

import sqlalchemy as sa

from mailflow.adapters.database.schema import Instant, metadata

mail_folder = sa.Table(
    "mail_folder",
    metadata,
    sa.Column("account", sa.String(120), primary_key=True),
    sa.Column("folder", sa.String(250), primary_key=True),
    sa.Column("holder", sa.String(120)),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("until", Instant),
)

mail_epoch = sa.Table(
    "mail_epoch",
    metadata,
    sa.Column("account", sa.String(120), primary_key=True),
    sa.Column("folder", sa.String(250), primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("watermark", sa.BigInteger, nullable=False),
    sa.Column("resyncs", sa.Integer, nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("checked_at", Instant),
    sa.Column("compared_at", Instant),
    sa.Column("modseq", sa.BigInteger),
    sa.Column("current", sa.Boolean, nullable=False),
)

mail_place = sa.Table(
    "mail_place",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("account", sa.String(120), nullable=False),
    sa.Column("folder", sa.String(250), nullable=False),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("message", sa.Integer, sa.ForeignKey("message.no"), index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("again_at", Instant),
    sa.Column("why", sa.Text),
    sa.Column("discovered_at", Instant, nullable=False),
    sa.Column("moved", sa.String(12)),
    sa.Column("moved_at", Instant),
    sa.UniqueConstraint("account", "folder", "uidvalidity", "uid"),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("account", sa.String(120), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("stored_at", Instant, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("stage", sa.String(20)),
    sa.Column("error", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("again_at", Instant),
    sa.Column("claimed_by", sa.String(120)),
    sa.Column("claimed_until", Instant),
    sa.Column("message_id", sa.String(1000), index=True),
    sa.Column("subject", sa.Text, nullable=False, default=""),
    sa.Column("sender", sa.String(400), nullable=False, default="", index=True),
    sa.Column("sent_at", Instant),
    sa.Column("automatic", sa.String(20)),
    sa.Column("thread", sa.Integer, sa.ForeignKey("thread.no"), index=True),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), index=True),
    sa.Column("same_as", sa.Integer),
    sa.UniqueConstraint("account", "sha256"),
)

message_stage = sa.Table(
    "message_stage",
    metadata,
    sa.Column("message", sa.Integer, sa.ForeignKey("message.no"), primary_key=True),
    sa.Column("stage", sa.String(20), primary_key=True),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("done_at", Instant, nullable=False),
)

thread = sa.Table("thread", metadata, sa.Column("no", sa.Integer, primary_key=True), sa.Column("begun_at", Instant))

thread_id = sa.Table(
    "thread_id",
    metadata,
    sa.Column("id", sa.String(1000), primary_key=True),
    sa.Column("thread", sa.Integer, sa.ForeignKey("thread.no"), nullable=False, index=True),
)
