"""ISO 20022 bank messages, camt.052, camt.053 and camt.054 of every version (v2 to v13), by local name.

Signed as the account shows it: CRDT is money in (positive). Only booked entries are lines; a batch whose transactions
sum to its entry gives one line a transaction, because each names its own invoices.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from parsers.documents import CheckName, Document, Kind, Line, LineType, Party, Payment, unreadable
from parsers.errors import Unreadable
from parsers.formats import declared
from parsers.formats import xml_entrance as xml
from parsers.source import Source

_REPORTS = ("Stmt", "Ntfctn", "Rpt")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)  # booked; what is available (OPAV, CLAV) is another sum
_NOTHING = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "N/A"})


def read(data: bytes, source: Source) -> list[Document]:
    """One bank notice per statement or notification. Raises :class:`parsers.errors.Unreadable`."""
    root = xml.parse(data)
    message = next((child for child in root if xml.name(child).startswith("BkToCstmr")), None)
    reports = [child for child in message if xml.name(child) in _REPORTS] if message is not None else []
    if not reports:
        raise Unreadable("the camt message holds no statement and no notification")
    found = [_report(report, source) for report in reports]
    return found or [unreadable(source.file, "camt", "the camt message is empty", source.member)]


def _report(report: Any, source: Source) -> Document:
    account = xml.child(report, "Acct")
    document = Document(file=source.file, member=source.member, format="camt", kind=Kind.BANK_NOTICE)
    bank = xml.child(account, "Svcr", "FinInstnId")
    document.issuer = Party(
        name=xml.text(bank, "Nm"), tax_id=None, account_no=xml.text(bank, "BICFI") or xml.text(bank, "BIC")
    )
    document.recipient = Party(
        name=xml.text(account, "Ownr", "Nm") or xml.text(account, "Nm"),
        account_no=xml.text(account, "Id", "IBAN") or xml.text(account, "Id", "Othr", "Id"),
    )
    document.document_no = xml.text(report, "Id")
    document.date = declared.date(report, "CreDtTm")
    document.period_start = declared.date(report, "FrToDt", "FrDtTm") or declared.date(report, "FrToDt", "FrDt")
    document.period_end = declared.date(report, "FrToDt", "ToDtTm") or declared.date(report, "FrToDt", "ToDt")
    balances = _balances(report)
    document.opening_balance = next((balances[code] for code in _OPENING if code in balances), None)
    document.closing_balance = next((balances[code] for code in _CLOSING if code in balances), None)
    amounts = [amount for amount in report.iter() if xml.name(amount) == "Amt" and xml.attribute(amount, "Ccy")]
    document.currency = xml.text(account, "Ccy") or (xml.attribute(amounts[0], "Ccy") if amounts else None)
    pending = 0
    for entry in xml.children(report, "Ntry"):
        status = xml.text(entry, "Sts", "Cd") or xml.text(entry, "Sts")
        if status not in (None, "BOOK"):
            pending += 1
            continue
        for line in _lines(entry, document.currency):
            line.no = len(document.lines) + 1
            document.lines.append(line)
    if pending:
        document.warnings.append(f"{pending} entries are pending, not booked, and were not read")
    if len(document.lines) == 1:
        [line] = document.lines
        document.payment = Payment(line.date, abs(line.amount), None, line.reference)
    return _prove(document, report)


def _prove(document: Document, report: Any) -> Document:
    covered = False
    total = sum((line.amount for line in document.lines), Decimal(0))
    if document.opening_balance is not None and document.closing_balance is not None:
        closing = document.opening_balance + total
        covered = declared.check(
            document, CheckName.CLOSING_BALANCE, "opening + entries", closing, document.closing_balance
        )
    summary = xml.child(report, "TxsSummry", "TtlNtries")
    net = declared.amount(summary, "TtlNetNtry", "Amt")
    if net is None:
        net = declared.amount(summary, "TtlNetNtryAmt")
    if net is not None and document.lines:
        debit = xml.text(summary, "TtlNetNtry", "CdtDbtInd") or xml.text(summary, "CdtDbtInd")
        signed = -net if debit == "DBIT" else net
        covered |= declared.check(document, CheckName.COLUMN_TOTAL, "sum of entries", total, signed)
    return declared.judge(document, covers_all=covered)


def _balances(report: Any) -> dict[str, Decimal]:
    """Code -> signed amount; of several with one code the first opening and the last closing count."""
    found: dict[str, Decimal] = {}
    for balance in xml.children(report, "Bal"):
        code = xml.text(balance, "Tp", "CdOrPrtry", "Cd")
        amount = declared.amount(balance, "Amt")
        if code is None or amount is None or (code in found and code in _OPENING):
            continue
        found[code] = -amount if xml.text(balance, "CdtDbtInd") == "DBIT" else amount
    return found


def _lines(entry: Any, currency: str | None) -> list[Line]:
    amount = declared.amount(entry, "Amt")
    if amount is None:
        raise Unreadable("an entry of the camt message has no amount")
    sign = -1 if xml.text(entry, "CdtDbtInd") == "DBIT" else 1
    details = [t for d in xml.children(entry, "NtryDtls") for t in xml.children(d, "TxDtls")]
    if len(details) > 1:
        each = [_transaction_amount(transaction, sign) for transaction in details]
        if all(part is not None for part in each) and sum(p for p in each if p is not None) == sign * amount:
            return [_line(entry, t, part, currency) for t, part in zip(details, each, strict=True) if part is not None]
    line = _line(entry, details[0] if details else None, sign * amount, currency)
    for transaction in details[1:]:
        reference, others = _references(transaction)
        line.other_references += [r for r in (reference, *others) if r and r not in line.other_references]
    return [line]


def _transaction_amount(transaction: Any, sign: int) -> Decimal | None:
    amount = declared.amount(transaction, "Amt")
    if amount is None:
        amount = declared.amount(transaction, "AmtDtls", "TxAmt", "Amt")
    own = xml.text(transaction, "CdtDbtInd")
    return None if amount is None else amount * ({"DBIT": -1, "CRDT": 1}.get(own or "", sign))


def _line(entry: Any, transaction: Any, amount: Decimal, currency: str | None) -> Line:
    reference, others = _references(transaction)
    bank_reference = xml.text(entry, "AcctSvcrRef") or xml.text(entry, "NtryRef")
    told = (
        [xml.text(u) for r in xml.children(transaction, "RmtInf") for u in xml.children(r, "Ustrd")]
        if transaction is not None
        else []
    )
    other_side = "Dbtr" if amount > 0 else "Cdtr"
    parties = xml.child(transaction, "RltdPties")
    name = xml.text(parties, other_side, "Nm") or xml.text(parties, other_side, "Pty", "Nm")
    words = [name, *told, xml.text(transaction, "AddtlTxInf"), xml.text(entry, "AddtlNtryInf")]
    charged = "CHRG" in (xml.text(entry, "BkTxCd", "Domn", "Fmly", "SubFmlyCd") or "")
    return Line(
        no=0,
        amount=amount,
        type=LineType.FEE if charged else LineType.PAYMENT,
        date=declared.date(entry, "BookgDt", "Dt") or declared.date(entry, "BookgDt", "DtTm"),
        due_date=None,
        reference=reference or bank_reference,
        other_references=[*others, *([bank_reference] if reference and bank_reference else [])],
        description=" · ".join(dict.fromkeys(word for word in words if word)) or None,
        debit=-amount if amount < 0 else None,
        credit=amount if amount > 0 else None,
        currency=(xml.attribute(xml.child(entry, "Amt"), "Ccy") or currency),
    )


def _references(transaction: Any) -> tuple[str | None, list[str]]:
    """The invoice that a payment names, then every other number: creditor reference, end-to-end id, mandate."""
    if transaction is None:
        return None, []
    found: list[str | None] = []
    for information in xml.children(transaction, "RmtInf"):
        for structured in xml.children(information, "Strd"):
            found += [xml.text(named, "Nb") for named in xml.children(structured, "RfrdDocInf")]
            found.append(xml.text(structured, "CdtrRefInf", "Ref"))
    refs = xml.child(transaction, "Refs")
    found += [xml.text(refs, name) for name in ("EndToEndId", "InstrId", "TxId", "MndtId", "ChqNb")]
    known = [reference for reference in dict.fromkeys(found) if reference and reference.upper() not in _NOTHING]
    return (known[0], known[1:]) if known else (None, [])
