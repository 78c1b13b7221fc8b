"""ISO 4217 codes and their number of decimals."""

from __future__ import annotations

import re
from functools import lru_cache

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS = dict.fromkeys(_NO_DECIMALS.split(), 0) | dict.fromkeys(_THREE_DECIMALS.split(), 3)

CODES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW""".split()
)


def exponent(currency: str) -> int:
    """Number of decimals of ``currency``; 2 for a code that is not known (ISO 4217's common case)."""
    return _EXPONENTS.get(currency, 2)


# What is printed instead of a code. A bare "$", "kr" or "¥" names several currencies: None, and the document's other
# words decide (field guide: never guess the currency from "$" alone).
SYMBOLS: dict[str, str | None] = {
    "¥": None, "$": None, "kr": None, "元": None, "圆": None,
    "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "฿": "THB", "₫": "VND", "₱": "PHP", "₽": "RUB", "zł": "PLN",
    "US$": "USD", "USD$": "USD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
    "CA$": "CAD", "CN¥": "CNY", "JP¥": "JPY", "R$": "BRL", "RMB": "CNY", "RMB¥": "CNY", "NZ$": "NZD", "CHF": "CHF",
    "Fr.": "CHF", "RM": "MYR", "人民币": "CNY", "Rs.": "INR",
}  # fmt: skip

# Names in running text; longest first wins. Each stands as a whole word (Latin) or anywhere (CJK).
NAMES: dict[str, str] = {
    "人民币": "CNY", "人民幣": "CNY", "rmb": "CNY", "renminbi": "CNY", "yuan": "CNY", "美元": "USD", "美金": "USD",
    "us dollar": "USD", "us dollars": "USD", "dollar us": "USD", "us-dollar": "USD", "欧元": "EUR", "歐元": "EUR",
    "euro": "EUR", "euros": "EUR", "港币": "HKD", "港幣": "HKD", "港元": "HKD", "hk dollar": "HKD",
    "hong kong dollar": "HKD", "日元": "JPY", "日圆": "JPY", "日圓": "JPY", "yen": "JPY", "japanese yen": "JPY",
    "英镑": "GBP", "英鎊": "GBP", "pound sterling": "GBP", "pounds sterling": "GBP", "sterling": "GBP",
    "新台币": "TWD", "新臺幣": "TWD", "新台幣": "TWD", "台币": "TWD", "台幣": "TWD", "新加坡元": "SGD", "新币": "SGD",
    "singapore dollar": "SGD", "澳元": "AUD", "australian dollar": "AUD", "加元": "CAD", "canadian dollar": "CAD",
    "瑞士法郎": "CHF", "schweizer franken": "CHF", "franc suisse": "CHF", "swiss franc": "CHF", "韩元": "KRW",
    "韓元": "KRW", "泰铢": "THB", "澳门元": "MOP", "马币": "MYR", "ringgit": "MYR", "卢布": "RUB", "卢比": "INR",
}  # fmt: skip


@lru_cache(maxsize=4096)
def named(text: str) -> str | None:
    """The currency that ``text`` names without doubt (code, name or unmistakable symbol), else None."""
    lowered = text.lower()
    for name in sorted(NAMES, key=len, reverse=True):
        if name in lowered and (not name.isascii() or re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", lowered)):
            return NAMES[name]
    found = re.search(r"(?<![A-Za-z0-9])([A-Z]{3})(?![A-Za-z])", text)
    while found:
        if found[1] in CODES:
            return found[1]
        found = re.compile(r"(?<![A-Za-z0-9])([A-Z]{3})(?![A-Za-z])").search(text, found.end())
    for symbol in sorted(SYMBOLS, key=len, reverse=True):
        code = SYMBOLS[symbol]
        if code and not symbol.isalpha() and symbol in text:
            return code
    return None
