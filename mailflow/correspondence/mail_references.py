"""Document numbers in running text: those of the party's open items first, others by their shape.

Found before amounts and dates, whose readers would take them apart. Not references: addresses, telephone, account,
tax and parcel numbers, cheque numbers, our own statement mark, and words of letters and digits such as ``30k``, ``Q3``.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.correspondence.clauses import Mask

LONGEST_REFERENCE = 40

_IBAN_COUNTRIES = (
    "ad|ae|al|at|az|ba|be|bg|bh|br|by|ch|cr|cy|cz|de|dk|do|ee|eg|es|fi|fo|fr|gb|ge|gi|gl|gr|gt|hr|hu|ie|il|iq|is|it|jo"
    "|kw|kz|lb|li|lt|lu|lv|ly|mc|md|me|mk|mr|mt|mu|nl|no|pk|pl|ps|pt|qa|ro|rs|sa|se|si|sk|sm|sv|tl|tn|tr|ua|va|vg|xk"
)
_OTHER_THINGS = (
    ("email", re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")),
    ("url", re.compile(r"(?:https?://|www\.)[^\s<>\"'，。）)]{1,2000}")),
    ("mark", re.compile(r"\[st-[^\]\n]{1,60}\]")),
    ("account", re.compile(
        rf"(?<![a-z0-9])(?:{_IBAN_COUNTRIES})\d{{2}}(?:(?: ?[a-z0-9]{{4}}){{3,7}}(?: ?[a-z0-9]{{1,3}})?|(?: ?[a-z0-9]{{4}}){{2}} ?[a-z0-9]{{3}})(?![a-z0-9-])")),
    ("account", re.compile(
        r"(?:iban|bic|swift|sort[ -]?code|routing(?: (?:no|number))?|aba|blz|a/c|acct?|account|konto(?:nummer)?|compte|cuenta"
        r"|账号|账户|卡号|行号|银行账号|银行卡)(?:[ ]?(?:no\.?|nr\.?|number|code|num|n°))?[:#= ]{0,4}(?:(?:is|为|是|变更为|改为|更换为)[: ]{0,2})?"
        r"(?:[a-z]{2}[ -]?)?\d[\d *-]{4,40}\d")),
    ("account", re.compile(r"(?:swift|bic)(?:[ ]?code)?[.:# ]{1,3}[a-z0-9]{8,11}(?![a-z0-9])")),
    ("account", re.compile(r"(?<![\d-])\d{4}(?:[ -]\d{4}){2,4}(?:[ -]\d{1,4})?(?![\d-])|(?<![a-z0-9-])(?:62|95)\d{14,17}(?!\d)")),
    ("tax_id", re.compile(
        r"(?:税号|纳税人识别号|统一社会信用代码|信用代码|vat(?: reg(?:istration)?)?(?: id| no| number)|tax id|ust-?id(?:nr)?|siret|siren|ein|tin)[.: #号]{0,4}[a-z]{0,3}[ ]?[0-9a-z][0-9a-z ]{6,20}\d")),
    ("phone", re.compile(
        r"(?:tel(?:ephone|efon)?|phone|mobile|mob|cell|fax|direct|ext|电话|手机|传真|座机|联系方式|微信|qq|wechat|whatsapp|致电|拨打|分机)"
        r"(?:号码?|[ ]?(?:no|number))?[.:： ]{0,3}\(?\+?\d[\d ()./-]{2,24}\d")),
    ("phone", re.compile(r"\+\d{1,3}[ .-]?\(?\d[\d ()./-]{5,20}\d")),
    ("phone", re.compile(r"(?<![\w.,-])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\w-])|(?<![\w.,-])0\d{2,3}[ -]\d{7,8}(?:[ -]\d{1,6})?(?![\w-])")),
    ("phone", re.compile(r"(?<![\w-])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?![\w-])|(?<![\w-])400[ -]\d{3,4}[ -]\d{3,4}(?![\w-])")),
    ("parcel", re.compile(
        r"(?:快递单号|运单号|物流单号|快递号|顺丰单号|顺丰|tracking(?: (?:number|no|id|code))?|awb|dhl|fedex|ups)[.:：# ]{0,3}(?:号|is|为|是)?[: ]?(?=[a-z-]{0,6}\d)[a-z0-9-]{6,30}")),
    ("cheque", re.compile(r"(?:cheque|check|chq|支票|汇票)(?:号码?|[ ]?(?:no|number|nr))[.:# ]{0,3}\d{3,12}")),
    ("time", re.compile(r"(?<![\d.,:])\d{1,2}:\d{2}(?::\d{2})?(?:[ ]?[ap]m)?(?![\d:])")),
)  # fmt: skip

_CANDIDATE = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:[-/_#.][a-z0-9]+){0,6}(?![a-z0-9])")
_NOT_SHAPED = re.compile(
    r"\d+(?:st|nd|rd|th|k|m|mn|bn|kg|g|t|pcs|x|h|hrs?|d|am|pm|mm|cm|gb|mb|eur|usd|gbp|chf|cny|rmb|hkd|days?|mio|s|er|ste?|e)"
    r"|[qhw]\d|(?:fy|cw|kw|wk)\d{1,4}|net\d{1,3}|eom\d{0,2}|a[3-5]|v\d+(?:\.\d+)*|iso\d+|(?:19|20)\d\ds?|mp[34]|b2b|w-?[89]|covid-?19|win(?:dows)?1?\d|o365|office365|excel\d*|24/7|h?\d+x\d+|ipad\d*|iphone\d*|t/t\d+"
    r"|(?:usd|eur|gbp|cny|rmb|chf|hkd|jpy|sgd|twd|aud|cad|us|hk|nt)[-.]?\d+(?:[.,]\d+)*k?|\d+[-/]\d+(?:[-/]\d+)?|(?:\d+[.]){1,3}\d+|[a-z]+\.[a-z0-9.]+"
)
_MONTHS = "jan feb mar apr may jun jul aug sep sept oct nov dec mai mär okt dez".split()
_MONTH_TOKEN = re.compile(
    r"(?:\d{1,2}-)?(?:"
    + "|".join(_MONTHS)
    + r")[a-z]*-?\d{1,4}(?:-\d{2,4})?|\d{1,2}-(?:"
    + "|".join(_MONTHS)
    + ")[a-z]*"
)
_CUE = re.compile(
    r"(?:\b(?:invoices?|inv|invs|rechnung(?:en|snummer)?|re|rg|facturas?|factures?|order|orders|purchase order|po|p\.o|so|bill|bills|docs?|document|voucher|credit notes?|cn|debit notes?|"
    r"item|items|ref|refs|reference|beleg|gutschrift|avoir|commande|contract)(?:'s)?[ ]?(?:numbers?|nos|no|nr|num|n°|#|id)?[.: #]{0,3}(?:is )?"
    r"|(?<!\w)(?:numbers?|nos|no|nr|n°)[.: #]{0,3}|#[ ]?"
    r"|(?:发票|税票|单据|票据|订单|合同|送货单|出库单|入库单|红字发票|凭证|收据)(?:号码?|编号|单号)?[为是]?[.: #]{0,3}|(?<!快递)(?<!运)(?<!物流)单号[为是]?[.: #]{0,3}|(?<!电话)(?<!手机)号码[为是]?[.: #]{0,3}|票号[为是]?[: ]{0,2})[\[(\"]?$"
)
_NOT_CUE = re.compile(
    r"(?:cheque|check|chq|phone|tel|fax|account|acct|a/c|room|bank|item|line|page|支票|qq)[ ]?(?:numbers?|no|nr)?[.: #]{0,3}$"
)
_BEHIND = re.compile(r"[ ]?(?:号发票|号订单|这张发票|这张|那张|这笔发票|号单|号合同)")
_CHAIN = re.compile(r"[ ]?(?:,|、|/|;|and|&|\+|和|及|与|以及|, and|und|et|y|,?[ ]?or|或)[ ]?(?:#|no\.? ?)?$")
_RANGE = re.compile(r"[ ]?(?:to|-|through|thru|until|bis|至|到|~)[ ]?$")
_MONEY_BEHIND = re.compile(r"[ ]?(?:元|块|万|美元|usd|eur|gbp|cny|rmb|\.\d\d(?!\d)|,\d{3}|%|件|箱|个|台|天|日|月|年)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MODEL_BEFORE = re.compile(
    r"(?:型号|规格|model|type|part(?: no| number)?|sku|料号|iso|din|gb/t|version|area code|zip|postcode|邮编|room|房间)[.: #]{0,3}$"
)


@dataclass(frozen=True, slots=True)
class FoundReference:
    """``reference`` as the ledger writes it where it is ``known``, else as the sender wrote it."""

    start: int
    end: int
    reference: str
    known: bool = False


def squeezed(reference: str) -> str:
    """The form in which references are compared: upper case, letters and digits only."""
    return "".join(char for char in reference.upper() if char.isalnum())


def other_things(folded: str) -> list[Mask]:
    """Addresses, telephone, account, tax, parcel and cheque numbers, times: nothing in them is a mention."""
    masks: list[Mask] = []
    for kind, pattern in _OTHER_THINGS:
        masks.extend(Mask(match.start(), match.end(), kind) for match in pattern.finditer(folded))
    return disjoint(masks)


def disjoint(masks: list[Mask]) -> list[Mask]:
    """Masks in order without overlap; of two that overlap the earlier, then the longer, stays."""
    kept: list[Mask] = []
    for mask in sorted(masks, key=lambda mask: (mask.start, -mask.end)):
        if mask.end > mask.start and (not kept or mask.start >= kept[-1].end):
            kept.append(mask)
    return kept


def find_references(original: str, folded: str, others: Sequence[Mask], known: Sequence[str]) -> list[FoundReference]:
    """References in order of appearance, each place once; ``others`` are left alone."""
    book = _Known(known)
    found: list[FoundReference] = []
    at_other = 0
    for match in _CANDIDATE.finditer(folded):
        start, end = match.span()
        if end - start > LONGEST_REFERENCE:
            continue
        while at_other < len(others) and others[at_other].end <= start:
            at_other += 1
        hidden = at_other < len(others) and others[at_other].start < end
        if found and start < found[-1].end:
            continue
        hit = book.at(folded, start, end)
        if hit is not None and not (hidden and not hit[2]):
            found.append(FoundReference(start, hit[0], hit[1], True))
            continue
        if hidden:
            continue
        text = folded[start:end]
        before = folded[max(0, start - 32) : start]
        _by_shape(original, folded, text, before, start, end, found, book)
    return found


class _Known:
    """The references of the party's open items, by their squeezed form and by their last digits."""

    def __init__(self, known: Sequence[str]) -> None:
        self.whole: dict[str, str] = {}
        tails: dict[str, set[str]] = {}
        for reference in known:
            form = squeezed(reference)
            if len(form) < 2:
                continue
            self.whole.setdefault(form, reference)
            tail = re.search(r"\d+$", form)
            if tail and tail.group() != form and len(tail.group().lstrip("0")) >= 3:
                for digits in {tail.group(), tail.group().lstrip("0")}:
                    tails.setdefault(digits, set()).add(reference)
        self.tails = {digits: next(iter(names)) for digits, names in tails.items() if len(names) == 1}

    def at(self, folded: str, start: int, end: int) -> tuple[int, str, bool] | None:
        """(end, reference, exact) of the known reference that begins at ``start``; also ``INV 1001`` in two words."""
        if not self.whole:
            return None
        form = squeezed(folded[start:end])
        if form in self.whole and any(char.isdigit() for char in form):
            if not form.isdigit() or len(form) >= 4 or _CUE.search(folded[max(0, start - 32) : start]):
                return end, self.whole[form], True
        following = re.compile(r"[ #:.-]{1,2}([a-z0-9]+(?:[-/_][a-z0-9]+){0,4})").match(folded, end)
        if following and following.end() - start <= LONGEST_REFERENCE:
            joined = squeezed(folded[start : following.end()])
            if joined in self.whole:
                return following.end(), self.whole[joined], True
        if form.isdigit() and form in self.tails and not _MONEY_BEHIND.match(folded, end):
            before = folded[max(0, start - 32) : start]
            if len(form) >= 5 or _CUE.search(before) or _BEHIND.match(folded, end):
                return end, self.tails[form], False
        return None


def _by_shape(
    original: str, folded: str, text: str, before: str, start: int, end: int, found: list[FoundReference], book: _Known
) -> None:
    digits = sum(char.isdigit() for char in text)
    if not digits or _MODEL_BEFORE.search(before):
        return
    letters = any(char.isalpha() for char in text)
    chained = bool(found) and _CHAIN.fullmatch(folded[found[-1].end : start]) is not None
    ranged = bool(found) and _RANGE.fullmatch(folded[found[-1].end : start]) is not None
    if letters:
        if _NOT_SHAPED.fullmatch(text) or _MONTH_TOKEN.fullmatch(text) or "." in text:
            return
        separated = any(mark in text for mark in "-/_#")
        if digits < (2 if separated else 3):
            return
        if not separated and not text[0].isalpha() and not _CUE.search(before):
            return  # 2026abc: rarely a document
        _expanded(original, text, start, end, found, book)
        return
    cue = _CUE.search(before) is not None and _NOT_CUE.search(before) is None
    if re.search(r"[.]", text) or (_MONEY_BEHIND.match(folded, end) and not _BEHIND.match(folded, end)):
        return
    if "/" in text or "-" in text or "_" in text:
        if (
            cue
            and digits >= 6
            and not re.fullmatch(r"(?:\d{1,2}[-/]\d{1,2}[-/]\d{4}|\d{4}[-/]\d{1,2}[-/]\d{1,2})", text)
        ):
            found.append(FoundReference(start, end, original[start:end]))
        return
    if (
        (cue or _BEHIND.match(folded, end))
        and digits >= 4
        and not (_YEAR.fullmatch(text) and folded[start - 1 : start] != "#")
    ) or (cue and digits == 3 and re.search(r"(?:invoices?|inv|发票)[ ]?(?:no|nr|number|#|号)?[.: #]{0,3}$", before)):
        found.append(FoundReference(start, end, original[start:end]))
    elif (chained or ranged) and digits >= 2:
        _continued(original, text, start, end, found, book)


def _expanded(original: str, text: str, start: int, end: int, found: list[FoundReference], book: _Known) -> None:
    """``INV-1001/1002`` is two documents when the second part is as long as the number before it."""
    match = re.fullmatch(r"((?:[a-z]+[-_#/]?)+?)(\d{3,})((?:/\d+)+)", text)
    if match and not _YEAR.fullmatch(match[2]):
        prefix, first, rest = match[1], match[2], match[3].split("/")[1:]
        if all(len(part) == len(first) or (len(part) < len(first) and len(part) >= 2) for part in rest):
            at = start + len(prefix) + len(first)
            found.append(FoundReference(start, at, original[start:at]))
            for part in rest:
                written = original[start : start + len(prefix)] + first[: len(first) - len(part)] + part
                found.append(FoundReference(at, at + 1 + len(part), book.whole.get(squeezed(written), written)))
                at += 1 + len(part)
            return
    found.append(FoundReference(start, end, original[start:end]))


def _continued(original: str, text: str, start: int, end: int, found: list[FoundReference], book: _Known) -> None:
    """``INV-1001, 1002 and 1003``: a bare number in a list of references takes the first one's letters."""
    match = re.search(r"^(.*?)(\d+)$", found[-1].reference)
    if match is None or len(text) > len(match[2]):
        return
    if not match[1] and len(text) != len(match[2]):
        return
    written = match[1] + match[2][: len(match[2]) - len(text)] + text
    found.append(
        FoundReference(start, end, book.whole.get(squeezed(written), written), squeezed(written) in book.whole)
    )
