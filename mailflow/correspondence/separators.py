"""Where the quoted mail begins in text: named separators and attribution lines of the mail programs.

Lines are folded (:func:`mailflow.correspondence.lines.folded`) and cut at a few hundred characters; every pattern is
linear: bounded repetitions, no neighbours that match the same characters, cheap fixed words looked for first.
"""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.correspondence import header_labels
from mailflow.correspondence.header_labels import has_address, has_date

# named separators: a word of each list between dashes

_WHICH = (
    r"original|origin|urspr|weitergeleit|forward|reply|replied|antwort|d'origine|transf|réexp|reexp|reenv|encamin|inoltr"
    r"|doorgest|oorspr|oprind|opprinn|vidaresänt|vidarebef|videresend|alkuper|välitetty|исход|пересыл|пересл|перенапр|початк"
    r"|oryginal|przekaz|přepos|původn|eredeti|tovább|orijinal|özgün|ileti|原始|原邮|回复的|转发|邮件原件|原件|轉寄|轉發|元の|転送|원본|전달|gốc|chuyển"
)
_WHAT = (
    r"mess?ag|nachricht|mail|mensa[jg]|messagg|beri[ck]ht|meddel|melding|viesti|besked|sähköposti|correo|courriel|сообщ|письм|повід|wiadomo|zpráv|üzenet|ileti"
    r"|posta|邮件|郵件|消息|訊息|信息|讯息|原件|メッセージ|메시지|메일|appointment|termin|thư|original"
)
_NAMED = re.compile(rf"(?:{_WHICH})[^\d]{{0,40}}?(?:{_WHAT})|(?:{_WHAT})[^\d]{{0,30}}?(?:{_WHICH})", re.IGNORECASE)
_DASHED = re.compile(r"[\s>*|#]{0,12}[-_=~*+]{2,200}\s{0,10}([^-_=~*\s][^_=~*]{0,70}?)\s{0,10}[-_=~*+]{2,200}\s{0,10}$")
_BARE_NAMES = frozenset(
    "原始邮件 original 原邮件 原始信息 转发的邮件 originalmessage replymessage 原始郵件 原件 回复的原邮件".split()
)
_FORWARD_OPENERS = (
    "begin forwarded message:", "anfang der weitergeleiteten nachricht:", "anfang der weitergeleiteten e-mail:",
    "début du message réexpédié :", "début du message transféré :", "début du message réexpédié:",
    "début du message transféré:", "inicio del mensaje reenviado:", "inizio messaggio inoltrato:",
    "início da mensagem reencaminhada:", "início da mensagem encaminhada:", "begin doorgestuurd bericht:",
    "vidarebefordrat brev:", "videresendt besked:", "videresendt melding:", "välitetty viesti alkaa:",
    "开始转发的邮件:", "下面是被转发的邮件:", "以下是转发的邮件:", "轉寄的郵件開始:", "開始轉寄郵件:", "開始転送メッセージ:",
    "начало переадресованного сообщения:", "początek przekazywanej wiadomości:",
)  # fmt: skip
_FORWARD_WORDS = re.compile(
    r"forward|weitergeleit|transf|réexp|reenv|encamin|reencamin|inoltr|doorgest|videresend|vidarebef|välitetty|пересыл|пересл"
    r"|przekaz|转发|轉寄|轉發|転送|전달",
    re.IGNORECASE,
)
# companies' own mail programs put their name before the dashes: 来自钉钉专属商务邮箱-----------
_FOOTER_THEN_DASHES = re.compile(r"\s{0,10}(?:来自|发自|來自|sent from|from) ?\S{2,30}?-{8,300}\s{0,10}")

# attribution lines

_VERB = re.compile(
    r"\b(?:wrote|writes|sent|schrieb|schreibt|schreef|geschreven|skrev|skrifa|kirjoitti|napisał|napisała|napisał\(a\)|pisze"
    r"|napsal|napsala|napísal|escribió|escribio|ha escrit|escreveu|a écrit|écrit|ha scritto|scrisse|a scris|írta|ezt írta"
    r"|yazdı|şunu yazdı|đã viết|написал|написала|написав|пишет|пише|menulis|kirjutas|rašė|rakstīja|napisao|je napisal"
    r"|said|replied)\b"
    r"|写道|寫道|写到|のメッセージ|님이 작성|작성|เขียนว่า|のメール|さんは書きました|在.{0,20}发表|の書き込み",
    re.IGNORECASE,
)
_VERB_STEMS = (
    "wrote", "writ", "sent", "schr", "skr", "kirj", "napis", "napís", "pisze", "napsal", "escri", "escrev", "crit", "scri",
    "írta", "yazd", "viết", "напис", "пиш", "menulis", "rašė", "rakst", "said", "replied", "写", "寫", "メ", "작성", "書き", "เขียน", "quoting", "zitat",
    "发表",
)  # fmt: skip
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
_SHARED_CJK = re.compile(r"(?:在|于|於)\s?\d{4}\s?[-/年]")
_TIME = re.compile(r"\d{1,2}[:.h]\d\d|上午|下午|오전|오후|\bGMT|\bUTC", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE_GMAIL = re.compile(
    r"[\s>]{0,6}\d{4}[-/]\d{1,2}[-/]\d{1,2}\b[^<>]{0,120}<[^<>\s@]{0,80}\s?[^<>\s@]{0,80}@[^<>\s]{1,120}>\s{0,3}:?\s{0,3}$"
)
_DATED_START = re.compile(rf"[\s>*]{{0,6}}(?:\d|(?:{_DAYS})|(?:{_MONTHS}))", re.IGNORECASE)
_NAME_ADDRESS = re.compile(r"[\s>*|]{0,12}[^<>@]{0,100}<?\s?[^\s<>@]{1,80}@[^\s<>@]{1,120}>?")
_SENTENCE_END = (".", "!", "?", "。", "！", "？", ";", "；")


MAX_TRIES = 1_500  # lines of one body that look like the start of a quote and are none; after that, text is text


@dataclass(frozen=True, slots=True)
class Separator:
    """``start`` is the first separator line, ``end`` the line behind it; ``column`` > 0: text of the reply stands before
    that column in the first line. ``named`` separators and header blocks are certain; attributions a little less."""

    start: int
    end: int
    column: int = 0
    named: bool = False
    forward: bool = False


def named(line: str) -> tuple[bool, bool] | None:
    """(True, whether it announces a forward) for a separator line that says what it separates."""
    stripped = line.strip()
    if len(stripped) < 4 or len(stripped) > 300:
        return None
    lower = stripped.lower()
    if lower.startswith(_FORWARD_OPENERS):
        return True, True
    first = stripped.lstrip("> *|#")[:1]
    if first in "-_=~+" and first:
        found = _DASHED.match(stripped)
        if found is not None:
            words = found[1].strip(" -:")
            if _NAMED.search(words) or words.lower().replace(" ", "") in _BARE_NAMES:
                return True, _FORWARD_WORDS.search(words) is not None
            if _VERB.search(words) and stripped.endswith("--") and stripped.startswith("--"):
                return True, False  # ---- John Smith wrote ----
    if "----" in stripped and _FOOTER_THEN_DASHES.fullmatch(stripped):
        return True, False
    return None


def bare_name(line: str) -> bool:
    """A line that only says ``Original`` or 原始邮件; counts only before a header block (new QQ web)."""
    return line.strip(" -*_|>:").lower().replace(" ", "") in _BARE_NAMES


class Finder:
    """Separators of one body. ``lines`` are folded; what the whole body lacks is never looked for line by line.

    ``tries`` counts down the lines that only looked like a start; at 0 none is looked for any more.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        whole = "\n".join(lines).lower()
        self._stems = [stem for stem in _VERB_STEMS if stem in whole]
        self._lower = whole.split("\n")
        self.tries = MAX_TRIES

    def at(self, place: int, floor: int) -> Separator | None:
        """The separator that begins or ends at ``lines[place]``; nothing before ``floor`` is used."""
        line = self._lines[place]
        colon = ":" in line or "|" in line
        if colon or "--" in line or "__" in line or "==" in line or "~~" in line or "**" in line:
            said = named(line)
            if said is not None:
                return Separator(place, place + 1, named=True, forward=said[1])
        elif not self._stems and ">" not in line:
            return None
        if colon and self.tries and header_labels.label(line) is not None:
            self.tries -= 1
            end = header_labels.block_end(self._lines, place)
            if end is not None:
                return Separator(place, end, named=True)
        if not self.tries or (not self._stems and not line.rstrip(" :").endswith(">")):
            return None
        return self._attribution(place, floor)

    def _attribution(self, place: int, floor: int) -> Separator | None:
        lower = self._lower[place]
        for stem in self._stems:
            if stem in lower:
                break
        else:
            line = self._lines[place]
            ends_with_address = "@" in line and line.rstrip(" :").endswith(">")
            return _gmail_without_verb(self._lines, place, floor) if ends_with_address else None
        self.tries -= 1
        return attribution(self._lines, place, floor, self._stems)


def attribution(lines: Sequence[str], place: int, floor: int, stems: Sequence[str] | None = None) -> Separator | None:
    """The attribution whose verb stands in ``lines[place]``, at most 4 lines long; nothing before ``floor`` is used."""
    verb = lines[place]
    if "@" in verb and verb.rstrip(" :").endswith(">"):
        found = _gmail_without_verb(lines, place, floor)
        if found is not None:
            return found
    stems = _VERB_STEMS if stems is None else stems
    if not stems:
        return None
    lower = verb.lower()
    if not any(stem in lower for stem in stems):
        return None
    end = _colon(lines, place)
    if end is None or not (_VERB.search(verb) or _QUOTING.match(verb)):
        return None
    for start in range(place, max(floor, place - 4) - 1, -1):
        if start < place and not lines[start].strip():
            break
        joined = " ".join(line.strip() for line in lines[start:end])
        if len(joined) > 600 or _PRONOUN.search(joined):
            return None
        if _OPENER.match(lines[start]) and _evident(joined):
            return Separator(start, end)
        shared = _shared(lines[start], joined)
        if shared and not has_address(lines[start][:shared]):
            return Separator(start, end, column=shared)
    joined = " ".join(line.strip() for line in lines[place:end])
    if has_address(joined) and (_NAME_ADDRESS.match(joined) or _DASHED.match(verb.strip())):
        return Separator(_name_above(lines, place, floor), end)
    if _QUOTING.match(verb) and has_address(verb):
        return Separator(place, end)
    if _dashes_around(verb) and _evident(joined):
        return Separator(place, end)
    return None


def _colon(lines: Sequence[str], place: int) -> int | None:
    """Behind the line that ends the attribution with a colon (or dashes), at most two lines below its verb."""
    for end in range(place, min(place + 3, len(lines))):
        tail = lines[end].rstrip(" *_>")
        if tail.endswith((":", "--", "：")) or (end == place and _VERB.search(tail[-14:]) and _ends_with_verb(tail)):
            return end + 1
        if not tail or len(tail) > 300:
            return None
    return None


def _ends_with_verb(tail: str) -> bool:
    return any(found.end() == len(tail[-40:]) for found in _VERB.finditer(tail[-40:]))


def _evident(joined: str) -> bool:
    """An address, or a date with a time or a year: what a person rarely writes before "wrote:"."""
    return has_address(joined) or (has_date(joined) and bool(_TIME.search(joined) or _YEAR.search(joined)))


def _dashes_around(line: str) -> bool:
    stripped = line.strip()
    return stripped.startswith("--") and stripped.endswith("--")


def _shared(line: str, joined: str) -> int:
    """Where an attribution starts behind words of the reply in the same line; 0 when it does not."""
    for pattern in (_SHARED, _SHARED_CJK):
        for found in pattern.finditer(line):
            rest = joined[found.start() :]
            if found.start() > 0 and _evident(rest) and _VERB.search(rest):
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


def _gmail_without_verb(lines: Sequence[str], place: int, floor: int) -> Separator | None:
    """``2014-03-20 8:48 GMT+01:00 Name <address>:``, also wrapped inside the address."""
    for start in (place, place - 1):
        if start < floor or not lines[start].strip():
            continue
        joined = " ".join(line.strip() for line in lines[start : place + 1])
        if len(joined) < 400 and (_BARE_GMAIL.match(joined) or _dated_address(joined)):
            return Separator(start, place + 1)
    return None


def _dated_address(joined: str) -> bool:
    """``Wednesday, 17 November 2021, 3:32 PM +0300 from Name <address>:`` (mail.ru, Yandex)."""
    return (
        joined.rstrip().endswith(">:")
        and (_DATED_START.match(joined) is not None)
        and has_date(joined)
        and _TIME.search(joined) is not None
    )
