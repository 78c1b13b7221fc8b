"""Attribution lines: ``On Mon, 2 Nov 2026 Name <address> wrote:`` as mail programs write them above what they quote.

Cheap first: how the line ends, then its verb, then whether a person wrote it, then date, time and address.
"""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mailflow.correspondence.header_labels import has_address, has_date
from mailflow.correspondence.lines import words_of

_VERBS = frozenset(  # the last word of each: "a écrit", "ha scritto", "je napisal"
    "wrote writes sent schrieb schreibt schreef geschreven skrev skrifa kirjoitti napisał napisała pisze napsal napsala napísal escribió "
    "escribio escrit escreveu écrit scritto scrisse scris írta yazdı viết написал написала написав пишет пише menulis kirjutas rašė "
    "rakstīja napisao napisal said replied".split()
)
_EASTERN_VERB = re.compile(
    r"写道|寫道|写到|のメッセージ|작성|เขียนว่า|のメール|さんは書きました|在.{0,20}发表|の書き込み"
)
_QUOTING = re.compile(
    r"[\s>*]{0,6}(?:quoting|zitat von|en réponse à|citando a) [^<>]{0,80}<[^<>\s@]{1,80}@[^<>\s]{1,120}>:",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:i|you|we|he|she|they|sie|wir|ihr|ich|er|vous|nous|tu|je|il|elle|ons|u|jij|usted|nosotros|who|which|as|it)"
    r"(?: (?:have|has|had|also|then|just|already|haben|avez|had))? (?:wrote|sent|said|replied|schrieb|skrev|schreef|écrit)\b"
    r"|(?:您|你|你们|我|我们|咱们|贵司|我司|贵公司|他|她|他们)[^<>@]{0,24}写[道到]",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan|feb|fév|fev|mar|mär|apr|avr|abr|ago|may|mai|mag|jun|juin|jul|juil|lug|giu|aug|aoû|sep|set|oct|okt|ott|nov|dec|déc"
    r"|dez|dic|gen|ene|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|lis|gru|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек"
)
_DAYS = (
    r"mon|tue|wed|thu|fri|sat|sun|mo[,.]|di[,.]|mi[,.]|do[,.]|fr[,.]|sa[,.]|so[,.]|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb"
    r"|dom|gio|seg|ter|qua|qui|sex|tir|ons|tor|fre|lør|søn|man|ti |ke |to |pe |la |su |pon|wt|śr|czw|pt|sob|nie|пн|вт|ср|чт|пт|сб|вс"
    r"|dien|mitt|donn|frei|sams|sonn|mont|zon|zat|vrij|dond|woen|dins|maan"
)
_WHEN = rf"(?:\d|(?:{_DAYS})|(?:{_MONTHS}))"
_OPENER = re.compile(
    r"[\s>*|-]{0,12}(?:"
    rf"(?:on|am|le|el|em|il|op|den|d\.|på|at|w dniu|dnia|vào|a|ha|mnt|tarihinde|pada|il giorno|in data|em data|the|"
    rf"в|dne|dňa|a\(z\)|u|от)[\s,:]{{1,3}}(?:the )?{_WHEN}"
    rf"|(?:在|于|於)\s?\d{{4}}|(?:在|于|於)\s?\S{{0,12}}?\d{{1,2}}月"
    rf"|\d{{4}}\s?[-/.年]\s?\d{{1,2}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}"
    rf"|(?:{_DAYS})\S{{0,8}}[,.]?\s{{1,2}}(?:\d|(?:{_MONTHS}))"
    r")",
    re.IGNORECASE,
)
_SHARED = re.compile(
    rf"(?:-{{2,10}}\s{{0,3}}|(?<=[\s.!?,;:。！])|^)(?:on|am|le|el|em|op)\s{{1,2}}{_WHEN}", re.IGNORECASE
)
_SHARED_OPENERS = frozenset("on am le el em op".split())
_SHARED_CJK = re.compile(r"(?:在|于|於)\s?\d{4}\s?[-/年]")
_TIME = re.compile(r"\d[:.hH]\d\d|上午|下午|오전|오후|GMT|UTC")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE_GMAIL = re.compile(
    r"[\s>]{0,6}\d{4}[-/]\d{1,2}[-/]\d{1,2}\b[^<>]{0,120}<[^<>\s@]{0,80}\s?[^<>\s@]{0,80}@[^<>\s]{1,120}>\s{0,3}:?\s{0,3}$"
)
_DATED_START = re.compile(rf"[\s>*]{{0,6}}(?:\d|(?:{_DAYS})|(?:{_MONTHS}))", re.IGNORECASE)
_NAME_ADDRESS = re.compile(r"[\s>*|]{0,12}[^<>@]{0,100}<?\s?[^\s<>@]{1,80}@[^\s<>@]{1,120}>?")
_SENTENCE_END = (".", "!", "?", "。", "！", "？", ";", "；")

_PRONOUNS = frozenset(  # "As you wrote on 5 Nov:" is a sentence of somebody's
    "i you we he she they sie wir ihr ich er vous nous tu je il elle ons u jij usted nosotros who which as it".split()
)


class Separator(NamedTuple):
    """``start`` is the first separator line, ``end`` the line behind it; ``column`` > 0: text of the reply stands before
    that column in the first line. ``named`` separators and header blocks are certain; attributions a little less."""

    start: int
    end: int
    column: int = 0
    named: bool = False
    forward: bool = False


def attribution(lines: Sequence[str], place: int, floor: int) -> Separator | None:
    """The attribution that ends in ``lines[place]`` with a colon or dashes, its verb at most two lines above, or that has
    an address or a time there and ends at most two lines below in its verb; nothing before ``floor`` is used."""
    line = lines[place]
    if "@" in line and line.rstrip(" :").endswith(">"):
        found = without_verb(lines, place, floor)
        if found is not None:
            return found
    if not line.rstrip(" *_>").endswith((":", "--")):
        for end in range(place, min(place + 3, len(lines))):
            if ends_with_verb(lines[end]):
                return _with_verb(lines, end, end + 1, floor)
            if not _goes_on(lines[end]):
                break
        return None
    for verb in range(place, max(floor, place - 2) - 1, -1):
        if verb < place and not _goes_on(lines[verb]):
            return None
        if says_who_wrote(lines[verb]) or _QUOTING.match(lines[verb]):
            return _with_verb(lines, verb, place + 1, floor)
    return None


def ends_with_verb(line: str) -> bool:
    """Whether the last word is a verb of attributions."""
    last = line[-24:].rstrip(" *_>").rpartition(" ")[2]
    if last.isascii():
        return last.lower() in _VERBS
    return last.lower() in _VERBS or any(found.end() == len(last) for found in _EASTERN_VERB.finditer(last))


def says_who_wrote(words: str) -> bool:
    """Whether a verb of an attribution stands in ``words``, as in ``John Smith wrote``."""
    return not _VERBS.isdisjoint(words_of(words)) or (not words.isascii() and _EASTERN_VERB.search(words) is not None)


def _goes_on(line: str) -> bool:
    """Whether an attribution can go on below ``line``."""
    tail = line.rstrip(" *_>")
    return 0 < len(tail) <= 300 and not tail.endswith((":", "--"))


def _with_verb(lines: Sequence[str], place: int, end: int, floor: int) -> Separator | None:
    """The attribution whose verb stands in ``lines[place]`` and that goes on to ``end``."""
    joined, spoken = "", False
    for start in range(place, max(floor, place - 4) - 1, -1):
        first = lines[start]
        if start < place and not first.strip():
            break
        joined = _joined(lines, start, end)
        spoken = spoken or not _PRONOUNS.isdisjoint(words_of(first)) or "写" in first
        if len(joined) > 600 or (spoken and _PRONOUN.search(joined)):
            return None
        if _OPENER.match(first) and _evident(joined):
            return Separator(start, end)
        shared = _shared(first, joined)
        if shared:
            return Separator(start, end, column=shared)
    line = lines[place]
    joined = _joined(lines, place, end)
    if has_address(joined) and (_NAME_ADDRESS.match(joined) or _dashes_around(line)):
        return Separator(_name_above(lines, place, floor), end)
    if has_address(line) and _QUOTING.match(line):
        return Separator(place, end)
    if _dashes_around(line) and _evident(joined):
        return Separator(place, end)
    return None


def without_verb(lines: Sequence[str], place: int, floor: int) -> Separator | None:
    """``2014-03-20 8:48 GMT+01:00 Name <address>:``, also wrapped inside the address."""
    for start in (place, place - 1):
        if start < floor or not lines[start].strip():
            continue
        joined = _joined(lines, start, place + 1)
        if len(joined) < 400 and (_BARE_GMAIL.match(joined) or _dated_address(joined)):
            return Separator(start, place + 1)
    return None


def _joined(lines: Sequence[str], start: int, end: int) -> str:
    return " ".join([line.strip() for line in lines[start:end]]) if end - start > 1 else lines[start].strip()


def _evident(joined: str) -> bool:
    """An address, or a date with a time or a year: what a person rarely writes before "wrote:"."""
    return has_address(joined) or (has_date(joined) and bool(_YEAR.search(joined) or _TIME.search(joined)))


def _dashes_around(line: str) -> bool:
    stripped = line.strip()
    return stripped.startswith("--") and stripped.endswith("--")


def _shared(line: str, joined: str) -> int:
    """Where an attribution starts behind words of the reply in the same line; 0 when it does not."""
    for pattern, may_match in (
        (_SHARED, not _SHARED_OPENERS.isdisjoint(words_of(line))),
        (_SHARED_CJK, not line.isascii()),
    ):
        for found in pattern.finditer(line) if may_match else ():
            rest = joined[found.start() :]
            if "@" in line[: found.start()]:
                break  # what has an address already began before
            if found.start() > 0 and _evident(rest) and says_who_wrote(rest):
                return found.start()
    return 0


def _name_above(lines: Sequence[str], place: int, floor: int) -> int:
    """The name of a wrapped ``Name`` / ``<address> 于…写道:`` stands in the line above, behind a blank one."""
    if not lines[place].lstrip().startswith(("<", "(")) or place - 1 < floor:
        return place
    above = lines[place - 1].strip()
    alone = place - 1 == floor or not lines[place - 2].strip()
    if above and len(above) < 80 and alone and not above.endswith(_SENTENCE_END):
        return place - 1
    return place


def _dated_address(joined: str) -> bool:
    """``Wednesday, 17 November 2021, 3:32 PM +0300 from Name <address>:`` (mail.ru, Yandex)."""
    return (
        joined.endswith(">:")
        and (_DATED_START.match(joined) is not None)
        and has_date(joined)
        and _TIME.search(joined) is not None
    )
