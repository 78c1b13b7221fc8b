"""Lines that are somebody's name, told from short answers that look like one."""

from __future__ import annotations

import re

from mailflow.correspondence.contact_lines import content
from mailflow.correspondence.lines import remembered
from mailflow.correspondence.name_words import GIVEN_NAMES, NO_CHINESE_NAMES, NO_INITIALS, NO_NAMES, PARTICLES, SURNAMES
from mailflow.correspondence.spoken_lines import tells

_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_CHINESE_NAME = re.compile(
    rf"(?:(?:[{SURNAMES}]|欧阳|司马|上官|诸葛|司徒)[\u4e00-\u9fff]{{1,2}}|[小老阿][{SURNAMES}]"
    rf"|[{SURNAMES}](?:会计|经理|总监?|主管|工|老师|小姐|女士|先生|出纳|會計|經理|總))[,.。]?"
)
SIGNED_BY = re.compile(rf"(?:{_CHINESE_NAME.pattern})(?:敬上|谨上|謹上|敬启|敬啟|拜上)[!。]?")
_LONGEST_NAME = 64  # characters within which a name ends
_BEHIND_A_NAME = re.compile(r"[|/·•,，(（;]|\s-\s")
_IN_TWO_SCRIPTS = re.compile(
    r"[\u4e00-\u9fff]{2,4}[\s(（]{1,2}[A-Z][a-z-]+(?:\s[A-Z][a-z-]+){0,2}[)）]?|[A-Z][a-z-]+(?:\s[A-Z][a-z-]+){0,2}[\s(（]{1,2}[\u4e00-\u9fff]{2,4}[)）]?"
)
PROXY = re.compile(
    r"(?:i\.\s?[AV]\.|ppa\.?|p\.\s?[po]\.|per pro|gez\.|(?:for and )?on behalf of)\s{1,3}(?=[^\W\d_a-z])"
)
_NO_LETTERS = re.compile(r"[.'-]")


@remembered
def name_like(line: str) -> bool:
    """A person's name, perhaps behind a dash: capitalised words, one short word, or ideographs with a known surname.

    Strict, because short answers look like names: ``Balance agreed.``, ``Confirmed``, ``无误``.
    """
    stripped = line.lstrip("-~—* ").rstrip()
    if len(stripped) > 60:
        return False
    stripped = stripped[found.end() :] if (found := PROXY.match(stripped)) else stripped
    if not stripped or len(stripped) > 40:
        return False
    if not stripped.isascii() and _CJK.search(stripped):
        return _CHINESE_NAME.fullmatch(stripped.replace(" ", "")) is not None and stripped[:2] not in NO_CHINESE_NAMES
    words = stripped.rstrip(",").split()
    if not 0 < len(words) <= 4 or stripped[-1] in "!?:" or (stripped[-1] == "." and len(words[-1]) > 3):
        return False
    for word in words:
        letters = word if word.isalpha() else _NO_LETTERS.sub("", word)
        if not letters.isalpha() or letters.lower() in NO_NAMES:
            return False
        if len(words) > 1 and not word[0].isupper() and word.lower() not in PARTICLES:
            return False
    return len(words) > 1 or len(words[0]) <= 15


def full_name(line: str) -> bool:
    """A first and a last name, or a Chinese name: one word alone could be anything."""
    return name_like(line) and (len(line.split()) >= 2 or not line.isascii())


def signs_alone(line: str) -> bool:
    """What somebody signs with who writes nothing else: a full name, a known given name, initials, a surname's sign."""
    word = line.strip("-~—* .,!")
    if full_name(line) or word.lower() in GIVEN_NAMES:
        return True
    if word.isascii():
        return 1 <= len(word.replace(".", "")) <= 2 and word.isupper() and word.replace(".", "") not in NO_INITIALS
    return word in SURNAMES or (
        len(word) == 2 and word[0] == word[1] and word not in NO_CHINESE_NAMES and _CJK.match(word) is not None
    )


@remembered
def named(line: str) -> bool:
    """A line that begins with a name: ``Sofia Almeida | AP Analyst``, ``Amara Obi, ACCA``, ``杨帆 Fan Yang``."""
    stripped = line.strip()
    if name_like(stripped):
        return True
    behind = _BEHIND_A_NAME.search(stripped, 0, _LONGEST_NAME)
    if behind is not None and full_name(stripped[: behind.start()]) and not content(stripped) and not tells(stripped):
        return True
    if not stripped.isascii() and _CJK.search(stripped):
        if _IN_TWO_SCRIPTS.fullmatch(stripped):
            return True
        return len(stripped) <= 24 and name_like(stripped.split(maxsplit=1)[0]) and not tells(stripped)
    return False
