"""Rows that are no lines: openings, carried and brought forward, subtotals, totals, closings."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from parsers.wording import folded, halves


class Mark(StrEnum):
    OPENING = "opening"
    BROUGHT = "brought"  # from the page before
    CARRIED = "carried"  # to the next page
    SUBTOTAL = "subtotal"  # of a page, a day, a month, a group
    TOTAL = "total"
    CLOSING = "closing"


_WORDS: dict[Mark, str] = {
    Mark.OPENING: """期初余额, 期初, 上期余额, 上期结余, 上期结存, 上月余额, 上月结余, 上月结存, 上年结转, 上年余额, 年初余额, 期初结余, 前期余额, 前期结余, 期初欠款,
        期初应收, 期初应收余额, 上期欠款, 上月欠款, 前欠, 期初未付, 期初数, 前期结转, 上期结转, 上月结转, 期初应收账款, 年初数, 承上期, 上期未付, 累计上期结余, 往期欠款,
        期初应付余额, 月初余额, 上期未结余额, 上期未收, 上月未收, 前期欠款, 期初应付, 上次结余, 以前欠款, 结转余额, 上期应收余额, 前期未收,
        opening balance, balance brought forward, brought forward balance, opening, opening bal, previous balance, prior balance,
        balance forward, balance b/fwd, balance b/f, bal b/f, bal b/fwd, beginning balance, starting balance, op balance,
        previous statement balance, balance at start, balance from last statement, last statement balance, opening amount,
        opening balance brought forward, b/f, b/fwd, bbf, balance last statement, start balance, prior period balance, balance as of,
        balance bf, opening balance b/f, balance from previous statement, balance carried from previous, last month s balance,
        last balance, previous amount due, balance at beginning of period, previous month balance, amount brought forward, ob,
        balance bfwd, balance b/d, opening bal b/f, brought fwd, bal fwd, bfwd, prior statement balance, balance brought fwd,
        anfangssaldo, eroffnungsbilanzwert, eroffnungsbilanz, eroffnungswert, saldovortrag, vortrag, eroffnungssaldo, alter saldo, anfangsbestand, saldo vortrag, saldo alt, ubertrag vorjahr,
        ubertrag vormonat, saldo zu beginn, saldo vorperiode, vortragssaldo, saldo vormonat, eb wert, offener saldo vormonat,
        solde initial, solde anterieur, solde precedent, ancien solde, solde d ouverture, a nouveau, solde a nouveau, report a nouveau,
        report solde, solde de depart, solde reporte, report du solde, solde debut, solde anterieur reporte, solde au debut,
        saldo anterior, saldo inicial, saldo apertura, saldo de apertura, saldo previo, saldo a cuenta anterior, saldo iniziale,
        beginsaldo, openingssaldo, vorig saldo, saldo vorige periode, saldo precedente, saldo iniziale, riporto saldo, saldo di apertura, saldo anterior transportado, saldo de abertura, saldo transitado, saldo inicial, saldo vorig overzicht, riporto a nuovo, starting balance, balance previous statement, previous""",
    Mark.BROUGHT: """承前页, 承上页, 接上页, 上页结转, 上页余额, 承前, 前页结转, 续上页, 上页累计, 上页合计, 转自上页,
        brought forward, carried forward from previous page, balance from previous page, from previous page, page b/f,
        b/f from previous page, brought forward from previous page, brought forward from page, total brought forward, continued,
        from page, carried over from page, totals brought forward, balance brought forward from page, brought over,
        ubertrag von seite, ubertrag von vorseite, ubertrag vorseite, ubertrag aus seite, vortrag von seite,
        report page precedente, report de la page precedente, report, a reporter de la page, report de page,
        suma anterior, suma y sigue anterior, saldo pagina anterior, viene de pagina anterior, suma de la pagina anterior, riporto,
        transport vorige pagina, transporte, da pagina precedente""",
    Mark.CARRIED: """过次页, 转下页, 转次页, 过下页, 结转下页, 结转次页, 接下页,
        carried forward, balance carried forward, c/f, c/fwd, balance c/f, bal c/f, balance c/fwd, carried over, page c/f,
        balance to next page, carried forward to next page, carry forward, to be continued, total carried forward, carried fwd,
        balance carried over, totals carried forward, carried forward to page, continued on next page, continued overleaf, balance c/d,
        ubertrag, ubertrag auf seite, ubertrag auf nachste seite, ubertrag auf folgeseite, saldo ubertrag, zwischensaldo, zu ubertragen,
        a reporter, report page suivante, a reporter page suivante, total a reporter, report a la page suivante, solde a reporter,
        suma y sigue, sigue, pasa a pagina siguiente, saldo siguiente pagina, suma y sigue pagina, a riportare,
        transporteren, over te brengen, a transportar, da riportare, transporte a seguir""",
    Mark.SUBTOTAL: """zwischentotal, sous-total, 本页合计, 本页小计, 本日合计, 本月合计, 本年累计, 当前累计, 月计, 日计, 小计, 月小计, 本月小计, 当月合计, 页小计, 本月累计, 本年合计,
        当日合计, 年累计, 累计发生额, 月合计, 本季合计, 累计数, 分页小计,
        subtotal, sub total, page total, total this page, month total, monthly total, daily total, total for month, total for the month,
        total this month, page subtotal, page totals, year to date, ytd, total to date, total for page, totals this page, total of page,
        zwischensumme, seitensumme, summe seite, monatssumme, seitentotal, tagessumme, summe der seite,
        sous total, total page, total de la page, total du mois, total mois, cumul page,
        subtotal pagina, total pagina, total mes, total del mes, total parcial, suma pagina, suma parcial,
        subtotaal, totaal pagina, subtotale, totale pagina, subtotal da pagina, totale mese, totaal maand, maandtotaal, total do mes""",
    Mark.TOTAL: """本次实付金额, 实付金额, 本次实付, 实付净额, 应付净额, 实际付款金额, 合计, 总计, 共计, 累计, 总合计, 本期合计, 合计金额, 本期发生额, 本期发生, 本期累计, 总额, 总金额, 合计元, 付款合计, 本次付款合计, 金额合计, 应付合计,
        本期发生额合计, 本期小计, 发生额合计, 付款总额, 付款总金额, 应收合计, 已收合计, 汇款金额合计, 合计数, 实付合计, 本期应收合计, 合 计, 总 计, 本期总计, 付款金额合计,
        支付合计, 实付金额合计, 借贷合计, 全部合计, 本次支付合计,
        total, totals, grand total, total amount, statement total, sum, sum total, total movements, net total, total transactions,
        period total, total for period, total for the period, totals for period, overall total, account total, report total,
        total paid, total payment, payment total, total amount paid, total remittance, remittance total, total remitted, net payment,
        amount paid, net amount paid, total net, total net amount, check total, cheque total, total payment amount, transfer total,
        total net paid, payment amount, total of payment, amount of payment, amount remitted, total this payment, net paid,
        total debits and credits, total debits, total credits, totals for the period, total activity, net payable, invoice totals,
        total amount remitted, total settlement, total transferred, total invoices, total credit notes,
        summe, gesamt, gesamtsumme, gesamtbetrag, summen, total eur, zahlbetrag, uberweisungsbetrag, summe zahlung, zahlungsbetrag,
        summe soll haben, umsatz gesamt, umsatze gesamt, summe umsatze, gesamt zahlbetrag, auszahlungsbetrag, gesamtzahlung,
        totaux, total general, total ttc, total regle, total du reglement, total mouvements, total des mouvements, total paye,
        montant total, net a payer, montant du reglement, montant regle, montant du virement, total virement,
        sumas del periodo, suma del periodo, total del periodo, totales del periodo, totaux de la periode, total de la periode, total periode,
        totale del periodo, totale periodo, totais do periodo, total do periodo, summe zeitraum, totaal periode,
        suma, total general eur, total pagado, importe total, total pago, total movimientos, sumas, totales, totale,
        total transferido, total del pago, total abonado, importe del pago,
        totaal, totaalbedrag, totaal mutaties, totale movimenti, totale generale, totais, total geral, totale pagato, totaal betaald, importo totale, totaal betaling, total pago, total transferido, totale bonifico, importo bonifico, te betalen totaal, totale fatture, totaal facturen, overboekingsbedrag""",
    Mark.CLOSING: """期末余额, 期末结余, 期末, 本期余额, 本期结余, 期末应收, 期末欠款, 本月结余, 本月余额, 结余, 余额, 截止余额, 累计欠款, 结欠, 期末应收余额,
        期末应收账款, 尚欠, 累计应付款, 累计应收款, 累计应付, 欠款合计, 未付合计, 余额合计, 应收余额, 期末数, 本期期末余额, 总欠款, 欠款余额, 欠款总额, 期末未付, 未收合计, 合计欠款, 合计未付, 账户余额,
        合计应收, 应收账款余额, 应付余额, 期末应付余额, 截至本期余额, 月末余额, 应收款余额, 未清合计, 累计余额, 应付账款余额, 应收总额, 欠款, 未付金额合计, 未收金额合计,
        期末结存, 应收账款合计, 本期结欠, 本期应付, 本次应付, 本期应付金额, 应付总额, 应付金额, 应收金额合计, 结欠金额, 截至期末余额, 最终余额, 截止日余额,
        closing balance, balance due, amount due, total due, total outstanding, ending balance, balance, outstanding balance, balance now due,
        total balance, total amount due, closing bal, current balance, statement balance, balance outstanding, total balance due,
        account balance, balance owing, amount outstanding, total open, total owing, final balance, new balance, total payable, amount owing,
        amount payable, due payable, total amount outstanding, closing, closing balance due, cl balance, total open items, total open amount, net balance,
        balance at end, balance to date, end balance, balance at, balance on, total account balance, please pay, net due, pay this amount,
        please pay this amount, account total due, balance payable, total unpaid, unpaid balance, total due now, closing balance c/f,
        total now due, net amount due, total outstanding balance, closing balance carried forward, current amount due, net outstanding,
        total receivable, balance due this statement, statement total due, total invoices outstanding, total amount owing, total account,
        endsaldo, schlusssaldo, neuer saldo, saldo neu, saldo, offener saldo, gesamtsaldo, offene posten gesamt, summe offene posten,
        schlussaldo, aktueller saldo, saldo per, saldo zum, gesamt offen, summe offen, offener betrag gesamt, zahlbar, endbestand, gesamtforderung,
        saldo zu unseren gunsten, saldo zu ihren lasten, offener gesamtbetrag, forderungssaldo, summe offener posten, zu zahlen, gesamtsaldo offen,
        abschlusssaldo, kontosaldo, fallig gesamt, summe der offenen posten, saldo am, gesamtbetrag offen, noch zu zahlen, gesamter offener betrag,
        solde final, nouveau solde, solde de cloture, solde, solde du, solde au, solde du compte, solde a payer, total du, reste du, montant du,
        solde debiteur, solde crediteur, total a payer, solde restant du, solde fin, solde en notre faveur, total restant du, solde net, solde total,
        solde a la date, solde dû, total a regler, net du, solde final du,
        saldo final, saldo actual, saldo pendiente, total pendiente, saldo deudor, saldo a pagar, total adeudado, saldo total, saldo al, saldo vencido total,
        nuevo saldo, saldo a nuestro favor, saldo cierre, saldo de cierre, importe pendiente, total a pagar, saldo a su cargo, importe adeudado,
        saldo a la fecha, total saldo pendiente, saldo finale,
        openstaand saldo, eindsaldo, saldo openstaand, totaal openstaand, te betalen, nog te betalen, totaal te betalen, saldo a vs debito, saldo a ns credito, saldo a vostro debito, saldo a nostro credito, saldo dovuto, totale dovuto, totale da pagare, saldo in divida, saldo em divida, saldo devedor, total em divida, total em aberto, valor em divida, saldo a pagar, saldo finale eur, saldo per, nieuw saldo, saldo attuale, saldo a debito, totale scoperto, total a pagar, saldo final eur, saldo a liquidar, balance to pay, total to pay, balance still due, balance carried, account balance due, saldo contabile""",
}  # fmt: skip
_MARK: dict[str, Mark] = {}
for _mark, _words in _WORDS.items():
    for _word in _words.split(","):
        _MARK.setdefault(folded(_word), _mark)
_MARK.pop("", None)
# The same word means "from the page before" on top of a page and "to the next" at its foot; rows.py decides by place.
_LENGTHS = sorted({len(word) for word in _MARK}, reverse=True)
_TAIL = re.compile(
    r"^(?:(?:as )?(?:at|on|of|from|to|per|zum|am|au|du|de|al|a|le|el|vom|bis|for|fur|in|page|seite|pagina|period|b/f|c/f|cr|dr|until|"
    r"this|the|end|date|eur|usd|gbp|cny|rmb|hkd|sgd|aud|cad|jpy|chf|twd|inr|nzd|"
    r"statement|month|year|account|amount|balance|all|invoices?|incl|vat|due|now|ttc|元|人民币|大写|小写|金额|本期|美元|欧元|港币|"
    r"jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|mai|okt\w*|dez\w*|spring|summer|autumn|fall|winter|term|semester|quarter|\d+ ?(?:st|nd|rd|th)?|年|月|日|截至|截止|[()（）:：/\-.,%&])\s*)*$"
)


_TO_BY = re.compile(r"^(?:To|By)\s+(?=\S)")  # an Indian ledger begins every row so


@lru_cache(maxsize=16384)
def mark(text: str) -> Mark | None:
    """What kind of mark ``text`` (the words of a row, or of one cell) is; None for a line's description.

    Only the mark's own words and dates, currencies and small words may stand there: ``Total station rental`` is a line.
    """
    if not text or len(text) > 90:
        return None
    text = _TO_BY.sub("", text)
    for part in halves(text):
        if part in _MARK:
            return _MARK[part]
        for length in _LENGTHS:  # the longest mark that the words begin with
            word = part[:length]
            if word in _MARK:
                rest = part[length:]
                if word.isascii() and rest[:1].isalnum() and rest[:1].isascii():
                    continue
                if _TAIL.fullmatch(rest.strip()):
                    return _MARK[word]
                break
    return None
