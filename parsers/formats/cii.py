"""UN/CEFACT Cross Industry Invoice: the XML of Factur-X and XRechnung (D16B), and of ZUGFeRD 1 (CrossIndustryDocument).

Header amounts only: one line, which is the invoice itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from parsers.documents import CheckName, Document, Kind, Line, LineType, Party
from parsers.errors import Unreadable
from parsers.formats import declared
from parsers.formats import xml_entrance as xml
from parsers.source import Source

_CREDIT_NOTES = frozenset({"381", "261", "262", "296", "308", "396", "420", "458", "532"})  # UN/EDIFACT 1001


def read(data: bytes, source: Source) -> list[Document]:
    """The one invoice or credit note. Raises :class:`parsers.errors.Unreadable`."""
    return [invoice(xml.parse(data), source)]


def invoice(root: Any, source: Source, format: str = "cii") -> Document:
    head = _first(root, "ExchangedDocument", "HeaderExchangedDocument")
    deal = _first(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    agreement = _first(deal, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    settlement = _first(deal, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    sums = _first(
        settlement, "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"
    )
    total = declared.amount(sums, "GrandTotalAmount")
    payable = declared.amount(sums, "DuePayableAmount")
    if total is None and payable is None:
        raise Unreadable("the invoice declares no total (GrandTotalAmount)")
    gross = total if total is not None else payable or Decimal(0)
    credit = (xml.text(head, "TypeCode") or "380") in _CREDIT_NOTES
    sign = -1 if credit else 1
    terms = list(xml.children(settlement, "SpecifiedTradePaymentTerms")) if settlement is not None else []
    document = Document(
        file=source.file,
        member=source.member,
        format=format,
        kind=Kind.INVOICE,
        issuer=_party(xml.child(agreement, "SellerTradeParty")),
        recipient=_party(xml.child(agreement, "BuyerTradeParty")),
        document_no=xml.text(head, "ID"),
        date=declared.date(head, "IssueDateTime"),
        currency=xml.text(settlement, "InvoiceCurrencyCode") or _named_currency(sums),
    )
    order = xml.text(agreement, "BuyerOrderReferencedDocument", "IssuerAssignedID")
    order = order or xml.text(agreement, "BuyerOrderReferencedDocument", "ID")
    document.lines.append(
        Line(
            no=1,
            amount=sign * gross,
            type=LineType.CREDIT_NOTE if credit else LineType.INVOICE,
            date=document.date,
            due_date=next((d for t in terms if (d := declared.date(t, "DueDateDateTime"))), None),
            reference=document.document_no,
            other_references=[order] if order else [],
            open_amount=sign * payable if payable is not None and payable != gross else None,
            currency=document.currency,
        )
    )
    base, tax = declared.amount(sums, "TaxBasisTotalAmount"), declared.amount(sums, "TaxTotalAmount")
    covered = False
    if base is not None and total is not None:
        covered = declared.check(document, CheckName.LINE_ARITHMETIC, "net + tax", base + (tax or Decimal(0)), total)
    prepaid = declared.amount(sums, "TotalPrepaidAmount")
    rounding = declared.amount(sums, "RoundingAmount") or Decimal(0)
    if payable is not None and total is not None:
        open_ = total - (prepaid or Decimal(0)) + rounding
        declared.check(document, CheckName.PAYMENT_TOTAL, "total − prepaid", open_, payable)
    return declared.judge(document, covers_all=covered)


def _first(element: Any, *names: str) -> Any | None:
    return next((found for name in names if (found := xml.child(element, name)) is not None), None)


def _party(party: Any) -> Party:
    if party is None:
        return Party()
    taxes = list(xml.children(party, "SpecifiedTaxRegistration"))
    vat = next((t for t in taxes if xml.attribute(xml.child(t, "ID"), "schemeID") == "VA"), taxes[0] if taxes else None)
    return Party(
        name=xml.text(party, "Name") or xml.text(party, "SpecifiedLegalOrganization", "TradingBusinessName"),
        tax_id=xml.text(vat, "ID"),
        email=xml.text(party, "DefinedTradeContact", "EmailURIUniversalCommunication", "URIID")
        or _mail(xml.text(party, "URIUniversalCommunication", "URIID")),
        account_no=xml.text(party, "ID"),
    )


def _mail(text: str | None) -> str | None:
    return text if text and "@" in text else None


def _named_currency(sums: Any) -> str | None:
    """The one currency that the totals name themselves, where the document forgets to say it."""
    found = {code for element in (sums if sums is not None else ()) if (code := xml.attribute(element, "currencyID"))}
    return found.pop() if len(found) == 1 else None
