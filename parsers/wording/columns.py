"""What a header cell says its column holds."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from parsers import profile
from parsers.currencies import CODES, NAMES
from parsers.wording import folded, halves


class Role(StrEnum):
    NUMBER = "number"  # 1, 2, 3 …
    DATE = "date"
    POSTED = "posted"  # a second date: posting, value
    DUE = "due"
    TYPE = "type"
    REFERENCE = "reference"
    OTHER = "other_reference"
    TEXT = "description"
    DEBIT = "debit"
    CREDIT = "credit"
    AMOUNT = "amount"
    GROSS = "gross"  # original amount of an open item, gross amount of a remittance line
    PAID = "paid"
    DISCOUNT = "discount"
    WITHHELD = "withheld"
    OPEN = "open"
    BALANCE = "balance"
    BUCKET = "bucket"  # one age of an ageing table
    DIRECTION = "direction"
    CURRENCY = "currency"
    DAYS = "days"
    TAX = "tax"
    NET = "net"
    QUANTITY = "quantity"
    PRICE = "price"
    ACCOUNT = "account"  # subsidiary, customer, project … of the line: text that is no reference
    STATUS = "status"


MONEY = frozenset(
    {
        Role.DEBIT, Role.CREDIT, Role.AMOUNT, Role.GROSS, Role.PAID, Role.DISCOUNT, Role.WITHHELD, Role.OPEN,
        Role.BALANCE, Role.BUCKET, Role.TAX, Role.NET, Role.PRICE,
    }
)  # fmt: skip
NUMERIC = MONEY | {Role.QUANTITY, Role.DAYS, Role.NUMBER}

# Each role: words that are the whole cell (after folding), several languages, separated by commas.
_WORDS: dict[Role, str] = {
    Role.NUMBER: """序号, 序, 项次, 项目号, 行号, 行, no, s/n, sn, s no, sl no, sr no, sno, item no, line, line no, pos,
        position, lfd nr, nr, n, #, item, ln, seq, 编号#, ligne, linea, renglon""",
    Role.DATE: """effective, effective date, inception, 入库日期, 验收日期, 日期, 单据日期, 交易日期, 业务日期, 记账日期, 入账日期, 制单日期, 开票日期, 发票日期, 凭证日期, 送货日期,
        发货日期, 出货日期, 出库日期, 时间, 交易时间, 发生日期, 记账时间, 账单日期, 月日, 开单日期, 单据时间, 签收日期, 收货日期,
        过账日期, 年月日, 发生时间, 业务时间, 登记日期, 票据日期, 开立日期,
        date, invoice date, inv date, doc date, document date, transaction date, trans date, trn date, txn date, tran date,
        bill date, billing date, issue date, issued, date of invoice, entry date, dated, voucher date, date issued, day,
        date of issue, activity date, doc dt, inv dt, date of transaction, ref date, orig date, created,
        datum, belegdatum, rechnungsdatum, re datum, rg datum, belegdat, beleg dat, rechnungs datum, ausstellungsdatum, vom,
        date facture, date de facture, date piece, date de piece, date d emission, date emission, emission, date doc,
        date document, date operation, date de l operation, date d operation,
        fecha, fecha factura, fecha de factura, fecha documento, fecha doc, fecha de emision, fecha emision, f emision,
        fecha fra, data, data fattura, data documento, f factura, fecha operacion, fecha del documento, f doc,
        net date, data doc, data documento, data emissao, data de emissao, data mov, data movimento, data registrazione, data reg, data op, data operazione, factuurdatum, boekdatum, fecha mov, dt, data da fatura, dat""",
    Role.POSTED: """起息日, 到账日期, 入账时间, posting date, post date, posted, date posted, value date, received date,
        receipt date, wert, valuta, buchungsdatum, buchung, buchungstag, wertstellung, erfassungsdatum, date comptable,
        date de valeur, date valeur, date compta, valeur, fecha valor, fecha contable, fecha de registro, service date,
        delivery date, ship date, shipping date, lieferdatum, lieferscheindatum, date livraison, date de livraison,
        fecha entrega, order date, 订单日期, date paid, payment date, paid date, 付款日期, 收款日期, 支付日期, zahlungsdatum,
        date de paiement, date reglement, fecha de pago, fecha pago, clearing date, period, 会计期间, 期间, 月份, 账期,
        data valuta, data valor, datum boeking, boekingsdatum, data lancamento, data de lancamento, transactiedatum, valutadatum, data contabile""",
    Role.DUE: """到期日, 到期日期, 付款到期日, 应付日期, 应收日期, 付款期限, 最后付款日, 期限, 信用到期日, 应付款日, 应收款日期, 应付款日期,
        due date, due, date due, due on, net due date, net due dt, payment due, maturity, maturity date, due dt, pay by, payable by,
        payment due date, net due, due by, expiry date,
        fallig, falligkeit, fallig am, falligkeitsdatum, zahlbar bis, nettofalligkeit, netto fallig, zahlungsziel, faellig,
        faelligkeit, faellig am, zu zahlen bis, fallig zum, netto falligkeit,
        echeance, date echeance, date d echeance, date d ech, ech, exigible le, a payer le,
        vencimiento, fecha vencimiento, fecha de vencimiento, vto, f vencimiento, fecha vto, vence, venc, f vto, f venc,
        scadenza, data scadenza,
        scad, vervaldatum, vervaldag, vervalt, data venc, venc, vencimento, data vencimento, data de vencimento, vencim, uiterste betaaldatum, data scad, betalen voor""",
    Role.TYPE: """别, 单别, 类型, 单据类型, 业务类型, 单据类别, 类别, 交易类型, 凭证类型, 事项, 款项类型, 业务类别, 单据名称, 凭证类别, 费用类型, 收付类型,
        type, doc type, document type, vch type, voucher type, transaction type, trans type, trn type, tran type, txn type, tran, code, trans code,
        detail code, transaction code, charge code,
        doc, dt, tp, typ, transaction, activity, kind, trx type, item type, entry type, entry, trans,
        belegart, art, bel art, vorgang, buchungsart, vorgangsart, belegtyp, dokumentart,
        nature, type piece, type de piece, type document, type de document, journal, jnl, code journal, operation,
        tipo, tipo documento, tipo de documento, tipo doc, t doc, clase, operacion, causale, tipo de operacion,
        soort, tipo doc, tipo documento, tipo de documento, tipo movimento, causale contabile, dagboek, boekstuk soort, transactietype, operacao, especie""",
    Role.REFERENCE: """docket, docket no, delivery docket, debit/credit note, debit/credit note no, dn/cn, dn/cn no, bill number, 入库单, 入库单号, 验收单号, 送货单, 发货单, 出库单, 出货单, 单据号, 单据编号, 单号, 凭证号, 凭证编号, 凭证字号, 发票号, 发票号码, 发票编号, 票号, 票据号, 编号, 单据号码, 流水号,
        交易流水号, 业务单号, 票据编号, 凭证, 字号, 出库单号, 送货单号, 销售单号, 原始单号, 参考号, 交易号, 结算单号, 账单号, 票据号码, 发货单号,
        单据, 发票, 来源单号, 参考编号, 凭证号数, 凭单号, 发票字轨, 统一发票号码, 发票代码及号码, 数电票号码, 数电发票号码, 出货单号, 送货单编号,
        reference, ref, ref no, reference no, reference number, our ref, our reference, doc ref, number,
        document, document no, documentno, docno, document number, doc no, doc number, invoice, invoice no, invoice number, invoice #, inv no,
        inv #, inv, inv number, bill no, bill number, voucher, voucher no, transaction no, transaction number, trans no,
        trn no, txn ref, transaction ref, transaction reference, invoice ref, invoice reference, supplier invoice, inv ref,
        supplier invoice no, vendor invoice, vendor invoice no, vendor ref, supplier ref, supplier reference, transaction id,
        document ref, document reference, vch no, vch, id, ref #, doc #, reference #, number #, bill, invoice/credit no,
        invoice/credit note no, your invoice no, your invoice, invoice id, bill ref, bill #, invoice nr, inv nr, trans ref,
        entry no, invoice / reference, reference/invoice no, document id, folio, chq/ref, invoice or credit memo, trx no,
        beleg, belegnr, beleg nr, belegnummer, beleg no, rechnung, rechnungsnr, rechnungs nr, rechnungsnummer, re nr, renr,
        rg nr, rechnung nr, dokument, dokumentnr, dokumentennummer, referenz, rechnung/gutschrift, ihre rechnung, op nr,
        rechnungs no, vorgangsnr, vorgangsnummer, rechn nr,
        piece, n piece, no piece, numero de piece, no de piece, num piece, n de piece, facture, n facture, no facture,
        n de facture, no de facture, numero facture, numero de facture, num facture, reference piece, n document,
        ref piece, numero, n doc, no document, numero document, reference facture,
        documento, n documento, no documento, num documento, numero documento, numero de documento, factura, n factura,
        no factura, num factura, numero factura, numero de factura, nro factura, n de factura, n fra, num fra, referencia,
        asiento, n asiento, nº factura, nº documento, no de documento, nro documento, nro, fra, no de factura, num,
        fattura, n fattura, numero fattura, riferimento, factuur, factuurnummer,
        factuurnr, factuurnummer, factuur, boekstuk, boekstuknr, boekstuknummer, documentnr, documentnummer, bonnummer, num doc, n doc, numero documento, nr documento, n documento, fattura, n fattura, numero fattura, nr fattura, documento n, n documento, n fatura, numero fatura, fatura, documento, num documento, rif, riferimento, referentie, referencia, protocollo, document no, our document, vendor invoice""",
    Role.OTHER: """ihr beleg, ihre rechnung, ihre rechnungsnr, ihre belegnr, ihr beleg nr, your document, your invoice, your invoice no,
        votre facture, votre piece, su factura, su documento, uw factuur, vostra fattura, vs fattura, sua fatura, 订单号, 采购订单号, 采购订单, 订单编号, 合同号, 合同编号, 客户单号, 客户订单号, 贵司单号, 贵司订单号, 对方单号, 采购单号, 外部单号, 客户po,
        客户po号, po号, po单号, 你方单号, 我方单号, 运单号, 支票号, 支票号码, 备注单号, 销售订单号, 关联单号, 销售订单, 核销单号, 发票代码,
        po, po no, po number, po #, purchase order, purchase order no, customer po, your po, cust po, your ref,
        your reference, customer ref, customer reference, cust ref, cust order, order, order no, order number, your order,
        contract, contract no, cheque no, check no, chq no, check number, cheque number, delivery note, dn no, delivery no,
        job, job no, external reference, ext ref, your order no, customer order, sales order, so no, po ref, payment ref,
        external document no, ext doc no, po/ref, customer po no, cust po no, apply to, applied to, order ref, their ref,
        bestellung, bestellnr, bestellnummer, bestell nr, ihre referenz, ihr zeichen, ihre bestellung, auftrag, auftragsnr,
        auftragsnummer, lieferschein, lieferschein nr, lieferscheinnr, auftrags nr, unsere referenz, kundenreferenz,
        commande, n commande, no commande, votre reference, votre ref, vos references, bon de commande, n de commande,
        notre reference, notre ref, lettrage, let, bl, n bl,
        pedido, n pedido, no pedido, su referencia, su pedido, num pedido, su ref, orden de compra, oc, albaran, n albaran,
        nuestra referencia, contrapartida, gegenkonto, assignment, zuordnung, affectation, asignacion,
        uw referentie, uw ref, vs rif, vostro riferimento, ordine, n ordine, encomenda, n encomenda, ordernr, ordernummer, inkoopnummer, bestelnummer, sua referencia, vossa referencia, your reference""",
    Role.TEXT: """摘要, 说明, 备注, 内容, 描述, 用途, 品名, 名称, 货物名称, 商品名称, 产品名称, 项目, 业务内容, 货品名称, 品名规格, 商品, 产品, 事由, 交易摘要,
        附言, 物料名称, 品名及规格, 货物或应税劳务名称, 款项内容, 明细, 说明摘要, 业务摘要, 物料描述, 规格型号, 规格, 型号, 品项, 费用项目,
        description, details, detail, particulars, narrative, memo, remarks, remark, comment, comments, text, note, notes,
        transaction details, item description, description of goods, goods, explanation, subject, transaction description,
        narration, line description, product, service, item details, description/reference, product/service, services,
        bezeichnung, beschreibung, buchungstext, verwendungszweck, bemerkung, leistung, artikel, anmerkung, belegtext,
        libelle, designation, intitule, libelle ecriture, commentaire, objet, observations, libelles, detail operation,
        concepto, descripcion, detalle, observaciones, glosa, comentario, descrizione, omschrijving, concepto/descripcion,
        causale, omschrijving, descricao, descrizione operazione, toelichting, historico, designacao, oggetto, operazione, movimento""",
    Role.DEBIT: """增加应收, 应收增加, premium, premiums, 应付货款, 借方, 借方金额, 借方发生额, 本期借方, 支出, 应收, 应收金额, 应收款, 应收账款, 销售金额, 本期应收, 增加, 增加金额, 送货金额, 发货金额, 出货金额,
        销货金额, 本期增加, 应收增加, 开票额, 本期销售, 销售额, 欠款增加, 应收额, 借, 应付金额, 应付款, 支出金额, 应收发生额, 本期应收金额, 本期发生, 应付,
        应付增加, 应付款增加, 应收款增加, 本期应付, 应付发生额, 本期应付金额, 采购金额, 进货金额, 入库金额, 收货金额, 本月增加, 本月应收, 本月应付,
        debit, debits, dr, debit amount, charge, charges, invoices, invoiced, debit dr, amount debit, billed, sales, increase,
        charge amount, amount charged, debits dr, invoice amount dr, new charges, invoiced amount, withdrawals, withdrawal,
        paid out, money out, debit amt, dr amount, additions, amount dr, amount billed, sales amount,
        soll, sollbetrag, belastung, lastschrift, soll betrag, betrag soll, umsatz soll,
        debit eur, montant debit, mouvement debit, mouvements debit, debe, cargo, cargos, importe debe, dare, debito,
        debet, bij, debito eur, importo dare, af te boeken, movimenti dare, a debito, debito, totaal debet, facturado, gefactureerd, addebiti, addebito""",
    Role.CREDIT: """减少应收, 应收减少, 退货金额, 退货额, 本期退货, paid/returned, paid / returned, returned, refunds, refund, 贷方, 贷方金额, 贷方发生额, 本期贷方, 收入, 已收, 已收金额, 收款, 收款金额, 回款, 回款金额, 已收款, 本期收款, 减少, 减少金额, 本期已收,
        实收金额, 本期减少, 实收, 应收减少, 退货及收款, 收款额, 本期回款, 来款金额, 来款, 欠款减少, 贷, 收入金额, 已收款额, 收回金额, 到账金额, 本期已收金额,
        应付减少, 应付款减少, 应收款减少, 本期已付, 本期付款, 本期已付金额, 本月减少, 本月已收, 本月已付, 本月收款, 本月付款,
        credit, credits, cr, credit amount, payments, receipts, payments/credits, credits/payments, credit cr, amount credit,
        payments and credits, payments & credits, received, receipt, payment/credit, amount cr, payments received, decrease,
        credits and payments, payment amount received, payments/adjustments, credits cr, deposits, deposit, paid in, money in,
        amount received, cr amount, credit amt, payments credits, reductions, amounts received, payment credit,
        haben, habenbetrag, gutschrift, haben betrag, betrag haben, umsatz haben, zahlung/gutschrift, zahlungen,
        montant credit, mouvement credit, mouvements credit, haber, abono, abonos, importe haber, avere, credito, pagos,
        accrediti, accredito, importo avere, movimenti avere, creditos, a credito, ontvangen, ontvangsten, betalingen, recebido, recebimentos, pagamentos, incassi, incassato, pagamenti""",
    Role.AMOUNT: """含税金额, 价税合计金额, amount in doc curr, amount in local curr, 金额, 发生额, 交易金额, 本币金额, 原币金额, 价税合计, 含税金额, 总金额, 合计金额, 发生金额, 货款金额, 小计, 货款, 款项金额, 金额合计, 总价, 发票金额,
        单据金额, 开票金额, 变动金额, 对账金额, 原币, 本位币金额, 往来金额, 价税合计金额, 账单金额,
        amount, amt, value, value amount, total due, invoice amount, total, transaction amount, total amount, invoice value, document amount,
        doc amount, inv amount, bill amount, trans amount, amount due, line amount, amount incl vat, total incl vat,
        amount in document currency, document value, gross total, local amount, inv amt, trn amount, invoice total,
        net amount due, line total, txn amount, amounts, total inc vat, amount in local currency,
        betrag, rechnungsbetrag, belegbetrag, umsatz, gesamtbetrag, endbetrag, summe, betrag brutto, betrag in eur, umsatze,
        montant, montant ttc, montant facture, total ttc, montant en eur, montant de la facture, somme, ttc,
        importe, importe factura, importe total, monto, valor, importe eur, importo, total factura, cuantia, bedrag,
        importo eur, importo fattura, importo totale, totaal, factuurbedrag, bedrag eur, bedrag incl btw, valor total, valor eur, montante, importancia, totale, valor fatura, valor da fatura, totale fattura, totaalbedrag""",
    Role.GROSS: """总额, 原金额, 原始金额, 原币原金额, 应付总额, 发票总额, 原应收金额, 原单金额, 单据原额, 原值, 原应收, 单据总额, 票面金额,
        original, original amount, orig amount, orig amt, gross, gross amount, original amt, original value, invoice gross,
        gross value, original invoice amount, invoice original amount, gross amt, amount gross, document total, original total,
        original balance, gross invoice, face value, inv gross,
        bruttobetrag, brutto, ursprungsbetrag, originalbetrag, ursprunglicher betrag, rechnungsbetrag brutto, brutto betrag,
        montant brut, montant initial, montant origine, brut, montant d origine, montant original,
        importe bruto, importe original, bruto, importe inicial, monto original, importe origen,
        importo originario, importo originale, importo lordo, lordo, oorspronkelijk bedrag, origineel bedrag, bruto bedrag, brutobedrag, factuurbedrag origineel, valor original, valor bruto, valor inicial""",
    Role.PAID: """付款金额, 支付金额, 本次付款, 实付金额, 本次付款金额, 已付金额, 已付, 本次支付, 实付, 核销金额, 付款额, 本次核销金额, 结算金额, 已核销金额,
        本次实付, 本次实付金额, 已付款, 汇款金额, 冲销金额, 已核销, 本次结算金额, 支付额, 净付金额, 净额, 实际付款金额, 实际支付,
        paid, amount paid, payment, payment amount, net paid, applied, amount applied, paid amount, net amount, net amt,
        net, net payment, payment applied, paid to date, paid/credited, payments applied, amount remitted, remitted, this payment,
        settled, settlement amount, amount settled, payment this time, paid net, allocated, allocation, amount allocated,
        net payable, net amount paid, pmt amt, pmt amount, paid this time, amount to pay, check amount, net value, payment value,
        bezahlt, zahlbetrag, gezahlt, zahlung, uberwiesen, nettobetrag, zahlungsbetrag, ausgleich, gezahlter betrag, netto,
        uberweisungsbetrag, bereits bezahlt, auszahlungsbetrag, auszahlung, verrechnet,
        paye, montant paye, montant regle, regle, reglement, montant net, net paye, net a payer, deja regle, montant du reglement,
        acompte, montant verse, verse, paiement,
        pagado, importe pagado, pago, neto, importe neto, abonado, monto pagado, importe liquido, liquido, neto pagado,
        pagato, importo pagato, importo netto, betaald, betaald bedrag, nettobedrag betaald, betaling, netto bedrag, pago, valor pago, valor liquido, liquido pago, pagamento, saldato, totale pagato, betaald op""",
    Role.DISCOUNT: """扣除额, 折扣, 现金折扣, 折让, 折扣金额, 优惠, 优惠金额, 扣款, 扣款金额, 返利, 抵扣金额, 扣减,
        discount, disc, cash discount, discount taken, discounts, settlement discount, disc taken, terms discount,
        early payment discount, prompt payment discount, disc amt, discount amount, less discount, deduction, deductions,
        disc amount, deduct, skonto, skontobetrag, abzug, rabatt, skontoabzug, abzuge, nachlass,
        escompte, remise, rabais, deduction eur, escomptes, descuento, dto, descuentos, dto pp, descuento pp, bonificacion,
        sconto, sconti, korting, betalingskorting, desconto, descontos, abbuono, skonto %, kredietbeperking""",
    Role.WITHHELD: """代扣税, 扣税, 代扣税额, 预扣税, 质保金, 扣质保金, withholding, withholding tax, wht, tds, retention, tax withheld,
        wht amount, retentions, quellensteuer, einbehalt, sicherheitseinbehalt, retenue, retenue a la source, retencion,
        retenciones, irpf,
        ritenuta, ritenuta d acconto, retencao, inhouding""",
    Role.OPEN: """未付, 未付金额, 未收, 未收金额, 未清金额, 欠款, 欠款金额, 未结金额, 未核销金额, 剩余金额, 未付余额, 未收余额, 未核销, 尚欠金额, 待付金额, 未付款,
        应收余额, 尚欠, 未结清金额, 未收款, 剩余应收, 未清余额, 未清, 尚未支付, 待收金额, 未收款余额, 未结余额, 欠款余额, 未付款金额, 剩余未付,
        outstanding, open, open amount, amount outstanding, outstanding amount, open balance, unpaid, amount open, remaining,
        balance outstanding, remaining balance, outstanding balance, unpaid amount, amount remaining, o/s, o/s amount, unpaid balance,
        current balance, invoice balance, open amt, remaining amount, amount owing, owing, still due, o/s balance, due amount,
        amount unpaid, item balance, balance due on invoice, residual, open item amount, outst,
        offen, offener betrag, offener posten, restbetrag, offene betrag, noch offen, rest, ausstehend, offener saldo, op betrag,
        reste, reste du, montant du, reste a payer, solde du, restant du, non regle, impaye, du, montant ouvert, solde restant,
        pendiente, importe pendiente, saldo pendiente, adeudado, por pagar, importe adeudado, pte, monto pendiente,
        openstaand, openstaand bedrag, nog te betalen, resterend, scoperto, da pagare, residuo, importo residuo, em divida, em aberto, valor em divida, valor pendente, por liquidar, saldo in sospeso, importo aperto, aperto, openstaand eur, pendente""",
    Role.BALANCE: """余额, 结余, 期末余额, 本期余额, 累计余额, 结存, 账户余额, 累计欠款, 结余金额, 欠款结余, 累计结欠, 结欠, 当前余额, 余额方向及金额, 滚动余额,
        累计, 本币余额, 累计应收, 应收结余, 期末结余, 余额元, 账面余额, 累计未收, 结欠金额, 往来余额, 账上余额,
        balance, running balance, bal, account balance, cumulative balance, balance due, running total, cumulative, cum balance,
        closing balance, statement balance, balance after, cumulative total, balance forward, running bal, balance c/f,
        new balance, ledger balance, balance outstanding to date, acc balance,
        saldo, kontostand, saldo kumuliert, laufender saldo, kontosaldo, saldo neu, aktueller saldo, saldo eur,
        solde, solde progressif, solde cumule, solde courant, cumul, solde du compte,
        saldo acumulado, saldo actual, saldo cuenta, acumulado, saldo progressivo, saldo corriente, saldo deudor,
        saldo progressivo eur, saldo acum, saldo lopend, lopend saldo, saldo eur, saldo conta, saldo attuale""",
    Role.DIRECTION: """方向, 借贷, 借/贷, 借贷方向, 余额方向, 借或贷, 借贷标志, 收支, 收/支, 借贷别, 收付, 收支方向, 收付标志,
        dr/cr, d/c, cr/dr, debit/credit, s/h, soll/haben, dc, sh, sign, d/h, s, cd, c/d, db/cr, dr or cr, +/""",
    Role.CURRENCY: """币种, 币别, 货币, 原币币种, 结算币种, 结算币别, currency, curr, cur, ccy, crcy, wahrung, whg, wrg, devise, dev, moneda,
        divisa, mon, valuta code, currency code, doc currency, wae, waehrung,
        wahrg, wahr, wae, val, divisa doc, muntsoort, munt, moeda, currency key, curr, doc curr, doc currency, crcy, amount currency""",
    Role.DAYS: """逾期天数, 账龄, 天数, 超期天数, 逾期, 账龄天数, 账期天数, days, days overdue, age, days past due, overdue, days late, past due days,
        overdue days, days old, age days, arrears, days outstanding, age in days, 信用天数,
        tage, verzug, verzugstage, uberfallig, tage uberfallig, mahnstufe, ms, tage verzug, zahlungsbedingung,
        jours, retard, jours de retard, nb jours, relance, dias, dias vencidos, dias de atraso, atraso, dias venc, dias vencido,
        dagen, giorni, gg, dias em atraso, giorni ritardo, dagen open, dagen te laat""",
    Role.TAX: """税额, 增值税, 税金, 税率, tax, vat, gst, vat amount, tax amount, hst, sales tax, gst amount, vat amt, igst, cgst, sgst, tax amt,
        mwst, ust, umsatzsteuer, mwst betrag, steuer, steuerbetrag, ust betrag, vat %, tax rate, vat rate, ust %, mwst %, steuersatz,
        tva, montant tva, taux tva, iva, cuota iva, importe iva, imposta, btw,
        btw bedrag, importo iva, valor iva, imposto""",
    Role.NET: """不含税金额, 未税金额, 不含税, 无税金额, 净价金额, 未税, net excl vat, amount excl vat, excl vat, ex vat, net of vat, subtotal, taxable,
        taxable amount, taxable value, net goods, goods value, goods amount, amount ex vat, exclusive, vat base, net total, excl gst,
        net sales, base amount, betrag netto, netto betrag, warenwert,
        ht, montant ht, total ht, base imponible, base, imponibile,
        imponibile iva, excl btw, bedrag excl btw, valor liquido iva, base de incidencia""",
    Role.QUANTITY: """计费重量, 重量, 体积, 数量, 件数, 箱数, 送货数量, 出库数量, 发货数量, quantity, qty, units, pcs, qty shipped, hours, hrs, menge, anzahl, stuck, stk,
        quantite, qte, cantidad, cant, uds, unidades,
        aantal, quantita, qtd, quantidade""",
    Role.PRICE: """单价, 含税单价, 不含税单价, unit price, price, rate, unit cost, price each, each, unit rate, price per unit, exchange rate, 汇率,
        fx rate, einzelpreis, preis, e preis, ep, stuckpreis, kurs, wechselkurs, prix unitaire, pu, pu ht, prix, cours,
        precio, precio unitario, tipo de cambio, p unit, p unitario,
        prijs, stuksprijs, prezzo, prezzo unitario, preco, preco unitario, precio unit""",
    Role.ACCOUNT: """物料编码, 物料名称, 料号, material, 单位, 往来单位, 客户, 客户名称, 供应商, 供应商名称, 部门, 业务员, 经办人, 对方户名, 对方账号, 门店, 制单人, 审核人, 项目名称, 公司, 对方单位,
        客户编码, 仓库, 付款方式, 结算方式, 科目, 对方科目, 科目名称, 计量单位, 核算项目, 银行, 账号, 户名, 对方名称,
        customer, customer name, supplier, supplier name, vendor, vendor name, branch, site, location, department, project,
        account, account no, store, payee, payer, cost center, cost centre, unit, uom, payment method, method, salesperson,
        student, student name, patient, patient name, member, tenant, resident,
        rep, user, bank, ship to, company, entity, plant, company code, terms code, terms, payment terms, 付款条件, 信用期, buyer, warehouse, item code, product code, sku,
        kunde, lieferant, konto, filiale, name, kunden nr, kundennr, debitor, kreditor, einheit, zahlungsart, artikelnr,
        client, fournisseur, compte, mode, mode de reglement, code client, tiers, cliente, proveedor, cuenta, forma de pago""",
    Role.STATUS: """状态, 付款状态, 对账状态, 核对结果, 是否开票, 核对, 勾对, 确认, 标记, 签收, 是否对账, 结清状态, status, state, paid?, cleared, flag, dispute, disputed,
        tick, check, confirmed, blocked, stat, rec, matched, statut, etat, estado, bezahlt?,
        stato, st""",
}  # fmt: skip
_FIRST = re.compile(r"^(?:n|no|nr|num|nro|numero|number|nummer|n o)(?: (?:de la|de|du|del|of))? (?=\w)")
_LAST = re.compile(r"(?<=\w) ?(?:\b(?:n|no|nr|num|nro|numero|number|nos)|(?<=[a-z])nr|nummer|#|号码|编号)$")


def _counted(word: str) -> str:
    """``n° facture``, ``num factura``, ``invoice number``, ``Rechnungsnummer``: one way to say "number of"."""
    return _LAST.sub(" no", _FIRST.sub("no ", word))


_ROLE: dict[str, Role] = {}
for _role, _words in _WORDS.items():
    for _word in _words.split(","):
        _ROLE.setdefault(folded(_word), _role)
for _word, _role in list(_ROLE.items()):
    _ROLE.setdefault(_counted(_word), _role)
_ROLE.pop("", None)

_BUCKET = re.compile(
    r"(?:未到期|未逾期|当期|本期|current|not (?:yet )?due|nicht fallig|non echu|no vencido|within terms|corriente|a echoir|aktuell)$"
    r"|^(?:(?:over|past due|overdue|uber|plus de|mas de|above|超过|逾期|>|\+|due|current|aging|age|bis|from|von|older than)\s*)?"
    r"\d{1,3}\s*(?:(?:/|to|bis|a|至|~|–| |-)?\s*\d{1,3})?\s*(?:\+|plus)?\s*"
    r"(?:days?|d|tage|tg|jours|j|dias|天|日|天内|天以上|个月|个月以上|months?|mths?|months? and over)?\s*"
    r"(?:past due|overdue|over|以上|以内|内|and over|\+|plus|uberfallig|o mas|et plus|old|und mehr|late)?$"
    r"|^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
    r"(?: (?:20)?\d\d)?(?: (?:and|&|or) (?:older|earlier|before|prior))?$"
    r"|^(?:0 ?天|older|period \d|current period|previous|month \d|prior|earlier|1 month|2 months|3 months|4 months|一个月内|一个月|两个月|三个月|三个月以上|1个月内|一年以上|半年以上|半年内)$"
)
_BUCKET_NEEDS = re.compile(
    r"^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|day|tage|jour|dias|天|日|月|month|over|\+|current|due|fallig|echu|venc|term|期|older|period|prior|earlier|previous|uber|plus|mas|>|aktuell|年|^\d+ ?(?: |/|to|-|–) ?\d+$"
)
_UNIT = re.compile(
    r"\d+(?:[.,]\d+)? ?%|\b(?:"
    + "|".join(sorted(c.lower() for c in CODES))
    + r"|rmb|in|en)\b|\$|€|£|¥|"
    + "|".join(sorted((n for n in NAMES if not n.isascii()), key=len, reverse=True))
    + r"|[(（\[][^)）\]]{0,12}[)）\]]|元|单位元|本位币|原币(?=金额)|(?<=金额)合计"
)


def role(text: str) -> Role | None:
    """The role that a header cell has by the profile in use, or names by itself, else None."""
    told = profile.current().role_of(text)
    if told is not None:
        return Role.STATUS if told == profile.IGNORED else Role(told)
    return _named_role(text)


@lru_cache(maxsize=8192)
def _named_role(text: str) -> Role | None:
    """The role that a header cell names, else None. Units and currencies (``金额（元）``, ``Amount (EUR)``) do not
    count; of a bilingual cell either half is enough."""
    if not text or len(text) > 60:
        return None
    for part in halves(text):
        found = _ROLE.get(part) or _ROLE.get(_counted(part))
        if found is not None:
            return found
    plain = folded(_UNIT.sub(" ", text.lower().replace("（", "(").replace("）", ")")))
    for part in halves(plain) if plain else ():
        found = _ROLE.get(part) or _ROLE.get(_counted(part))
        if found is not None:
            return found
    if is_bucket(text):
        return Role.BUCKET
    pieces = [p for p in text.split("/") if p.strip()]
    if len(pieces) == 2:  # "Date/日期", "Reference/Invoice No": both must be known
        roles = [_named_role(p) for p in pieces]
        if None not in roles:
            return roles[0]
    return None


def is_bucket(text: str) -> bool:
    """Whether a header cell names an age (``Current``, ``1-30 days``, ``90+``, ``30天以内``)."""
    whole = folded(text.replace("-", " ").replace("–", " ").replace(">", " over ").replace("+", " plus "))
    return bool(_BUCKET.search(whole)) and bool(_BUCKET_NEEDS.search(whole))


LONGEST = max(len(word.split()) for word in _ROLE)
