"""Where the quoted mail begins in text: named separators, header blocks and attributions of the mail programs.

Lines are folded (:func:`mailflow.correspondence.lines.folded`) and cut at a few hundred characters; every pattern is
linear: bounded repetitions, no neighbours that match the same characters, cheap fixed words looked for first.
"""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re
from collections.abc import Sequence

from mailflow.correspondence import header_labels
from mailflow.correspondence.attributions import Separator, attribution, says_who_wrote
from mailflow.correspondence.lines import Mark

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
_NAMED = re.compile(rf"(?:{_WHICH})[^\d]{{0,40}}?(?:{_WHAT})|(?:{_WHAT})[^\d]{{0,30}}?(?:{_WHICH})")  # in lower case
_USUAL_NAMES = frozenset("originalmessage forwardedmessage".split())
_DASHED = re.compile(r"[\s>*|#]{0,12}[-_=~*+]{2,200}\s{0,10}([^-_=~*\s][^_=~*]{0,70}?)\s{0,10}[-_=~*+]{2,200}\s{0,10}$")
_DASHES = frozenset("-_=~+")
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
_FORWARD_BEGINS = frozenset(opener[:4] for opener in _FORWARD_OPENERS)
_FORWARD_WORDS = re.compile(
    r"forward|weitergeleit|transf|réexp|reenv|encamin|reencamin|inoltr|doorgest|videresend|vidarebef|välitetty|пересыл|пересл"
    r"|przekaz|转发|轉寄|轉發|転送|전달"
)
# companies' own mail programs put their name before the dashes: 来自钉钉专属商务邮箱-----------
_FOOTER_THEN_DASHES = re.compile(r"\s{0,10}(?:来自|发自|來自|sent from|from) ?\S{2,30}?-{8,300}\s{0,10}")

MAX_TRIES = 1_500  # lines of one body that look like the start of a quote and are none; after that, text is text
_QUOTED = int(Mark.QUOTED)


def named(line: str) -> tuple[bool, bool] | None:
    """(True, whether it announces a forward) for a separator line that says what it separates."""
    stripped = line.strip()
    if len(stripped) < 4 or len(stripped) > 300:
        return None
    if stripped[:4].lower() in _FORWARD_BEGINS and stripped.lower().startswith(_FORWARD_OPENERS):
        return True, True
    if stripped.lstrip("> *|#")[:1] in _DASHES:
        found = _DASHED.match(stripped)
        if found is not None:
            words = found[1].strip(" -:").lower()
            name = words.replace(" ", "")
            if name in _USUAL_NAMES or name in _BARE_NAMES or _NAMED.search(words):
                return True, _FORWARD_WORDS.search(words) is not None
            if stripped.endswith("--") and stripped.startswith("--") and says_who_wrote(words):
                return True, False  # ---- John Smith wrote ----
    if "----" in stripped and _FOOTER_THEN_DASHES.fullmatch(stripped):
        return True, False
    return None


def bare_name(line: str) -> bool:
    """A line that only says ``Original`` or 原始邮件; counts only before a header block (new QQ web)."""
    return line.strip(" -*_|>:").lower().replace(" ", "") in _BARE_NAMES


class Finder:
    """Separators of one body. ``lines`` are folded.

    ``tries`` counts down the lines that only looked like a start; at 0 none is looked for any more.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.tries = MAX_TRIES

    def candidates(self, marks: bytes) -> list[int]:
        """The lines, in order, at which :meth:`at` could find something; none that is marked as quoted."""
        return [
            place
            for place, line in enumerate(self._lines)
            if not (marks and marks[place] == _QUOTED)
            and (
                ":" in line
                or "@" in line
                or "--" in line
                or "|" in line
                or "__" in line
                or "==" in line
                or "~~" in line
                or "**" in line
            )
        ]

    def at(self, place: int, floor: int) -> Separator | None:
        """The separator that begins or ends at ``lines[place]``; nothing before ``floor`` is used."""
        line = self._lines[place]
        said = named(line)
        if said is not None:
            return Separator(place, place + 1, named=True, forward=said[1])
        if self.tries and header_labels.label(line) is not None:
            self.tries -= 1
            end = header_labels.block_end(self._lines, place)
            if end is not None:
                return Separator(place, end, named=True)
        if not self.tries:
            return None
        found = attribution(self._lines, place, floor)
        if found is None and says_who_wrote(line):
            self.tries -= 1
        return found
