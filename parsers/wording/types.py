"""What kind of posting a line is: by its type column, its reference's letters, its description."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.documents import LineType
from parsers.wording import folded

# Order matters: the first that fits wins (a credit note is no invoice although "invoice" may stand beside it).
_WHOLE: dict[LineType, str] = {
    LineType.CREDIT_NOTE: """cr, credmem, credmemo, creditnota, creditfactuur, credit memo, cn, crn, cm, sc, scr, cr note, c/n, crnote, credit, scn, src, gs, gu, av, ab, nc, cred, rc, crm, pcn, arc, kg, dg, cnt, c/note,
        gutschrift, avoir, abono, 贷, 退, 红字, 红冲, 退货, 退回, 冲红, return, returns, rma, sales credit, credits, rtn""",
    LineType.DEBIT_NOTE: "dn, d/n, debit, dr note, nd, dbn, debit memo, dm, adn, lastschriftanzeige, 借项, 补差",
    LineType.PAYMENT: """pmt, pay, payment, pymt, rcpt, receipt, rec, pa, sp, sa, chq, cheque, check, bacs, dd, eft, ach, wire, cash, zahlung, dz, kz, zp, za, ze,
        reglement, rgt, vir, pago, cobro, ck, tt, fps, remittance, rct, crc, pd, sr, arr, transfer, 收, 收款, 付款, 回款, 付, deposit, dep, rv, csh, tf, card,
        reg, chèque, rg, zr""",
    LineType.INVOICE: """inv, invoice, si, in, i, re, rg, rech, rechnung, fa, fac, fact, ft, facture, factura, fra, tax invoice, sales, sale, sin, bill, ri, rn, rv inv, dr,
        rk, kr, 销售, 销, 发票, 销货, sinv, ari, iv, 出库, 送货, 出货, 货款, charge, ar, fv, vk, ven, vte, ve""",
    LineType.DISCOUNT: "disc, discount, skonto, escompte, descuento, 折扣, 现金折扣, sd",
    LineType.FEE: "fee, finchg, stmtchg, stmt chg, int, interest, fin, fc, lf, charges, gebuhr, zinsen, frais, interets, 手续费, 利息, late fee, fin chg, mahngebuhr",
    LineType.ADJUSTMENT: "genjrnl, general journal, adj, journal, jnl, ja, je, gj, adjustment, korrektur, od, wo, jd, jc, 调整, 尾差, 抹零, 转账凭证, jv, gen, ajuste, regularisation, allocation, alloc, jrnl, contra, umbuchung",
}  # fmt: skip
_PARTS: list[tuple[LineType, str]] = [
    (
        LineType.DISCOUNT,
        r"现金折扣|付款折扣|提前付款|settlement discount|discount (?:taken|allowed)|early payment|prompt payment|cash discount|skonto|escompte|descuento por pronto",
    ),
    (
        LineType.DEBIT_NOTE,
        r"debit (?:note|memo|adj)|借项|debit nota|nota de (?:debito|cargo)|note de debit|belastungsanzeige|补收|补开|补差价",
    ),
    (
        LineType.CREDIT_NOTE,
        r"credit (?:note|memo|adj|inv|for|re)|^credit\b(?! (?:card|transfer|limit))|(?:correction|price|return|sales) credit|\bcr\.? note|gutschrift|gutsch\b|\bavoir|note de credit|nota di (?:credito|accredito)|credit(?:factuur|nota)|accredito\b|nota (?:de )?(?:credito|abono)|rechnungskorrektur|"
        r"贷项|红字|红冲|冲红|退货|退回|退款|折让|返利|销退|冲销|sales return|goods return|returned goods|short delivery|returns?\b|abono (?:por|de|factura)|"
        r"^abono\b(?! (?:bancario|en cuenta|transf))|rebate|retoure|rucksendung|stornorechnung|storno|retour\b|devolucion|负数发票|rappel\b|bonus credit|price (?:reduction|credit)|allowance",
    ),
    (
        LineType.FEE,
        r"促销服务费|信息系统使用费|使用费|管理费|仓储费|上架费|进场费|陈列费|手续费|利息|滞纳金|违约金|罚息|逾期费|late (?:payment )?(?:fee|charge)|finance charge|\binterest|bank charge|service charge|\bfees?\b|overdue charge|"
        r"mahngebuhr|mahnkosten|verzugszins|zinsen|bankgebuhr|gebuhr|frais (?:de|bancaires)|penalite|interets|intereses|comision|gastos bancarios|recargo|surcharge",
    ),
    (
        LineType.PAYMENT,
        r"收款|付款|回款|收到|来款|汇款|转账|电汇|承兑|收货款|预收|预付|现金|支付宝|微信|支票|网银|到账|货款收|收回|银行收|贷款归还|收讫|还款|汇入|入账|汇票|打款|"
        r"\bpayments?\b|\breceipts?\b|\breceived\b|\bbacs\b|\bcheque|\bcheck (?:no|#|\d)|\bchq\b|wire|bank transfer|\bach\b|\beft\b|direct debit|remittance|thank you|faster payment|"
        r"\bsepa\b|\btt\b|telegraphic|lockbox|credit card|\bdeposit\b|standing order|transfer (?:rec|in)|\bfps\b|cash (?:rec|pay)|"
        r"zahlung|uberweisung|zahlungseingang|lastschrift|geldeingang|scheck|einzahlung|"
        r"reglement|paiement|virement|prelevement|encaissement|\bcheque|versement|\blcr\b|"
        r"lodge?ment|bonifico|incass[oi]|\bassegno|\bpagament[oi]\b|ontvangst|ontvangen|betaling|overboeking|recebimento|"
        r"\bpagos?\b|\bcobros?\b|transferencia|ingreso|domiciliacion|recibo|\babono\b|deposito|pagare",
    ),
    (
        LineType.ADJUSTMENT,
        r"调整|尾差|抹零|核销|汇兑|调账|坏账|write.?off|adjust|rounding|exchange (?:diff|gain|loss)|journal|correct|reclass|contra|korrektur|ausbuchung|umbuchung|"
        r"rundung|kursdifferenz|ajust|redondeo|regularis|arrondi|ecart|差异",
    ),
    (
        LineType.INVOICE,
        r"销售|发票|销货|出库|发货|送货|开票|货款|出货|应收单|采购|提货|加工费|服务费|租金|invoice|\binv\b|\bsales?\b|tax inv|bill|rechnung|\brech\b|facture|fact?tura|fatura|factuur|\bfra\b|lieferung|vente|venta|vendita|verkoop|venda|订单|运费",
    ),
]
_WHOLE_TYPE: dict[str, LineType] = {}
for _type, _words in _WHOLE.items():
    for _word in _words.split(","):
        _WHOLE_TYPE.setdefault(folded(_word), _type)
_PATTERNS = [(t, re.compile(p)) for t, p in _PARTS]


@lru_cache(maxsize=16384)
def of_type_cell(text: str) -> LineType | None:
    """The type that a type column's cell names."""
    plain = folded(text)
    return _WHOLE_TYPE.get(plain) or of_words(text)


_SHORT = re.compile(r"([A-Z]{2,8})\b(?![-/]?\d)")


def of_first_word(text: str) -> LineType | None:
    """The type that a description begins with as a type column would say it (``CRN spare parts``, ``GS Ersatzteile``)."""
    found = _SHORT.match(text)
    return _WHOLE_TYPE.get(found[1].lower()) if found else None


@lru_cache(maxsize=16384)
def of_words(text: str) -> LineType | None:
    """The type that words of a description name, else None."""
    plain = folded(text)
    for line_type, pattern in _PATTERNS:
        if pattern.search(plain):
            return line_type
    return None


_LETTERS = re.compile(r"[^\W\d_]+")
_BEFORE_DIGITS = re.compile(r"\D*")
_REFERENCE: dict[LineType, str] = {
    LineType.CREDIT_NOTE: "rtv cn crn cm cred rtn scn gs gu av avr nc rma 红 退 th xt xsth credit ret srn gut gutschrift crn cr rn fr rect fac-r avoir 红字 贷 cr xh hz ncr abn",
    LineType.DEBIT_NOTE: "dn dbn nd",
    LineType.PAYMENT: "pay pmt pymt rec rcpt rct chq cheque bacs ach dd eft zahlung rgl rgt reg vir pago cob 收 收款 sk 回款 付 hk tt fps wire wt trf dz rv za ze zp 银收 银付 银 现 pd py tr skd 汇 电汇 rcp paid cob rb",
    LineType.FEE: "fee int fin lf chg",
    LineType.ADJUSTMENT: "adj jnl jv je 调 tz wo",
    LineType.INVOICE: "inv ck si in sin re rg rech ft fa fac fact fv f fp xs ck fh ar iv 销 发票 发 bill ri vk ve fra sinv xsd sh ch sd 送 出 cd xsck ti tx",
}
_REFERENCE_TYPE: dict[str, LineType] = {}
for _type, _words in _REFERENCE.items():
    for _word in _words.split():
        _REFERENCE_TYPE.setdefault(_word, _type)


def of_reference(text: str) -> LineType | None:
    """The type that a reference's leading letters stand for (``INV-1001``, ``CN/2026/7``, ``收-7902``), else None."""
    return _of_letters(_BEFORE_DIGITS.match(text).group())  # type: ignore[union-attr]


@lru_cache(maxsize=4096)
def _of_letters(head: str) -> LineType | None:
    found = _LETTERS.match(folded(head))
    return _REFERENCE_TYPE.get(found.group()) if found else None
