"""UBL 2.1 (OASIS, also 2.0 and 2.2+): Statement, RemittanceAdvice, Invoice, CreditNote, DebitNote.

By local name, as the namespaces of the versions differ in nothing that is read here. A statement counts from the
supplier's side: ``DebitLineAmount`` is what the customer owes more. In a remittance advice the debit is what is paid
for an invoice and the credit what is deducted (a credit note), so debit − credit = amount in both.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from parsers.documents import CheckName, Document, Kind, Line, LineType, Party, Payment
from parsers.errors import Unreadable
from parsers.formats import declared
from parsers.formats import xml_entrance as xml
from parsers.source import Source

_REFERENCE_TYPES = {
    "InvoiceDocumentReference": LineType.INVOICE,
    "SelfBilledInvoiceDocumentReference": LineType.INVOICE,
    "CreditNoteDocumentReference": LineType.CREDIT_NOTE,
    "SelfBilledCreditNoteDocumentReference": LineType.CREDIT_NOTE,
    "DebitNoteDocumentReference": LineType.DEBIT_NOTE,
    "ReminderDocumentReference": LineType.FEE,
    "AdditionalDocumentReference": LineType.OTHER,
}
_LINES = {
    "CreditNote": "CreditNoteLine",
    "SelfBilledCreditNote": "CreditNoteLine",
    "DebitNote": "DebitNoteLine",
}
_TYPE_CODES = {  # UN/EDIFACT 1001
    "380": LineType.INVOICE,
    "325": LineType.INVOICE,
    "381": LineType.CREDIT_NOTE,
    "383": LineType.DEBIT_NOTE,
    "384": LineType.INVOICE,
    "389": LineType.INVOICE,
    "481": LineType.PAYMENT,
}


def read(data: bytes, source: Source) -> list[Document]:
    """The one document of a UBL file. Raises :class:`parsers.errors.Unreadable`."""
    root = xml.parse(data)
    kind = xml.name(root)
    if kind == "Statement":
        return [_statement(root, source)]
    if kind == "RemittanceAdvice":
        return [_remittance(root, source)]
    if kind in ("Invoice", "CreditNote", "DebitNote", "SelfBilledInvoice", "SelfBilledCreditNote", "FreightInvoice"):
        return [_invoice(root, kind, source)]
    raise Unreadable(f"the UBL document {kind} is not read")


def _statement(root: Any, source: Source) -> Document:
    document = _document(root, Kind.STATEMENT, source)
    document.issuer = _party(root, "AccountingSupplierParty", "SellerSupplierParty", "PayeeParty")
    document.recipient = _party(root, "AccountingCustomerParty", "BuyerCustomerParty")
    document.period_start = declared.date(root, "StatementPeriod", "StartDate")
    document.period_end = declared.date(root, "StatementPeriod", "EndDate")
    document.closing_balance = declared.amount(root, "TotalBalanceAmount")
    for element in xml.children(root, "StatementLine"):
        if (xml.text(element, "BalanceBroughtForwardIndicator") or "").lower() in ("true", "1"):
            document.opening_balance = _forward(element)
        else:
            document.lines.append(_line(element, len(document.lines) + 1))
    running = declared.check_chain(document)
    if running is False:  # not a chain: what each line leaves open
        document.checks.pop()
        for line in document.lines:
            line.open_amount, line.balance = line.balance, None
    totals = _check_columns(document, root)
    covered = totals
    if document.closing_balance is not None and document.lines:
        total = sum((line.amount for line in document.lines), document.opening_balance or Decimal(0))
        open_total = sum((line.open_amount or Decimal(0) for line in document.lines), Decimal(0))
        if running is False and open_total == document.closing_balance:
            total = open_total
        covered = declared.check(
            document, CheckName.CLOSING_BALANCE, "opening + lines", total, document.closing_balance
        )
    return declared.judge(document, covers_all=covered)


def _check_columns(document: Document, root: Any) -> bool:
    """Declared column totals. The brought-forward line may or may not be in them: either is a total of the lines."""
    covered = 0
    opening = document.opening_balance or Decimal(0)
    for name, column, forward in (
        ("TotalDebitAmount", "debit", max(opening, Decimal(0))),
        ("TotalCreditAmount", "credit", max(-opening, Decimal(0))),
    ):
        total = declared.amount(root, name)
        if total is None or not document.lines:
            continue
        summed = sum((getattr(line, column) or Decimal(0) for line in document.lines), Decimal(0))
        if summed != total and summed + forward == total:
            summed += forward
        covered += declared.check(document, CheckName.COLUMN_TOTAL, f"sum of {column}", summed, total)
    return covered == 2


def _remittance(root: Any, source: Source) -> Document:
    document = _document(root, Kind.REMITTANCE_ADVICE, source)
    document.issuer = _party(root, "AccountingCustomerParty", "BuyerCustomerParty", "PayerParty")
    document.recipient = _party(root, "AccountingSupplierParty", "PayeeParty", "SellerSupplierParty")
    means = xml.child(root, "PaymentMeans")
    document.payment = Payment(
        date=declared.date(means, "PaymentDueDate") or document.date,
        amount=declared.amount(root, "TotalPaymentAmount"),
        method=xml.text(means, "PaymentMeansCode"),
        reference=xml.text(root, "PaymentOrderReference")
        or xml.text(means, "PaymentID")
        or xml.text(means, "InstructionID"),
    )
    for element in xml.children(root, "RemittanceAdviceLine"):
        line = _line(element, len(document.lines) + 1)
        line.open_amount, line.balance = (line.balance if line.balance != line.amount else None), None
        document.lines.append(line)
    covered = _check_columns(document, root)
    if document.payment.amount is not None and document.lines:
        paid = sum((line.amount for line in document.lines), Decimal(0))
        covered = declared.check(document, CheckName.PAYMENT_TOTAL, "sum of lines", paid, document.payment.amount)
    return declared.judge(document, covers_all=covered)


def _invoice(root: Any, kind: str, source: Source) -> Document:
    """Header amounts: one line, which is the invoice itself."""
    document = _document(root, Kind.INVOICE, source)
    document.issuer = _party(root, "AccountingSupplierParty")
    document.recipient = _party(root, "AccountingCustomerParty")
    totals = xml.child(root, "RequestedMonetaryTotal" if kind == "DebitNote" else "LegalMonetaryTotal")
    payable = declared.amount(totals, "PayableAmount")
    gross = declared.amount(totals, "TaxInclusiveAmount")
    code = xml.text(root, "InvoiceTypeCode") or xml.text(root, "CreditNoteTypeCode") or ""
    credit = kind in ("CreditNote", "SelfBilledCreditNote")
    type_ = LineType.CREDIT_NOTE if credit else _TYPE_CODES.get(code, LineType.INVOICE)
    if kind == "DebitNote":
        type_ = LineType.DEBIT_NOTE
    total = gross if gross is not None else payable
    if total is None:
        raise Unreadable("the invoice declares no total (LegalMonetaryTotal)")
    due = declared.date(root, "DueDate") or declared.date(root, "PaymentMeans", "PaymentDueDate")
    sign = -1 if type_ is LineType.CREDIT_NOTE else 1
    others = [
        xml.text(root, "OrderReference", "ID"),
        *(xml.text(r, "ID") for r in xml.children(root, "BillingReference")),
    ]
    document.lines.append(
        Line(
            no=1,
            amount=sign * total,
            type=type_,
            date=document.date,
            due_date=due or declared.date(root, "PaymentTerms", "PaymentDueDate"),
            reference=document.document_no,
            other_references=[other for other in others if other],
            description=xml.text(root, "Note"),
            open_amount=sign * payable if payable is not None and payable != total else None,
            currency=document.currency,
        )
    )
    line_name = _LINES.get(kind, "InvoiceLine")
    net = [declared.amount(line, "LineExtensionAmount") for line in xml.children(root, line_name)]
    declared_net = declared.amount(totals, "LineExtensionAmount")
    if net and declared_net is not None:
        declared.check(
            document,
            CheckName.COLUMN_TOTAL,
            "sum of net lines",
            sum((n or Decimal(0) for n in net), Decimal(0)),
            declared_net,
        )
    base = declared.amount(totals, "TaxExclusiveAmount")
    taxes = [declared.amount(tax, "TaxAmount") for tax in xml.children(root, "TaxTotal")]
    covered = False
    if base is not None and gross is not None and taxes:
        # A second TaxTotal repeats the tax in the accounting currency (EN 16931, BT-111): only the first counts.
        summed, words = base + (taxes[0] or Decimal(0)), "net + tax"
        rounding = declared.amount(totals, "PayableRoundingAmount")
        if rounding is not None and summed != gross:  # OASIS's own example rounds the gross, not only what is payable
            summed, words = summed + rounding, "net + tax + rounding"
        covered = declared.check(document, CheckName.LINE_ARITHMETIC, words, summed, gross)
    return declared.judge(document, covers_all=covered)


def _document(root: Any, kind: Kind, source: Source) -> Document:
    amounts = (found for found in root.iter() if xml.attribute(found, "currencyID"))
    first = next(amounts, None)
    return Document(
        file=source.file,
        member=source.member,
        format="ubl",
        kind=kind,
        document_no=xml.text(root, "ID"),
        date=declared.date(root, "IssueDate"),
        currency=xml.text(root, "DocumentCurrencyCode")
        or (xml.attribute(first, "currencyID") if first is not None else None),
    )


def _party(root: Any, *names: str) -> Party:
    """The first of ``names`` that is there; the legal or trading name, tax number, address for mail, account."""
    for name in names:
        found = xml.child(root, name)
        if found is None:
            continue
        party = xml.child(found, "Party")
        party = found if party is None else party
        return Party(
            name=xml.text(party, "PartyName", "Name")
            or xml.text(party, "PartyLegalEntity", "RegistrationName")
            or xml.text(party, "PartyTaxScheme", "RegistrationName"),
            tax_id=xml.text(party, "PartyTaxScheme", "CompanyID") or xml.text(party, "PartyLegalEntity", "CompanyID"),
            email=xml.text(party, "Contact", "ElectronicMail"),
            account_no=xml.text(found, "SupplierAssignedAccountID") or xml.text(found, "CustomerAssignedAccountID"),
        )
    return Party()


def _forward(element: Any) -> Decimal | None:
    balance = declared.amount(element, "BalanceAmount")
    debit, credit = declared.amount(element, "DebitLineAmount"), declared.amount(element, "CreditLineAmount")
    if debit is None and credit is None:
        return balance
    moved = (debit or Decimal(0)) - (credit or Decimal(0))
    return balance if balance is not None else moved


def _line(element: Any, number: int) -> Line:
    debit, credit = declared.amount(element, "DebitLineAmount"), declared.amount(element, "CreditLineAmount")
    references = _references(element)
    collected = xml.child(element, "CollectedPayment")
    reference, date, type_ = references[0] if references else (None, None, LineType.OTHER)
    amount = (debit or Decimal(0)) - (credit or Decimal(0))
    if collected is not None or (type_ is LineType.INVOICE and amount < 0):
        type_ = LineType.PAYMENT
        reference = xml.text(collected, "ID") or xml.text(collected, "InstructionID") or reference
        date = declared.date(collected, "PaidDate") or declared.date(collected, "ReceivedDate") or date
    others = [other for other, _, _ in references if other and other != reference]
    return Line(
        no=number,
        amount=amount,
        type=type_,
        date=date or declared.date(element, "InvoicePeriod", "StartDate"),
        due_date=declared.date(element, "PaymentMeans", "PaymentDueDate")
        or declared.date(element, "PaymentTerms", "PaymentDueDate"),
        reference=reference or xml.text(element, "InvoicingPartyReference"),
        other_references=others,
        description=xml.text(element, "Note"),
        debit=debit or None,
        credit=credit or None,
        balance=declared.amount(element, "BalanceAmount"),
        currency=next((xml.attribute(a, "currencyID") for a in element if xml.attribute(a, "currencyID")), None),
    )


def _references(element: Any) -> list[tuple[str | None, Any, LineType]]:
    """(number, date, type) of every document that the line names, the billed one first."""
    found: list[tuple[str | None, Any, LineType]] = []
    for billing in xml.children(element, "BillingReference"):
        for reference in billing:
            if xml.name(reference) in _REFERENCE_TYPES:
                type_ = _REFERENCE_TYPES[xml.name(reference)]
                found.append((xml.text(reference, "ID"), declared.date(reference, "IssueDate"), type_))
    for reference in xml.children(element, "DocumentReference"):
        type_ = _TYPE_CODES.get(
            xml.text(reference, "DocumentTypeCode") or "", _by_word(xml.text(reference, "DocumentType"))
        )
        found.append((xml.text(reference, "ID"), declared.date(reference, "IssueDate"), type_))
    return found


def _by_word(word: str | None) -> LineType:
    plain = (word or "").lower()
    for part, type_ in (
        ("credit", LineType.CREDIT_NOTE),
        ("debit", LineType.DEBIT_NOTE),
        ("invoice", LineType.INVOICE),
        ("payment", LineType.PAYMENT),
        ("receipt", LineType.PAYMENT),
    ):
        if part in plain:
            return type_
    return LineType.OTHER
