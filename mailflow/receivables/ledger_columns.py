"""Which column of a ledger or parties file holds which field: our own names first, then what ERP systems call them.

Seen in exports of SAP (technical and English and German list headings), Oracle, Odoo, ERPNext, QuickBooks, Xero,
用友 (U8, NC) and 金蝶 (K/3, 云星空). Within a field, an earlier synonym wins: amounts of the document's own currency
before local ones, the document's date before the posting date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parsers.currencies import CODES

LEDGER_REQUIRED = ("id", "party_id", "side", "reference", "date", "currency", "amount")
PARTIES_REQUIRED = ("party_id", "party_name", "side")

_CUSTOMER_NO = """
    customer id|customer no|customer number|customer code|customer account|kunnr|debitor|debitorennummer|
    kundennummer|bill to customer number|客户编码|客户编号|客户代码|客户号
"""
_SUPPLIER_NO = """
    supplier id|supplier no|supplier number|supplier code|vendor id|vendor no|vendor number|vendor code|
    vendor account|lifnr|kreditor|kreditorennummer|lieferantennummer|供应商编码|供应商编号|供应商代码|供应商号
"""
_CUSTOMER_NAME = """
    customer name|customer full name|customer|bill to customer name|client|debtor|kunde|kundenname|客户名称|
    客户全称|客户简称|客户|购货单位|購貨單位
"""
_SUPPLIER_NAME = """
    supplier name|supplier|vendor name|vendor|creditor|lieferant|lieferantenname|供应商名称|供应商全称|供应商|
    供货单位
"""

LEDGER: dict[str, str] = {
    "id": """
        item id|line id|entry no|entry id|external id|transaction id|trans #|trans no|journal item|customer trx id|
        payment schedule id|内码|单据内码|分录内码|明细id|序号id|fid|fentryid|记录号|流水号|行标识
    """,
    "party_id": f"""
        partner id|contact id|party code|party no|account number|account no|往来单位编码|往来单位编号|往来单位代码|
        单位编码|往来户编码|{_CUSTOMER_NO}|{_SUPPLIER_NO}
    """,
    "party_name": f"""
        partner|partner name|contact name|contact|party|name|name 1|往来单位名称|往来单位|单位名称|往来户名称|
        对方单位|{_CUSTOMER_NAME}|{_SUPPLIER_NAME}
    """,
    "side": """
        ledger|book|account type|party type|koart|ar ap|ar/ap|receivable payable|方向类型|应收应付|往来类型|
        往来性质|往来单位类型|科目|科目名称|收付类型
    """,
    "type": """
        document type|doc type|transaction type|trx type|class|voucher type|move type|blart|belegart|belegtyp|
        单据类型|单据类别|业务类型|票据类型|类型|单据名称
    """,
    "reference": """
        document no|document number|doc no|document|invoice no|invoice number|invoice num|invoice|invoicenumber|
        trx number|transaction number|voucher no|voucher number|num|number|our reference|belnr|belegnummer|belegnr|
        rechnungsnummer|单据编号|单据号|发票号码|发票号|票据号|凭证号|凭证编号|单号|编号|fbillno
    """,
    "their_reference": """
        their ref|customer reference|supplier reference|vendor reference|external document no|bill no|
        supplier invoice no|vendor invoice no|assignment|zuonr|xblnr|zuordnung|referenz|ref|对方单号|对方单据号|
        客户单号|供应商发票号|外部单号|参考号|送货单号
    """,
    "po_number": """
        po|po no|po #|p o #|p o number|purchase order|purchase order no|purchase order number|customer po|
        customer po number|order no|order number|sales order|ebeln|bstnk|purchasing document|bestellnummer|订单号|
        采购订单号|采购订单|合同号|合同编号|客户订单号|客户采购单号
    """,
    "date": """
        document date|doc date|invoice date|transaction date|trx date|bill date|issue date|bldat|belegdatum|
        rechnungsdatum|单据日期|发票日期|开票日期|业务日期|日期|posting date|gl date|entry date|accounting date|
        budat|buchungsdatum|记账日期|凭证日期|制单日期
    """,
    "due_date": """
        due|net due date|invoice date due|date maturity|maturity date|payment due date|faedt|zfbdt|nettofälligkeit|
        fälligkeit|fälligkeitsdatum|fällig am|到期日|到期日期|应收日期|应付日期|付款到期日
    """,
    "currency": """
        document currency|currency code|currency id|curr|ccy|entered currency|invoice currency|transaction currency|
        waers|währung|belegwährung|币种|币别|原币|货币|幣別
    """,
    "amount": """
        amount in doc curr|amount in document currency|amount in currency|amount currency|entered amount|
        original amount|amount due original|document amount|invoice amount|invoiced amount|transaction amount|
        signed amount|total|total amount|gross amount|grand total|wrbtr|betrag in belegwährung|betrag|bruttobetrag|
        原币金额|单据金额|价税合计|应收金额|应付金额|金额|发生额|amount in local currency|dmbtr|
        betrag in hauswährung|本币金额
    """,
    "open_amount": """
        open|open balance|outstanding|outstanding amount|amount due|amount due remaining|invoice amount due|
        balance due|remaining amount|residual|residual amount|amount residual|residual amount in currency|
        amount residual currency|unapplied amount|offener betrag|offen|未核销金额|未核销|未收金额|未付金额|未清金额|
        未结金额|原币余额|余额
    """,
    "description": """
        text|memo|memo description|description memo|narration|label|remarks|remark|details|particulars|comment|
        sgtxt|buchungstext|摘要|备注|说明|描述
    """,
    "debit": "debit amount|dr|soll|借方|借方金额|借方原币|本期应收|原币借方|借方本币",
    "credit": "credit amount|cr|haben|贷方|贷方金额|贷方原币|本期已收|原币贷方|贷方本币",
    "direction": """
        debit credit|debit/credit|dr cr|dr/cr|d/c|debit credit indicator|shkzg|soll haben|soll/haben|借贷方向|借贷|
        余额方向
    """,
}

PARTIES: dict[str, str] = {
    "party_id": f"""
        id|code|party code|partner id|contact id|account number|编码|代码|往来单位编码|单位编码|{_CUSTOMER_NO}|
        {_SUPPLIER_NO}
    """,
    "party_name": f"""
        name|party|partner|partner name|contact name|company name|company|legal name|往来单位名称|往来单位|单位名称|
        名称|全称|公司名称|{_CUSTOMER_NAME}|{_SUPPLIER_NAME}
    """,
    "side": LEDGER["side"] + "|类型|type",
    "emails": """
        email|e mail|e-mail|email address|e-mail address|email addresses|mail|邮箱|电子邮箱|电子邮件|邮件地址|
        邮箱地址|收件人邮箱
    """,
    "language": "lang|spras|sprache|语言|语种",
    "currency": LEDGER["currency"] + "|default currency|结算币种",
    "tax_id": """
        tax id|tax no|tax number|vat|vat id|vat no|vat number|vat reg no|stcd1|ust idnr|gstin|税号|纳税人识别号|
        统一社会信用代码|社会信用代码
    """,
    "payment_terms": """
        terms|payment term|payment terms|terms of payment|zterm|zahlungsbedingungen|zahlungsbedingung|付款条件|
        收款条件|结算方式|账期|付款条款
    """,
    "statement_schedule": "schedule|statement schedule|对账周期|对账时间|对账计划",
    "salesperson": "sales person|sales rep|salesman|account manager|verkäufer|业务员|销售员|客户经理",
    "salesperson_email": "sales person email|sales rep email|业务员邮箱|销售员邮箱|客户经理邮箱",
    "aliases": "alias|also known as|other names|曾用名|别名|别称|简称",
}

_WEAK_ID = """
    document number|document no|belnr|belegnummer|voucher no|voucher number|transaction number|单据编号|凭证号
"""
_INVOICE_NO = "invoice number|invoice no|invoice num|number"
_UNIT = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_RUNNING = {"余额", "原币余额", "balancedue", "balance"}
_DROPPED = re.compile(r"[\W_]+")
_UNIT_CURRENCY = {"元": "CNY", "人民币元": "CNY", "人民币": "CNY", "rmb": "CNY"}
_SIDE_OF = {
    **dict.fromkeys(f"{_CUSTOMER_NO}|{_CUSTOMER_NAME}".split("|"), "receivable"),
    **dict.fromkeys(f"{_SUPPLIER_NO}|{_SUPPLIER_NAME}".split("|"), "payable"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """``places`` is field -> column from 0; ``headings`` the same as printed. ``side`` and ``currency`` are what the
    header itself says for every row (a column "Customer", a heading "Amount (USD)"), None when it does not."""

    places: Mapping[str, int]
    headings: Mapping[str, str]
    width: int
    missing: tuple[str, ...]
    twice: tuple[str, ...] = ()
    side: str | None = None
    currency: str | None = None
    foreign: tuple[str, ...] = field(default=())  # headings that mean nothing to us

    @property
    def score(self) -> int:
        """How much of a header this row is: fields found, missing required ones counting against it."""
        return len(self.places) - 2 * len(self.missing)


def normal(heading: str) -> str:
    """A heading without case, width, punctuation and units: ``"Amount (USD) *"`` and ``"amount"`` are the same."""
    text = unicodedata.normalize("NFKC", heading).casefold().replace("﻿", "")
    return _DROPPED.sub("", _UNIT.sub("", text)) or _DROPPED.sub("", text)


def _lexicon(fields: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: (normal(name), *(normal(word) for word in words.split("|"))) for name, words in fields.items()}


_LEXICONS = {"ledger": _lexicon(LEDGER), "parties": _lexicon(PARTIES)}
_SIDES = {normal(name): side for name, side in _SIDE_OF.items()}


def columns(header: Sequence[str], kind: str) -> Columns:
    """What each column of ``header`` is; ``kind`` is ``"ledger"`` or ``"parties"``."""
    lexicon = _LEXICONS[kind]
    names = [normal(heading) for heading in header]
    places: dict[str, int] = {}
    taken: set[int] = set()
    twice = tuple(name for name, words in lexicon.items() if names.count(words[0]) > 1)
    ours = [(name, words[:1]) for name, words in lexicon.items()]
    theirs = [(name, words[1:]) for name, words in lexicon.items()]
    for name, words in ours + theirs:
        if name in places:
            continue
        for word in words:
            at = names.index(word) if word in names else -1
            if at >= 0 and at not in taken:
                places[name] = at
                taken.add(at)
                break
    side = None if "side" in places else _said_by(names, taken, _SIDES)
    currency = None if "currency" in places else _unit_currency(header, places)
    _stand_ins(places, names, lexicon)
    required = LEDGER_REQUIRED if kind == "ledger" else PARTIES_REQUIRED
    known = set(places) | ({"side"} if side else set()) | ({"currency"} if currency else set())
    if {"debit", "credit"} <= set(places):
        known.add("amount")
    return Columns(
        places=places,
        headings={name: header[at].strip() for name, at in places.items()},
        width=len(header),
        missing=tuple(name for name in required if name not in known),
        twice=twice,
        side=side,
        currency=currency,
        foreign=tuple(
            heading.strip() for at, heading in enumerate(header) if at not in places.values() and heading.strip()
        ),
    )


def _stand_ins(places: dict[str, int], names: Sequence[str], lexicon: Mapping[str, tuple[str, ...]]) -> None:
    """What an ERP export leaves out: a document number is its own id, a name stands for a missing code.

    Only where the export has its own word for it: a file with our column ``reference`` must have ``id`` too.
    """
    named = next((names.index(word) for word in map(normal, _INVOICE_NO.split("|")) if word in names), None)
    if "id" not in names and "reference" in places and named is not None and named not in places.values():
        places.setdefault("their_reference", places["reference"])  # Xero, Odoo: "Reference" is the customer's
        places["reference"] = named
    if "id" not in places and "reference" in places:
        spare = [names.index(word) for word in map(normal, _WEAK_ID.split("|")) if word in names]
        spare = [at for at in spare if at not in places.values()]
        if spare:
            places["id"] = spare[0]
        elif names[places["reference"]] != lexicon["reference"][0]:
            places["id"] = places["reference"]
    if "party_id" not in places and "party_name" in places and names[places["party_name"]] != lexicon["party_name"][0]:
        places["party_id"] = places["party_name"]
    if "reference" not in places and "their_reference" in places:
        places["reference"] = places["their_reference"]
    if {"debit", "credit"} <= set(places) and "open_amount" in places:
        if names[places["open_amount"]] in _RUNNING:
            del places["open_amount"]  # beside debit and credit it is the account's running balance


def _said_by(names: Sequence[str], taken: set[int], meaning: Mapping[str, str]) -> str | None:
    said = {meaning[names[at]] for at in taken if names[at] in meaning}
    return said.pop() if len(said) == 1 else None


def _unit_currency(header: Sequence[str], places: Mapping[str, int]) -> str | None:
    said = set()
    for name in ("amount", "debit", "credit"):
        unit = _UNIT.search(header[places[name]]) if name in places else None
        if unit:
            text = unicodedata.normalize("NFKC", unit.group(1)).strip()
            code = _UNIT_CURRENCY.get(text.casefold(), text.upper())
            if code in CODES:
                said.add(code)
    return said.pop() if len(said) == 1 else None
