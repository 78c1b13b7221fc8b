"""Dates in running text, relative to the day on which the message was sent: ``下周一``, ``月底前``, ``15号``,
``next Tuesday``, ``end of month``, ``within 5 working days``, ``15. Juni``.

The clock plays no part. A date without a year has two readings, the next one (for a promise) and the last one
(for something done); the clause decides. A range ("in November", 11月初) stands for its last day, and says so.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mailflow.correspondence.calendar_words import CHINESE_WEEKDAYS, COUNTS, MONTHS, WEEKDAYS
from mailflow.correspondence.chinese_numbers import whole_number

ONE_DAY = dt.timedelta(days=1)
FARTHEST_DAYS = 730  # "within 900 days" is no date that anybody promises


@dataclass(frozen=True, slots=True)
class FoundDate:
    """``coming``: read as a day not before the message; ``gone``: as one not after it (None: cannot be).

    ``vague``: the last day of a range. ``note``: what a person should know about the reading."""

    start: int
    end: int
    coming: dt.date | None
    gone: dt.date | None
    vague: bool = False
    note: str | None = None


_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![a-zà-ÿ])\.?"
_WEEKDAY = "(?:" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")(?![a-zà-ÿ])\.?"
_COUNT = r"(?:\d{1,3}|" + "|".join(sorted(map(re.escape, COUNTS), key=len, reverse=True)) + r")(?![a-zà-ÿ])"
_CN = "[0-9一二三四五六七八九十两〇零]{1,3}"
_CN_COUNT = "(?:[0-9]{1,3}|[一二三四五六七八九十两]{1,3}|半)"
_B = r"(?<![a-zà-ÿ0-9])"
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th|er|\.)?"
_UNIT = r"(working|business|bank|werk|arbeits)?[ -]?(days?|weeks?|months?|fortnights?|tagen?|wochen?|monaten?|jours?(?: ouvr[ée]s| ouvrables)?|semaines?|mois|d[ií]as?(?: h[áa]biles)?|semanas?|mes(?:es)?)(?![a-z])"

_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    ("ymd", re.compile(r"(?<![\d.,/-])((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/-]|\.\d)")),
    ("cn_ymd", re.compile(r"((?:19|20)?\d\d|[二一][〇零○一二三四五六七八九]{3})[ ]?年[ ]?(" + _CN + r")[ ]?月(?:份)?[ ]?(?:(" + _CN + r")[ ]?[日号]?|(底|末|初|中旬?|上旬|下旬))?")),
    ("cn_next_md", re.compile(r"(下下?个?|本|这个?|当|上个?)月[ ]?(?:的)?(?:(" + _CN + r")[ ]?[日号]|(底|末|初|中旬?|上旬|下旬|内))(?:之?前|以前)?")),
    ("cn_md", re.compile(r"(?<![\d年])(" + _CN + r")[ ]?月(?:份)?[ ]?(?:的)?(?:(" + _CN + r")[ ]?[日号]?(?!月)|(底|末|初|中旬?|上旬|下旬))(?:之?前|以前)?")),
    ("cn_d", re.compile(r"(?<![\d月.年第一二三四五六七八九十])(\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[ ]?[号日](?!发票|订单|线|楼|仓|店|单|门|柜|公司|厂|常|期|账|元)(?:之?前|以前)?")),
    ("cn_within", re.compile(r"(?<![第\d])(" + _CN_COUNT + r")[ ]?个?[ ]?(工作日|自然日|天|日|周|星期|礼拜|个?月)(之内|以内|内|后|之后|以后)")),
    ("cn_week", re.compile(r"(下下?个?|本|这个?|上个?)?(?:周|星期|礼拜)([一二三四五六日天末])(?:之?前|以前)?")),
    ("cn_week_only", re.compile(r"(下下?个?|本|这个?)(?:周|星期|礼拜)(?![一二三四五六日天末])(?:[之以]?内|之?前|初|中|底)?")),
    ("cn_month_end", re.compile(r"(?<![个本下上这\d一二三四五六七八九十])月(底|末)(?:之?前|以前)?|(?:这个|本|当)月(底|末)")),
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
    ("from_now", re.compile(_B + r"(" + _COUNT + r")[ ]?" + _UNIT + r" (?:from now|from today|time)")),
    ("ago", re.compile(_B + r"(" + _COUNT + r")[ ]?" + _UNIT + r" ago")),
    ("weekday", re.compile(_B + r"(?:(next|this|coming|last|past|nächsten|kommenden|diesen|letzten|am|on|by|until|before|le|el próximo|el|this coming|following) )?(?:week )?(" + _WEEKDAY + r")( week| prochain|,? (?:\d{1,2}(?:st|nd|rd|th)?)(?![\d:.,]))?")),
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
_CONDITIONAL_AFTER = re.compile(
    r"[ ]?(?:after|of receipt|of receiving|from receipt|upon|following|of the date|from the date|from invoice|of invoice|nach|après|of delivery)"
)
_CONDITIONAL_BEFORE = re.compile(r"(?:后|之后|以后|起|日起)[ ,]{0,2}(?:的)?$")
_DURATION_BEFORE = re.compile(
    r"(?:月结|账期|net|term[s]? (?:of|are|is)|for the last|overdue(?: by)?|逾期|超期|晚了|拖了)[ ]?$"
)


class MailDates:
    """Reads the dates of one message sent on ``sent`` (the sender's own day). ``day_first``: how 03/04/2026 is meant."""

    def __init__(self, sent: dt.date | None, *, day_first: bool = True, dotted: bool = False) -> None:
        self.anchored = sent is not None  # without it a relative date is seen, and has no value
        self.sent = sent or dt.date(2000, 1, 3)
        self.dotted = dotted  # "15.11." is a date (German); elsewhere it may be an amount at a sentence's end
        self.day_first = day_first

    def find(self, folded: str) -> list[FoundDate]:
        """All dates in order; where two readings overlap, the earlier pattern of the table stays."""
        taken = bytearray(len(folded) + 1)
        found: list[FoundDate] = []
        for kind, pattern in _PATTERNS:
            reader: Callable[[re.Match[str]], FoundDate | None] = getattr(self, "_" + kind)
            for match in pattern.finditer(folded):
                start, end = match.span()
                if taken[start] or taken[end - 1]:
                    continue
                try:
                    date = reader(match)
                except (ValueError, OverflowError):
                    continue
                if date is not None:
                    if not self.anchored and kind not in _ABSOLUTE:
                        date = replace(date, coming=None, gone=None)
                    if folded[end - 1] == ".":  # it ends the sentence as well
                        date = replace(date, end=end - 1)
                    taken[start:end] = b"\x01" * (end - start)
                    found.append(date)
        found.sort(key=lambda date: date.start)
        return found

    # --- what the patterns mean -------------------------------------------------------------------------------------

    def _one(self, m: re.Match[str], day: dt.date, *, vague: bool = False, note: str | None = None) -> FoundDate:
        return FoundDate(m.start(), m.end(), day, day, vague, note)

    def _yearless(
        self, m: re.Match[str], month: int, day: int, note: str | None = None, vague: bool = False
    ) -> FoundDate | None:
        if not self.anchored:
            return FoundDate(m.start(), m.end(), None, None)
        coming = next((d for d in _each_year(self.sent.year, month, day, 1) if d >= self.sent), None)
        gone = next((d for d in _each_year(self.sent.year, month, day, -1) if d <= self.sent), None)
        if coming is None and gone is None:
            return None
        return FoundDate(m.start(), m.end(), coming, gone, vague, note)

    def _ymd(self, m: re.Match[str]) -> FoundDate:
        return self._one(m, dt.date(int(m[1]), int(m[2]), int(m[3])))

    def _cn_ymd(self, m: re.Match[str]) -> FoundDate | None:
        year = _chinese_year(m[1])
        month = _small(m[2])
        if m[3]:
            return self._one(m, dt.date(year, month, _small(m[3])))
        if m[4]:
            day, vague = _part_of_month(year, month, m[4])
            return self._one(m, day, vague=vague)
        return None

    def _cn_next_md(self, m: re.Match[str]) -> FoundDate:
        step = {"下": 1, "上": -1}.get(m[1][0], 0) + m[1].count("下下")
        year, month = _shift_month(self.sent, step)
        if m[2]:
            return self._one(m, dt.date(year, month, _small(m[2])))
        day, vague = _part_of_month(year, month, m[3])
        return self._one(m, day, vague=vague)

    def _cn_md(self, m: re.Match[str]) -> FoundDate | None:
        month = _small(m[1])
        if m[2]:
            return self._yearless(m, month, _small(m[2]))
        found = self._yearless(m, month, 1)
        if found is None:
            return None
        year = self.sent.year + (1 if month < self.sent.month - 6 else 0)
        day, vague = _part_of_month(year, month, m[3])
        gone = day if day <= self.sent else _part_of_month(year - 1, month, m[3])[0]
        coming = day if day >= self.sent else _part_of_month(year + 1, month, m[3])[0]
        return FoundDate(m.start(), m.end(), coming, gone, vague)

    def _cn_d(self, m: re.Match[str]) -> FoundDate | None:
        return self._day_of_month(m, _small(m[1]))

    def _day_of_month(self, m: re.Match[str], day: int) -> FoundDate | None:
        if not 1 <= day <= 31:
            return None
        coming = next((d for d in _each_month(self.sent, day, 1) if d >= self.sent), None)
        gone = next((d for d in _each_month(self.sent, day, -1) if d <= self.sent), None)
        return FoundDate(m.start(), m.end(), coming, gone)

    def _cn_within(self, m: re.Match[str]) -> FoundDate | None:
        before = m.string[max(0, m.start() - 6) : m.start()]
        if _CONDITIONAL_BEFORE.search(before) or _DURATION_BEFORE.search(before):
            return None
        if m[1] == "半":
            count, unit = (15, "天") if "月" in m[2] else (0, "")
        else:
            count, unit = _small(m[1]), m[2]
        if m[2] == "日" and m[3] in ("后", "之后", "以后"):
            return None  # 15日后: after the 15th
        return self._after(m, count, unit)

    def _after(self, m: re.Match[str], count: int, unit: str) -> FoundDate | None:
        if not 0 < count <= FARTHEST_DAYS or not unit:
            return None
        if unit == "工作日":
            return self._one(m, working_days_after(self.sent, count), note="working days: weekends only, no holidays")
        if "月" in unit:
            return self._one(m, _months_after(self.sent, count))
        return self._one(m, self.sent + ONE_DAY * count * (7 if unit in ("周", "星期", "礼拜") else 1))

    def _cn_week(self, m: re.Match[str]) -> FoundDate:
        weekday = CHINESE_WEEKDAYS.get(m[2], 6)
        return self._weekday_of(m, weekday, (m[1] or "")[:1], (m[1] or "").count("下"))

    def _weekday_of(self, m: re.Match[str], weekday: int, which: str, steps: int = 1) -> FoundDate:
        monday = self.sent - ONE_DAY * self.sent.weekday()
        in_week = monday + ONE_DAY * weekday
        if which == "下":
            return self._one(m, in_week + ONE_DAY * 7 * steps)
        if which == "上":
            return self._one(m, in_week - ONE_DAY * 7)
        if which in ("本", "这"):
            return self._one(m, in_week)
        coming = in_week if in_week > self.sent else in_week + ONE_DAY * 7
        gone = in_week if in_week <= self.sent else in_week - ONE_DAY * 7
        return FoundDate(m.start(), m.end(), coming, gone)

    def _cn_week_only(self, m: re.Match[str]) -> FoundDate:
        friday = self.sent + ONE_DAY * (4 - self.sent.weekday() + 7 * m[1].count("下"))
        return self._one(m, friday, vague=True, note="a week was read as its Friday")

    def _cn_month_end(self, m: re.Match[str]) -> FoundDate:
        return self._one(m, _month_end(self.sent.year, self.sent.month))

    def _cn_year_end(self, m: re.Match[str]) -> FoundDate | None:
        if m[0].startswith("春节"):
            return None
        if m[0].startswith("元旦"):
            return self._one(m, dt.date(self.sent.year, 12, 31), vague=True)
        return self._one(m, dt.date(self.sent.year, 12, 31))

    def _cn_day(self, m: re.Match[str]) -> FoundDate:
        word = m[0]
        step = 3 if word.startswith("大后") else {"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2}[word[0]]
        return self._one(m, self.sent + ONE_DAY * step)

    def _dot_md_cn(self, m: re.Match[str]) -> FoundDate | None:
        return self._yearless(m, int(m[1]), int(m[2]))

    def _dmy(self, m: re.Match[str]) -> FoundDate | None:
        first, second, year = int(m[1]), int(m[3]), _year(m[4])
        day_first = self.day_first or m[2] == "."
        if first > 12 or second > 12 or m[2] == "." or first == second:
            day, month = (first, second) if second <= 12 else (second, first)
            return self._one(m, dt.date(year, month, day))
        one = dt.date(year, second, first) if day_first else dt.date(year, first, second)
        return self._one(m, one, note=f"{m[0]} was read with the {'day' if day_first else 'month'} first")

    def _d_month_y(self, m: re.Match[str]) -> FoundDate | None:
        month = MONTHS[m[2].rstrip(".")]
        if m[3]:
            return self._one(m, dt.date(_year(m[3].strip("'")), month, int(m[1])))
        return self._yearless(m, month, int(m[1]))

    def _month_d_y(self, m: re.Match[str]) -> FoundDate | None:
        month = MONTHS[m[1].rstrip(".")]
        if m[3]:
            return self._one(m, dt.date(int(m[3]), month, int(m[2])))
        return self._yearless(m, month, int(m[2]))

    def _end_of(self, m: re.Match[str]) -> FoundDate | None:
        what, is_next = m[2].rstrip("."), bool(m[1]) and m[1] != "current"
        if what in MONTHS:
            year = int(m[3]) if m[3] else None
            return self._end_of_month(m, MONTHS[what], year)
        if what[:2] in ("mo", "me"):
            year, month = _shift_month(self.sent, int(is_next))
            return self._one(m, _month_end(year, month))
        if what[:1] == "w" or what[:3] == "sem":
            return self._one(m, self.sent + ONE_DAY * (4 - self.sent.weekday() + 7 * is_next))
        if what == "quarter":
            quarter = (self.sent.month - 1) // 3 + int(is_next)
            year, month = self.sent.year + quarter // 4, quarter % 4 * 3 + 3
            return self._one(m, _month_end(year, month))
        return self._one(m, dt.date(self.sent.year + int(is_next), 12, 31))

    def _end_of_month(self, m: re.Match[str], month: int, year: int | None, vague: bool = False) -> FoundDate | None:
        if year is not None:
            return self._one(m, _month_end(year, month), vague=vague)
        if not self.anchored:
            return FoundDate(m.start(), m.end(), None, None)
        here = _month_end(self.sent.year, month)
        coming = here if here >= self.sent else _month_end(self.sent.year + 1, month)
        gone = here if here <= self.sent else _month_end(self.sent.year - 1, month)
        return FoundDate(m.start(), m.end(), coming, gone, vague, "a month was read as its last day" if vague else None)

    def _eom(self, m: re.Match[str]) -> FoundDate:
        if m[0].startswith(("eow", "end of week", "week")):
            return self._one(m, self.sent + ONE_DAY * (4 - self.sent.weekday()))
        if m[0].startswith(("eoy", "year", "jahres")):
            return self._one(m, dt.date(self.sent.year, 12, 31))
        return self._one(m, _month_end(self.sent.year, self.sent.month))

    def _mid(self, m: re.Match[str]) -> FoundDate | None:
        part, what = m[1], m[2].rstrip(".")
        last = {"early": 10, "beginning of": 10, "start of": 10, "anfang": 10, "début": 10}.get(part)
        last = 15 if last is None and part in ("mid", "middle of", "mitte", "mi") else last
        if what in MONTHS:
            year, month = (int(m[3]) if m[3] else 0), MONTHS[what]
            if not year:
                year = self.sent.year + (1 if _month_end(self.sent.year, month) < self.sent else 0)
        else:
            year, month = _shift_month(self.sent, int(what.startswith("next")))
        day = _month_end(year, month) if last is None else dt.date(year, month, last)
        return self._one(m, day, vague=True, note=f"“{m[0]}” was read as {day.isoformat()}")

    def _within(self, m: re.Match[str]) -> FoundDate | None:
        before = m.string[max(0, m.start() - 14) : m.start()]
        if _CONDITIONAL_AFTER.match(m.string, m.end()) or _DURATION_BEFORE.search(before):
            return None
        return self._counted(m, m[2] or m[1], m[3], m[4], 1)

    def _from_now(self, m: re.Match[str]) -> FoundDate | None:
        return self._counted(m, m[1], m[2], m[3], 1)

    def _ago(self, m: re.Match[str]) -> FoundDate | None:
        return self._counted(m, m[1], m[2], m[3], -1)

    def _counted(self, m: re.Match[str], count: str, working: str | None, unit: str, sign: int) -> FoundDate | None:
        number = int(count) if count.isdigit() else COUNTS.get(count, 0)
        if not 0 < number <= FARTHEST_DAYS:
            return None
        if working or "ouvr" in unit or "biles" in unit:
            day = working_days_after(self.sent, number * sign)
            return self._one(m, day, note="working days: weekends only, no holidays")
        if unit.startswith(("mon", "moi", "mes")):
            return self._one(m, _months_after(self.sent, number * sign))
        days = 14 if unit.startswith("fort") else 7 if unit.startswith(("we", "wo", "sem")) else 1
        return self._one(m, self.sent + ONE_DAY * days * number * sign)

    def _weekday(self, m: re.Match[str]) -> FoundDate | None:
        which, name, after = m[1] or "", m[2].rstrip("."), (m[3] or "").strip(" ,")
        if name in ("mon", "sun", "sat", "wed") and not which:
            return None  # also words of their own
        weekday = WEEKDAYS[name]
        if after[:1].isdigit():
            day = int(re.match(r"\d+", after).group())  # type: ignore[union-attr]
            fits = [d for d in _each_month(self.sent, day, 1) if d.weekday() == weekday and d >= self.sent][:1]
            if fits and (fits[0] - self.sent).days < 62:
                return self._one(m, fits[0])
        if which in ("next", "nächsten") or after in ("week", "prochain"):
            return self._weekday_of(m, weekday, "下")
        if which in ("last", "past", "letzten"):
            gone = self.sent - ONE_DAY * ((self.sent.weekday() - weekday - 1) % 7 + 1)
            return FoundDate(m.start(), m.end(), None, gone)
        return self._weekday_of(m, weekday, "")

    def _week(self, m: re.Match[str]) -> FoundDate | None:
        later = m[2].startswith(("next", "näch", "komm", "coming")) or "proch" in m[3] or "próx" in m[3]
        friday = self.sent + ONE_DAY * (4 - self.sent.weekday() + 7 * later)
        return self._one(m, friday, vague=True, note="a week was read as its Friday")

    def _next_month(self, m: re.Match[str]) -> FoundDate:
        later = not m[1].startswith("this")
        year, month = _shift_month(self.sent, int(later))
        return self._one(m, _month_end(year, month), vague=True, note="a month was read as its last day")

    def _the_nth(self, m: re.Match[str]) -> FoundDate | None:
        if m[0].endswith("next month"):
            year, month = _shift_month(self.sent, 1)
            return self._one(m, dt.date(year, month, int(m[1])))
        return self._day_of_month(m, int(m[1]))

    def _day(self, m: re.Match[str]) -> FoundDate:
        return self._one(m, self.sent + ONE_DAY * _DAY_STEPS.get(m[0], 0))

    def _slash_md(self, m: re.Match[str]) -> FoundDate | None:
        first, second = int(m[1]), int(m[2])
        if second > 12 and first <= 12:
            return self._yearless(m, first, second)
        if first > 12 and second <= 12:
            return self._yearless(m, second, first)
        context = m.string[max(0, m.start() - 10) : m.start()]
        if not re.search(r"(?:on|by|before|until|due|am|le|于|在|日期|,)[ ]?$", context) and "于" not in context:
            return None  # 1/2: a half, a page
        month, day = (second, first) if self.day_first else (first, second)
        return self._yearless(
            m, month, day, note=f"{m[0]} was read with the {'day' if self.day_first else 'month'} first"
        )

    def _d_m_dot(self, m: re.Match[str]) -> FoundDate | None:
        if not self.dotted:
            return None
        return self._yearless(m, int(m[2]), int(m[1]))

    def _month_only(self, m: re.Match[str]) -> FoundDate | None:
        name = m[1].rstrip(".")
        return self._end_of_month(m, MONTHS[name], int(m[2]) if m[2] else None, vague=True)

    def _cn_month_only(self, m: re.Match[str]) -> FoundDate | None:
        if m[1]:
            return self._end_of_month(m, _small(m[1]), None, vague=True)
        year, month = _shift_month(self.sent, int(m[2].startswith("下")))
        return self._one(m, _month_end(year, month), vague=True, note="a month was read as its last day")


_ABSOLUTE = frozenset(("ymd", "cn_ymd", "dmy", "d_month_y", "month_d_y", "month_only"))
_DAY_STEPS = {
    "tomorrow": 1, "tmrw": 1, "tmr": 1, "yesterday": -1, "day after tomorrow": 2, "übermorgen": 2, "morgen": 1,
    "gestern": -1, "après-demain": 2, "demain": 1, "hier": -1, "mañana": 1, "ayer": -1,
}  # fmt: skip


def working_days_after(day: dt.date, count: int) -> dt.date:
    """``count`` days, Saturdays and Sundays left out; negative counts go back. Holidays are not known here."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while day.weekday() >= 5:
            day += step
    return day


def _small(text: str) -> int:
    if text.isdigit():
        return int(text)
    value = whole_number(text)
    if value is None:
        raise ValueError(text)
    return int(value)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _chinese_year(text: str) -> int:
    if text.isdigit():
        return _year(text)
    digits = "".join(str("〇一二三四五六七八九".index(char)) if char not in "零○" else "0" for char in text)
    return int(digits)


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _shift_month(day: dt.date, step: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 + step
    return index // 12, index % 12 + 1


def _months_after(day: dt.date, count: int) -> dt.date:
    year, month = _shift_month(day, count)
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _part_of_month(year: int, month: int, part: str) -> tuple[dt.date, bool]:
    if part[0] in "底末":
        return _month_end(year, month), False
    if part[0] == "初" or part == "上旬":
        return dt.date(year, month, 10), True
    if part[0] == "中":
        return dt.date(year, month, 20 if part == "中旬" else 15), True
    return _month_end(year, month), True


def _each_year(year: int, month: int, day: int, step: int) -> Iterator[dt.date]:
    for candidate in range(year, year + 5 * step, step):
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(candidate, month)[1]:
            yield dt.date(candidate, month, day)


def _each_month(start: dt.date, day: int, step: int) -> Iterator[dt.date]:
    for shift in range(4):
        year, month = _shift_month(start, shift * step)
        if day <= calendar.monthrange(year, month)[1]:
            yield dt.date(year, month, day)
