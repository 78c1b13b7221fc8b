"""What a firm prints below every mail: register numbers, capital, standards, postal codes, hours, where else to find it.

Their digits are no references and no amounts. Such a line never opens a signature; it stands in one.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.lines import first_word, words_of

_STANDARD = (
    r"\b(?:iso(?:/[a-z]{2,5})?|iatf|ohsas|haccp|gb/?t|nadcap|gots|fsc|soc|sa)[ /-]?\d{3,5}(?:[:-]\d{1,4}){0,2}(?!\d)"
)
_REGISTERED = (
    r"\b(?:a\.?b\.?n|a\.?c\.?n|c\.?r\.?n|trn|uen|ein|gst(?:in)?|vat|tva|mwst|ust|uid|iva|nif|cif|nip|regon|krs|cnpj|cui|kvk|btw|bce|cvr|rcs|siren|siret|hrb|hra|cin|pan|tin"
    r"|reg|regd|registration|registered|company|org|organisation|tax|business|co|dic|ico|oib|rea|cr|inn|ogrn|edrpou|mst|npwp|duns|d-u-n-s|eori|lei|brn)"
    r"\b[^\n|·;]{0,28}?[:#. ]\s{0,3}(?:[a-z]{1,4}[- ]?)?\d[\d ./-]{4,22}[a-z]?(?:[/ ]\d{2})?"
)
_CHINESE_REGISTERED = (
    r"(?:统一(?:社会)?(?:信用)?(?:代码|编号)|統一編號|统编|統編|税号|稅號|纳税人识别号|信用代码|许可证号?|备案号?|ICP备|注册号|登记号|公网安备)\s?[:：]?\s?[\dA-Z]{6,20}号?"
    r"|注册资[本金]\s?[:：]?\s?(?:人民币)?[\d.,]+\s?[万亿]?元?|注册资[本金][^。\n]{0,4}[一-龥]{0,3}[万亿]元"
)
_CAPITAL = r"\b(?:capital(?: social)?(?: of| de| de la)?|stammkapital|grundkapital|share capital|cap\. soc\.)[^\d\n]{0,16}[\d][\d ., \u00a0']{2,16}(?:€|eur|chf|gbp|usd|euros?)?"
_POST = (
    r"\b(?:CH|D|A|F|B|L|NL|DK|SE|S|FI|FIN|PL|CZ|SK|HU|ES|E|IT|I|PT|P|SI|HR|RO|BG|LT|LV|EE|N|NO)-\d{2,6}(?:-\d{3})?(?=,?\s+[^\W\d_a-z])"
    r"|\b(?:NSW|VIC|QLD|TAS|ACT)\s\d{4}\b|(?<=[a-z,] )(?:WA|SA|NT)\s\d{4}\b"
    r"|\b(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\s\d{5}(?:-\d{4})?\b"
)
_PLACED = r"\b(?:ext|extn|suite|ste|unit|room|rm|floor|box|lot|bldg|building|apt|flat|bureau|étage|plot|block|gate|desk|level|lvl|hall|stand|booth)\b\.?[ :#]?\s?\d{1,6}"
_TOWN = r"\b(?!(?:Inv|No|Ref|Order|Bill|Note|Nr|Rech|Fact|Credit|Debit|Doc|Item|Line|Total|Sum|Only|Pay|Paid|Amt|Due|Bal|Net|Gross|Cheque|Check|Voucher|Batch|Ticket|Case))[A-Z][a-zà-ÿ]{2,}[\s-]\d{3,5}(?:-\d{3,4})?\b(?![.,]\d)"
_EXPLAINED = re.compile(
    "|".join((_STANDARD, _REGISTERED, _CHINESE_REGISTERED, _CAPITAL, f"(?-i:{_POST})", f"(?-i:{_TOWN})", _PLACED)),
    re.IGNORECASE,
)
_COMPANY = re.compile(
    "|".join((_STANDARD, _REGISTERED, _CAPITAL, r"sitz der gesellschaft|amtsgericht|handelsregister|geschäftsführ|vorstand\b|aufsichtsrat|siège social|registered (?:office|address)|domicilio social|sede legale|directors?:")),
    re.IGNORECASE,
)  # fmt: skip
_CHINESE_COMPANY = re.compile(_CHINESE_REGISTERED)
_REGISTER_WORDS = frozenset(  # a line without any of them is no register's or certificate's
    "iso iatf ohsas haccp gb gbt nadcap gots fsc soc sa abn acn crn n trn uen ein gst gstin vat tva mwst ust uid iva nif cif nip regon krs "
    "cnpj cui kvk btw bce cvr rcs siren siret hrb hra cin pan tin reg regd registration registered company org organisation tax business co "
    "dic ico oib rea cr inn ogrn edrpou mst npwp duns u eori lei brn capital stammkapital grundkapital share cap sitz amtsgericht "
    "handelsregister vorstand aufsichtsrat domicilio sede director directors siège geschäftsführer geschäftsführerin geschäftsführung geschäftsführender".split()
)
_FOOTER_BEGINS = frozenset(
    "follow find like join visit connect book our the office offices opening business working my pensez avant think save please award winner "
    "proud member certified part a an".split()
)
_FOOTER_WORDS = frozenset(
    "advertisement reserved since seit depuis desde est established founded gegründet website brochure webinar newsletter work "
    "working hours reply mailbox inbox unmonitored fondé fondée bitte umwelt medio".split()
)
_CHINESE_FOOTER = re.compile(
    r"欢迎(?:访问|关注|莅临|来电|浏览)|歡迎(?:參觀|蒞臨|瀏覽)|公众号|扫码(?:关注|添加)|公司简介|企业简介|官方网站|官网[:：]|展位号?|版权所有|(?:始于|创立于|成立于|创建于|始創於)\s?\d{4}"
    r"|请节约用纸|節約用紙|减少打印|保护环境|©"
)
_FOOTER = re.compile(
    r"advertisement|\ball rights reserved|\b(?:since|seit|depuis|desde|est\.|established|founded|fondée? en|gegründet)(?: in)? \d{4}\b"
    r"|\bi work flexibl|\b(?:outside|within) (?:of )?(?:your|my|normal)(?: own)? (?:working|office|business) hours|\bmy working (?:days|hours|pattern)"
    r"|our (?:new )?(?:website|brochure|webinar|newsletter)\b|umwelt.{0,60}(?:druck|ausdruck)|bitte prüfen sie.{0,40}(?:ausdruck|gedruckt)|medio ambiente"
    r"|(?:please )?(?:do not|don't) reply to this (?:mailbox|e-?mail|message|address)|this (?:mailbox|inbox) is not monitored|unmonitored (?:mailbox|inbox|address)",
    re.IGNORECASE,
)
_FOOTER_BEGINNING = re.compile(
    r"\W{0,4}(?:(?:follow|find|like|join|visit|connect with) (?:us|me|our)\b|book (?:a|time|some time)\b.{0,40}$"
    r"|(?:our |the )?(?:offices?|office hours|opening hours|business hours|working hours|working days|my working)\b.{0,80}(?:closed|open|hours|days|\d)"
    r"|(?:pensez à l'environnement|avant d'imprimer|think green|save (?:paper|trees)|please do not print)"
    r"|(?:award|winner|proud (?:member|sponsor|partner)|member of|certified|part of the|a (?:member|company|division) of|an? .{2,30} company$))",
    re.IGNORECASE,
)
_DECORATED = frozenset('*#=~+"“„«「『[<')
_FRAMED = re.compile(r"([*#=~+]{2,})\s?\S.{0,300}\S\s?\1")
_MOTTO = re.compile(r"[\"“„«「『][^\"”“»」』]{4,100}[\"”“»」』](?:\s?[-–—]\s?[^\d]{2,30})?")
_PICTURE = re.compile(
    r"\[(?:cid|image|logo|图片|圖片|bild|img|inline image)\b[^\]]{0,120}\]|<image\d*\.\w+>", re.IGNORECASE
)
_ADVERTISING = re.compile(
    r"公司简介|企业简介|公众号|扫码关注|欢迎(?:访问|关注|浏览).{0,12}(?:官网|网站|公众号|www|http)|^\W{0,4}(?:follow|find|visit|connect with|like) us (?:on|at)\b|^\W{0,4}visit our (?:web)?site\b",
    re.IGNORECASE,
)
_ADVERTISING_BEGINS = frozenset("follow find visit connect like".split())


def unexplained(line: str) -> str:
    """``line`` without numbers that a register, a standard or the post gave."""
    return _EXPLAINED.sub(" ", line)


def company_line(line: str) -> bool:
    """A register, capital or certificate line: ``Amtsgericht Kiel HRA 1234``, ``ABN 51 824 753 556``, ``ISO 9001:2015``."""
    if len(line) > 240:
        return False
    if not line.isascii() and _CHINESE_COMPANY.search(line) is not None:
        return True
    return not _REGISTER_WORDS.isdisjoint(words_of(line)) and _COMPANY.search(line) is not None


def footer(line: str) -> bool:
    """Advertising, office hours, a framed hint, a motto in quotation marks, the place of a logo."""
    stripped = line.strip()
    if not 3 <= len(stripped) <= 320:
        return False
    if stripped[0] in _DECORATED and (
        _FRAMED.fullmatch(stripped) or _MOTTO.fullmatch(stripped) or _PICTURE.fullmatch(stripped)
    ):
        return True
    if not stripped.isascii() and _CHINESE_FOOTER.search(stripped):
        return True
    words = words_of(line)
    if not words:
        return False
    if words[0] in _FOOTER_BEGINS and _FOOTER_BEGINNING.match(stripped):
        return True
    return not _FOOTER_WORDS.isdisjoint(words) and _FOOTER.search(stripped) is not None


def advertising(line: str) -> bool:
    """Words that only a firm's own footer has, good enough to open one."""
    if line.isascii() and first_word(line) not in _ADVERTISING_BEGINS:
        return False
    return _ADVERTISING.search(line) is not None
