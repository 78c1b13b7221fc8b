"""the first tables."""

import sqlalchemy as sa
from alembic import op

from mailflow.adapters.database.schema import Exact, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("party_id", sa.String(length=120), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("statement_no", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("our_balance", Exact(length=40), nullable=False),
        sa.Column("their_balance", Exact(length=40), nullable=True),
        sa.Column("opened_at", Instant(length=32), nullable=False),
        sa.Column("sent_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_state"), ["state"], unique=False)

    op.create_table(
        "item_open",
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("open_amount", Exact(length=40), nullable=False),
        sa.PrimaryKeyConstraint("side", "item_id", "as_of", name=op.f("pk_item_open")),
    )
    op.create_table(
        "journal",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_journal")),
        sa.UniqueConstraint("previous", name=op.f("uq_journal_previous")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_subject"), ["subject"], unique=False)

    op.create_table(
        "ledger_import",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("receivable", sa.Boolean(), nullable=False),
        sa.Column("payable", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_ledger_import")),
    )
    op.create_table(
        "ledger_item",
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("party_id", sa.String(length=200), nullable=False),
        sa.Column("party_name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("their_reference", sa.Text(), nullable=False),
        sa.Column("po_number", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", Exact(length=40), nullable=False),
        sa.Column("open_amount", Exact(length=40), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("first_import", sa.Integer(), nullable=False),
        sa.Column("last_import", sa.Integer(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("side", "id", name=op.f("pk_ledger_item")),
    )
    with op.batch_alter_table("ledger_item", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_item_account", ["party_id", "side"], unique=False)

    op.create_table(
        "mail_epoch",
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("folder", sa.String(length=250), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("watermark", sa.BigInteger(), nullable=False),
        sa.Column("resyncs", sa.Integer(), nullable=False),
        sa.Column("begun_at", Instant(length=32), nullable=False),
        sa.Column("checked_at", Instant(length=32), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account", "folder", "uidvalidity", name=op.f("pk_mail_epoch")),
    )
    op.create_table(
        "mail_folder",
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("folder", sa.String(length=250), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("until", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("account", "folder", name=op.f("pk_mail_folder")),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("emails", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("payment_terms", sa.Text(), nullable=True),
        sa.Column("statement_schedule", sa.Text(), nullable=True),
        sa.Column("salesperson", sa.Text(), nullable=True),
        sa.Column("salesperson_email", sa.Text(), nullable=True),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", "side", name=op.f("pk_party")),
    )
    op.create_table(
        "party_address",
        sa.Column("party_id", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("party_id", "side", "address", name=op.f("pk_party_address")),
    )
    with op.batch_alter_table("party_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_address_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_address_domain"), ["domain"], unique=False)

    op.create_table(
        "run",
        sa.Column("schedule", sa.String(length=300), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("due_at", Instant(length=32), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("begun_at", Instant(length=32), nullable=False),
        sa.Column("finished_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("schedule", "period", name=op.f("pk_run")),
    )
    op.create_table(
        "schedule_seen",
        sa.Column("schedule", sa.String(length=300), nullable=False),
        sa.Column("since", Instant(length=32), nullable=False),
        sa.PrimaryKeyConstraint("schedule", name=op.f("pk_schedule_seen")),
    )
    op.create_table(
        "sender",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("brake_why", sa.Text(), nullable=True),
        sa.Column("brake_until", Instant(length=32), nullable=True),
        sa.Column("brake_by", sa.String(length=200), nullable=True),
        sa.Column("next_slot", Instant(length=32), nullable=True),
        sa.Column("server_files_copies", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sender")),
    )
    op.create_table(
        "statement",
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("drawn_at", Instant(length=32), nullable=False),
        sa.Column("reviewed_at", Instant(length=32), nullable=False),
        sa.Column("released_by", sa.String(length=200), nullable=True),
        sa.Column("issued_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("number", "version", name=op.f("pk_statement")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index("ix_statement_account", ["party_id", "side", "currency", "as_of"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_as_of"), ["as_of"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_standing"), ["standing"], unique=False)

    op.create_table(
        "thread",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("begun_at", Instant(length=32), nullable=True),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_thread")),
    )
    op.create_table(
        "case_allocation",
        sa.Column("case_id", sa.String(length=120), nullable=False),
        sa.Column("document", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("amount", Exact(length=40), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_allocation_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "document", "reference", name=op.f("pk_case_allocation")),
    )
    op.create_table(
        "case_dispute",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("amount", Exact(length=40), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(length=32), nullable=False),
        sa.Column("settled", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_dispute_case_id_cases")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_case_dispute")),
        sa.UniqueConstraint("case_id", "message", "reference", name=op.f("uq_case_dispute_case_id_message_reference")),
    )
    op.create_table(
        "case_promise",
        sa.Column("case_id", sa.String(length=120), nullable=False),
        sa.Column("message", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("amount", Exact(length=40), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(length=32), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_promise_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "message", name=op.f("pk_case_promise")),
    )
    op.create_table(
        "case_task",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=True),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("once", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at", Instant(length=32), nullable=False),
        sa.Column("settled", sa.String(length=12), nullable=False),
        sa.Column("settled_by", sa.String(length=200), nullable=True),
        sa.Column("settled_at", Instant(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_task_case_id_cases")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_case_task")),
        sa.UniqueConstraint("once", name=op.f("uq_case_task_once")),
    )
    with op.batch_alter_table("case_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_task_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_task_settled"), ["settled"], unique=False)

    op.create_table(
        "letter",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("statement_number", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=True),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("queued_at", Instant(length=32), nullable=False),
        sa.Column("due_at", Instant(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=True),
        sa.Column("lease_until", Instant(length=32), nullable=True),
        sa.Column("started_at", Instant(length=32), nullable=True),
        sa.Column("mark_uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("mark_uid", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", Instant(length=32), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(length=32), nullable=True),
        sa.Column("sent_copy", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letter_case_id_cases")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
        sa.UniqueConstraint(
            "statement_number",
            "version",
            "recipient",
            "kind",
            name=op.f("uq_letter_statement_number_version_recipient_kind"),
        ),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_letter_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_token"), ["token"], unique=False)

    op.create_table(
        "message",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", Instant(length=32), nullable=False),
        sa.Column("stored_at", Instant(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("again_at", Instant(length=32), nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_until", Instant(length=32), nullable=True),
        sa.Column("message_id", sa.String(length=1000), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(length=400), nullable=False),
        sa.Column("sent_at", Instant(length=32), nullable=True),
        sa.Column("automatic", sa.String(length=20), nullable=True),
        sa.Column("thread", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.String(length=120), nullable=True),
        sa.Column("same_as", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_message_case_id_cases")),
        sa.ForeignKeyConstraint(["thread"], ["thread.no"], name=op.f("fk_message_thread_thread")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_message")),
        sa.UniqueConstraint("account", "sha256", name=op.f("uq_message_account_sha256")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_sender"), ["sender"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_thread"), ["thread"], unique=False)

    op.create_table(
        "statement_approval",
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number", "version"],
            ["statement.number", "statement.version"],
            name=op.f("fk_statement_approval_number_statement"),
        ),
        sa.PrimaryKeyConstraint("number", "version", "by", name=op.f("pk_statement_approval")),
    )
    op.create_table(
        "thread_id",
        sa.Column("id", sa.String(length=1000), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["thread"], ["thread.no"], name=op.f("fk_thread_id_thread_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_id")),
    )
    with op.batch_alter_table("thread_id", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_id_thread"), ["thread"], unique=False)

    op.create_table(
        "document",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("kept_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_document_case_id_cases")),
        sa.ForeignKeyConstraint(["message"], ["message.no"], name=op.f("fk_document_message_message")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_document")),
        sa.UniqueConstraint("message", "position", name=op.f("uq_document_message_position")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_case_id"), ["case_id"], unique=False)

    op.create_table(
        "letter_alias",
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("letter", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letter.no"], name=op.f("fk_letter_alias_letter_letter")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_letter_alias")),
    )
    op.create_table(
        "mail_place",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("folder", sa.String(length=250), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("again_at", Instant(length=32), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("discovered_at", Instant(length=32), nullable=False),
        sa.Column("moved", sa.String(length=12), nullable=True),
        sa.Column("moved_at", Instant(length=32), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["message.no"], name=op.f("fk_mail_place_message_message")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_mail_place")),
        sa.UniqueConstraint(
            "account", "folder", "uidvalidity", "uid", name=op.f("uq_mail_place_account_folder_uidvalidity_uid")
        ),
    )
    with op.batch_alter_table("mail_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_place_message"), ["message"], unique=False)

    op.create_table(
        "message_stage",
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("done_at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.no"], name=op.f("fk_message_stage_message_message")),
        sa.PrimaryKeyConstraint("message", "stage", name=op.f("pk_message_stage")),
    )
    op.create_table(
        "reconciliation",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=120), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("at", Instant(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reconciliation_case_id_cases")),
        sa.ForeignKeyConstraint(["document"], ["document.no"], name=op.f("fk_reconciliation_document_document")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_reconciliation")),
        sa.UniqueConstraint("case_id", "document", "version", name=op.f("uq_reconciliation_case_id_document_version")),
    )
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reconciliation_case_id"), ["case_id"], unique=False)

    # ### end Alembic commands ###
