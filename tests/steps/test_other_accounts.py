"""A party with several currencies, and one that is customer and supplier: what each statement shows of the rest."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.invoice_copies import InvoiceCopies
from mailflow.correspondence.statement_sheet import FiguresDisagree, ReplyRoute, lay_out
from mailflow.receivables.company import Company
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.draw_statements import draw_statements, preview_statements
from mailflow.steps.enclose_copies import copies_of
from mailflow.steps.import_ledger import ReadFile, import_ledger
from mailflow.steps.issue_statements import issue_released
from mailflow.steps.preview_letters import preview_files
from mailflow.steps.queue_letters import Desk
from tests.letters.test_letters_tie_out import STATIONERY

COMPANY = Company("Huaxing", address="ar@huaxing.example", invoice_link="https://portal.example/i/{reference}")
CUSTOMER = Party("C001", "Northgate Ltd", Side.RECEIVABLE, emails=("a@northgate.example",), language="en")
SUPPLIER = replace(CUSTOMER, side=Side.PAYABLE, emails=("s@northgate.example",))
AS_OF = dt.date(2026, 10, 31)


class Clock:
    def now(self) -> dt.datetime:
        return dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)


def item(reference: str, amount: str, currency: str, side: Side = Side.RECEIVABLE) -> Item:
    day = dt.date(2026, 10, 5)
    return Item(
        id=f"{side.value}-{reference}", party_id="C001", side=side, reference=reference, date=day, currency=currency,
        amount=Decimal(amount), type="invoice", open_amount=Decimal(amount), due_date=day + dt.timedelta(10),
        party_name="Northgate Ltd",
    )  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> SqlDatabase:
    engine = open_engine(f"sqlite:///{tmp_path}/mailflow.db")
    bring_up_to_date(engine)
    made = SqlDatabase(engine)
    import_ledger(
        made, parties=[CUSTOMER, SUPPLIER], files=[ReadFile("l", "0" * 64)], as_of=AS_OF, now=Clock().now(),
        items=[item("INV/1", "6000.00", "CNY"), item("INV-2", "700", "JPY"), item("INV-3", "99.50", "USD"),
               item("P-1", "2500.00", "CNY", Side.PAYABLE)],
    )  # fmt: skip
    yield made
    engine.dispose()


def letters(database: SqlDatabase, tmp_path: Path, **options: object) -> dict[str, EmailMessage]:
    archive = FileArchive(tmp_path / "archive")
    draw_statements(database, as_of=AS_OF, company=COMPANY, now=Clock().now())
    issue_released(database, archive, Desk(COMPANY, b"k" * 32), STATIONERY, Clock(), **options)
    with database.reading() as work:
        found = work.outbox.letters()
    return {one.key.statement_number: message_from_bytes(archive.read(one.sha256), policy=default) for one in found}


def test_each_currency_has_its_letter_and_each_letter_shows_the_others_without_adding_them(
    database: SqlDatabase, tmp_path: Path
) -> None:
    made = letters(database, tmp_path)
    assert sorted(made) == ["SOA-202610-C001-CNY", "SOA-202610-C001-JPY", "SOA-202610-C001-USD"]
    mail = made["SOA-202610-C001-USD"]
    text = " ".join(mail.get_body(("plain",)).get_content().split())
    html = mail.get_body(("html",)).get_content()
    pdf, xlsx = list(mail.iter_attachments())[:2]
    printed = pypdfium2.PdfDocument(pdf.get_content())[0].get_textpage().get_text_range()
    for figure in ("6,000.00", "700", "SOA-202610-C001-JPY v1"):
        assert figure in text and figure in html and figure in printed
    for nonsense in ("6,799.50", "6,700.00", "6,099.50"):
        assert nonsense not in text + html + printed
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.get_content()), data_only=True)["Other accounts"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["SOA-202610-C001-CNY v1", "CNY", 6000, 6000] in rows and ["SOA-202610-C001-JPY v1", "JPY", 700, 700] in rows


def test_customer_and_supplier_in_one_both_directions_and_the_net_stand_there_and_nothing_is_set_off(
    database: SqlDatabase, tmp_path: Path
) -> None:
    mail = letters(database, tmp_path)["SOA-202610-C001-CNY"]
    text = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "CNY 6,000.00" in str(mail["Subject"])  # the balance stays what it is
    assert "2,500.00" in text and "3,500.00" in text
    pdf, xlsx = list(mail.iter_attachments())[:2]
    printed = pypdfium2.PdfDocument(pdf.get_content())[0].get_textpage().get_text_range()
    assert "2,500.00" in printed and "3,500.00" in printed
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.get_content()))["Other accounts"]
    formulas = [cell.value for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert formulas == ["=B6-B7"]


def test_an_invoice_is_a_link_where_they_can_look_and_its_copy_lies_in_the_letter_when_that_is_wanted(
    database: SqlDatabase, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "INV_1.pdf").write_bytes(b"%PDF-1.4 one")
    (copies / "INV-3.pdf").write_bytes(b"%PDF-1.4 three")
    mail = letters(database, tmp_path, copies=InvoiceCopies(copies))["SOA-202610-C001-CNY"]
    assert 'href="https://portal.example/i/INV%2F1"' in mail.get_body(("html",)).get_content()
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert len(names) == 3 and names[2] == "INV_1.pdf"
    assert "INV_1.pdf" in mail.get_body(("plain",)).get_content()


def test_copies_end_where_the_letter_would_grow_too_large(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"INV-{number}.pdf").write_bytes(b"%PDF" + b"x" * 3_000_000)
    found = copies_of(InvoiceCopies(tmp_path), [f"INV-{number}" for number in (0, 0, 9, 1, 2, 3)])
    assert [one.name for one in found] == ["INV-0.pdf", "INV-1.pdf"]


def test_a_preview_shows_what_the_letters_will(database: SqlDatabase) -> None:
    run = preview_statements(database, as_of=AS_OF, company=COMPANY, now=Clock().now())
    drawn = [one.statement for one in run]
    usd = next(one for one in drawn if one.currency == "USD")
    files = {
        one.name: one.content
        for one in preview_files(database, Desk(COMPANY, b"k" * 32), STATIONERY, usd, drawn=drawn)
    }  # fmt: skip
    assert b"6,000.00" in files["letter.txt"] and b"JPY" in files["letter.html"]


def test_another_partys_statement_is_never_shown_beside(database: SqlDatabase) -> None:
    run = preview_statements(database, as_of=AS_OF, company=COMPANY, now=Clock().now())
    one, other = [made.statement for made in run][:2]
    foreign = replace(other, party=replace(other.party, id="C002"))
    with pytest.raises(FiguresDisagree, match="another party"):
        lay_out(one, COMPANY, STATIONERY.templates.words("en"), ReplyRoute("t", "r@x.example"), others=[foreign])
