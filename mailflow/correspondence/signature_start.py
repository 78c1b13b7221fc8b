"""The line that opens a signature, found from below: each line is asked once, and prose ends the search."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mailflow.correspondence.closing_formulas import says_nothing
from mailflow.correspondence.closings import closing
from mailflow.correspondence.contact_lines import business, content
from mailflow.correspondence.line_traits import (
    ADVERTISING,
    CLOSING,
    COMPANY,
    CONTACT,
    DASH,
    DASHED_NAME,
    DELIMITER,
    DEPARTMENT,
    ENDS,
    FOOTER,
    FULL_NAME,
    HEADING,
    NAME,
    NAMED,
    PARTING,
    ROLE,
    RULE,
    SIGNATORY,
    SPEAKS,
    THANKS,
    traits,
)
from mailflow.correspondence.program_lines import delimiter
from mailflow.correspondence.signature_lines import heading

MAX_LINES = 18  # lines of text behind the line that opens a signature
MAX_DELIMITED = 60  # behind ``-- ``, where the sender's program says that it is one
_BLOCK_LINES = 30  # from the end, within which a closing formula is looked for
_PAUSES = (".", "!", "?", "。", "！", "？")
_STOPS = (".", "!", "?", "。")
_WAYS = CONTACT | ROLE | NAMED


def signature_start(shown: Sequence[str], end: int, names: Collection[str], footers: int) -> int:
    """The earliest line that opens a signature reaching to ``end``; ``end`` when there is none.

    ``names``: the sender's own. ``footers``: how many footers of programs stand below ``end``. Walks upwards and stops
    where nothing above can open a signature any more, so it costs a few lines of an ordinary mail.
    """
    first = 0
    while first < end and not shown[first].strip():
        first += 1
    tail = _Tail(shown, first, end, {_plain(name) for name in names if name} if names else (), footers)
    start, opened, block = end, False, False
    for place in range(end - 1, first, -1):
        line = shown[place]
        if not line or line.isspace():
            tail.gap = True
            continue
        own = traits(line)
        if tail.opened_by(place, own):
            start = place
            opened = opened or not own & FOOTER
        elif own & ENDS and not opened and (not block or own & NAME) and tail.block_below(place, own):
            start, block = place, True  # above a block only a name can still belong to it
        tail.add(place, own)
        if (not tail.ends and (tail.content or not tail.delimited)) or tail.count > MAX_DELIMITED:
            break
    return start


def _plain(name: str) -> str:
    return " ".join(name.lower().split()).strip(" ,.-")


class _Tail:
    """What stands below the line that is looked at: is it all the end of a mail?"""

    def __init__(self, shown: Sequence[str], first: int, end: int, names: Collection[str], footers: int) -> None:
        self.count = footers  # lines of text
        self.last = FOOTER if footers else 0  # traits of the nearest
        self.ends = True  # each could stand in a signature
        self.footers = True  # each is a footer of a program
        self.content = False  # one names a reference or an amount: asked where a delimiter stands above
        self.tells = False  # one is a name, a role, a way to reach somebody
        self.gap = bool(footers)  # blank lines come next
        self.ways = 0
        self.roles = not footers  # each is a role or a company
        self.delimited = "standard" in [delimiter(line) for line in shown[first:end] if "--" in line]
        self._shown, self._first, self._end, self._names = shown, first, end, names
        self._signed: set[int] | None = None

    def add(self, place: int, own: int) -> None:
        """The line joins the tail; one that a closing formula and a name have opened may say more than others."""
        self.count += 1
        self.last = own
        self.gap = False
        if self.ends:
            if not own & ENDS:
                self.ends = not own & SPEAKS and not business(self._shown[place]) and self._is_signed(place)
            self.footers = self.footers and own & FOOTER != 0
            self.ways += own & CONTACT != 0
            self.roles = self.roles and own & ROLE != 0
            self.tells = self.tells or own & _WAYS != 0
        if self.delimited and not self.content:
            line = self._shown[place]
            self.content = business(line) if self._is_signed(place) else content(line)

    def opened_by(self, place: int, own: int) -> bool:
        """Whether a signature begins with the line at ``place``."""
        if own & DELIMITER:
            return self.count > 0 and not self.content
        if not self.ends or self.count > MAX_LINES:
            return False
        if own & RULE:  # one dash alone needs somebody to reach below it
            return 0 < self.count <= 10 and self.tells and not (own & DASH and not self.ways)
        if own & (CLOSING | FOOTER):
            return True
        if own & THANKS:
            return self.count > 0 and self.last & (HEADING | CLOSING | THANKS | DEPARTMENT) != 0
        return self._signs(place, own) or self._parts(place, own)

    def _signs(self, place: int, own: int) -> bool:
        """The sender's name, or anybody's as the last paragraph; with a firm as the last line below a sentence."""
        line = self._shown[place].strip()
        if self._names and len(line) > 1 and _plain(line.lstrip("-—~ ")) in self._names:
            return True
        if not own & (NAMED | SIGNATORY | DASHED_NAME):
            return False
        before = self._before(place)
        if own & DASHED_NAME and not line.startswith("--"):  # "//Karin" may have her block below
            alone = self.footers or line[0] == "/"
            return alone and before[:1] not in ("-", "*", "•") and before[-1:] != ":"  # no item of a list
        if not self.footers:
            return False
        if self._shown[place - 1].strip():
            return not line.isascii() and " " in line and before.endswith("。")
        if own & FULL_NAME:
            return before.endswith(_STOPS)
        return own & SIGNATORY != 0 and (_sentence(before) or (len(before) > 5 and not before.isascii()))

    def _parts(self, place: int, own: int) -> bool:
        """A parting above a name, words that say nothing above somebody's block, a firm's advertising."""
        above = self._shown[place - 1].strip()
        if own & PARTING and self.count and not self.gap and self.last & NAMED:
            return not above or above.endswith(_STOPS)
        if above:
            return False
        if own & ADVERTISING:
            return True
        if not self.tells or not self.last & HEADING or not says_nothing(self._shown[place]):
            return False
        return any(_sentence(self._shown[at]) for at in range(place))

    def block_below(self, place: int, own: int) -> bool:
        """Whether ``place`` begins a last paragraph that holds ways to reach somebody and nothing else."""
        if not self.ends or not 1 <= self.count < MAX_LINES or self._shown[place - 1].strip():
            return False
        ways = self.ways + (own & CONTACT != 0)
        if not ways and self.roles and own & FULL_NAME:
            return True  # a name, and below it only what somebody is and where
        return ways > 0 and (ways * 2 >= self.count + 1 or own & (NAMED | ROLE | COMPANY) != 0)

    def _before(self, place: int) -> str:
        """The nearest line of text above."""
        return next((self._shown[at].strip() for at in range(place - 1, -1, -1) if self._shown[at].strip()), "")

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


def _sentence(line: str) -> bool:
    """More than a greeting."""
    stripped = line.strip()
    return len(stripped) > 12 and (stripped.endswith(_PAUSES) or len(stripped.split()) > 4 or not stripped.isascii())
