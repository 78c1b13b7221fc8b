"""Habits of papers that other authors wrote without looking at this reader."""

from __future__ import annotations

from decimal import Decimal

from parsers.documents import Document, Kind, Trust
from parsers.opening import open_document
from parsers.source import Source


def read(text: str, name: str = "x.txt") -> Document:
    [document] = open_document(text.encode(), Source(name))
    return document


def amounts(document: Document) -> list[str]:
    return [str(line.amount) for line in document.lines]


CHARGES = """St. Brannock Veterinary Hospital
Monthly account statement

Balance at 30 September 2026                      781.15
Balance to pay (GBP)                               98.61

Charges

Date               Invoice           Details                              Amount
02/10/26           88120             Medicines                            457.50
07/10/26           88131             Consultation                         100.51
                                     Total charges                        558.01

Payments received

Date               Reference                                              Amount
08/10/26           BACS 3300                                              781.15
12/10/26           BACS 3317                                              459.40
                   Total payments                                       1,240.55
"""


def test_payments_in_a_table_of_their_own_are_taken_off_and_an_earlier_balance_is_the_opening() -> None:
    document = read(CHARGES)
    assert amounts(document) == ["457.50", "100.51", "-781.15", "-459.40"]
    assert (str(document.opening_balance), str(document.closing_balance)) == ("781.15", "98.61")
    assert document.trust is Trust.PROVEN


def test_a_row_that_calls_itself_a_balance_in_other_words_is_never_a_proven_line() -> None:
    rows = ["Acme Ltd,,,", "Statement of Account,,,", "Date,Invoice No,Details,Amount"]
    rows += ["2026-08-01,,Our opening balance with you,100.00", "2026-08-02,A-1,Goods,50.00", ",,Total,150.00"]
    document = read("\n".join(rows), "x.csv")
    assert document.trust is Trust.UNPROVEN


def test_an_indian_ledger_begins_its_rows_with_to_and_by() -> None:
    rows = ["Anand Agro,,,,", "Ledger Account,,,,", "Date,Particulars,Vch No.,Debit,Credit"]
    rows += ["1-Aug-26,To Opening Balance,,100.00,", "9-Aug-26,To Sales,411,50.00,", "9-Sep-26,By HDFC Bank,221,,30.00"]
    rows += [",By Closing Balance,,,120.00"]
    document = read("\n".join(rows), "x.csv")
    assert amounts(document) == ["50.00", "-30.00"]


def test_a_paper_that_does_not_say_what_it_is_proves_nothing() -> None:
    document = read("Day,Paper no,Worth amount\n2026-10-01,TK-1,5.00\n2026-10-02,TK-2,7.00\nTotal,,12.00\n", "x.csv")
    assert document.kind is not Kind.UNKNOWN or document.trust is not Trust.PROVEN


def test_lines_under_the_heading_of_a_day_are_of_that_day_and_say_that_it_was_inherited() -> None:
    text = """Gilded Thistle Bakery
Statement for Castle Street Cafes (GBP)

Docket               Goods             Amount
Friday 02 October 2026
D6610                bread and rolls    226.27
D6611                bread and rolls    280.31
Monday 05 October 2026
D6613                bread and rolls    197.30
Total                                   703.88
"""
    document = read(text)
    assert [line.date.isoformat() for line in document.lines if line.date] == ["2026-10-02", "2026-10-02", "2026-10-05"]
    assert all("date" in line.doubts for line in document.lines)
    assert document.trust is Trust.PROVEN


def test_a_table_drawn_with_spaces_in_a_page_is_read() -> None:
    document = read(
        "<html><body><p>Statement of account (USD)</p><pre>Date        Invoice           Amount     Balance\n"
        "2026-09-04  WB-3301           781.59      781.59\n2026-09-10  WB-3302           612.02    1,393.61\n\n"
        "TOTAL DUE                               1,393.61</pre></body></html>",
        "x.html",
    )
    assert amounts(document) == ["781.59", "612.02"]
    assert document.trust is Trust.PROVEN


def test_what_is_left_of_partly_paid_items_is_a_statement_not_an_advice() -> None:
    text = """Aurelia Lighting Design Ltd
Open items at 31/10/2026 in GBP

Document            Date          Due           Original   Paid to date   Outstanding
S-20551             02/07/2026    01/08/2026      570.73                       570.73
S-20552             06/07/2026    05/08/2026    2,755.33       1,102.13      1,653.20
Total                                           3,326.06       1,102.13      2,223.93
"""
    document = read(text)
    assert document.kind is Kind.STATEMENT
    assert amounts(document) == ["570.73", "1653.20"]


def test_a_promise_that_the_money_should_arrive_leaves_the_sentence_a_payment() -> None:
    mail = "We paid 2 invoices by BACS yesterday, total GBP 1,628.40:\n\nSI-20771 for 1,240.00\nSI-20779 for 388.40\n\n"
    assert amounts(read(mail + "Should be with you tomorrow.\n")) == ["1240.00", "388.40"]
    assert read(mail + "We should not have paid the second.\n").trust is not Trust.PROVEN


SIDES = """Acme Printing Ltd,,,,,,
Statement for: Blue Tea Ltd,,,,,,
Deliveries,,,,Payments received,,
Date,Invoice No,Amount,,Date,Reference,Amount
2026-08-01,D-1,500.00,,2026-08-20,CHQ 9,300.00
2026-08-05,D-2,250.00,,,,
2026-08-09,D-3,150.00,,,,
Total,,900.00,,Total,,300.00
Opening balance,,100.00,,,,
Closing balance,,700.00,,,,
"""


def test_two_tables_beside_each_other_are_two() -> None:
    document = read(SIDES, "x.csv")
    assert sorted(map(Decimal, amounts(document))) == [Decimal(-300), 150, 250, 500]
    assert document.trust is Trust.PROVEN


LOOSE = """Tarn Water plc
Account statement
Balance on last statement                                   318.74
05 Oct 2026          DD 0510       Payment received        -118.74
New charges
Date                 Invoice       Details                   Total
06 Oct 2026          96937127      High School              515.80
07 Oct 2026          25465594      Sixth Form               139.60
                                   Total new charges        655.40

                                   Total now due            655.40
"""


def test_rows_above_a_tables_head_keep_the_document_from_being_proven() -> None:
    assert read(LOOSE).trust is not Trust.PROVEN


def test_a_sentence_that_states_another_balance_breaks_the_proof() -> None:
    rows = ["昆明甲物资有限公司,,,,", "客户对账单,,,,", "日期,单据号,本期发货,本期回款,累计欠款", ",期初欠款,,,100.00"]
    rows += ["2026-08-01,F-1,50.00,,150.00", "2026-08-02,H-1,,30.00,120.00", "合计,,50.00,30.00,"]
    said = "截至2026年8月31日，贵单位应付我单位货款余额：￥{}"
    assert read("\n".join([*rows, said.format("120.00")]), "x.csv").trust is Trust.PROVEN
    assert read("\n".join([*rows, said.format("220.00")]), "x.csv").trust is Trust.UNPROVEN
