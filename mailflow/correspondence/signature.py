"""Where a signature starts in the lines that are left when the quotes are gone.

Prefers keeping too much: nothing is taken unless everything behind it looks like an end, and never the whole text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mailflow.correspondence import closing_formulas, company_lines
from mailflow.correspondence.closings import closing
from mailflow.correspondence.contact_lines import business, contact, content, role
from mailflow.correspondence.disclaimers import disclaimer, may_hold_disclaimer
from mailflow.correspondence.lines import folded
from mailflow.correspondence.name_lines import full_name, name_like, named, signs_alone
from mailflow.correspondence.program_lines import banner_rest, delimiter, mobile_footer
from mailflow.correspondence.signature_lines import department, heading, signature_like
from mailflow.correspondence.spoken_lines import speaks

MAX_LINES = 18  # lines of text behind the line that opens a signature
MAX_DELIMITED = 60  # behind ``-- ``, where the sender's program says that it is one
_BLOCK_LINES = 30  # from the end, within which a closing formula is looked for
_BANNER_LINES = 4
_DISCLAIMER_LINES = 60
_PAUSES = (".", "!", "?", "。", "！", "？")


def strip(
    texts: list[str], shown: list[str], names: Sequence[str] = (), signed: Collection[int] = ()
) -> tuple[list[str], list[str]]:
    """The lines without a signature, and what was taken off them.

    ``shown``: the lines folded. ``names`` are the sender's own: a line that is one of them opens the signature.
    ``signed``: lines that the sender's program set as a signature. Changes both lists.
    """
    removed: list[tuple[int, str]] = []
    if signed and any(place not in signed and text.strip() for place, text in enumerate(texts)):
        for place in signed:
            removed.append((place, texts[place]))
            texts[place] = shown[place] = ""
    _banner(texts, shown, removed)
    end, footers = _without_footers(shown, _disclaimer_start(shown, _trimmed(shown, len(shown))))
    start = _signature_start(shown, end, {_plain(name) for name in names if name}, footers)
    if start < len(texts):
        if not any(text.strip() for text in texts[:start]):
            start = end if any(text.strip() for text in texts[:end]) else len(texts)
        removed += enumerate(texts[start:], start)
    kept = texts[:start]
    _footers(kept, shown, removed)
    if removed:
        removed.sort()
    return kept, [text for _, text in removed if text.strip()]


def _plain(name: str) -> str:
    return " ".join(name.lower().split()).strip(" ,.-")


def _trimmed(shown: Sequence[str], end: int) -> int:
    while end and not shown[end - 1].strip():
        end -= 1
    return end


def _banner(texts: list[str], shown: list[str], removed: list[tuple[int, str]]) -> None:
    seen = 0
    for place, line in enumerate(shown):
        stripped = line.strip()
        if not stripped:
            continue
        rest = banner_rest(stripped)
        if rest is None:
            break
        removed.append((place, texts[place][: len(texts[place]) - len(rest)] if rest else texts[place]))
        texts[place] = texts[place].rstrip()[-len(rest) :] if rest else ""
        shown[place] = folded(texts[place])
        seen += 1
        if rest or seen >= _BANNER_LINES:
            break


def _disclaimer_start(shown: Sequence[str], end: int) -> int:
    """The first line of legal text that goes on to the end."""
    low = max(0, end - _DISCLAIMER_LINES)
    if not may_hold_disclaimer("\n".join(shown[low:end])):
        return end
    for place in range(low, end):
        if not disclaimer(shown[place]):
            continue
        if any(content(line) for line in shown[place + 1 : end] if len(line) < 120 and not disclaimer(line)):
            continue  # somebody wrote on below it
        while place > 0 and _frame(shown[place - 1]):
            place -= 1
        return _trimmed(shown, place)
    return end


def _without_footers(shown: Sequence[str], end: int) -> tuple[int, list[str]]:
    """Where the last lines are footers of phones and programs, they are taken off, unless nothing stands above."""
    footers: list[str] = []
    while end > 1 and mobile_footer(shown[end - 1]) and (above := _trimmed(shown, end - 1)):
        footers.append(shown[end - 1])
        end = above
    return end, footers


def _frame(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) > 3 and not stripped.strip("#*/=-_~ ")


def _signature_start(shown: Sequence[str], end: int, names: Collection[str], footers: list[str]) -> int:
    """The earliest line that opens a signature reaching to ``end``; ``end`` when there is none.

    Walks upwards and stops where nothing above can open one any more, so it costs a few lines of an ordinary mail.
    """
    first = next((place for place in range(end) if shown[place].strip()), end)
    tail = _Tail(shown, first, end, footers)
    start, opened, block = end, False, False
    for place in range(end - 1, first, -1):
        line = shown[place]
        if not line.strip():
            tail.gap = True
            continue
        if _opens(shown, place, tail, names):
            start = place
            opened = opened or not mobile_footer(line)
        elif not opened and tail.block_above(place) and (not block or name_like(line)):
            start, block = place, True  # above a block only a name can still belong to it
        tail.add(place)
        if (not tail.ends and (tail.content or not tail.delimited)) or len(tail.lines) > MAX_DELIMITED:
            break
    return start


class _Tail:
    """What stands below the line that is looked at: is it all the end of a mail?"""

    def __init__(self, shown: Sequence[str], first: int, end: int, footers: list[str]) -> None:
        self.lines = footers  # from the last one upwards
        self.ends = True  # each could stand in a signature
        self.content = False  # one names a reference or an amount
        self.tells = False  # one is a name, a role, a way to reach somebody
        self.gap = bool(footers)
        self.ways = 0
        self.roles = not footers  # each is a role or a company
        self.delimited = "standard" in [delimiter(line) for line in shown[first:end] if "--" in line]
        self._shown, self._first, self._end = shown, first, end
        self._signed: set[int] | None = None

    def add(self, place: int) -> None:
        line = self._shown[place]
        self.lines.append(line)
        self.gap = False
        if self.ends:
            reaches, is_role = contact(line), role(line)
            if not _ends(line):
                self.ends = not business(line) and not speaks(line) and self._is_signed(place)
            self.ways += reaches
            self.roles = self.roles and is_role
            self.tells = self.tells or reaches or is_role or named(line)
        if not self.content and (content(line) or business(line)):
            self.content = business(line) if self._is_signed(place) else content(line)

    def block_above(self, place: int) -> bool:
        """Whether ``place`` begins a last paragraph that holds ways to reach somebody and nothing else."""
        line = self._shown[place]
        if self._shown[place - 1].strip() or not self.ends or not 1 <= len(self.lines) < MAX_LINES or not _ends(line):
            return False
        ways = self.ways + contact(line)
        if not ways and self.roles and full_name(line):
            return True  # a name, and below it only what somebody is and where
        return ways > 0 and (ways * 2 >= len(self.lines) + 1 or named(line) or role(line) or company_lines.footer(line))

    def _is_signed(self, place: int) -> bool:
        if self._signed is None:
            self._signed = _signed_blocks(self._shown, max(self._first, self._end - _BLOCK_LINES), self._end)
        return place in self._signed


def _signed_blocks(shown: Sequence[str], low: int, end: int) -> set[int]:
    """Lines of paragraphs that a name opens behind a closing formula: what stands in one is somebody's whereabouts,
    in whatever country's manner, unless it speaks or names an item."""
    signed: set[int] = set()
    place = low
    while place < end:
        closes = closing(shown[place]) or delimiter(shown[place]) == "standard"
        place += 1
        if not closes:
            continue
        while place < end:
            while place < end and not shown[place].strip():
                place += 1
            if place >= end or not heading(shown[place]):
                break
            while place < end and shown[place].strip():
                signed.add(place)
                place += 1
    return signed


def _opens(shown: Sequence[str], place: int, tail: _Tail, names: Collection[str]) -> bool:
    line = shown[place]
    below = len(tail.lines)
    mark = delimiter(line)
    if mark == "standard":
        return below > 0 and not tail.content
    if not tail.ends or below > MAX_LINES:
        return False
    if mark == "rule" and len(line.strip()) == 1 and not tail.ways:
        return False  # one dash alone, with nobody to reach below it
    if mark == "rule":
        return 0 < below <= 10 and tail.tells
    how = closing(line)
    if how in ("strong", "named thanks"):
        return True
    if how == "weak":
        return below > 0 and (heading(tail.lines[-1]) or closing(tail.lines[-1]) != "" or department(tail.lines[-1]))
    if mobile_footer(line):
        return True
    if names and len(line.strip()) > 1 and _plain(line.lstrip("-—~ ")) in names:
        return True
    if below and not tail.gap and named(tail.lines[-1]) and _parts(shown, place):
        return True
    if below and tail.tells and heading(tail.lines[-1]) and _unknown_formula(shown, place):
        return True
    if company_lines.advertising(line) and not shown[place - 1].strip():
        return True
    return _dashed_name(shown, place, tail) or _name_alone(shown, place, tail)


def _unknown_formula(shown: Sequence[str], place: int) -> bool:
    """A line that says nothing of business, a paragraph of its own below a text that has ended."""
    if shown[place - 1].strip() or not closing_formulas.says_nothing(shown[place]):
        return False
    return any(_sentence(shown[at]) for at in range(place))


def _sentence(line: str) -> bool:
    """More than a greeting."""
    stripped = line.strip()
    return len(stripped) > 12 and (stripped.endswith(_PAUSES) or len(stripped.split()) > 4 or not stripped.isascii())


def _parts(shown: Sequence[str], place: int) -> bool:
    """``Ta,`` or ``Talk soon`` as the first line of a paragraph, or behind a sentence that has ended."""
    above = shown[place - 1].strip()
    return (not above or above.endswith((".", "!", "?", "。"))) and closing_formulas.parting(shown[place])


def _ends(line: str) -> bool:
    return (
        signature_like(line)
        or mobile_footer(line)
        or delimiter(line) != ""
        or closing(line) != ""
        or closing_formulas.parting(line)
    )


def _name_alone(shown: Sequence[str], place: int, tail: _Tail) -> bool:
    """Somebody's name as the last paragraph, below a text; or with his firm as the last line, below a sentence."""
    line = shown[place]
    if any(not mobile_footer(one) for one in tail.lines):
        return False
    if shown[place - 1].strip():
        return not line.isascii() and " " in line.strip() and named(line) and shown[place - 1].rstrip().endswith("。")
    if full_name(line):
        return _before(shown, place).endswith((".", "!", "?", "。"))
    before = _before(shown, place)
    return signs_alone(line) and (_sentence(before) or (len(before) > 5 and not before.isascii()))


def _dashed_name(shown: Sequence[str], place: int, tail: _Tail) -> bool:
    """``-roman`` or ``- Roman`` as the last line of text; never an item of a list."""
    line = shown[place].strip()
    if line[0] not in "-~/—" or line.startswith("--") or not name_like(line.lstrip("/").rstrip(".")):
        return False
    before = _before(shown, place)
    if before.startswith(("-", "*", "•")) or before.endswith(":") or len(line.split()) > 4:
        return False
    if line[0] == "/":
        return tail.ends  # "//Karin", with her block below
    return all(mobile_footer(one) for one in tail.lines)


def _before(shown: Sequence[str], place: int) -> str:
    """The nearest line of text above."""
    return next((shown[at].strip() for at in range(place - 1, -1, -1) if shown[at].strip()), "")


def _footers(kept: list[str], shown: Sequence[str], removed: list[tuple[int, str]]) -> None:
    """Mobile footers that stand alone between blank lines or at the end, with text of the reply behind them."""
    above = True  # whether nothing stands in the line above; the first line of text is none
    started = False
    for place, text in enumerate(kept):
        blank = not text or text.isspace()
        if not blank and started and above and mobile_footer(shown[place]):
            if place + 1 >= len(kept) or not kept[place + 1].strip():
                removed.append((place, text))
                kept[place] = ""
        started = started or not blank
        above = blank
