"""Lines by which somebody says something, told from lines that stand in a signature."""

from __future__ import annotations

import re

from mailflow.correspondence.lines import first_word, remembered, words_of

_TELLING = frozenset(
    "please kindly we you your is are was were will have has had not send sent use pay paid confirm agree bitte wir "
    "ihre nous votre".split()
)
_I = re.compile(r"(?<![\w/.&-])I(?![\w/.&-])", re.IGNORECASE)  # none of "I/E Group", "i. A."
_CHINESE_TELLING = re.compile(r"[请吗呢吧了已未]|发到|改为|变更|麻烦|确认|同意|核对|付款")
_AFTERTHOUGHTS = frozenset("p ps nb btw also and but another".split())
_AFTERTHOUGHT = re.compile(
    r"p\.?\s?s\b\.?|nb\b|btw\b|also\b|and\b|but\b|another\b|附[:：言]|另|又及|注[:：]|补充|以上|对了", re.IGNORECASE
)
LONG = 120  # characters; a longer line speaks


def tells(line: str) -> bool:
    """A word that tells or asks somebody something, other than whom to reach and where."""
    words = words_of(line)
    if not _TELLING.isdisjoint(words) or ("i" in words and _I.search(line)):
        return True
    return not line.isascii() and _CHINESE_TELLING.search(line) is not None


def afterthought(line: str) -> bool:
    """``PS: …``, ``And …``, ``另：…``: goes on with what was said."""
    if line.isascii() and first_word(line) not in _AFTERTHOUGHTS:
        return False
    return _AFTERTHOUGHT.match(line.lstrip()) is not None


@remembered
def speaks(line: str) -> bool:
    """Whether the line says something to us."""
    return afterthought(line) or "?" in line or tells(line) or len(line.strip()) > LONG
