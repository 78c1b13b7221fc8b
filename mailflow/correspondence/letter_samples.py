"""A made-up account that has everything a letter can show: for the template check, previews and tests.

Example W1 and W2 of the field guide: open items, a dispute, a promise, unapplied credits, 22,500.00 in all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from mailflow.correspondence.statement_sheet import ReplyRoute
from mailflow.receivables.company import BankAccount, Company
from mailflow.receivables.party import Party, Side
from mailflow.receivables.statement import AgeingBucket, Statement, StatementLine

AS_OF = dt.date(2026, 10, 31)
ROUTE = ReplyRoute("7h2k9mfq4xw8znpc", "ar+7h2k9mfq4xw8znpc@huaxing.example")

COMPANY = Company(
    name="华星贸易有限公司",
    language="zh-CN",
    timezone="Asia/Shanghai",
    address="ar@huaxing.example",
    tax_id="91310000MA1FL0000X",
    postal_lines=("上海市浦东新区世纪大道 100 号 2808 室",),
    phone="+86 21 5555 0100",
    contact="财务部 李静",
    bank_accounts=(
        BankAccount("CNY", ("户名:华星贸易有限公司", "开户行:示例银行上海分行", "账号:1001 2345 6789 0123")),
        BankAccount("EUR", ("Huaxing Trading Co., Ltd.", "IBAN DE00 1234 5678 9012 3456 78", "BIC EXAMPLEXXX")),
        BankAccount("USD", ("Huaxing Trading Co., Ltd.", "Account 1001 2345 6789", "SWIFT EXAMPLEXXX")),
    ),
)

COMPANY_EN = replace(
    COMPANY,
    name="Huaxing Trading Co., Ltd.",
    language="en",
    postal_lines=("Room 2808, 100 Century Avenue", "Pudong, Shanghai"),
    contact="Li Jing, Accounts receivable",
)

PARTY = Party("C001", "苏州明达电子有限公司", Side.RECEIVABLE, ("finance@mingda.example",), "zh-CN", "CNY")
PARTY_EN = Party(
    "C014",
    "Kestrel Instruments Ltd",
    Side.RECEIVABLE,
    ("ap@kestrel.example",),
    "en",
    "EUR",
    payment_terms="2/20 net30",
)


def _d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _line(
    item: str, kind: str, reference: str, date: str, due: str | None, amount: str, open_amount: str, po: str = ""
) -> StatementLine:
    due_date = _d(due) if due else None
    return StatementLine(
        item_id=item,
        date=_d(date),
        due_date=due_date,
        type=kind,
        reference=reference,
        their_reference="",
        po_number=po,
        description="",
        amount=Decimal(amount),
        open_amount=Decimal(open_amount),
        days_overdue=(AS_OF - due_date).days if due_date else None,
    )


def open_lines() -> tuple[StatementLine, ...]:
    return (
        _line("L1", "invoice", "INV-0901", "2026-06-15", "2026-07-15", "8000.00", "3000.00", "PO-20260611"),
        replace(
            _line("L2", "invoice", "INV-0960", "2026-08-31", "2026-09-30", "4500.00", "4500.00", "PO-20260820"),
            disputed=True,
        ),
        replace(
            _line("L3", "invoice", "INV-0958", "2026-09-01", "2026-10-01", "6000.00", "6000.00", "PO-20260822"),
            promised_on=_d("2026-11-10"),
        ),
        _line("L4", "invoice", "INV-1001", "2026-10-01", "2026-10-31", "5000.00", "5000.00", "PO-20260925"),
        _line("L5", "credit_note", "CN-0077", "2026-10-12", None, "-1250.00", "-1250.00", "PO-20260820"),
        _line("L6", "invoice", "INV-1014", "2026-10-20", "2026-11-19", "7250.00", "7250.00", "PO-20261013"),
        _line("L7", "payment", "RC-310", "2026-10-25", None, "-2000.00", "-2000.00"),
    )


def movements() -> tuple[StatementLine, ...]:
    posted = [line for line in open_lines() if line.date >= _d("2026-10-01")]
    paid = _line("L8", "payment", "RC-305", "2026-10-15", None, "-2300.00", "0.00")
    running = Decimal("15800.00")
    lines: list[StatementLine] = []
    for line in sorted([*posted, paid], key=lambda one: (one.date, one.item_id)):
        running += line.amount
        lines.append(replace(line, balance=running))
    return tuple(lines)


STATEMENT = Statement(
    number="SOA-202610-C001-CNY",
    version=1,
    party=PARTY,
    side=Side.RECEIVABLE,
    currency="CNY",
    as_of=AS_OF,
    period_start=_d("2026-10-01"),
    opening=Decimal("15800.00"),
    closing=Decimal("22500.00"),
    movements=movements(),
    open_lines=open_lines(),
    ageing=(
        AgeingBucket("not_due", Decimal("12250.00")),
        AgeingBucket("1-30", Decimal("6000.00")),
        AgeingBucket("31-60", Decimal("4500.00")),
        AgeingBucket("61-90", Decimal("0.00")),
        AgeingBucket("91-120", Decimal("3000.00")),
        AgeingBucket("over_120", Decimal("0.00")),
    ),
    unapplied=Decimal("-3250.00"),
    overdue=Decimal("13500.00"),
    reply_by=_d("2026-11-16"),
)

STATEMENT_EN = replace(STATEMENT, number="SOA-202610-C014-EUR", party=PARTY_EN, currency="EUR")
