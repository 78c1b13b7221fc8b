"""Lines that say who somebody is and how to reach them, and lines that name an item or an amount: the two are told apart.

Each question is answered by the words and signs of a line first; patterns see only lines that hold one of them.
"""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence import company_lines
from mailflow.correspondence.lines import remembered, words_of

_LINK_WORDS = frozenset(("www", "http", "https"))
_CUE_WORDS = frozenset(
    "tel phone ph telephone mobile mob cell fax direct office ext email mail web website www http skype qq wechat whatsapp linkedin telefon telefax "
    "mobil durchwahl tél téléphone móvil teléfono cellulare handy vat ust hrb siren siret geschäftsführer registered amtsgericht "
    "sitz address adresse pobox box".split()
)
_CUE = re.compile(
    r"\b(?:tel|tel\.|phone|ph|telephone|mobile|mob|cell|fax|direct|office|ext|e-?mail|mail|web|website|www\.|http|skype|qq|wechat"
    r"|whatsapp|linkedin|telefon|telefax|mobil|durchwahl|tél|téléphone|móvil|teléfono|cellulare|handy|vat|ust|hrb|siren|siret"
    r"|geschäftsführer|registered|amtsgericht|sitz der|address|adresse|p\.?o\.? box)\b\.? ?[:#|+(\d/]",
    re.IGNORECASE,
)
_NUMBER_WORDS = frozenset(
    "hotline helpline switchboard central toll wechat line zalo viber telegram m h hp dl ddi gsm tlf tfno tfn puh tlph cel".split()
)
_NAMED_NUMBER = re.compile(
    r"\b(?:hotline|helpline|switchboard|central|toll[- ]free|wechat|line id|zalo|viber|telegram|m\.p|h/p|hp|dl|ddi|gsm|tlf|tfno|tfn|puh|tlph|cel)\b\.? ?[:#|]? ?[+(\d]{1,2}[\d ()./-]{5,}",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"[tmfepwdoc] ?[:.|] ?[+(\w]|(?:t|m|f|d|p|o|tel|mob|ph|fax|cell|dir)[.:]? ?\+?\(?\d[\d ()/.-]{6,24}$", re.IGNORECASE
)
_NUMBER = re.compile(r"\+\d{1,3}[ (]{1,2}\d[\d ()/.-]{5,24}")
_BARE_NUMBER = re.compile(r"\+?[\d()\s./-]{7,24}$")
_ADDRESS = re.compile(r"[\w.+-]@[\w-]{1,60}\.[\w.-]|\bwww\.\S{3}|https?://", re.IGNORECASE)
_CHINESE = re.compile(
    r"(?:电话|手机|传真|邮箱|地址|网址|邮编|座机|微信|联系电话|手机号|分机|電話|手機|傳真|地址|郵箱|郵件|公司网站|网站|部门|职务|税号|qq|联系人|联系方式|联络人|联络方式|聯絡人|聯絡電話|聯絡方式|经办人|承辦人|短号|内线|總機|总机|传呼|工号|上班时间|工作时间|服务时间) ?[:：/]"
    r"|(?:电话|手机|传真|座机|微信|電話|手機|傳真|热线|專線|专线|总机|總機|行動|市話|钉钉)(?:同号|号码|号|/\S{1,4})?\s?[:：]?\s?[+(]{0,2}\d[\d ()-]{5,}"
    r"|[路街道巷弄]\s?\d{1,5}\s?[号號弄]"
    r"|[☎☏📞📱✆🕿✉📧🌐📍🏠]"
)
_MIXED_WORDS = re.compile(r"[wW]e[cC]hat|WECHAT|[lL][iI][nN][eE] |[qQ][qQ]")
_MIXED = re.compile(
    r"(?:wechat|line id)(?:同号|号码|号|/\S{1,4})?\s?[:：]?\s?[+(]{0,2}\d[\d ()-]{5,}|qq ?[:：/]", re.IGNORECASE
)
_CONTACT_SIGN = re.compile(r"[:#|+(\d/@]")
_DRAWN_SIGN = re.compile(r"[☎☏📞📱✆🕿✉📧🌐📍🏠]")

_ROLE_WORDS = frozenset(
    "manager director accountant accounts accounting finance financial payable receivable controller assistant officer clerk specialist "
    "department dept team ceo cfo president buchhaltung leiter leiterin sachbearbeiter kreditoren kreditorenbuchhaltung debitoren comptable "
    "comptabilité responsable gmbh ag ltd limited inc llc corp sa srl bv plc kg pty engineer sales purchasing procurement treasurer "
    "bookkeeper contabilidad contabilidade financeiro contabilità amministrazione tesorería crediteuren".split()
)
_ROLE_BEGINS = frozenset("head contas cuentas co s b kreditoren".split())
_ROLE = re.compile(r"\b(?:head of|contas a pagar|cuentas por pagar|co\.|s\.?a\.?|s\.?r\.?l|b\.?v\.?)\b", re.IGNORECASE)
_CHINESE_ROLE = re.compile(
    r"公司|集团|财务|会计|出纳|经理|总监|主管|采购部|销售部|中心|有限|部$|科技|股份|供应链|应付|应收|會計|財務|經理"
)
# A reference or an amount is content, unless a contact cue explains it
_NO_REFERENCES = frozenset(
    "tel fax mob vat ust hra hrb abn acn crn cin gst gstin rcs kvk nif siren iban bic suite room floor box qq".split()
)
_REFERENCE = re.compile(r"\b([a-z]{2,6})[-/_ ]?\d{3,}", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?<![\d.+-])\d{1,3}(?:[,.' ]\d{3}){0,4}[.,]\d{2}(?![\d.])|[$€£¥￥]\s?\d|\d\s?(?:元|万|(?:eur|usd|cny|rmb|gbp)\b)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")

_BUSINESS = re.compile(
    r"\b(?:inv|invoices?|po|p/o|so|cn|dn|order|credit|debit|ref|rechnung|facture|factura)\b[^\w\n]{0,3}(?:no\b|nr\b|number\b|#)?[^\w\n]{0,3}[a-z]{0,4}[-/]?\d{2,}"
    r"|\b(?:inv|po|so|cn|dn|xs|fp|si|sin|cr|rma|ht|th|ar|ap)[-_/]?\d{3,}|(?<![\d.+-])\d{1,3}(?:[,.' ]\d{3}){0,4}[.,]\d{2}(?![\d.])|[$€£¥￥]\s?\d"
    r"|\d\s?(?:元|万|eur|usd|cny|rmb|gbp|k)\b|\d[元万]|发票|订单|单号|货款|对账",
    re.IGNORECASE,
)


@remembered
def contact(line: str) -> bool:
    """A way to reach somebody: a number, an address, a house, a cue such as ``Tel:``."""
    if "|" in line and (line.count("|") >= 3 or line.count(" | ") >= 2):
        return True  # a company, its street, its town, its number in one line
    words = words_of(line)
    if _CONTACT_SIGN.search(line) is None and "www" not in words:
        return not line.isascii() and _DRAWN_SIGN.search(line) is not None
    if ("@" in line or not _LINK_WORDS.isdisjoint(words)) and _ADDRESS.search(line):
        return True
    if not _CUE_WORDS.isdisjoint(words) and _CUE.search(line):
        return True
    if _LETTERED.match(line) or _BARE_NUMBER.match(line) or ("+" in line and _NUMBER.search(line)):
        return True
    if not _NUMBER_WORDS.isdisjoint(words) and _NAMED_NUMBER.search(line):
        return True
    if line.isascii():
        return False
    return _CHINESE.search(line) is not None or (
        _MIXED_WORDS.search(line) is not None and _MIXED.search(line) is not None
    )


@remembered
def role(line: str) -> bool:
    """What somebody is, or what kind of firm: an office, a department, ``GmbH``, 财务部."""
    words = words_of(line)
    if not _ROLE_WORDS.isdisjoint(words) or (not line.isascii() and _CHINESE_ROLE.search(line) is not None):
        return True
    return not _ROLE_BEGINS.isdisjoint(words) and _ROLE.search(line) is not None


@remembered
def content(line: str) -> bool:
    """Whether the line names a reference or an amount: such a line is never part of a signature."""
    if _DIGIT.search(line) is None or not _names_an_item(line) or contact(line):
        return False
    return _names_an_item(company_lines.unexplained(line))


def _names_an_item(text: str) -> bool:
    return _AMOUNT.search(text) is not None or any(
        found[1].lower() not in _NO_REFERENCES for found in _REFERENCE.finditer(text)
    )


@remembered
def business(line: str) -> bool:
    """Whether the line names an item or an amount of the account: digits behind a cue, money; no address or register."""
    if _DIGIT.search(line) is None or _BUSINESS.search(line) is None:
        return False
    return _BUSINESS.search(company_lines.unexplained(line)) is not None
