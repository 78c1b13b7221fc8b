"""Document numbers as people print them: ``INV-1001``, ``RTN/2026/77``, ``收-7902``, ``CHQ 004893``."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from parsers import amounts, dates

_TOKEN = re.compile(
    r"(?:[A-Z]{1,6}|[A-Za-z]{2,6}(?=[-/#]?\d)|[\u4e00-\u9fff]{1,3}(?=[-—#字]))?[-/#.—字]?\d[\dA-Za-z]*(?:[-/_.][\dA-Za-z]+)*",
    re.ASCII,
)
_AFTER_LABEL = re.compile(
    r"(?:#(?=\d{3})|(?<![a-z])(?:invoice|inv|credit note|cn|cheque|chq|bill|ref|reference|rechnung|re|beleg|gutschrift|"
    r"facture|avoir|factura|no|nr|n°)(?![-/\d])|发票|单号|单据|凭证|票号|发票号)"
    r"\s*(?:no|nr|number|号码?|编号)?[.:：#°]*\s*(?P<token>[A-Z\u4e00-\u9fff]{0,6}[-/#]?\d[\w\-/.]*\w|\d{3,})",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def tidy(text: str) -> str:
    """A reference as printed, without the noise around it (NFKC, one space between pieces, no trailing mark)."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", " ", text).strip(" ,;:，；：#*")


@lru_cache(maxsize=16384)
def is_reference(text: str) -> bool:
    """Whether ``text`` as a whole has the look of a document number: digits, no money, no date."""
    text = tidy(text)
    if not 2 <= len(text) <= 40 or not any(c.isdigit() for c in text) or text.endswith("%"):
        return False
    return not amounts.looks_like_money(text) and dates.whole(text) is None


def find(text: str) -> list[str]:
    """Document numbers inside running text, in order; each once. A bare number counts from four digits on, and only
    where no amount or date is meant."""
    text = unicodedata.normalize("NFKC", text)
    result: list[str] = []
    for hit in _AFTER_LABEL.finditer(text):
        _add(result, hit["token"])
    for hit in _TOKEN.finditer(text):
        token = hit.group().strip("-/.#—")
        before, after = text[hit.start() - 1 : hit.start()], text[hit.end() : hit.end() + 2]
        if (before.isascii() and (before.isalnum() or before in ".,")) or re.match(r"[.,]\d|%|\w", after, re.ASCII):
            continue
        if token.isdigit() and len(token) < 5:
            continue
        _add(result, token)
    return result


_NAMED = re.compile(
    r"^(?:payment (?:on|for) )?(?:tax |sales )?(?:invoice|inv|credit note|"
    r"credit memo|debit note|bill|rechnung|gutschrift|facture|avoir|factura|"
    r"发票|销售发票|红字发票)"
    r"\s*(?:#|no\.?|nr\.?|n°|nº|number|号码?|编号)\s*[:：]?\s*(?P<token>[A-Z]{0,6}[-/]?\d[\w\-/]*)",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def named(text: str) -> str | None:
    """The number that a text gives its document in so many words (``Invoice # INV-0101``), else None."""
    found = _NAMED.match(unicodedata.normalize("NFKC", text).strip())
    return found["token"].strip("-/") if found else None


_DECIMAL = re.compile(r"\d{1,4}[.,]\d{1,3}")  # a weight, a rate


def _add(result: list[str], token: str) -> None:
    token = token.strip("-/.#—")
    digits = sum(c.isdigit() for c in token)
    if (
        digits < 2
        or _DECIMAL.fullmatch(token)
        or amounts.looks_like_money(token)
        or any(token in known for known in result)
    ):
        return
    found = dates.whole(token)
    if found is not None and (found.has_year or found.spelled):
        return
    result.append(token)
