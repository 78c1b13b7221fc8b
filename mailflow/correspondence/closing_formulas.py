"""Closing formulas by their grammar: a line of nothing but words that closings are made of, with one that makes it one.

No list holds every "with my very best wishes"; that all words of a line belong to this small vocabulary does.
"""

# ruff: noqa: E501 (a word list is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.closing_words import FORMULAS
from mailflow.correspondence.lines import words_of

MAX_LENGTH = 70  # characters; what is longer says something
_FAREWELLS = frozenset(
    "regards regard regds rgds rgrds wishes sincerely faithfully truly respectfully cordially greetings gratefully cheers".split()
)
_WITH_FAREWELLS = frozenset(
    "with my our the kind kindest kindly best warm warmest warmly very many and most yours your personal thanks thank you in "
    "advance friendly good cordial again as ever all sincere thx for from".split()
)
_THANKS = frozenset("thank thanks thx thanx tks appreciated".split())
_WITH_THANKS = frozenset(
    "many so very much a lot again in advance for your kind help time support understanding cooperation assistance patience "
    "attention prompt quick reply response feedback and the once more cheers ta huge big million bunch you to all both team kindly sincerely ahead".split()
)
_FAREWELL_LINE = _FAREWELLS | _WITH_FAREWELLS
_THANKS_LINE = _THANKS | _WITH_THANKS
CORE_WORDS = _FAREWELLS | _THANKS  # one of them stands in every closing by grammar
FIRST_WORDS = frozenset(words[0] for one in FORMULAS if (words := words_of(one)))
_PARTINGS = frozenset(
    "talk speak soon later take care ta cheerio bye goodbye ciao toodles best ever yours onwards until then next time see "
    "respectfully kindly faithfully gratefully cordially warmly sincerely yrs your have be good well stay safe".split()
)
_WISHED = (
    r"(?:工作|生活|生意|身体|身體|事业|事業|万事|萬事|一切|财源|財源|阖家|闔家|心想|周末|週末|节日|節日|新年|国庆|中秋|春节|元旦|假期|业绩|合作|天天|开工|諸事|诸事|平安|健康|大家|各位|全家)?"
    r"[\u4e00-\u9fff]{0,2}(?:顺利|順利|愉快|快乐|快樂|健康|如意|兴隆|興隆|广进|廣進|幸福|事成|长虹|顺心|順心|安康|吉祥|平安|开心|美满|大吉|顺遂|順遂)"
)
_CHINESE_OPENING = re.compile(
    r"(?:此致|[专專耑端肃肅谨謹特]此|此复|顺祝|順祝|敬祝|恭祝|谨祝|謹祝|遥祝|祝愿|祝您|祝你|祝大家|祝各位|祝|即颂|即頌|顺颂|順頌|敬颂|敬頌|此颂|此頌|并颂|並頌|顺候|順候|敬请|敬請|恭请|恭請|顺请|順請|即请|即請|顺致|順致)"
)
_CHINESE_BODY = re.compile(
    r"(?:[\u4e00-\u9fff]{0,2}(?:商|近|时|時|台|文|春|夏|秋|冬|日|财|財|筹|籌|公|大|刻|钧|鈞|勋|撰|教|政|工)?(?:祺|绥|綏|祉)"
    r"|(?:商|近|时|時|台|春|夏|秋|冬|财|財|公|大|早|午|晚|日|金|钧|鈞|教)安|敬礼|敬禮|崇高的敬意|敬意|好|一切都好|"
    + _WISHED
    + ")"
)
_ALONE = re.compile(rf"(?:[商近时時台][祺绥綏安]|敬礼|敬禮|{_WISHED})")
_CHINESE_WISH = re.compile(
    r"(?:(?:[敬顺順恭谨謹遥衷]|衷心)?祝愿?|谨致|謹致|顺致|順致)[\u4e00-\u9fff、,，~\s]{1,22}[!！。~～]{0,3}"
)
_BUSINESS_WORDS = frozenset(
    "invoice invoices balance balances pay pays paid payment payments statement statements account accounts amount amounts credit credits debit "
    "debits note notes order orders goods shipment shipments price prices tax vat discount discounts rebate rebates refund refunds return "
    "returns returned correct wrong missing received send sent attached copy copies document documents contract transfer transfers wire bank "
    "iban cheque cheques check checks due overdue no not none never nothing already stop remove unsubscribe hold pending asap tomorrow today "
    "week month ok okay yes sure fine good great perfect done noted approved work works exactly absolutely certainly definitely right true "
    "indeed us our we i you dear hi hello all team sorry ps fyi nb".split()
)
_BUSINESS_STEMS = (
    "deliver", "quantit", "confirm", "agree", "accept", "disput", "reject", "match", "reconcil", "differ", "cancel", "wait", "urgent", "apolog",
)  # fmt: skip
_ON_BUSINESS = re.compile(
    r"[账帐賬帳款票付核單单價价額额货貨税稅退差错錯查询詢收元号號没沒不无無未勿否是對对改停寄发發传傳开開订訂急催欠清结結明今]"
    r"|[你您我他她它们們咱贵貴再就要会會能把被给給来來去见見等还還都]|可以|同意|确认|確認|好的|行$|吗|嗎|呢|请问|請問|麻烦|麻煩|抱歉|对不起|數量|数量|合同|合約|地址|邮箱|郵箱|附件|资料|資料"
)


def _on_business(line: str) -> bool:
    words = words_of(line)
    if not _BUSINESS_WORDS.isdisjoint(words) or any(word.startswith(_BUSINESS_STEMS) for word in words):
        return True
    return not line.isascii() and _ON_BUSINESS.search(line) is not None


_DIGIT = re.compile(r"\d")
_INNER_COMMA = re.compile(r"[,，、;；]\s{0,3}\w")
_COURTEOUS = re.compile(
    r"[祝谢謝劳勞敬颂頌祺福致诚誠愿願]|辛苦|平安|喜乐|喜樂|安康|吉祥|如意|服务|服務|关照|關照|指教|包涵|见谅|見諒|打扰|打擾|问候|問候|[àâäçéèêëíîïñóôöúùûüßåæø]"
)  # Chinese answers are short, too: 知道了
_CHINESE_GAP = re.compile(r"[\s,，、!！。.~/:：]+")


def farewell(line: str) -> bool:
    """``With my very best wishes``, ``Faithfully yours``, ``顺祝 工作顺利,生活愉快``: ends a mail, whoever signs it."""
    stripped = line.strip()
    if not stripped or len(stripped) > MAX_LENGTH or stripped.endswith(("?", "？")):
        return False
    if stripped.isascii():
        words = words_of(stripped)
        return (
            0 < len(words) <= 9
            and not _FAREWELLS.isdisjoint(words)
            and _FAREWELL_LINE.issuperset(words)
            and _DIGIT.search(stripped) is None
        )
    if len(stripped) > 28:
        return False
    return _chinese(stripped) or (_CHINESE_WISH.fullmatch(stripped) is not None and not _on_business(stripped))


def _chinese(line: str) -> bool:
    opened = False
    chunks = [chunk for chunk in _CHINESE_GAP.split(line) if chunk]
    for chunk in chunks:
        rest = chunk
        while (found := _CHINESE_OPENING.match(rest)) is not None:
            opened, rest = True, rest[found.end() :]
        if rest and not (_CHINESE_BODY if opened else _ALONE).fullmatch(rest):
            return False
    return bool(chunks)


def says_nothing(line: str) -> bool:
    """A short line without a word of business in it, no full stop behind it: ``Hope this helps!``, ``用心服务每一天!``.

    Above a name and a role it is a closing formula that no list holds; whoever asks has to look for the name.
    """
    stripped = line.strip(" *_~")
    if not 2 <= len(stripped) <= 40 or stripped[-1] in ".。?？:：;；" or _DIGIT.search(stripped):
        return False
    long = len(stripped) > 12 if not stripped.isascii() else len(stripped.split()) > 5
    if long or _INNER_COMMA.search(stripped) is not None or _on_business(stripped):
        return False
    return stripped.isascii() or _COURTEOUS.search(stripped) is not None


def thanks(line: str) -> bool:
    """``Many thanks for your help``: ends a mail where a name follows; with a full stop it is a sentence."""
    stripped = line.strip()
    if not stripped.isascii() or len(stripped) > MAX_LENGTH or stripped.endswith((".", "?", ":")):
        return False
    words = words_of(stripped)
    return (
        0 < len(words) <= 9
        and not _THANKS.isdisjoint(words)
        and _THANKS_LINE.issuperset(words)
        and _DIGIT.search(stripped) is None
    )


def parting(line: str) -> bool:
    """``Talk soon``, ``Ta,``, ``Kindly,``: a parting where a name stands directly below it."""
    words = words_of(line)
    return 0 < len(words) <= 4 and len(line.strip(" ,!.~")) <= 30 and _PARTINGS.issuperset(words)
