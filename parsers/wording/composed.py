"""Names that no list holds, understood by the words they are made of.

The lists of ``columns``, ``marks`` and ``labels`` hold whole names. A producer's own name (``销货单号``, ``Amount Now Due``,
``收款廠商``) is read here: every word of it must be known for this place, and together they must say one thing only.
"""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.currencies import CODES
from parsers.wording import folded
from parsers.wording.columns import Role
from parsers.wording.labels import Field
from parsers.wording.marks import Mark
from parsers.wording.marks import mark as listed

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_CHINESE_ROLES: list[tuple[Role, re.Pattern[str]]] = [
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.REFERENCE, r"贵(?:方|司|公司)(?:发票|单据|单)(?:号码?|编号)?$"),
        (Role.DAYS, r"(?:天数|账龄)$"),
        (Role.DUE, r"(?:到期|应付|应收|付款|收款|还款|最迟|截止).{0,2}(?:日期?|期限|期)$"),
        (Role.DATE, r"(?:日期|时间|日)$"),
        (Role.TAX, r"税(?:额|金)$"),
        (Role.PRICE, r"(?:单价|汇率)$"),
        (Role.QUANTITY, r"数量$"),
        (Role.DISCOUNT, r"^(?!.*(?:单|票|前|后)).*(?:折扣|折让|扣款|扣减|抵扣)(?:金?额)?$"),
        (Role.OPEN, r"^(?:本期|累计|期末)?(?:未付|未收|未清|未结|未核销|尚欠|尚未|剩余|待付|待收|欠)"),
        (Role.BALANCE, r"(?:余额|结余|结存|结欠)$"),
        (Role.OTHER, r"(?:订单|合同|采购单|客户单|运单|支票|客户订单|贵司单|对方单).{0,2}(?:号|编号|号码)$"),
        (Role.REFERENCE, r"^(?!.*(?:客户|供应商|银行|账号|账户|电话|传真|税|统一编|产品|物料|商品)).*(?:单号|票号|单据号|字号|编号|号码)$"),
        (Role.DEBIT, r"^借方|借方$"),
        (Role.CREDIT, r"^贷方|贷方$"),
        (Role.PAID, r"^(?:本次|本期|实际)?(?:付款|支付|实付|核销|已付|结算)(?:金额|款|额)$"),
        (Role.CREDIT, r"^(?:本期|本月|实际)?(?:已收|收款|回款|实收|到账|来款)(?:金额|款|额)$|^本[期月次](?:已收|收款|回款|实收|到账|来款|减少)额?$"),
        (Role.DEBIT, r"^(?:本期|本月)?(?:应收|销售|销货|发货|送货|出货|开票|欠款增加)(?:金额|款|额)$|^本[期月次](?:销售|销货|发货|送货|出货|开票|增加)额?$"),
        (Role.AMOUNT, r"(?:金额|款额|总额|价税合计)$"),
        (Role.TYPE, r"(?:类型|类别|种类)$"),
        (Role.TEXT, r"(?:摘要|说明|备注|品名|内容|事由)$"),
    )
]  # fmt: skip

_NEUTRAL = frozenset(
    "the of in our your and a de la le du des del l d der die das invoice inv document doc bill transaction trans item voucher "
    "rechnung rechnungs beleg bel facture factura documento piece statement incl inc including vat ttc mwst eur usd gbp".split()
)
_FAMILIES: list[tuple[Role, frozenset[str]]] = [
    (role, frozenset(words.split()))
    for role, words in (
        (Role.DAYS, "days tage jours dias"),
        (Role.DUE, "due fallig falligkeit echeance vencimiento vto maturity payable by net dt date datum fecha am le on before"),
        (Role.POSTED, "posting posted value valuta valeur valor wert entry buchungs date datum fecha"),
        (Role.DATE, "date datum fecha dated issued issue emision emission dat dt"),
        (Role.DIRECTION, "dr cr debit credit or"),
        (Role.OPEN, "outstanding unpaid open offen offener offene pendiente restant reste remaining owing impaye rest due amount "
                    "balance betrag saldo solde importe montant total still now a payer pagar to pay noch zu zahlen"),
        (Role.BALANCE, "balance bal saldo solde cumulative running cumul cumule acumulado kumuliert laufender progressif account total to date lfd laufend"),
        (Role.DEBIT, "debit debits soll debe debet charges charge cargo cargos belastung amount betrag montant importe"),
        (Role.CREDIT, "credit credits haben haber abono abonos receipts payments received amount betrag montant importe"),
        (Role.DISCOUNT, "discount disc skonto escompte descuento dto deduction deductions less taken cash amount betrag importe montant"),
        (Role.PAID, "paid payment payments bezahlt gezahlt regle paye pagado cobrado applied settled less deja already to date amount "
                    "betrag montant importe net neto now this"),
        (Role.GROSS, "gross original orig originally brutto ursprungs ursprunglicher initial brut bruto amount amt betrag montant importe"),
        (Role.AMOUNT, "amount amt value betrag montant importe monto total sum"),
        (Role.OTHER, "po order pedido commande bestellung bestell purchase customer client cust kunden votre su ihre ihr your ref reference no nr "
                     "number num numero nummer"),
        (Role.REFERENCE, "no nr number num numero nummer ref reference referenz referencia id our"),
        (Role.TYPE, "type art tipo nature kind"),
        (Role.TEXT, "description details detail particulars text libelle concepto narrative memo designation bezeichnung descripcion"),
    )
]  # fmt: skip
_NEEDED: dict[Role, frozenset[str]] = {
    role: frozenset(words.split())
    for role, words in {
        Role.DAYS: "days tage jours dias",
        Role.DUE: "due fallig falligkeit echeance vencimiento vto maturity payable",
        Role.POSTED: "posting posted value valuta valeur valor wert entry buchungs",
        Role.DATE: "date datum fecha dated dat",
        Role.OPEN: "outstanding unpaid open offen offener offene pendiente restant reste remaining owing impaye due payer pagar",
        Role.BALANCE: "balance bal saldo solde cumulative running cumul cumule acumulado kumuliert progressif",
        Role.DEBIT: "debit debits soll debe debet charges charge cargo cargos belastung",
        Role.CREDIT: "credit credits haben haber abono abonos receipts",
        Role.DISCOUNT: "discount disc skonto escompte descuento dto deduction deductions",
        Role.PAID: "paid bezahlt gezahlt regle paye pagado cobrado applied settled payment payments",
        Role.GROSS: "gross original orig originally brutto ursprungs ursprunglicher initial brut bruto",
        Role.AMOUNT: "amount amt value betrag montant importe monto total sum",
        Role.OTHER: "po order pedido commande bestellung bestell purchase customer votre su ihre ihr your",
        Role.REFERENCE: "no nr number num numero nummer ref reference referenz referencia id",
        Role.TYPE: "type art tipo nature kind",
        Role.TEXT: "description details detail particulars text libelle concepto narrative memo designation bezeichnung descripcion",
        Role.DIRECTION: "\x00",
    }.items()
}  # fmt: skip
_DATED = frozenset("date datum fecha".split())


@lru_cache(maxsize=8192)
def role(text: str) -> Role | None:
    """The role of a header cell by the words that it is made of, else None."""
    plain = folded(re.sub(r"[-_.°º#]", " ", text))
    chinese = "".join(_CHINESE.findall(plain))
    if chinese:
        if 3 <= len(chinese) <= 8 and not re.search(r"[a-z0-9]", plain):
            return next((r for r, pattern in _CHINESE_ROLES if pattern.search(chinese)), None)
        return None
    words = plain.split()
    if not 1 <= len(words) <= 4:
        return None
    found = set(words)
    for family, known in _FAMILIES:
        if found <= known | _NEUTRAL and found & _NEEDED[family]:
            if family is Role.POSTED and not found & _DATED:
                continue
            return family
    if len(words) == 1 and len(words[0]) > 5:
        return next((r for r, ending in _ENDINGS if words[0].endswith(ending)), None)
    return None


_ENDINGS = ((Role.DATE, "datum"), (Role.REFERENCE, "nummer"), (Role.REFERENCE, "nr"), (Role.AMOUNT, "betrag"))

_CHINESE_MARKS: list[tuple[Mark, re.Pattern[str]]] = [
    (found, re.compile(pattern))
    for found, pattern in (
        (Mark.OPENING, r"(?:期初|上期|上月|上年|前期|往期|上次|年初|月初|以前)(?:年度|月份)?(?:累计|应收|应付|账款|款项|未付|未收|未清|结转|余额|结余|结存|结欠|欠款|余款|金额|款|数)+"),
        (Mark.CLOSING, r"(?:截[止至]|期末|本期|本月|月末|累计|合计|总|共|尚|目前|当前|最终|账面|实际|账户|应收|应付|账款|未付|未收|未清|金额|款项)*"
                       r"(?:余额|结余|结存|结欠|欠款|尚欠|未付|未收|未清|未结|欠)(?:款|金额|合计|总计|总额|额|数)*"),
        (Mark.TOTAL, r"(?:本次|本期|以上|实际|全部|共|发票|单据|付款|支付|实付|汇款|应付|应收|转账|货款|金额|明细|款项)*(?:合计|总计|总额|共计|总金额)"
                     r"(?:付款|支付|实付|应付|汇款|金额|货款|元|数|额)*"),
    )
]  # fmt: skip
_MARK_WORDS: list[tuple[Mark, frozenset[str], frozenset[str], frozenset[str]]] = [
    (found, frozenset(vocabulary.split()), frozenset(one.split()), frozenset(other.split()))
    for found, vocabulary, one, other in (
        (Mark.OPENING, "opening previous prior brought forward last starting beginning balance amount total statement month period from at of the as your account",
         "opening previous prior brought starting beginning last", "balance amount"),
        (Mark.CLOSING, "total amount amounts balance sum now currently due outstanding owing owed payable open closing ending final new net the to us your our "
                       "account statement this all items invoices invoice remaining unpaid by you grand overall is on date current of end",
         "due outstanding owing owed payable open closing ending final new unpaid remaining", "total amount balance sum"),
        (Mark.TOTAL, "total totals sum grand overall paid payment payments amount net remitted remittance this for of transfer transferred eft ach wire "
                     "cheque check value the all documents items movements transactions",
         "total totals", "total totals"),
        (Mark.CLOSING, "offen offener offene offenen gesamt gesamter gesamtbetrag gesamtsaldo betrag saldo summe posten der die des zu zahlen ihren ihrer lasten "
                       "unseren gunsten neuer endsaldo aktueller noch falliger fallig rest restbetrag forderung gesamtforderung forderungen zum per ihr",
         "offen offener offene offenen lasten zahlen gesamtforderung neuer endsaldo aktueller restbetrag gesamtsaldo fallig falliger", 
         "saldo betrag summe gesamt gesamtbetrag gesamtforderung endsaldo gesamtsaldo posten restbetrag"),
        (Mark.CLOSING, "solde total reste restant du a payer regler net final nouveau debiteur crediteur compte de le la votre montant en notre faveur au client",
         "solde du payer regler restant reste", "solde total montant net reste"),
        (Mark.CLOSING, "saldo total importe pendiente adeudado a pagar final actual deudor vencido de la cuenta nuevo por cobrar su monto deuda",
         "pendiente adeudado pagar final actual deudor nuevo deuda cobrar", "saldo total importe monto deuda"),
        (Mark.TOTAL, "summe total gesamt gesamtbetrag zahlung zahlungen uberweisung montant du virement paiement reglement regle paye importe pagado pago "
                     "transferencia general der des del de aller positionen",
         "summe total gesamt gesamtbetrag", "summe total gesamt gesamtbetrag"),
    )
]  # fmt: skip


_PERIOD_SUM = re.compile(r"(?:\d{2,4} ?年度?)? ?(?:第? ?\d{1,2} ?(?:期|月份?|季度?|周|旬|日))? ?(?:小计|合计)")


@lru_cache(maxsize=16384)
def mark(text: str) -> Mark | None:
    """The mark that a row or a labelled figure calls itself: by the lists, else by the words it is made of, else None."""
    found_whole = listed(text)
    if found_whole is not None or not text or len(text) > 60:
        return found_whole
    plain = folded(text)
    chinese = "".join(_CHINESE.findall(plain))
    if chinese:
        if _PERIOD_SUM.fullmatch(plain):
            return Mark.SUBTOTAL
        if len(chinese) < 3 or re.search(r"[a-z0-9]", plain):
            return None
        return next((m for m, pattern in _CHINESE_MARKS if pattern.fullmatch(chinese)), None)
    words = [w for w in plain.replace("/", " ").split() if not w.isdigit() and w.upper() not in CODES]
    if not 2 <= len(words) <= 7:
        return None
    found = set(words)
    for result, vocabulary, one, other in _MARK_WORDS:
        if found <= vocabulary and found & one and found & other:
            return result
    return None


_PARTY = re.compile(
    r"(?:(?P<payee>收款|受款|领款)|(?P<payer>付款|汇款|打款|支付)|(?P<buyer>购货|购买|采购|买受|订货|需求|需货|客户|买)|"
    r"(?P<seller>销货|销售|供货|供应|出售|发货|卖))(?:单位|方|人|公司|厂商|商|户名|企业|机构)(?:名称|全称)?"
)
_PARTY_FIELDS = {"payee": Field.PAYEE, "payer": Field.PAYER, "buyer": Field.BUYER, "seller": Field.SELLER}


def party_label(text: str) -> tuple[Field, str] | None:
    """A label of a party that begins ``text`` up to its colon (``收款廠商：…``), and the value behind it; else None."""
    head, colon, value = text.replace("：", ":").partition(":")
    if not colon or not value.strip():
        return None
    found = _PARTY.fullmatch(folded(head))
    return (_PARTY_FIELDS[str(found.lastgroup)], value.strip()) if found else None
