"""Lines that are somebody's name, told from short answers that look like one."""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.contact_lines import content
from mailflow.correspondence.lines import remembered
from mailflow.correspondence.spoken_lines import tells

_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭"
    "廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤康施牛洪季樊葛章鲁苗俞"
    "柳岳齐梅庄辛管祝左涂谷祁时舒耿牟卜路詹关欧凌焦翁安裴翟柯阮桂符费温颜纪盛童游霍岑張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧"
    "蕭葉蔣蘇呂盧鍾譚範陸賈韋鄒閻龍陶賀顧龔嚴湯莊歐蔡倪代"
)
_CHINESE_NAME = re.compile(
    rf"(?:(?:[{_SURNAMES}]|欧阳|司马|上官|诸葛|司徒)[\u4e00-\u9fff]{{1,2}}|[小老阿][{_SURNAMES}]"
    rf"|[{_SURNAMES}](?:会计|经理|总监?|主管|工|老师|小姐|女士|先生|出纳|會計|經理|總))[,.。]?"
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
_PARTICLES = frozenset("de van von der den da del della la le di du bin al el y zu ter ten dos".split())
_NO_NAMES = frozenset(
    "ok okay yes no nope agreed agree confirmed confirm correct paid approved approve fine noted received done thanks thank "
    "attached sure great perfect nein ja oui non si sí bestätigt korrekt einverstanden confirmado confirmé correcto richtig "
    "balance balances invoice invoices payment payments statement statements account accounts amount all good right wrong "
    "disputed dispute incorrect please see find attached pending unpaid open closed everything nothing matches match tallies "
    "reconciled checked verified accepted rejected refused overdue yet not understood absolutely certainly hello hi dear "
    "unsubscribe stop remove merci danke gracias grazie regards cheers sent enclosed above below tomorrow today monday tuesday "
    "wednesday thursday friday soon later maybe never already duplicate returned missing fyi asap tbd tbc np nb urgent".split()
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
        return _CHINESE_NAME.fullmatch(stripped.replace(" ", "")) is not None
    words = stripped.rstrip(",").split()
    if not 0 < len(words) <= 4 or stripped[-1] in "!?:" or (stripped[-1] == "." and len(words[-1]) > 3):
        return False
    for word in words:
        if not _NO_LETTERS.sub("", word).isalpha() or _NO_LETTERS.sub("", word).lower() in _NO_NAMES:
            return False
        if len(words) > 1 and not word[0].isupper() and word.lower() not in _PARTICLES:
            return False
    return len(words) > 1 or len(words[0]) <= 15


def full_name(line: str) -> bool:
    """A first and a last name, or a Chinese name: one word alone could be anything."""
    return name_like(line) and (len(line.split()) >= 2 or not line.isascii())


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
