"""Ledger files as ERP systems and people save them: what is read, what is refused, and how the refusal reads."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from mailflow.adapters.ledger_files import read_ledger, read_parties
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Side
from mailflow.refusals import Refusal

HEADER = (
    "id,party_id,party_name,side,type,reference,their_reference,po_number,date,due_date,currency,amount,open_amount,"
    "description"
)
ROW = "L1,C001,恒泰包装,receivable,invoice,INV-1001,,PO-77,2026-10-01,2026-10-31,CNY,5000.00,3000.00,货款"


def ledger(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def only(data: bytes) -> Item:
    (item,) = read_ledger(data, "ledger.csv").items
    return item


def refusal(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read_ledger(data, "ledger.csv")
    return str(caught.value)


def test_a_row_of_the_contract_is_read_whole() -> None:
    assert only(ledger(ROW)) == Item(
        id="L1", party_id="C001", side=Side.RECEIVABLE, reference="INV-1001", date=dt.date(2026, 10, 1),
        currency="CNY", amount=Decimal("5000.00"), party_name="恒泰包装", type="invoice", po_number="PO-77",
        due_date=dt.date(2026, 10, 31), open_amount=Decimal("3000.00"), description="货款",
    )  # fmt: skip


def test_a_read_item_is_frozen_and_equal_to_one_built_by_hand() -> None:
    item = only(ledger(ROW))
    assert type(item) is Item and hash(item) == hash(only(ledger(ROW)))
    with pytest.raises(AttributeError):
        item.amount = Decimal(1)  # type: ignore[misc]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_is_read_without_a_flag(encoding: str, delimiter: str) -> None:
    text = f"{HEADER}\r\n{ROW}\r\n".replace(",", delimiter)
    assert only(text.encode(encoding)).party_name == "恒泰包装"


def test_a_western_code_page_is_not_taken_for_chinese() -> None:
    data = ledger(ROW.replace("恒泰包装", "Müller Röhren Fabrik")).replace("货款".encode(), b"")
    assert only(data.decode().encode("cp1252")).party_name == "Müller Röhren Fabrik"


def test_only_the_required_columns_are_needed() -> None:
    item = only(
        ledger("L1,C1,payable,A-1,2026-10-01,JPY,1200", header="id,party_id,side,reference,date,currency,amount")
    )
    assert (item.amount, item.side, item.due_date, item.open_amount) == (Decimal(1200), Side.PAYABLE, None, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("1 234,50", "1234.50"), ("1'234.50", "1234.50"),
        ("(1,234.50)", "-1234.50"), ("1234.5-", "-1234.50"), ("−1234.5", "-1234.50"), ("¥1,234.50", "1234.50"),
        ("CNY 1,234.50", "1234.50"), ("-￥1,234.50", "-1234.50"), ("１，２３４．５０", "1234.50"), ("+12", "12.00"),
        ("1234.5000", "1234.50"), ("12,34,567.00", "1234567.00"), (".5", "0.50"), ("0", "0.00"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, value: str) -> None:
    row = ROW.replace("5000.00", f'"{text}"').replace("3000.00", "")
    assert only(ledger(row)).amount == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["abc", "1e5", "NaN", "Infinity", "1.2.3", "1,23,4", "12.345", "USD 5.00", "5.00 5.00", "--5", "٣", "9" * 19],
)
def test_an_amount_with_no_one_meaning_is_refused_by_line_and_column(text: str) -> None:
    assert "line 3, column amount" in refusal(ledger(ROW, ROW.replace("L1", "L2").replace("5000.00", f'"{text}"')))


def test_one_thousand_with_a_comma_is_decided_by_the_rest_of_the_file() -> None:
    def amounts(*texts: str) -> list[Decimal]:
        blank = ROW.replace("3000.00", "")
        rows = [blank.replace("L1", f"L{no}").replace("5000.00", f'"{text}"') for no, text in enumerate(texts)]
        return [item.amount for item in read_ledger(ledger(*rows), "l").items]

    assert amounts("1,234", "1,234.50") == [Decimal("1234.00"), Decimal("1234.50")]
    assert amounts("1.234", "1.234,50") == [Decimal("1234.00"), Decimal("1234.50")]


@pytest.mark.parametrize(
    "text",
    ["2026-10-03", "2026/10/3", "2026.10.03", "20261003", "2026年10月3日", "03.10.2026", "3-Oct-2026", "Oct 3, 2026",
     "2026-10-03 00:00:00", "2026-10-03T08:30:00Z"],
)  # fmt: skip
def test_dates_are_read_as_systems_write_them(text: str) -> None:
    assert only(ledger(ROW.replace("2026-10-01", f'"{text}"'))).date == dt.date(2026, 10, 3)


def test_day_and_month_are_told_apart_by_the_rest_of_the_file() -> None:
    def dates(*texts: str) -> list[dt.date | None]:
        rows = [ROW.replace("L1", f"L{no}").replace("2026-10-01", text) for no, text in enumerate(texts)]
        return [item.date for item in read_ledger(ledger(*rows), "l").items]

    assert dates("03/10/2026", "31/10/2026") == [dt.date(2026, 10, 3), dt.date(2026, 10, 31)]
    assert dates("10/03/2026", "10/31/2026") == [dt.date(2026, 10, 3), dt.date(2026, 10, 31)]


@pytest.mark.parametrize("text", ["03/10/2026", "2026-13-01", "2026-02-30", "31/10/26", "tomorrow", "0026-10-01"])
def test_a_date_with_no_one_meaning_is_refused(text: str) -> None:
    said = refusal(ledger(ROW.replace("2026-10-01", text)))
    assert "line 2, column date" in said and "2026-10-31" in said


def test_five_broken_rows_are_named_by_line_and_nothing_is_imported() -> None:
    bad = [
        ROW.replace("L1", "L2").replace("5000.00", "five"),
        ROW.replace("L1", "L3").replace("2026-10-01", "2026-13-45"),
        ROW.replace("L1", "L4").replace("receivable", "sideways"),
        ROW.replace("L1", "L5").replace("CNY", "XYZ"),
        ROW.replace("L1", ""),
    ]
    said = refusal(ledger(ROW, *bad))
    assert "5 rows cannot be read" in said and "--skip-bad-rows" in said
    assert [line.strip().split(",")[0] for line in said.splitlines()[1:]] == [f"line {no}" for no in range(3, 8)]
    kept = read_ledger(ledger(ROW, *bad), "ledger.csv", skip_bad_rows=True)
    assert [item.id for item in kept.items] == ["L1"]
    assert [(row.line, row.column) for row in kept.skipped] == [
        (3, "amount"), (4, "date"), (5, "side"), (6, "currency"), (7, "id"),
    ]  # fmt: skip


def test_a_duplicate_id_is_named_with_both_lines() -> None:
    said = refusal(ledger(ROW, "", ROW))
    assert "line 4, column id: 'L1': this id stands on line 2 already" in said


def test_the_line_is_the_files_line_even_after_a_value_with_a_line_break() -> None:
    said = refusal(ledger(ROW.replace("货款", '"two\nlines"'), ROW.replace("L1", "L2").replace("5000.00", "x")))
    assert "line 4, column amount" in said


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    said = refusal(ledger(ROW.replace("货款", '"open'), *(ROW.replace("L1", f"L{no}") for no in range(2, 9))))
    assert "line 2" in said and "quotation mark" in said and "nothing was imported" in said


def test_an_unquoted_thousands_separator_is_noticed_as_a_slipped_row() -> None:
    assert "15 columns" in refusal(ledger(ROW.replace("5000.00", "5,000.00")))


def test_missing_columns_are_named_with_what_was_not_understood() -> None:
    said = refusal(ledger("1,2", header="id,Kostenstelle,party_id"))
    assert "side, reference, date, currency, amount" in said and "Kostenstelle" in said


def test_a_column_that_stands_twice_is_refused() -> None:
    assert "amount stands twice" in refusal(ledger(ROW + ",1", header=HEADER + ",Amount"))


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf\r\n", b"\x00\x01\x02\x03garbage", b"PK\x03\x04broken"])
def test_what_is_no_ledger_ends_in_one_sentence(data: bytes) -> None:
    assert refusal(data).startswith("ledger.csv")


def test_a_yonyou_detail_account_with_title_lines_debit_credit_and_total_row() -> None:
    text = "\n".join(
        [
            "应收明细账,,,,,,,",
            "单位:华星贸易有限公司,,,,,,,期间:2026-10",
            "单据编号,单据类型,单据日期,客户编码,客户名称,币种,借方金额,贷方金额,余额,摘要",
            "XS001,销售发票,2026/10/3,C001,恒泰包装,人民币,\"12,000.00\",,\"12,000.00\",货款",
            "SK002,收款单,2026/10/9,C001,恒泰包装,人民币,,5000,7000,回款",
            "合计,,,,,,12000,5000,,",
        ]
    )  # fmt: skip
    first, second = read_ledger(text.encode("gb18030"), "用友.csv").items
    assert (first.id, first.reference, first.amount, first.side) == ("XS001", "XS001", Decimal(12000), Side.RECEIVABLE)
    assert (second.type, second.amount, second.currency, second.open_amount) == ("payment", Decimal(-5000), "CNY", None)


@pytest.mark.parametrize(
    ("header", "row", "side"),
    [
        # SAP FBL5N
        ("Customer\tDocument Number\tReference\tDocument Type\tDocument Date\tNet due date\tDocument currency\t"
         "Amount in doc. curr.\tText", "100023\t1800000001\tINV-9\tRV\t03.10.2026\t02.11.2026\tEUR\t1.234,50\tx",
         Side.RECEIVABLE),
        # SAP table fields, supplier, amount without sign
        ("LIFNR\tBELNR\tXBLNR\tBLART\tBLDAT\tWAERS\tSHKZG\tWRBTR", "200\t51000\tINV-9\tRE\t20261003\tEUR\tH\t1234.50",
         Side.PAYABLE),
        # Oracle
        ("Customer Number,Customer Name,Trx Number,Class,Trx Date,Due Date,Currency Code,Amount Due Original,"
         "Amount Due Remaining", '77,Acme,INV-9,INV,03-OCT-2026,02-NOV-2026,EUR,"1,234.50","1,234.50"',
         Side.RECEIVABLE),
        # Odoo
        ("External ID;Partner;Number;Reference;Invoice Date;Due Date;Currency;Amount in Currency;Residual Amount;"
         "Account Type", "m.1;Acme;INV-9;PO1;2026-10-03;2026-11-02;EUR;1234.50;0.0;Receivable", Side.RECEIVABLE),
        # ERPNext
        ("Posting Date,Party Type,Party,Voucher Type,Voucher No,Due Date,Invoiced Amount,Outstanding Amount,Currency",
         "2026-10-03,Supplier,Acme,Purchase Invoice,INV-9,2026-11-02,1234.50,1234.50,EUR", Side.PAYABLE),
        # QuickBooks
        ("Date,Transaction Type,Num,Customer,Memo/Description,Due Date,Amount,Open Balance,Currency",
         '10/13/2026,Invoice,INV-9,Acme,Goods,11/02/2026,"1,234.50","1,234.50",EUR', Side.RECEIVABLE),
        # Xero
        ("ContactName,InvoiceNumber,Reference,InvoiceDate,DueDate,Total,InvoiceAmountDue,Currency,Ledger",
         "Acme,INV-9,PO-1,13/10/2026,02/11/2026,1234.50,1234.50,EUR,AR", Side.RECEIVABLE),
        # 金蝶
        ("单据编号,业务日期,往来单位类型,往来单位编码,往来单位,币别,价税合计,未核销金额,到期日,备注",
         "INV-9,2026-10-03,供应商,V01,恒泰,欧元,1234.50,1234.50,2026-11-02,", Side.PAYABLE),
    ],
)  # fmt: skip
def test_headers_of_common_erp_systems_are_understood(header: str, row: str, side: Side) -> None:
    item = only(ledger(row, header=header))
    assert (item.amount, item.currency, item.side) == (Decimal("1234.50"), "EUR", side)
    assert "INV-9" in (item.reference, item.their_reference) and item.date is not None and item.date.month == 10


def test_a_spreadsheet_gives_the_same_items_as_the_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["华星贸易有限公司"])
    sheet.append(HEADER.split(","))
    sheet.append(
        ["L1", "C001", "恒泰包装", "receivable", "invoice", 1001, None, None, dt.datetime(2026, 10, 1),
         dt.date(2026, 10, 31), "CNY", 69.99999999999998, 70, "货款"]
    )  # fmt: skip
    sheet.append(["L2", "C001", None, "receivable", "invoice", "0007", None, None, "bad", None, "CNY", 1, 1, None])
    data = io.BytesIO()
    book.save(data)
    kept = read_ledger(data.getvalue(), "ledger.xlsx", skip_bad_rows=True)
    (item,) = kept.items
    assert (item.reference, item.date, item.due_date) == ("1001", dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert (item.amount, item.open_amount) == (Decimal("70.00"), Decimal("70.00"))
    assert [(row.line, row.column) for row in kept.skipped] == [(4, "date")]


def test_items_without_date_or_reference_are_read_and_remarked_by_line() -> None:
    found = read_ledger(ledger(ROW.replace("2026-10-01", "").replace("INV-1001", "")), "l")
    assert found.items[0].date is None
    assert [(remark.line, remark.what) for remark in found.remarks] == [
        (2, "L1 has no date"), (2, "L1 has no reference"),
    ]  # fmt: skip


PARTIES = (
    "party_id,party_name,side,emails,language,currency,tax_id,payment_terms,statement_schedule,salesperson,"
    "salesperson_email,aliases"
)


def test_parties_are_read_with_their_lists() -> None:
    row = "C001,恒泰包装,receivable,a@x.example; b@x.example,中文,CNY,9133,月结30天,,王芳,wang@us.example,恒泰;HT Pack"
    (party,) = read_parties(f"{PARTIES}\n{row}\n".encode("gb18030"), "parties.csv").parties
    assert party.emails == ("a@x.example", "b@x.example")
    assert (party.language, party.aliases, party.tax_id) == ("zh-CN", ("恒泰", "HT Pack"), "9133")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("C1,A,receivable,no-address", "column emails: 'no-address'"),
        ("C1,A,receivable,a@b.example\x07", "e-mail address"),
        ("C1,,receivable,", "column party_name"),
        ("C1,A,both,", "column side"),
        ("C1,A,receivable,,Klingon language", "column language"),
        ("C1,A,receivable,,,,,,often", "column statement_schedule: 'often'"),
    ],
)
def test_a_bad_party_is_named(row: str, says: str) -> None:
    with pytest.raises(Refusal, match="line 2") as caught:
        read_parties(f"{PARTIES}\n{row}\n".encode(), "parties.csv")
    assert says in str(caught.value)


def test_terms_that_are_not_understood_are_remarked_and_do_not_stop_the_import() -> None:
    found = read_parties(f"{PARTIES}\nC1,A,receivable,a@b.example,,,,as agreed\n".encode(), "p")
    assert [(one.line, "as agreed" in one.what) for one in found.remarks] == [(2, True)]


def test_one_company_may_be_customer_and_supplier_but_not_twice_the_same() -> None:
    rows = "C1,A,receivable,\nC1,A,payable,\n"
    assert len(read_parties(f"{PARTIES}\n{rows}".encode(), "p").parties) == 2
    with pytest.raises(Refusal, match=r"line 4.*line 2 already"):
        read_parties(f"{PARTIES}\n{rows}C1,A,receivable,\n".encode(), "p")
