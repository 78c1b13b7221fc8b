"""The line that closes a mail: a formula alone, with its sender behind it, or several formulas in one line."""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.closing_formulas import CORE_WORDS, FIRST_WORDS, farewell, thanks
from mailflow.correspondence.closing_words import STRONG, WEAK
from mailflow.correspondence.closing_words import key as key_of
from mailflow.correspondence.lines import remembered, words_of
from mailflow.correspondence.name_lines import SIGNED_BY, name_like, named
from mailflow.correspondence.signature_lines import signature_like
from mailflow.correspondence.spoken_lines import tells

_FORMULA_THEN_NAME = re.compile(r"([^,，、]{2,40})[,，、!.]{1,3}\s{0,3}([^\d,，.?!:;。？！]{1,40})[.,]?$")

_JOINED_FORMULAS = re.compile(r"\s{0,3}(?:[&+/,，]|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s{0,3}", re.IGNORECASE)
_WISH = re.compile(
    r"(?:(?:i |we )?wish(?:ing)? you|have|enjoy) (?:an? |the |your |all )?(?:very )?(?:nice|good|great|lovely|pleasant|wonderful|fine|rest"
    r"|day|week|weekend|evening)(?: (?:of (?:your|the)|day|week|weekend|evening|afternoon|one|start|ahead|(?:of|to) the week)){0,4}[!.,]{0,2}"
    r"|(?:merry|happy|blessed|peaceful|have a (?:merry|happy|blessed)) (?:christmas|x-?mas|new year|holidays?|holiday season|easter|weekend|friday|monday"
    r"|diwali|eid|ramadan|thanksgiving|chinese new year|lunar new year|spring festival)(?: to (?:you|all)(?: all)?)?[!.,]{0,2}",
    re.IGNORECASE,
)
_CHINESE_WISH = re.compile(
    r"(?:[敬顺順谨謹恭]祝|[敬顺順即恭][请請]|祝愿?[您你]?|[敬顺順即此][颂頌])\s{0,2}[\u4e00-\u9fff]{1,3}"
    r"(?:安|祺|康|健|好|顺利|順利|愉快|兴隆|興隆|如意|健康)[!。~]{0,3}"
)
_CHINESE_THANKS = re.compile(
    r"(?:非常|十分)?(?:谢谢|多谢|感谢|謝謝|感謝)(?:您|你|各位|大家|贵司|貴司|贵公司)?的?(?:配合|支持|理解|合作|帮助|关注|協助|协助)?[!。~]{0,3}"
)
_FROM_A_PLACE = re.compile(
    r"(.{4,40}?)\s(?:aus|from|uit|de|da|desde|depuis)(?:\s(?:dem|der|the|la|el))?(?:\s[^\W\d_]{2,20}){1,2}[,.!]?",
    re.IGNORECASE,
)  # "Freundliche Grüße aus Hamburg"
_FROM_SOMEBODY = re.compile(
    r"(.{3,40}?)\s(?:from|aus|von)\s([^\d?]{3,50})", re.IGNORECASE
)  # "Best wishes from all of us at …"
_MOST_WORDS = 12  # of a formula with its sender
_WISHES_BEGIN = frozenset("wish wishing have enjoy merry happy blessed peaceful".split())
_FROM = frozenset("from aus von uit de da desde depuis".split())
_CHINESE_SIGN = re.compile(r"[祝祺绥綏祉安礼禮意颂頌谢謝感谨謹此致上启啟好顺順利愉快乐樂健康如辛麻敬候以广廣财財]")


def _may_close(line: str) -> bool:
    """The cheap question before :func:`closing`."""
    words = words_of(line)
    if not words:
        return False
    if words[0] in FIRST_WORDS or words[0] in _WISHES_BEGIN or not CORE_WORDS.isdisjoint(words):
        return len(words) <= _MOST_WORDS or "," in line
    if words[0] in ("i", "we"):
        return words[1:2] == ("wish",)
    return not line.isascii() and _CHINESE_SIGN.search(line) is not None


@remembered
def closing(line: str) -> str:
    """``"strong"`` for a closing formula alone on its line (also with a name behind a comma), ``"weak"`` for thanks."""
    stripped = line.strip(" *_~")
    if not stripped or len(stripped) > 90 or not _may_close(line):
        return ""
    key = key_of(stripped)
    if key in STRONG:
        return "strong"
    if key in WEAK:
        return "weak"
    if farewell(stripped):
        return "strong"
    if thanks(stripped):
        return "weak"
    first, comma, signer = stripped.partition(",")
    if comma and signer.strip() and key_of(first) in STRONG and named(signer) and signature_like(signer):
        return "strong"  # "Best regards, Ivan Petrov, CFO, Volga Trade LLC"
    if len(stripped) > 60:
        return ""  # longer than a formula with a name behind it
    if stripped.isascii():
        if _WISH.fullmatch(stripped):
            return "weak"
    elif _CHINESE_THANKS.fullmatch(stripped):
        return "weak"
    elif len(stripped) <= 16 and (_CHINESE_WISH.fullmatch(stripped) or SIGNED_BY.fullmatch(stripped.replace(" ", ""))):
        return "strong"
    placed = not _FROM.isdisjoint(words_of(line))
    sender = _FROM_SOMEBODY.match(stripped) if placed else None
    if sender is not None and len(stripped.split()) <= 11 and not tells(sender[2]):
        if key_of(sender[1]) in STRONG or farewell(sender[1]):
            return "strong"
    place = _FROM_A_PLACE.fullmatch(stripped) if placed else None
    if place is not None and key_of(place[1]) in STRONG:
        return "strong"
    pieces = _JOINED_FORMULAS.split(stripped)
    if len(pieces) > 1:
        parts = [(key, piece) for piece in pieces if (key := key_of(piece))]
        known = [key in STRONG or key in WEAK or _WISH.fullmatch(piece.strip()) for key, piece in parts]
        if len(parts) == 2 and known[0] and parts[0][0] in STRONG and name_like(parts[1][1]):
            return "strong"  # "rgds / Tom"
        if 1 < len(parts) <= 3 and all(known):
            return "strong" if any(key in STRONG for key, _ in parts) else "weak"
    found = _FORMULA_THEN_NAME.match(stripped)
    if found is not None and len(found[2].split()) <= 4:
        first = key_of(found[1])
        if first in STRONG:
            return "strong"
        if first in WEAK and found[2].strip()[:1].isupper():
            return "named thanks"
    return ""
