"""Where a signature starts in the lines that are left when the quotes are gone.

Prefers keeping too much: nothing is taken unless everything behind it looks like an end, and never the whole text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.correspondence import closing_formulas, company_lines
from mailflow.correspondence import signature_lines as kinds
from mailflow.correspondence.lines import Line, all_folded, folded

MAX_LINES = 18  # lines of text behind the line that opens a signature
MAX_DELIMITED = 60  # behind ``-- ``, where the sender's program says that it is one
_BLOCK_LINES = 30  # from the end, within which a closing formula is looked for
_BANNER_LINES = 4
_DISCLAIMER_LINES = 60


@dataclass(frozen=True, slots=True)
class Stripped:
    """``rest`` holds texts of lines: the first may be shortened by a banner that shared it."""

    kept: list[str]
    removed: list[str]


def strip(lines: Sequence[Line], names: Sequence[str] = (), shown: list[str] | None = None) -> Stripped:
    """``names`` are the sender's own: a line that is one of them opens the signature. ``shown``: the lines folded,
    where the caller has them."""
    texts = [line.text for line in lines]
    removed: list[tuple[int, str]] = []
    marked = [place for place, line in enumerate(lines) if line.signature]
    if marked and any(not line.signature and not line.blank for line in lines):
        removed += [(place, texts[place]) for place in marked]
        for place in marked:
            texts[place] = ""
        shown = None
    if shown is None:
        shown = all_folded(texts)
    _banner(texts, shown, removed)
    end = _end(shown)
    end = _disclaimer_start(shown, end)
    start = _signature_start(shown, end, {_plain(name) for name in names if name})
    if all(not text.strip() for text in texts[:start]):
        start = end if any(text.strip() for text in texts[:end]) else len(texts)
    removed += [(place, texts[place]) for place in range(start, len(texts))]
    kept = texts[:start]
    kept, footers = _footers(kept, shown)
    removed += footers
    return Stripped(kept, [text for _, text in sorted(removed) if text.strip()])


def _plain(name: str) -> str:
    return " ".join(name.lower().split()).strip(" ,.-")


def _end(shown: Sequence[str]) -> int:
    end = len(shown)
    while end and not shown[end - 1].strip():
        end -= 1
    return end


def _banner(texts: list[str], shown: list[str], removed: list[tuple[int, str]]) -> None:
    seen = 0
    for place, line in enumerate(shown):
        if not line.strip():
            continue
        rest = kinds.banner_rest(line.strip())
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
    if not kinds.may_hold_disclaimer("\n".join(shown[low:end])):
        return end
    for place in range(low, end):
        if not kinds.disclaimer(shown[place]):
            continue
        if any(
            kinds.content(line) for line in shown[place + 1 : end] if not kinds.disclaimer(line) and len(line) < 120
        ):
            continue  # somebody wrote on below it
        while place > 0 and _frame(shown[place - 1]):
            place -= 1
        return _trimmed(shown, place)
    return end


def _frame(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) > 3 and not stripped.strip("#*/=-_~ ")


def _trimmed(shown: Sequence[str], end: int) -> int:
    while end and not shown[end - 1].strip():
        end -= 1
    return end


def _signature_start(shown: Sequence[str], end: int, names: set[str]) -> int:
    """The earliest line that opens a signature reaching to ``end``; ``end`` when there is none.

    Walks upwards and stops where nothing above can open one any more, so it costs a few lines of an ordinary mail.
    """
    first = next((place for place in range(end) if shown[place].strip()), end)
    tail = _Tail()
    signed = _signed_blocks(shown, max(first, end - _BLOCK_LINES), end)
    start, opened, block = end, False, False
    for place in range(end - 1, first, -1):
        line = shown[place]
        if not line.strip():
            tail.gap = True
            continue
        if _opens(shown, place, tail, names):
            start = place
            opened = opened or not kinds.mobile_footer(line)
        elif not opened and tail.block_above(shown, place) and (not block or kinds.name_like(line)):
            start, block = place, True  # above a block only a name can still belong to it
        tail.add(line, signed=place in signed)
        if (tail.content and not tail.ends) or len(tail.lines) > MAX_DELIMITED:
            break
    return start


def _signed_blocks(shown: Sequence[str], low: int, end: int) -> set[int]:
    """Lines of paragraphs that a name opens behind a closing formula: what stands in one is somebody's whereabouts,
    in whatever country's manner, unless it speaks or names an item."""
    signed: set[int] = set()
    place = low
    while place < end:
        closes = kinds.closing(shown[place]) or kinds.delimiter(shown[place]) == "standard"
        place += 1
        if not closes:
            continue
        while place < end:
            while place < end and not shown[place].strip():
                place += 1
            if place >= end or not kinds.heading(shown[place]):
                break
            while place < end and shown[place].strip():
                signed.add(place)
                place += 1
    return signed


class _Tail:
    """What stands below the line that is looked at: is it all the end of a mail?"""

    def __init__(self) -> None:
        self.lines: list[str] = []  # from the last one upwards
        self.ends = True  # each could stand in a signature
        self.content = False  # one names a reference or an amount
        self.tells = False  # one is a name, a role, a way to reach somebody
        self.gap = False
        self.ways = 0
        self.roles = True  # each is a role or a company

    def add(self, line: str, *, signed: bool = False) -> None:
        """``signed``: the line stands in a block that a closing formula and a name have opened."""
        self.lines.append(line)
        self.gap = False
        self.content = self.content or (kinds.business(line) if signed else kinds.content(line))
        if self.ends:
            self.ends = _ends(line) or (signed and not kinds.business(line) and not kinds.speaks(line))
            self.ways += kinds.contact(line)
            self.roles = self.roles and kinds.role(line)
            self.tells = self.tells or kinds.named(line) or kinds.contact(line) or kinds.role(line)

    def block_above(self, shown: Sequence[str], place: int) -> bool:
        """Whether ``place`` begins a last paragraph that holds ways to reach somebody and nothing else."""
        if shown[place - 1].strip() or not self.ends or not 1 <= len(self.lines) < MAX_LINES or not _ends(shown[place]):
            return False
        ways = self.ways + kinds.contact(shown[place])
        if not ways and self.roles and _full_name(shown[place]):
            return True  # a name, and below it only what somebody is and where
        named = kinds.named(shown[place]) or kinds.role(shown[place]) or company_lines.footer(shown[place])
        return ways > 0 and (named or ways * 2 >= len(self.lines) + 1)


def _full_name(line: str) -> bool:
    """A first and a last name, or a Chinese name: one word alone could be anything."""
    return kinds.name_like(line) and (len(line.split()) >= 2 or not line.isascii())


def _opens(shown: Sequence[str], place: int, tail: _Tail, names: set[str]) -> bool:
    line = shown[place]
    below = len(tail.lines)
    mark = kinds.delimiter(line)
    if mark == "standard":
        return below > 0 and not tail.content
    if not tail.ends or below > MAX_LINES:
        return False
    if mark == "rule" and len(line.strip()) == 1 and not tail.ways:
        return False  # one dash alone, with nobody to reach below it
    if mark == "rule":
        return 0 < below <= 10 and tail.tells
    how = kinds.closing(line)
    if how in ("strong", "named thanks"):
        return True
    if how == "weak":
        return below > 0 and (
            kinds.heading(tail.lines[-1]) or kinds.closing(tail.lines[-1]) != "" or _department(tail.lines[-1])
        )
    if kinds.mobile_footer(line):
        return True
    if len(line.strip()) > 1 and _plain(line.lstrip("-—~ ")) in names:
        return True
    if below and not tail.gap and kinds.named(tail.lines[-1]) and _parts(shown, place):
        return True
    if below and tail.tells and kinds.heading(tail.lines[-1]) and _unknown_formula(shown, place):
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
    return len(stripped) > 12 and (
        stripped.endswith((".", "!", "?", "。", "！", "？")) or len(stripped.split()) > 4 or not stripped.isascii()
    )


def _parts(shown: Sequence[str], place: int) -> bool:
    """``Ta,`` or ``Talk soon`` as the first line of a paragraph, or behind a sentence that has ended."""
    above = shown[place - 1].strip()
    return (not above or above.endswith((".", "!", "?", "。"))) and closing_formulas.parting(shown[place])


def _ends(line: str) -> bool:
    return (
        kinds.signature_like(line)
        or kinds.mobile_footer(line)
        or kinds.delimiter(line) != ""
        or kinds.closing(line) != ""
        or closing_formulas.parting(line)
    )


def _department(line: str) -> bool:
    """财务部 小周: few ideographs, some of which are a role."""
    stripped = line.strip()
    return not stripped.isascii() and len(stripped) <= 14 and kinds.role(stripped) and kinds.signature_like(stripped)


def _name_alone(shown: Sequence[str], place: int, tail: _Tail) -> bool:
    """A full name as the last paragraph, behind a sentence that has ended."""
    if any(not kinds.mobile_footer(one) for one in tail.lines) or not _full_name(shown[place]):
        return False
    if shown[place - 1].strip():
        return False
    before = next((shown[at].strip() for at in range(place - 1, -1, -1) if shown[at].strip()), "")
    return before.endswith((".", "!", "?", "。"))


def _dashed_name(shown: Sequence[str], place: int, tail: _Tail) -> bool:
    """``-roman`` or ``- Roman`` as the last line of text; never an item of a list."""
    line = shown[place].strip()
    if (
        line[:1] not in ("-", "~", "/", "—")
        or line.startswith("--")
        or not kinds.name_like(line.lstrip("/").rstrip("."))
    ):
        return False
    before = next((shown[at].strip() for at in range(place - 1, -1, -1) if shown[at].strip()), "")
    if before.startswith(("-", "*", "•")) or before.endswith(":") or len(line.split()) > 4:
        return False
    if line[0] == "/":
        return tail.ends  # "//Karin", with her block below
    return all(kinds.mobile_footer(one) for one in tail.lines)


def _footers(kept: list[str], shown: Sequence[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Mobile footers that stand alone between blank lines or at the end, with text of the reply behind them."""
    removed: list[tuple[int, str]] = []
    first = next((place for place, text in enumerate(kept) if text.strip()), len(kept))
    for place in range(first + 1, len(kept)):
        if not kinds.mobile_footer(shown[place]):
            continue
        alone = not kept[place - 1].strip() and (place + 1 >= len(kept) or not kept[place + 1].strip())
        if alone:
            removed.append((place, kept[place]))
            kept[place] = ""
    return kept, removed
