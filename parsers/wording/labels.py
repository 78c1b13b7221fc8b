"""``To: …``, ``付款日期：…``: which field a label announces, and where in a line it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from parsers.wording import _TRADITIONAL


class Field(StrEnum):
    FROM = "from"
    TO = "to"
    SELLER = "seller"
    BUYER = "buyer"
    PAYER = "payer"
    PAYEE = "payee"
    DATE = "date"
    DUE = "due"
    DOCUMENT_NO = "document_no"
    PERIOD = "period"
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    CURRENCY = "currency"
    PAY_DATE = "pay_date"
    PAY_AMOUNT = "pay_amount"
    PAY_METHOD = "pay_method"
    PAY_REFERENCE = "pay_reference"
    TAX_ID = "tax_id"
    EMAIL = "email"
    ACCOUNT_NO = "account_no"
    STOP = "stop"  # ends the value before it and says nothing that we keep


PARTIES = (Field.FROM, Field.TO, Field.SELLER, Field.BUYER, Field.PAYER, Field.PAYEE)

_WORDS: dict[Field, str] = {
    Field.FROM: """from, de, issued by, sender, 发件人, 发件单位, 编制单位, 出具单位, 发函单位, 发函方, 发出单位, 我方, 我司, 我公司, 本单位, 制表单位, 对账单位, 开单单位, 单位盖章,
        absender, von, de la part de, emetteur, emisor, remite, expediteur, emis par, 本公司, emitido por, aussteller, 发送方, 对账方, prepared by company, statement from, company code, buchungskreis, 核算单位, 公司代码,
        afzender, mittente, remetente, van, da""",
    Field.TO: """to, a, attn company, 致, 抬头, 收件人, 收件单位, 受函单位, 收函单位, 对方单位, 往来单位, an, a l attention de, destinataire, destinatario, empfanger, addressee, statement to,
        statement for, 贵司, 贵公司, 往来单位名称, 对方单位名称, 单位名称, para, senores, sres, a la atencion de, messrs, m/s, 主送, adresse a, sent to, 对账对象, address to, 往来户名, 敬启者,
        aan, spett le, spettabile, exmos srs, exmo senhor, exmos senhores, intestatario, destinatario""",
    Field.SELLER: """supplier, vendor, seller, supplier name, vendor name, 供方, 供方单位, 供应商, 供应商名称, 供货单位, 供货方, 供货商, 销方, 销售方, 销售方名称, 销货单位, 销货方, 卖方, 乙方, 出卖方, 供方名称,
        供货单位名称, 发货单位, 卖方单位, 乙方单位, lieferant, lieferantenname, verkaufer, kreditor, fournisseur, vendeur, nom du fournisseur, proveedor, vendedor, nombre proveedor, creditor, 债权人, 债权单位, 收款公司, 销货单位名称,
        供应方, merchant,
        leverancier, fornitore, fornecedor""",
    Field.BUYER: """customer, client, buyer, bill to, sold to, invoice to, customer name, client name, debtor, account name, billed to, bill-to, account of, in account with, for account of, purchaser, statement of account for,
        需方, 需方单位, 客户, 客户名称, 购方, 购买方, 购买方名称, 购货单位, 购货方, 买方, 甲方, 采购方, 采购单位, 需方名称, 购买单位, 客户单位, 客户全称, 购货单位名称, 收货单位, 甲方单位, 客户确认, 债务人, 欠款单位, 需求方,
        kunde, kundenname, debitor, kontoauszug debitor, kontoblatt debitor, rechnungsempfanger, kaufer, rechnung an, client facture, acheteur, nom du client, facture a, nom client, cliente, comprador, nombre cliente, facturar a, razon social, cliente facturado,
        klant, klantnaam, debiteur, cliente nome, intestato a, nome do cliente, cessionario""",
    Field.PAYER: """payer, payor, paid by, remitter, ordering customer, ordering party, payment from, originator, remitting company, from payer, applicant, by order of, 付款方, 付款单位, 付款人, 付款人名称, 付款方名称, 付款公司, 汇款人, 汇款单位, 汇款人名称, 付款户名,
        付款单位名称, 汇款方, 付款人户名, 付款账户名称, 付款人全称, 打款方, auftraggeber, zahler, zahlungspflichtiger, zahlender, payeur, donneur d ordre, ordenante, pagador, paying company, payor name, payer name, debit account name, emetteur du paiement""",
    Field.PAYEE: """payee, pay to, paid to, beneficiary, payment to, beneficiary name, payee name, remit to, in favour of, in favor of, creditor name, recipient, receiver, receiving party, payment in favour of,
        收款方, 收款单位, 收款人, 收款人名称, 收款方名称, 收款户名, 收款单位名称, 收款人户名, 收款账户名称, 收款人全称, 受款人, 受款方, zahlungsempfanger, begunstigter, beneficiaire, beneficiario, empfangername, receptor, paye a,
        pagado a, pagar a, ordre de""",
    Field.DATE: """statement date, date of statement, date, as at, as of, as on, statement as at, statement as of, invoice date, document date, issue date, date of issue, closing date, date issued, dated, printed, statement period ending, advice date, balance as of, balance as at, cut-off date, cut off date, position as of, run date, up to, balances as at,
        截止日期, 截止日, 对账日期, 日期, 开票日期, 制单日期, 编制日期, 制表日期, 对账截止日期, 截至日期, 账单日期, 出具日期, 截止时间, 截至, 截止, 对账截止日, 对账时间, 发函日期, 截止到, 函证日期, 基准日, 截止至, 结账日期, 填制日期, 通知日期, 打印日期, 出账日期, 账单日, 结算日期, 对账基准日,
        datum, stichtag, auszugsdatum, belegdatum, rechnungsdatum, stand, per, kontostand per, stand vom, stand per, saldo per, auszug vom, date du releve, date, arrete au, date de facture, date d edition, edite le, situation au, le, releve au, arrete le, solde au, fecha, fecha de emision, fecha de corte, fecha estado, a fecha, fecha del estado, a fecha de, fecha factura, situacion a, fecha extracto, data, fecha de estado de cuenta, fecha del extracto,
        peildatum, datum overzicht, alla data del, al, data documento, data estratto, data do extrato, data de emissao, situazione al, situazione alla data, a data de, em""",
    Field.DUE: """due date, payment due, due by, payment due date, due, 到期日, 付款期限, 应付日期, 付款到期日, 最迟付款日, fallig am, zahlbar bis, falligkeit, faellig am, zahlungsziel, echeance, date d echeance, date limite de paiement, vencimiento, fecha de vencimiento, payable by, please pay by, 请于,
        vervaldatum, scadenza, vencimento""",
    Field.DOCUMENT_NO: """statement no, statement number, statement ref, statement #, document no, document number, invoice no, invoice number, invoice #, advice no, remittance no, remittance number, remittance advice no, credit note no, credit note number, number, ref, reference, our ref, our reference, no, doc no, remittance id, statement id,
        对账单号, 单号, 编号, 通知单号, 账单编号, 发票号码, 发票号, 单据编号, 对账单编号, 函证编号, 付款单号, 函号, 账单号, 付款通知单号, 流水单号, 文号, 结算单号, 对账编号, 付款通知编号, 索引号,
        auszugsnr, auszug nr, auszugsnummer, beleg nr, rechnungsnummer, rechnung nr, belegnummer, avisnummer, avis nr, nr, rechnungsnr, avisnr, belegnr, kontoauszug nr, numero, numero de facture, facture n, releve n, n, n de releve, numero de releve, avis n, reference avis, factura n, numero de factura, no de factura, extracto n, n factura, numero de documento, estado n, facture no, n de facture, aviso n""",
    Field.PERIOD: """period, statement period, billing period, for the period, reporting period, period covered, date range, transactions from, 对账期间, 期间, 账期, 对账周期, 会计期间, 起止日期, 对账区间, 结算期间, 所属期间, 对账月份, 所属期, 月份, 日期范围, 结算周期, 统计期间, 查询期间, 账单周期, 账单期间, 结算月份,
        zeitraum, abrechnungszeitraum, periode, buchungszeitraum, auszugszeitraum, buchungsperiode, periode du, du, periodo, periodo de facturacion, periode de releve, periodo del, berichtszeitraum,
        periode van, dal, periodo dal, periodo de""",
    Field.PERIOD_START: """period start, from date, start date, date from, period from, beginning date, opening date, 开始日期, 起始日期, 期间起, 起始日, von datum, datum von, date debut, date de debut, debut, fecha inicio, desde, fecha desde, fecha inicial,
        date from, periode vanaf""",
    Field.PERIOD_END: """period end, to date, end date, date to, period to, period ending, ending date, for month ending, month ending, period ended, 结束日期, 终止日期, 期间止, 终止日, bis datum, datum bis, date fin, date de fin, fin, fecha fin, hasta, fecha hasta, fecha final,
        date to, tot en met""",
    Field.CURRENCY: """currency, account currency, all amounts in, amounts in, all figures in, figures in, document currency, payment currency, statement currency, ccy, currency code, amounts are in, amounts expressed in, all values in, amount in, 币种, 币别, 货币, 金额单位, 结算币种, 货币单位, 单位, 结算货币, 付款币种, 对账币种, 账户币种, 本位币, 币制, 交易币种,
        wahrung, waehrung, betrage in, kontowahrung, alle betrage in, angaben in, devise, monnaie, montants en, montants exprimes en, tous les montants en, moneda, divisa, importes en, valuta, cifras en, importes expresados en,
        valuta document, importi in, bedragen in, valores em, moeda""",
    Field.PAY_DATE: """payment date, date of payment, date paid, value date, paid on, transfer date, cheque date, check date, remittance date, settlement date, date of transfer, pay date, execution date, payment on, payment value date, credit date, 付款日期, 支付日期, 汇款日期, 付款时间, 转账日期, 打款日期, 支付时间, 结算日, 交易日期, 汇款时间, 交易时间, 入账日期, 起息日, 到账日期, 记账日期, 付款日, 转账时间,
        zahlungsdatum, zahldatum, datum der zahlung, uberweisungsdatum, wertstellung, valuta, zahlung am, zahltag, ausfuhrungsdatum, buchungsdatum, date de paiement, date du paiement, date du virement, date de reglement, date du reglement, date de virement, date d execution, date valeur, date de valeur, fecha de pago, fecha del pago, fecha valor, fecha de transferencia, fecha transferencia, fecha pago, fecha de abono,
        betaaldatum, datum betaling, data pagamento, data do pagamento, data bonifico, data valuta, data transferencia""",
    Field.PAY_AMOUNT: """amount, betrag, montant, importe, total amount, importe total, montant total, gesamtbetrag, payment amount, amount paid, total payment, amount of payment, total paid, remittance amount, payment total, total remittance, transfer amount, cheque amount, check amount, amount remitted, total amount paid, net payment, amount transferred, total amount remitted, total payment amount, amount credited, net amount paid, paid amount, amount of transfer, total transfer, credited amount,
        付款金额, 付款总额, 支付金额, 汇款金额, 本次付款金额, 付款合计, 转账金额, 实付金额, 付款总金额, 本次付款, 打款金额, 共计付款, 合计付款, 支付总额, 汇款总额, 实付总额, 本次支付金额, 交易金额, 收款金额, 入账金额, 到账金额, 金额小写, 小写金额, 小写, 实际付款金额, 付款金额合计, 本次付款总额, 支付总金额, 金额, 付款额, 本次汇款金额,
        zahlbetrag, zahlungsbetrag, uberweisungsbetrag, gesamtbetrag der zahlung, gezahlter betrag, gesamtzahlung, auszahlungsbetrag, uberwiesener betrag, zahlungssumme, montant du paiement, montant du virement, montant regle, montant paye, montant du reglement, montant total regle, montant vire, montant net, total regle, importe del pago, importe pagado, importe de la transferencia, importe total pagado, importe transferido, total pagado, importe transferencia, monto pagado, importe del abono,
        betaald bedrag, totaal betaald, importo pagato, importo bonifico, totale bonifico, valor pago, montante transferido, total pago""",
    Field.PAY_METHOD: """payment method, method, method of payment, paid by method, payment type, payment mode, mode of payment, pay method, payment by, transfer type, means of payment, mode, 付款方式, 支付方式, 结算方式, 汇款方式, 转账方式, 付款方法, 支付方法,
        zahlungsart, zahlungsweg, zahlart, zahlungsmethode, zahlungsweise, mode de paiement, mode de reglement, moyen de paiement, mode reglement, type de paiement, forma de pago, metodo de pago, medio de pago, modo de pago, tipo de pago, via de pago,
        betaalwijze, modalita di pagamento, forma de pagamento""",
    Field.PAY_REFERENCE: """payment reference, payment ref, payment no, payment number, transaction reference, bank reference, cheque no, cheque number, check no, check number, transfer reference, remittance reference, payment id, ach trace, trace number, wire reference, eft number, eft no, ach no, transaction no, transaction id, transaction number, end to end id, end-to-end reference, bacs reference, remittance ref, payment document, payment doc no, voucher no, check #, cheque #, bank ref, trn, end to end reference, transfer ref, swift reference, wire ref, eft reference, document payment,
        付款流水号, 交易流水号, 流水号, 付款凭证号, 付款编号, 银行流水号, 支票号, 支票号码, 交易号, 付款参考号, 汇款编号, 回单编号, 付款单编号, 电子回单号码, 付款凭证编号, 交易编号, 银行参考号, 业务编号, 凭证号, 参考号, 付款业务编号, 付款参考, 汇款流水号, 交易参考号, 付款号, 支付流水号,
        zahlungsreferenz, zahlungsnummer, zahlungsnr, referenz, referenznummer, zahlungs nr, verwendungszweck, uberweisungsreferenz, scheck nr, schecknummer, zahlungsbeleg, zahlungsbelegnummer, end to end ref, buchungsreferenz, zahlung nr, ref zahlung, reference du paiement, reference paiement, reference du virement, numero de virement, reference virement, n de virement, n de cheque, reference de paiement, numero de paiement, reference du reglement, n de paiement, ref paiement, ref virement, numero de cheque, reference reglement, referencia de pago, referencia del pago, numero de pago, n de pago, referencia, referencia de transferencia, numero de transferencia, n de transferencia, referencia transferencia, no de pago, num de pago, referencia bancaria, n transferencia, n de cheque,
        betalingskenmerk, kenmerk, cro, trn, rif pagamento, referencia do pagamento, n transferencia""",
    Field.TAX_ID: """vat no, vat number, tax id, vat reg no, vat registration no, tax no, abn, gst no, gstin, ein, vat id, uen, tax registration number, vat reg, tin, vat registration number, vat, tax number, gst reg no, federal id, tax id no, fein, company no, tax reg no, vat reg number, 税号, 纳税人识别号, 统一社会信用代码, 统一编号, 社会信用代码, 纳税人税号, 统一信用代码, 信用代码,
        ust idnr, ustid, ust id nr, ust id, steuernummer, ustidnr, steuer nr, uid, umsatzsteuer id, st nr, ust id no, steuernr, uid nr, mwst nr, n tva, tva intracommunautaire, n tva intracommunautaire, siret, siren, numero de tva, no tva, tva intra, n tva intra, numero tva, n siret, nif, cif, nif/cif, rfc, cif/nif, nit, ruc, n i f, c i f, vat/nif, p iva, partita iva, btw nr""",
    Field.EMAIL: "email, e-mail, mail, e mail, 电子邮箱, 邮箱, 电子邮件, courriel, correo, correo electronico, email address, e-mail address, 邮件",
    Field.ACCOUNT_NO: """account no, account number, customer no, customer number, customer id, your account, account, account code, customer code, account ref, cust no, customer account, account #, a/c no, customer account no, account id, client no, client number, supplier no, supplier site, supplier site name, vendor site, vendor no, vendor number, supplier number, vendor id, supplier code, customer #, acct no, acct, vendor code, supplier id, your account no, customer ref, client id, vendor #, supplier account, your customer number, client code, acc no, debtor no, debtor code, account reference, vendor account, our account with you, supplier account no, creditor no, your customer no,
        客户编号, 客户代码, 客户编码, 客户号, 供应商编号, 供应商代码, 供应商编码, 往来编码, 单位编码, 账户编号, 客户账号, 厂商编号, 厂商代号, 客户代号, 供应商号, 往来单位编码, 户号,
        kundennummer, kunden nr, kundennr, konto nr, kontonummer, debitorennummer, debitoren nr, lieferantennummer, lieferanten nr, konto, ihre kundennummer, debitor nr, kreditorennummer, kd nr, kreditor nr, debitorenkonto, lieferantennr, kundenkonto nr, personenkonto, code client, n client, compte client, numero client, numero de client, n de compte, no client, compte n, no de client, votre compte, code fournisseur, n de client, numero de compte, n fournisseur, numero fournisseur, compte, codigo cliente, n cliente, numero de cliente, codigo de cliente, no cliente, num cliente, codigo proveedor, numero de cuenta, n de cliente, cuenta, cod cliente, no de cuenta, num proveedor, n proveedor, n de cuenta, codigo de proveedor,
        klantnummer, klantnr, debiteurnummer, debiteurnr, codice cliente, cod cliente, codigo do cliente, n cliente, leveranciersnummer""",
    Field.STOP: """tel, telephone, phone, fax, address, website, web, terms, payment terms, credit limit, contact, page, attention, attn, iban, bic, swift, bank, bank account, bank name, sort code, account holder, salesperson, prepared by, registered office, vat rate, subject, mobile, total, memo, note, notes, delivery address, ship to, your contact, routing, aba, branch, incoterms, registered in england, credit terms, department, title, signature, print date, printed on, time, user, balance, amount due, balance due, total due, opening balance, closing balance, order no, po no, your order, po number, reg no, opening, delivery note,
        电话, 传真, 地址, 网址, 开户行, 开户银行, 账号, 银行账号, 联系人, 经办人, 制单人, 制单, 审核, 复核, 会计, 备注, 页码, 邮编, 手机, 付款条件, 信用期, 业务员, 联系电话, 单位地址, 开户行及账号, 地址电话, 经办, 主管, 财务, 出纳, 制表, 制表人, 审核人, 期初余额, 期末余额, 合计, 大写, 信用额度, 部门, 用途, 附言, 摘要, 收款账号, 付款账号, 收款银行, 付款银行, 收款开户行, 付款开户行, 回签, 签字, 传真号, 开户名, 合同号, 订单号, 盖章, 签章, 签字盖章, 法定代表人, 结余, 财务负责人, 会计主管, 财务专用章, 打印时间, 汇入行, 汇出行, 收款人账号, 付款人账号, 收款人开户行, 付款人开户行, 金额大写, 大写金额,
        telefon, anschrift, adresse, seite, zahlungsbedingungen, ansprechpartner, bankverbindung, sachbearbeiter, hrb, geschaftsfuhrer, bearbeiter, amtsgericht, blz, betreff, ihr zeichen, unser zeichen, handelsregister, sitz, telephone, page, conditions de paiement, contact, banque, site, rcs, objet, capital, telefono, direccion, pagina, condiciones de pago, contacto, banco, domicilio, asunto, pag, ciudad, municipio, provincia, comercial""",
}  # fmt: skip
_FIELD: dict[str, Field] = {}


def shape(text: str) -> str:
    """``text`` (NFKC already) for comparing, of the same length: lower case, no accents, simplified characters."""
    if text.isascii():
        return text.lower()
    out = []
    for char in text.translate(_TRADITIONAL):
        low = char.lower()
        base = unicodedata.normalize("NFD", low)[0] if low else char
        out.append(base if len(base) == 1 else char)
    return "".join(out)


for _field, _text in _WORDS.items():
    for _word in _text.split(","):
        word = " ".join(_word.split())
        if word:
            _FIELD.setdefault(shape(word).replace(" ", ""), _field)
_ALL = sorted(
    {" ".join(w.split()) for words in _WORDS.values() for w in words.split(",") if w.strip()}, key=len, reverse=True
)
# The words stand in a tree of characters instead of one pattern of 1,200 alternatives: that pattern took 0.3 s to compile
# at every start and tried every word at every place.
_END = ""
_GAP = "\x00"  # between the parts of a label of several words
_GAP_CHARACTERS = frozenset(" .-'’/°º")
_TAIL = re.compile(r"(?:\s*\([^)]{0,14}\))?\s*([:：#])?")
_CHINESE_TAIL = re.compile(r"(?:\s*[(（][^)）]{0,14}[)）])?\s*([:：#])?")

_WITH_COLON = ("van", "da", "em", "al", "dal")  # also a part of names and sentences

_Tree = dict[str, Any]


def _tree(words: Iterable[str]) -> _Tree:
    root: _Tree = {}
    for word in words:
        node = root
        for character in word:
            node = node.setdefault(character, {})
        node[_END] = len(word)
    return root


_LATIN = _tree(re.sub(" +", _GAP, shape(w).strip()) for w in _ALL if w.isascii())
_CHINESE = _tree(shape(w) for w in _ALL if not w.isascii())


def _ends(flat: str, start: int, tree: _Tree, latin: bool) -> list[int]:
    """Where the words of ``tree`` that begin at ``start`` end, the longest word first."""
    found: list[tuple[int, int]] = []
    stack = [(start, tree)]
    size = len(flat)
    while stack:
        place, node = stack.pop()
        if _END in node:
            if latin and place < size and flat[place] in ".°º":
                found.append((node[_END], place + 1))
            found.append((node[_END], place))
        if latin and _GAP in node:
            for skip in range(4):  # up to three marks between two parts
                stack.append((place + skip, node[_GAP]))
                if place + skip >= size or flat[place + skip] not in _GAP_CHARACTERS:
                    break
        if not latin and place > start and flat[place : place + 1] == " ":
            while place < size and flat[place] == " ":
                place += 1
            if " " in node:
                stack.append((place, node[" "]))
        if place < size and (further := node.get(flat[place])) is not None:
            stack.append((place + 1, further))
    found.sort(reverse=True)
    return [end for _, end in found]


def _hits(flat: str, tree: _Tree, latin: bool) -> Iterator[tuple[int, int, int, bool]]:
    """(start, end of the words, end with what belongs to them, colon?) of each label, from left to right."""
    start, size = 0, len(flat)
    while start < size:
        if flat[start] in tree and not (latin and start and (flat[start - 1].isalnum() or flat[start - 1] in "_&@")):
            for end in _ends(flat, start, tree, latin):
                if latin and end < size and (flat[end].isalnum() or flat[end] == "_"):
                    continue
                tail = (_TAIL if latin else _CHINESE_TAIL).match(flat, end)
                whole = end if tail is None else tail.end()
                yield start, end, whole, tail is not None and tail[1] is not None
                start = whole - 1
                break
        start += 1


@dataclass(slots=True, frozen=True)
class Label:
    """A label in a line: ``start`` .. ``end`` are its place (colon included) in the NFKC text."""

    field: Field
    start: int
    end: int
    colon: bool
    words: str


@lru_cache(maxsize=8192)
def labels_in(text: str) -> tuple[Label, ...]:
    """The labels of ``text`` (NFKC): each at the start, or with a colon behind it; not overlapping."""
    flat = shape(text)
    found: list[Label] = []
    for tree, latin in ((_LATIN, True), (_CHINESE, False)):
        for start, end, whole, colon in _hits(flat, tree, latin):
            words = flat[start:end]
            key = re.sub(r"[ .\-'’°º]+", "", words)
            field = _FIELD.get(key) or _FIELD.get(re.sub(r"[ .'’°º]+", "", words))
            if field is None:
                continue
            if not colon and (start > 0 or words in _WITH_COLON):
                continue
            found.append(Label(field, start, whole, colon, words))
    found.sort(key=lambda label: (label.start, -(label.end - label.start)))
    result: list[Label] = []
    for label in found:
        if result and label.start < result[-1].end:
            continue
        result.append(label)
    return tuple(result)
