"""How dates are written in mail: one pattern a form, in the order in which they are tried (an earlier one wins).

The first word of each pair names the method of :class:`mail_dates.MailDates` that reads the match. Every repetition
is bounded; the texts are folded (see :mod:`folding`).
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.calendar_words import COUNTS, MONTHS, WEEKDAYS

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![a-zà-ÿ])\.?"
_WEEKDAY = "(?:" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")(?![a-zà-ÿ])\.?"
_COUNT = r"(?:\d{1,3}|" + "|".join(sorted(map(re.escape, COUNTS), key=len, reverse=True)) + r")(?![a-zà-ÿ])"
_CN = "[0-9一二三四五六七八九十两〇零]{1,3}"
_CN_COUNT = "(?:[0-9]{1,3}|[一二三四五六七八九十两]{1,3}|半)"
_B = r"(?<![a-zà-ÿ0-9])"
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th|er|\.)?"
_UNIT = r"(working|business|bank|werk|arbeits)?[ -]?(days?|weeks?|months?|fortnights?|tagen?|wochen?|monaten?|jours?(?: ouvr[ée]s| ouvrables)?|semaines?|mois|d[ií]as?(?: h[áa]biles)?|semanas?|mes(?:es)?)(?![a-z])"

PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    ("ymd", re.compile(r"(?<![\d.,/-])((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/-]|\.\d)")),
    ("cn_ymd", re.compile(r"((?:19|20)?\d\d|[二一][〇零○一二三四五六七八九]{3})[ ]?年[ ]?(" + _CN + r")[ ]?月(?:份)?[ ]?(?:(" + _CN + r")[ ]?[日号]?|(底|末|初|中旬?|上旬|下旬))?")),
    ("cn_next_md", re.compile(r"(下下?个?|本|这个?|当|上个?)月[ ]?(?:的)?(?:(" + _CN + r")[ ]?[日号]|(底|末|初|中旬?|上旬|下旬|内))(?:之?前|以前)?")),
    ("cn_md", re.compile(r"(?<![\d年])(" + _CN + r")[ ]?月(?:份)?[ ]?(?:的)?(?:(" + _CN + r")[ ]?[日号]?(?!月)|(底|末|初|中旬?|上旬|下旬))(?:之?前|以前)?")),
    ("cn_d", re.compile(r"(?<![\d月.年第一二三四五六七八九十])(\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[ ]?[号日](?!发票|订单|线|楼|仓|店|单|门|柜|公司|厂|常|期|账|元)(?:之?前|以前)?")),
    ("cn_within", re.compile(r"(?<![第\d])(" + _CN_COUNT + r")[ ]?个?[ ]?(工作日|自然日|天|日|周|星期|礼拜|个?月)(之内|以内|内|后|之后|以后)")),
    ("cn_week", re.compile(r"(下下?个?|本|这个?|上个?)?(?:周|星期|礼拜)([一二三四五六日天末])(?:之?前|以前)?")),
    ("cn_week_only", re.compile(r"(下下?个?|本|这个?)(?:周|星期|礼拜)(?![一二三四五六日天末])(?:[之以]?内|之?前|初|中|底)?")),
    ("cn_month_end", re.compile(r"(?<![个本下上这\d一二三四五六七八九十])月(底|末)(?:之?前|以前)?|(?:这个|本|当)月(底|末)")),
    ("cn_month_part", re.compile(r"(?<![个本下上这当每\d一二三四五六七八九十年])月(初|中旬?)(?:之?前|以前)?(?!间|秋)")),
    ("cn_year_end", re.compile(r"(?:今年|本年)?年(底|末)(?:之?前|以前)?|(?:春节|元旦)(?:之?前|以前)")),
    ("cn_day", re.compile(r"今天|今日|明天|明日|后天|大后天|昨天|昨日|前天|今晚|今早|明早|明晚")),
    ("dot_md_cn", re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})(?=[ ]?(?:号|日|之?前|以前|付|打|汇|支付|安排|到账|会付))(?:[号日])?")),
    ("dmy", re.compile(r"(?<![\d.,/-])(\d{1,2})([./-])(\d{1,2})\2((?:20)?\d\d)(?![\d/-]|\.\d)")),
    ("d_month_y", re.compile(_B + _ORDINAL + r"(?:[ -]?of)?[ -]{0,2}(" + _MONTH + r")(?:,?[ -]{1,2}((?:20)\d\d|'?\d\d(?!\d|:|[.,]\d))(?![\d:]))?")),
    ("month_d_y", re.compile(_B + r"(" + _MONTH + r")[ -]?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?![\d.:]\d|\d)(?:,?[ -]{1,2}(20\d\d)(?!\d))?")),
    ("end_of", re.compile(_B + r"(?:by |before |at |around )?(?:the )?(?:very )?(?:end|close|ende|fin|finales?) (?:of |de |du |des |der )?(?:the |this |dieses |ce |de este |este )?(?:(next|following|coming|nächsten|prochain|current) )?(month|week|year|monats?|woche|jahres|mois|semaine|année|mes|semana|año|quarter|" + _MONTH + r")(?: (20\d\d))?(?![a-z])")),
    ("eom", re.compile(_B + r"(?:eom|month[- ]end|monatsende|fin de mois|fin de mes|ultimo)(?![a-z])|" + _B + r"(?:eow|end of week|week[- ]end(?: close)|eoy|year[- ]end|jahresende)(?![a-z])")),
    ("mid", re.compile(_B + r"(early|mid|late|beginning of|start of|middle of|anfang|mitte|ende|début|mi|fin|courant)[ -](?:of )?(?:in )?(next month|this month|the month|" + _MONTH + r")(?: (20\d\d))?")),
    ("within", re.compile(_B + r"(?:(?:with)?in(?: the)?(?: next| coming| following)?|over the next|next|innerhalb(?: von)?|in|binnen|dans(?: les)?|sous|d'ici|en|dentro de) (" + _COUNT + r")(?:-| to | or )?(\d{1,3})?[ ]?" + _UNIT + r"(?:' time| time)?")),
    ("from_now", re.compile(_B + r"(" + _COUNT + r")[ ]?" + _UNIT + r" (?:from now|from today|today|time)")),
    ("ago", re.compile(_B + r"(" + _COUNT + r")[ ]?" + _UNIT + r" ago")),
    ("weekday", re.compile(_B + r"(?:(next|this|coming|last|past|nächsten|kommenden|diesen|letzten|am|on|by|until|before|le|el próximo|el|this coming|following) )?(?:week )?(" + _WEEKDAY + r")( (?:of )?next week| week| prochain|,? (?:\d{1,2}(?:st|nd|rd|th)?)(?![\d:.,]))?")),
    ("week", re.compile(_B + r"(?:(early|mid|late|later|sometime|end) )?(next|this|coming|nächste[rn]?|kommende[rn]?|diese[rn]?|la) (week|woche|semaine prochaine|próxima semana)(?![a-z])(?:'s (?:payment )?(?:run|batch))?")),
    ("next_month", re.compile(_B + r"(next|this|nächsten|le|el próximo) (month|monat|mois prochain|mes)(?![a-z])")),
    ("the_nth", re.compile(_B + r"(?:on |by |until |before |till |around |from |for |am |le |el )(?:the |or before the )?(\d{1,2})(st|nd|rd|th|\.|er)(?: (?:of )?(?:this|the|next) month)?(?! (?:line|item|invoice|row|entry|page|time|reminder|floor|order|payment|instal|part|party|of [a-z]+ (?:inv|ship)))(?![a-z0-9]|[.,]\d)")),
    ("the_nth", re.compile(_B + r"(?:the )(\d{1,2})(st|nd|rd|th)(?! (?:line|item|invoice|row|entry|page|time|reminder|floor|order|payment|instal|part|party|deliver|ship))(?![a-z0-9]|[.,]\d)")),
    ("day", re.compile(_B + r"(?:today|tonight|this (?:morning|afternoon|evening)|tomorrow|tmrw|tmr|yesterday|day after tomorrow|heute|übermorgen|morgen|gestern|aujourd'hui|après-demain|demain|hier|hoy|mañana|ayer)(?![a-z])")),
    ("slash_md", re.compile(r"(?<![\d./-])(\d{1,2})/(\d{1,2})(?![\d/]|\.\d)(?=[^\d]|$)")),
    ("d_m_dot", re.compile(r"(?<![\d.,])(\d{1,2})\.(\d{1,2})\.(?!\d)")),
    ("month_only", re.compile(_B + r"(?:in|during|by|until|before|im|en)(?: the)? (" + _MONTH + r")(?: (20\d\d))?(?! \d)(?![a-z0-9])")),
    ("cn_month_only", re.compile(r"(?<![\d年])(\d{1,2}|十[一二]?|[一二三四五六七八九])月(?:份)?(?:内|以内)?(?=再?[ ]?(?:付|支付|安排|打|汇|结(?:清|款|算)|转|会|能|可以|之?前))|(下个?|本|这个?)月(?:内)?(?=[再会能可付支安打汇结转给])")),
]  # fmt: skip
