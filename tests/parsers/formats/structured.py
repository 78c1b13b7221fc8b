"""Structured documents for the tests of this folder: small, complete, with arithmetic that holds."""

# ruff: noqa: E501
from __future__ import annotations

UBL = 'xmlns:cac="urn:cac" xmlns:cbc="urn:cbc"'


def party(role: str, name: str) -> str:
    return (
        f"<cac:{role}><cbc:SupplierAssignedAccountID>GT-9</cbc:SupplierAssignedAccountID><cac:Party><cac:PartyName>"
        f"<cbc:Name>{name}</cbc:Name></cac:PartyName><cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID></cac:PartyTaxScheme>"
        f"<cac:Contact><cbc:ElectronicMail>a@b.example</cbc:ElectronicMail></cac:Contact></cac:Party></cac:{role}>"
    )


def ubl_statement(total: str = "1420.00") -> bytes:
    def line(number: int, debit: str, credit: str, balance: str, rest: str) -> str:
        return (
            f"<cac:StatementLine><cbc:ID>{number}</cbc:ID>{rest.partition('|')[0]}"
            f'<cbc:DebitLineAmount currencyID="EUR">{debit}</cbc:DebitLineAmount>'
            f'<cbc:CreditLineAmount currencyID="EUR">{credit}</cbc:CreditLineAmount>'
            f'<cbc:BalanceAmount currencyID="EUR">{balance}</cbc:BalanceAmount>{rest.partition("|")[2]}</cac:StatementLine>'
        )

    def billed(kind: str, reference: str, date: str) -> str:
        return (
            f"|<cac:BillingReference><cac:{kind}DocumentReference><cbc:ID>{reference}</cbc:ID>"
            f"<cbc:IssueDate>{date}</cbc:IssueDate></cac:{kind}DocumentReference></cac:BillingReference>"
        )

    forward = "<cbc:BalanceBroughtForwardIndicator>true</cbc:BalanceBroughtForwardIndicator>|"
    paid = "|<cac:CollectedPayment><cbc:ID>PAY-3</cbc:ID><cbc:PaidDate>2026-10-09</cbc:PaidDate></cac:CollectedPayment>"
    lines = (
        line(1, "1000.00", "0.00", "1000.00", forward)
        + line(2, "500.00", "0.00", "1500.00", billed("Invoice", "INV-1", "2026-10-01"))
        + line(3, "0.00", "80.00", "1420.00", billed("CreditNote", "CN-1", "2026-10-05"))
        + line(4, "100.00", "0.00", "1520.00", billed("DebitNote", "DN-1", "2026-10-06"))
        + line(5, "0.00", "100.00", "1420.00", paid)
    )
    return (
        f'<?xml version="1.0"?><Statement xmlns="urn:s" {UBL}><cbc:ID>S-10</cbc:ID><cbc:IssueDate>2026-10-31</cbc:IssueDate>'
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        '<cbc:TotalDebitAmount currencyID="EUR">1600.00</cbc:TotalDebitAmount>'
        '<cbc:TotalCreditAmount currencyID="EUR">180.00</cbc:TotalCreditAmount>'
        f'<cbc:TotalBalanceAmount currencyID="EUR">{total}</cbc:TotalBalanceAmount>'
        "<cac:StatementPeriod><cbc:StartDate>2026-10-01</cbc:StartDate><cbc:EndDate>2026-10-31</cbc:EndDate></cac:StatementPeriod>"
        f"{party('AccountingSupplierParty', 'Müller GmbH')}{party('AccountingCustomerParty', 'Huaxing')}{lines}</Statement>"
    ).encode()


def ubl_remittance(total: str = "420.00") -> bytes:
    def line(debit: str, credit: str, kind: str, reference: str) -> str:
        return (
            f'<cac:RemittanceAdviceLine><cbc:ID>1</cbc:ID><cbc:DebitLineAmount currencyID="GBP">{debit}</cbc:DebitLineAmount>'
            f'<cbc:CreditLineAmount currencyID="GBP">{credit}</cbc:CreditLineAmount><cac:BillingReference>'
            f"<cac:{kind}DocumentReference><cbc:ID>{reference}</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate>"
            f"</cac:{kind}DocumentReference></cac:BillingReference></cac:RemittanceAdviceLine>"
        )

    return (
        f'<RemittanceAdvice xmlns="urn:r" {UBL}><cbc:ID>R-1</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate>'
        f'<cbc:TotalPaymentAmount currencyID="GBP">{total}</cbc:TotalPaymentAmount>'
        "<cbc:PaymentOrderReference>PO-9</cbc:PaymentOrderReference>"
        f"{party('AccountingCustomerParty', 'Payer plc')}{party('AccountingSupplierParty', 'Seller Ltd')}"
        "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentDueDate>2026-11-03</cbc:PaymentDueDate>"
        f"</cac:PaymentMeans>{line('500.00', '0', 'Invoice', 'INV-1')}{line('0', '80.00', 'CreditNote', 'CN-1')}</RemittanceAdvice>"
    ).encode()


def ubl_invoice(kind: str = "Invoice", payable: str = "119.00") -> bytes:
    return (
        f'<{kind} xmlns="urn:i" {UBL}><cbc:ID>RE-7</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate><cbc:DueDate>2026-10-31</cbc:DueDate>'
        f"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>"
        f"{party('AccountingSupplierParty', 'Müller GmbH')}{party('AccountingCustomerParty', 'Huaxing')}"
        '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>'
        '<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>'
        '<cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>'
        f'<cbc:TaxInclusiveAmount currencyID="EUR">{payable}</cbc:TaxInclusiveAmount>'
        f'<cbc:PayableAmount currencyID="EUR">{payable}</cbc:PayableAmount></cac:LegalMonetaryTotal><cac:{kind}Line>'
        f'<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount></cac:{kind}Line></{kind}>'
    ).encode()


def cii(code: str = "380", number: str = "RE-7", total: str = "119.00") -> bytes:
    return (
        '<rsm:CrossIndustryInvoice xmlns:rsm="urn:rsm" xmlns:ram="urn:ram" xmlns:udt="urn:udt"><rsm:ExchangedDocument>'
        f"<ram:ID>{number}</ram:ID><ram:TypeCode>{code}</ram:TypeCode><ram:IssueDateTime>"
        '<udt:DateTimeString format="102">20261001</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>'
        "<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Müller GmbH</ram:Name>"
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/1</ram:ID></ram:SpecifiedTaxRegistration>'
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE1</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>'
        "<ram:BuyerTradeParty><ram:Name>Huaxing</ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>"
        "<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
        '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261031</udt:DateTimeString>'
        "</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms><ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        '<ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount>'
        f"<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount><ram:DuePayableAmount>{total}</ram:DuePayableAmount>"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def camt(closing: str = "1420.00", version: str = "camt.053.001.08") -> bytes:
    def balance(code: str, amount: str) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
            "<Dt><Dt>2026-10-31</Dt></Dt></Bal>"
        )

    def transaction(amount: str, reference: str, name: str) -> str:
        return (
            f'<TxDtls><Refs><EndToEndId>E-{reference}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt><RltdPties><Dbtr><Nm>{name}</Nm>'
            f"</Dbtr></RltdPties><RmtInf><Strd><RfrdDocInf><Nb>{reference}</Nb></RfrdDocInf></Strd></RmtInf></TxDtls>"
        )

    def entry(amount: str, sign: str, details: str, status: str = "<Cd>BOOK</Cd>") -> str:
        return (
            f'<Ntry><NtryRef>1</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>{status}</Sts><BookgDt>'
            f"<Dt>2026-10-02</Dt></BookgDt><AcctSvcrRef>BANK1</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
        )

    entries = (
        entry("500.00", "CRDT", transaction("200.00", "INV-1", "Anna") + transaction("300.00", "INV-2", "Ben"))
        + entry("80.00", "DBIT", "<TxDtls><RmtInf><Ustrd>fee</Ustrd></RmtInf></TxDtls>")
        + entry("7.00", "CRDT", "", "PDNG")
    )
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><BkToCstmrStmt><Stmt><Id>ST-1</Id>'
        "<CreDtTm>2026-10-31T20:00:00+01:00</CreDtTm><Acct><Id><IBAN>DE02</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Huaxing</Nm></Ownr>"
        "<Svcr><FinInstnId><BICFI>BANKDEFF</BICFI><Nm>Hausbank</Nm></FinInstnId></Svcr></Acct>"
        f"{balance('OPBD', '1000.00')}{balance('CLBD', closing)}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
