"""Which kind of document calls itself so."""

from __future__ import annotations

import re

from parsers.documents import Kind
from parsers.wording import folded

_TITLES: list[tuple[Kind, int, str]] = [
    (
        Kind.REMITTANCE_ADVICE,
        10,
        r"remittance (?:advice|detail|notice|summary|slip|statement)|payment (?:advice|remittance|notification|notice|advise|specification|detail)|advice of payment|\bremittance$|"
        r"付款通知|付款明细|汇款通知|付款清单|付款说明|支付通知|付款申请明细|支付明细|汇款明细|货款支付|付款告知|支付清单|付款回执|汇款单|结算付款|付款单|付款水单|核销明细|付款对账明细|"
        r"zahlungsavis|zahlungsanzeige|avis uber|\bavis\b(?! de)|uberweisungsavis|zahlungsmitteilung|zahlungsaufstellung|"
        r"avis de (?:paiement|virement|reglement)|bordereau de (?:reglement|paiement)|ordre de virement|detail du (?:reglement|paiement|virement)|"
        r"aviso de (?:pago|transferencia|pagamento)|betaal(?:advies|specificatie)|betalings(?:advies|specificatie|overzicht)|distinta (?:di )?pagament|avviso di bonifico|nota de pagamento|detalle (?:de|del) pago|notificacion de pago|orden de pago|relacion de (?:pagos|facturas pagadas)|comunicacion de pago|avviso di pagamento",
    ),
    (
        Kind.STATEMENT,
        9,
        r"statement (?:of|as)|account statement|(?:customer|supplier|vendor|monthly|open item|debtor|creditor|client|activity|billing|receivables?) statement|\bstatement\b(?! (?:of|descriptor))|"
        r"对账单|对账函|对账表|往来对账|询证函|对账明细|往来明细|往来账|应收账款明细|明细账|余额确认|客户对账|结算单|月结单|账单|催款|应付账款明细|欠款明细|未付款明细|未清项|账款明细|应收明细|往来函证|"
        r"kontoauszug|kontoubersicht|saldenbestatigung|offene[- ]?posten|saldenmitteilung|op[- ]liste|forderungsaufstellung|saldenliste|kundenkonto|kontokorrent|postenliste|"
        r"releve (?:de compte|client|de factures|fournisseur|d operations)|extrait de compte|etat de compte|\breleve\b|situation de compte|grand livre|balance agee|"
        r"estado de cuenta|extracto (?:de cuenta|de movimientos)?|relacion de (?:facturas|saldos)|situacion de cuenta|movimientos de cuenta|mayor de cuenta|"
        r"account (?:summary|activity|transactions)|open items?\b|aged (?:receivables|debt|listing)|transaction history|ledger account|outstanding invoices|overdue (?:invoices|account)|estratto conto|situazione contabile|partite aperte|scheda contabile|rekening(?:overzicht|afschrift)|openstaande (?:posten|facturen)|saldobevestiging|extrato\b|conta corrente|送货对账|对账(?:汇总|清单|数据)|line item display",
    ),
    (
        Kind.BANK_NOTICE,
        8,
        r"credit advice|bank (?:advice|notice)|(?:incoming|inward) (?:payment|transfer|remittance)|(?:收款|入账|到账|电子|银行|客户|业务|付款|借记|贷记)(?:回单|通知书?)|回单|进账单|swift|mt103|"
        r"zahlungseingangsmeldung|buchungsbestatigung|avis de credit|aviso de abono|transaction receipt|debit advice|transfer (?:receipt|confirmation)",
    ),
    (
        Kind.INVOICE,
        7,
        r"(?:tax|commercial|sales|vat|pro ?forma)? ?invoice|credit (?:note|memo)|增值税|发票|形式发票|贷项通知单|rechnung|gutschrift|\bfacture\b|\bavoir\b|\bfactura\b|nota de credito|fattura|\bfatura\b|\bfactuur\b",
    ),
]
_PATTERNS = [(kind, weight, re.compile(pattern)) for kind, weight, pattern in _TITLES]


def kinds_in(text: str) -> list[tuple[Kind, int]]:
    """The kinds that a line of text names, each with a weight (the more specific, the heavier)."""
    plain = folded(text)
    spaceless = plain.replace(" ", "") if not plain.isascii() else plain
    return [(kind, weight) for kind, weight, pattern in _PATTERNS if pattern.search(plain) or pattern.search(spaceless)]


# Sentences that say a payment was made, in folded text.
PAID_IN_WORDS = re.compile(
    r"(?:已|今日|现|我司|我方).{0,10}(?:付款|电汇|汇款|支付|转账|汇出|付出|打款)|付款.{0,6}明细如下|(?:we have|we've|has been|have been|was|were) (?:today |now |just )?(?:paid|transferred|remitted|wired|made a payment|initiated)|"
    r"payment (?:has been|was|will be) (?:made|sent|initiated|released|issued|transferred|credited)|following (?:invoices|payments?|documents|items) (?:have been|has been|was|were|are being|will be) (?:paid|settled|remitted)|in (?:payment|settlement) of the following|"
    r"(?:haben wir|wurden?|wir haben).{0,40}(?:uberwiesen|bezahlt|angewiesen|beglichen)|nous avons.{0,30}(?:regle|vire|effectue|paye|procede)|hemos.{0,30}(?:pagado|transferido|realizado|abonado|efectuado)|this payment (?:covers|settles)|payment details|our payment"
)
