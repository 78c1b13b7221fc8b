"""Wording of the second set: what real programs print (accounting packages, ERP print-outs), in six languages.

Each list is one thing under the names that different producers give it; a document draws one of them.
"""

from __future__ import annotations

LANGUAGES = ("en", "en", "en", "zh", "zh", "de", "fr", "es", "tw")

PARTIES = {
    "en": ["Northgate Timber Merchants Ltd", "Calloway Foods Inc.", "Pine & Barrow LLP", "Redfern Marine Services Limited",
           "Silverline Freight (UK) Ltd.", "Ocean Crest Trading Pte. Ltd.", "Blue Heron Supply Co.", "Dunmore Castings plc",
           "The Copper Kettle Company", "Vantage Medical Products, LLC"],
    "zh": ["杭州明远包装材料有限公司", "青岛海润食品股份有限公司", "广州市越秀区佳美印刷厂", "上海拓维自动化设备有限公司",
           "重庆渝丰线缆集团有限公司", "常州中科新材料科技有限公司", "厦门鹭岛进出口贸易有限公司"],
    "tw": ["台灣精密模具股份有限公司", "高雄港都貿易有限公司", "新竹聯科電子股份有限公司", "大成紙業股份有限公司"],
    "de": ["Hansemann Werkzeugbau GmbH", "Bäckerei Lindner & Söhne KG", "Rheintal Logistik AG", "Müller Elektrotechnik e.K.",
           "Alpenglas Vertriebs GmbH & Co. KG"],
    "fr": ["Établissements Garnier SARL", "Société Bretonne d'Emballage SAS", "Lumière & Fils SA", "Transports Delmas SASU"],
    "es": ["Distribuciones Ibarra, S.L.", "Cerámicas del Levante S.A.", "Hijos de Ramón Peña, S.L.U.", "Frutas Costa Sur SA de CV"],
}  # fmt: skip

STREETS = {
    "en": ["Unit 7, Harbour Road", "Bristol BS1 6XN", "VAT Reg. No. GB 123 4567 89", "Tel: 0117 496 0123"],
    "zh": ["地址:滨江区江南大道288号3幢502室", "电话:0571-88886666", "税号:91330108MA2B1C3D4E"],
    "tw": ["新北市板橋區文化路一段188號", "電話:(02)2968-1234", "統一編號:24567891"],
    "de": ["Industriestraße 12", "50667 Köln", "USt-IdNr.: DE123456789", "Tel. 0221 / 4710-0"],
    "fr": ["14, rue des Carmes", "35000 Rennes", "SIRET 552 100 554 00025", "Tél. 02 99 00 11 22"],
    "es": ["Calle Mayor 45, 2º", "46001 Valencia", "CIF B12345678", "Tel. 963 12 34 56"],
}

TITLES = {
    "en": ["Statement", "STATEMENT OF ACCOUNT", "Account Statement", "Customer Account Statement", "Monthly Statement"],
    "zh": ["往来对账单", "客户对帐单", "应收账款对账函", "月结对账单", "往来款项对账明细表"],
    "tw": ["應收帳款對帳單", "客戶對帳單", "月結對帳單"],
    "de": ["Kontoauszug", "Saldenmitteilung", "Debitoren-Kontoauszug", "Kundenkontoauszug"],
    "fr": ["Relevé de compte", "RELEVÉ DE COMPTE CLIENT", "Extrait de compte"],
    "es": ["Estado de cuenta", "EXTRACTO DE CUENTA", "Extracto de cliente"],
}
OPEN_TITLES = {
    "en": ["Outstanding Invoices Statement", "Open Item Statement", "Statement", "Overdue Account Statement"],
    "zh": ["未付款发票对账单", "应收未收明细对账单", "客户欠款对账单"],
    "tw": ["未收款明細對帳單", "應收帳款對帳單"],
    "de": ["Offene-Posten-Liste", "Aufstellung offener Posten", "Kontoauszug offene Posten"],
    "fr": ["Relevé des factures non soldées", "Relevé de compte", "État des factures en attente"],
    "es": ["Relación de facturas pendientes", "Estado de cuenta - partidas abiertas"],
}
REMITTANCE_TITLES = {
    "en": ["Remittance Advice", "PAYMENT ADVICE", "Payment Remittance", "Supplier Remittance Advice", "EFT Remittance Advice"],
    "zh": ["付款通知书", "付款明细通知", "汇款通知单", "货款支付通知"],
    "tw": ["付款通知單", "匯款通知書"],
    "de": ["Zahlungsavis", "Avis", "Zahlungsmitteilung"],
    "fr": ["Avis de paiement", "AVIS DE VIREMENT", "Avis de règlement"],
    "es": ["Aviso de pago", "Notificación de pago", "Detalle de pago"],
}  # fmt: skip

HEADINGS = {
    "date": {"en": ["Date", "Doc Date", "Trans. Date", "Transaction Date", "Posting Date", "Invoice Date"], "zh": ["日期", "业务日期", "单据日期", "发生日期", "记账日期"], "tw": ["日期", "單據日期", "交易日期"], "de": ["Datum", "Belegdatum", "Buchungsdatum", "Bel.-Datum"], "fr": ["Date", "Date pièce", "Date d'opération"], "es": ["Fecha", "Fecha documento", "F. Emisión"]},
    "due": {"en": ["Due", "Due Date", "Date Due", "Payable By"], "zh": ["到期日", "应付日期", "到期日期", "付款期限"], "tw": ["到期日", "應收日期"], "de": ["Fällig", "Fälligkeit", "Nettofälligkeit", "Fällig am"], "fr": ["Échéance", "Date d'échéance"], "es": ["Vencimiento", "F. Vto.", "Fecha vencimiento"]},
    "ref": {"en": ["Ref", "Reference", "Document No.", "Invoice #", "Doc. No", "Our Ref", "Transaction No", "Number"], "zh": ["单据号", "单据编号", "凭证号", "发票号码", "单号", "票据号", "销售单号"], "tw": ["單據號碼", "發票號碼", "單號", "銷貨單號"], "de": ["Beleg-Nr.", "Belegnummer", "Rechnungs-Nr.", "Belegnr.", "Nummer"], "fr": ["N° pièce", "Pièce", "N° document", "Référence"], "es": ["Nº documento", "Documento", "Núm. factura", "Referencia"]},
    "type": {"en": ["Type", "Doc Type", "Transaction", "Trans Type"], "zh": ["类型", "单据类型", "业务类型"], "tw": ["單據別", "類別"], "de": ["Art", "Belegart", "BA"], "fr": ["Type", "Nature"], "es": ["Tipo", "Clase"]},
    "desc": {"en": ["Description", "Details", "Particulars", "Narrative", "Memo"], "zh": ["摘要", "内容", "说明", "品名", "备注"], "tw": ["摘要", "品名", "備註"], "de": ["Text", "Buchungstext", "Bezeichnung"], "fr": ["Libellé", "Désignation"], "es": ["Concepto", "Descripción"]},
    "po": {"en": ["PO No", "Your Ref", "Customer PO", "Your Order"], "zh": ["订单号", "客户订单号", "合同号"], "tw": ["訂單號碼", "客戶單號"], "de": ["Ihre Bestellung", "Bestell-Nr."], "fr": ["Votre commande", "N° commande"], "es": ["Su pedido", "Nº pedido"]},
    "debit": {"en": ["Debit", "Debits", "Charges", "Invoiced", "Dr"], "zh": ["借方", "借方金额", "应收金额", "本期应收", "发货金额"], "tw": ["借方", "應收金額", "銷貨金額"], "de": ["Soll", "Soll EUR", "Belastung"], "fr": ["Débit", "Débit €"], "es": ["Debe", "Cargo", "Cargos"]},
    "credit": {"en": ["Credit", "Credits", "Payments", "Receipts", "Cr"], "zh": ["贷方", "贷方金额", "已收金额", "本期收款", "回款金额"], "tw": ["貸方", "已收金額", "收款金額"], "de": ["Haben", "Haben EUR", "Gutschrift"], "fr": ["Crédit", "Crédit €"], "es": ["Haber", "Abono", "Abonos"]},
    "amount": {"en": ["Amount", "Transaction Amount", "Value", "Amt"], "zh": ["金额", "发生额", "本币金额"], "tw": ["金額", "交易金額"], "de": ["Betrag", "Umsatz", "Betrag EUR"], "fr": ["Montant", "Montant TTC"], "es": ["Importe", "Importe EUR"]},
    "balance": {"en": ["Balance", "Running Balance", "Account Balance", "Cumulative", "Running Total", "Total"], "zh": ["余额", "结存", "累计余额", "累计", "期末余额"], "tw": ["餘額", "累計", "累計餘額"], "de": ["Saldo", "Kumuliert", "lfd. Saldo"], "fr": ["Solde", "Solde progressif", "Cumul"], "es": ["Saldo", "Saldo acumulado", "Acumulado"]},
    "original": {"en": ["Original Amount", "Invoice Amount", "Orig. Amt", "Amount", "Invoice Total", "Gross"], "zh": ["发票金额", "原始金额", "应收金额", "价税合计"], "tw": ["發票金額", "原始金額", "應收金額"], "de": ["Rechnungsbetrag", "Ursprungsbetrag", "Betrag"], "fr": ["Montant initial", "Montant TTC", "Montant facture"], "es": ["Importe original", "Importe factura", "Total factura"]},
    "paid": {"en": ["Paid", "Payments", "Applied", "Amount Paid", "Less Paid"], "zh": ["已付", "已收金额", "已核销", "已付金额"], "tw": ["已收金額", "已付金額"], "de": ["Bezahlt", "Zahlungen", "Geleistet"], "fr": ["Réglé", "Règlements", "Déjà réglé"], "es": ["Pagado", "Cobrado"]},
    "open": {"en": ["Outstanding", "Balance Due", "Amount Due", "Open Amount", "Balance", "Remaining"], "zh": ["未付金额", "未收金额", "欠款", "未付余额", "余额"], "tw": ["未收金額", "未付餘額", "餘額"], "de": ["Offen", "Offener Betrag", "Restbetrag", "Saldo"], "fr": ["Reste dû", "Reste à payer", "Solde dû"], "es": ["Pendiente", "Importe pendiente", "Saldo"]},
    "gross": {"en": ["Gross", "Gross Amount", "Invoice Amount", "Invoice Total"], "zh": ["发票金额", "应付金额", "原金额"], "tw": ["發票金額", "應付金額"], "de": ["Brutto", "Bruttobetrag", "Rechnungsbetrag"], "fr": ["Montant brut", "Brut"], "es": ["Importe bruto", "Bruto"]},
    "discount": {"en": ["Discount", "Disc.", "Discount Taken", "Less Discount", "Deduction"], "zh": ["折扣", "现金折扣", "扣款"], "tw": ["折讓", "扣款"], "de": ["Skonto", "Abzug", "Skontobetrag"], "fr": ["Escompte", "Remise"], "es": ["Descuento", "Dto."]},
    "net": {"en": ["Net", "Amount Paid", "Net Amount", "Payment Amount", "Paid"], "zh": ["付款金额", "实付金额", "本次付款", "本次支付"], "tw": ["付款金額", "實付金額"], "de": ["Zahlbetrag", "Netto", "Gezahlt"], "fr": ["Montant payé", "Net payé", "Montant réglé"], "es": ["Importe pagado", "Neto", "Importe neto"]},
    "no": {"en": ["#", "No.", "Line"], "zh": ["序号", "行号"], "tw": ["項次", "序號"], "de": ["Pos.", "Lfd. Nr."], "fr": ["N°", "Ligne"], "es": ["Nº", "Línea"]},
    "days": {"en": ["Days", "Days Overdue", "Age"], "zh": ["账龄(天)", "逾期天数"], "tw": ["逾期天數"], "de": ["Tage", "Verzug Tage"], "fr": ["Jours", "Retard (j)"], "es": ["Días", "Días venc."]},
}  # fmt: skip

TYPES = {
    "invoice": {"en": ["Invoice", "INV", "Sales Invoice"], "zh": ["销售发票", "销售出库", "发货"], "tw": ["銷貨", "發票"], "de": ["Rechnung", "RE"], "fr": ["Facture", "FA"], "es": ["Factura", "FAC"]},
    "credit_note": {"en": ["Credit Note", "Credit Memo", "CRN"], "zh": ["销售退货", "红字发票", "退货"], "tw": ["銷貨退回", "折讓單"], "de": ["Gutschrift", "GS"], "fr": ["Avoir", "AV"], "es": ["Abono", "Nota de crédito"]},
    "payment": {"en": ["Payment", "Receipt", "Payment Received"], "zh": ["收款", "银行收款", "收款单"], "tw": ["收款", "收款單"], "de": ["Zahlung", "ZE", "Zahlungseingang"], "fr": ["Règlement", "Virement reçu"], "es": ["Pago", "Cobro"]},
    "fee": {"en": ["Late Fee", "Finance Charge", "Interest"], "zh": ["滞纳金", "逾期利息"], "tw": ["逾期利息"], "de": ["Mahngebühr", "Verzugszinsen"], "fr": ["Frais de retard", "Intérêts de retard"], "es": ["Intereses de demora", "Recargo"]},
}  # fmt: skip
GOODS = {
    "en": [
        "site delivery week 38",
        "hex nuts M10",
        "consulting, phase 2",
        "pallets returned",
        "spare parts",
        "freight to Leeds",
    ],
    "zh": ["纸箱 5层 400*300", "印刷费", "维修配件", "PE膜", "运输服务费", "9月货款"],
    "tw": ["模具加工", "瓦楞紙箱", "運費", "維修零件"],
    "de": ["Lieferung KW 38", "Ersatzteile", "Wartung Anlage 3", "Frachtkosten"],
    "fr": ["Livraison semaine 38", "Pièces détachées", "Transport Lyon", "Prestation de maintenance"],
    "es": ["Entrega semana 38", "Recambios", "Portes", "Servicio de mantenimiento"],
}
PREFIXES = {
    "invoice": ["INV-", "SI", "", "F26-", "RE-2026-", "XS", "VK/26/", "26-10-"],
    "credit_note": ["CN-", "CR", "GS-", "AV-", "TH", "RC/"],
    "payment": ["RCPT-", "P", "ZE-", "SK", "TT", "BACS"],
    "fee": ["DN-", "INT", "LF"],
}

LABELS = {
    "opening": {"en": ["Balance brought forward", "Opening Balance", "Balance Forward", "Previous balance", "B/F"], "zh": ["期初余额", "上期结余", "上月结余", "期初结存"], "tw": ["期初餘額", "上期餘額", "前期結欠"], "de": ["Saldovortrag", "Anfangssaldo", "Vortrag"], "fr": ["Report à nouveau", "Solde initial", "Ancien solde"], "es": ["Saldo anterior", "Saldo inicial"]},
    "closing": {"en": ["Closing Balance", "Balance Due", "Total Amount Due", "Amount Due", "Balance c/f"], "zh": ["期末余额", "本期结余", "期末应收余额", "截止本月结欠"], "tw": ["期末餘額", "本期結欠", "應收餘額"], "de": ["Endsaldo", "Neuer Saldo", "Saldo zu Ihren Lasten", "Saldo"], "fr": ["Solde final", "Nouveau solde", "Solde à payer"], "es": ["Saldo final", "Saldo actual", "Total a pagar"]},
    "total": {"en": ["Total", "Totals", "Grand Total"], "zh": ["合计", "总计", "合 计"], "tw": ["合計", "總計"], "de": ["Summe", "Gesamt", "Gesamtbetrag"], "fr": ["Total", "Total général", "Totaux"], "es": ["Total", "Totales", "Suma total"]},
    "due_total": {"en": ["Total Due", "Amount Now Due", "Balance Due", "TOTAL OUTSTANDING"], "zh": ["欠款合计", "未付合计", "应收合计"], "tw": ["未收合計", "應收合計"], "de": ["Gesamt offen", "Summe offene Posten", "Offener Gesamtbetrag"], "fr": ["Total dû", "Total restant dû"], "es": ["Total pendiente", "Total adeudado"]},
    "paid_total": {"en": ["Total Paid", "Payment Total", "Total Payment", "Amount Paid"], "zh": ["付款合计", "实付合计", "合计付款"], "tw": ["付款合計", "實付總額"], "de": ["Zahlungsbetrag", "Gesamtzahlung", "Summe"], "fr": ["Total payé", "Montant du virement", "Total"], "es": ["Total pagado", "Importe total", "Total"]},
    "customer": {"en": ["Customer", "Bill To", "To", "Account Name", "Client"], "zh": ["客户", "客户名称", "购货单位", "致", "需方"], "tw": ["客戶名稱", "客戶", "買受人"], "de": ["Kunde", "An", "Debitor"], "fr": ["Client", "À l'attention de", "Destinataire"], "es": ["Cliente", "Para", "Señores"]},
    "supplier": {"en": ["From", "Supplier", "Issued by", "Vendor"], "zh": ["供应商", "销货单位", "供方", "卖方"], "tw": ["供應商", "賣方", "公司名稱"], "de": ["Von", "Lieferant", "Aussteller"], "fr": ["Fournisseur", "Émetteur", "De"], "es": ["Proveedor", "De", "Emisor"]},
    "payer": {"en": ["Payer", "From", "Paid by", "Remitter", "Buyer"], "zh": ["付款单位", "付款方", "付款人"], "tw": ["付款人", "付款公司"], "de": ["Zahlungspflichtiger", "Auftraggeber", "Von"], "fr": ["Payeur", "Donneur d'ordre", "Émetteur"], "es": ["Pagador", "Ordenante", "De"]},
    "payee": {"en": ["Payee", "To", "Vendor", "Pay to", "Supplier"], "zh": ["收款单位", "收款方", "收款人", "供应商"], "tw": ["受款人", "收款廠商"], "de": ["Zahlungsempfänger", "Empfänger", "An", "Lieferant"], "fr": ["Bénéficiaire", "Fournisseur", "À"], "es": ["Beneficiario", "Proveedor", "Para"]},
    "as_of": {"en": ["Statement Date", "As of", "As at", "Date"], "zh": ["对账日期", "截止日期", "制单日期"], "tw": ["對帳日期", "截止日期", "製表日期"], "de": ["Stichtag", "Datum", "Stand", "Auszugsdatum"], "fr": ["Date du relevé", "Arrêté au", "Date"], "es": ["Fecha", "Fecha del extracto", "A fecha de"]},
    "period": {"en": ["Period", "Statement Period"], "zh": ["对账期间", "结算期间"], "tw": ["對帳期間"], "de": ["Zeitraum", "Buchungszeitraum"], "fr": ["Période"], "es": ["Periodo", "Período"]},
    "pay_date": {"en": ["Payment Date", "Date Paid", "Value Date"], "zh": ["付款日期", "支付日期"], "tw": ["付款日期"], "de": ["Zahldatum", "Zahlungsdatum", "Valuta"], "fr": ["Date de paiement", "Date du virement"], "es": ["Fecha de pago"]},
    "pay_ref": {"en": ["Payment Reference", "Payment No.", "EFT Number"], "zh": ["付款单号", "流水号"], "tw": ["付款單號"], "de": ["Zahlungsreferenz", "Avis-Nr."], "fr": ["Référence du paiement", "N° de virement"], "es": ["Referencia de pago", "Nº de transferencia"]},
    "currency": {"en": ["Currency"], "zh": ["币种", "币别"], "tw": ["幣別"], "de": ["Währung"], "fr": ["Devise"], "es": ["Moneda", "Divisa"]},
    "account": {"en": ["Account No.", "Customer ID", "A/C"], "zh": ["客户编号", "客户代码"], "tw": ["客戶編號"], "de": ["Kundennummer", "Kunden-Nr.", "Debitor-Nr."], "fr": ["N° client", "Code client"], "es": ["Nº cliente", "Código cliente"]},
    "subtotal": {"en": ["Subtotal {m}", "Total for {m}"], "zh": ["{m} 小计", "{m} 合计"], "tw": ["{m} 小計"], "de": ["Zwischensumme {m}", "Summe {m}"], "fr": ["Sous-total {m}", "Total {m}"], "es": ["Subtotal {m}", "Total {m}"]},
}  # fmt: skip
AGEING = {
    "en": ["Current", "1-30 Days", "31-60 Days", "61-90 Days", "Over 90"],
    "zh": ["未到期", "1-30天", "31-60天", "61-90天", "90天以上"],
    "tw": ["未到期", "1-30天", "31-60天", "61-90天", "90天以上"],
    "de": ["Nicht fällig", "1-30 Tage", "31-60 Tage", "61-90 Tage", "> 90 Tage"],
    "fr": ["Non échu", "1-30 jours", "31-60 jours", "61-90 jours", "> 90 jours"],
    "es": ["No vencido", "1-30 días", "31-60 días", "61-90 días", "Más de 90"],
}
NOTES = {
    "en": ["Our terms are strictly 30 days net. Interest of 8% p.a. may be charged on overdue accounts.", "Please make payment to Barclays, sort code 20-45-77, account 43218765.", "Orders above 1,500.00 ship free until 31/12/2026.", "Questions? Call 0117 496 0123 or write to accounts@northgate.example"],
    "zh": ["请核对上述金额,如无异议请于5个工作日内盖章回传。", "开户行:中国工商银行杭州滨江支行  账号:1202 0211 0990 0123 456", "如有不符,请列明差异并说明原因。", "联系人:王芳  手机:13800138000"],
    "tw": ["請於收到後七日內核對並回覆。", "匯款銀行:台灣銀行板橋分行 帳號:027-001-234567"],
    "de": ["Bitte prüfen Sie die aufgeführten Posten und teilen Sie uns Abweichungen bis zum 15.11.2026 mit.", "Bankverbindung: Sparkasse KölnBonn, IBAN DE44 3705 0198 0012 3456 78", "Bei Fragen wenden Sie sich an unsere Buchhaltung."],
    "fr": ["Sauf erreur ou omission de notre part, merci de bien vouloir régler le solde.", "IBAN FR76 3000 4000 0312 3456 7890 143 - BIC BNPAFRPP", "Tout retard entraîne une indemnité forfaitaire de 40,00 €."],
    "es": ["Rogamos revisen este extracto y nos comuniquen cualquier diferencia.", "Cuenta: ES91 2100 0418 4502 0005 1332", "Recargo por demora: 40,00 € por factura."],
}  # fmt: skip
