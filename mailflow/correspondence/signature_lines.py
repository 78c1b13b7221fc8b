"""Whether a line could stand in a signature: a name, a role, a company, a way to reach somebody, and no sentence.

Each function answers for one folded line; :mod:`mailflow.correspondence.signature` decides where a signature starts.
"""

from __future__ import annotations

import re

from mailflow.correspondence.company_lines import company_line, footer
from mailflow.correspondence.contact_lines import contact, content, role
from mailflow.correspondence.lines import remembered, words_of
from mailflow.correspondence.name_lines import PROXY, named
from mailflow.correspondence.spoken_lines import afterthought, tells

_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_PLACE = re.compile(r"[省市区县镇路号楼室街道]")
_LONGEST = 320  # characters: an advertisement's
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", ";", "；")
_MINOR = frozenset(
    "de van von der den da del della la le di du bin al el y zu ter ten dos ret of and et und the jr sr".split()
)
_WORDS = re.compile(r"[^\W\d_]+")


@remembered
def signature_like(line: str) -> bool:
    """Whether the line could stand in a signature block; a blank one can."""
    stripped = line.strip()
    if not stripped:
        return True
    if len(stripped) > _LONGEST or afterthought(stripped):
        return False
    if footer(stripped):
        return True
    stripped = stripped[found.end() :] if (found := PROXY.match(stripped)) else stripped
    spoken, words = tells(stripped), len(stripped.split())
    if spoken and words > 3:
        return False
    if contact(stripped):
        return len(stripped) <= 200 and not spoken
    if len(stripped) > 90 or "?" in stripped:
        return False
    ideographs = 0 if stripped.isascii() else len(_CJK.findall(stripped))
    if (ideographs and (spoken or "。" in stripped)) or content(stripped):
        return False
    if company_line(stripped) and not spoken:
        return True
    if ideographs:
        if ideographs > 30 or "," in stripped:
            return False
        return ideographs <= 12 or role(stripped) or _PLACE.search(stripped) is not None
    if words <= 3 or role(stripped):
        return True
    return words <= 8 and not (stripped.endswith(_SENTENCE_ENDS) or stripped[0].islower() or spoken)


@remembered
def heading(line: str) -> bool:
    """Whether a block of somebody's whereabouts can begin so: a name, a role, a firm, nothing but capitalised words."""
    stripped = line.strip()
    if named(stripped) or (role(stripped) and signature_like(stripped)):
        return True
    if not 2 <= len(words_of(stripped)) <= 7:
        return False
    return all(word[0].isupper() or word.lower() in _MINOR for word in _WORDS.findall(stripped)) and not content(
        stripped
    )


def department(line: str) -> bool:
    """财务部 小周: few ideographs, some of which are a role."""
    stripped = line.strip()
    return not stripped.isascii() and len(stripped) <= 14 and role(stripped) and signature_like(stripped)
