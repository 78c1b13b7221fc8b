"""A received document beside what we make of it: one page with a mark on every line that was read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from mailflow.bootstrap import House
from mailflow.steps.ports.documents import KeptDocument
from mailflow.steps.ports.parsing import ShownPage
from mailflow.steps.show_comparison import Comparison, Row
from parsers.documents import Line

PIXELS = {1: 1000, 2: 1600, 3: 2400}  # wide, by the step of magnification
_ROOM = 1.5  # points around a line's print


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the document. ``state`` is ``linked``, ``suggested``, ``differs``, ``alone`` or ``plain`` (compared
    with nothing); ``box`` is (x, y, width, height) in points on a pictured page, ``row`` the place in shown rows."""

    line: Line
    state: str
    ours: list[Row]
    kind: str
    box: tuple[float, float, float, float] | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentView:
    kept: KeptDocument
    number: int
    zoom: int
    shown: ShownPage
    marks: list[Mark]
    first: int
    base: str

    @property
    def picture(self) -> str:
        """Where the picture is."""
        return f"/document/{self.kept.no}/page/{self.number}.png?{urlencode({'zoom': self.zoom})}"

    def link(self, *, number: int | None = None, zoom: int | None = None, first: int | None = None) -> str:
        """The same view, turned to another page, magnification or row."""
        asked = {
            "document": self.kept.no, "page": number or self.number, "zoom": zoom or self.zoom,
            "row": first or (self.first if number is None else 1),
        }  # fmt: skip
        return f"{self.base}?{urlencode(asked)}#document"

    @property
    def of_row(self) -> Mapping[int, Mark]:
        """Shown row (from 0) -> its mark."""
        return {mark.row: mark for mark in self.marks if mark.row is not None}

    @property
    def next_row(self) -> int | None:
        after = self.shown.first + len(self.shown.rows)
        return after if self.shown.rows and after <= self.shown.total else None

    @property
    def row_before(self) -> int | None:
        return max(1, self.shown.first - max(1, len(self.shown.rows))) if self.shown.first > 1 else None


def document_view(
    house: House, kept: KeptDocument, compared: Comparison | None, asked: Mapping[str, str], base: str
) -> DocumentView:
    """``asked`` is what the address says (``page``, ``zoom``, ``row``); ``base`` the address of the page around it."""
    lines = kept.document.lines
    number = _number(asked.get("page"), lines[0].page if lines else 1, 10_000)
    zoom = _number(asked.get("zoom"), 1, max(PIXELS))
    first = _number(asked.get("row"), 1, 10_000_000)
    shown = house.document_pages.shown(
        kept.sha256, kept.name, kept.document.member, number, pixels=PIXELS[zoom], first=first
    )
    of_line = {} if compared is None else {int(row.key): row for row in compared.theirs}
    marks = [_mark(line, of_line.get(line.no), compared, shown) for line in lines if line.page == number]
    return DocumentView(kept, number, zoom, shown, marks, first, base)


def base_of_case(case_id: str) -> str:
    return f"/case/{quote(case_id)}"


def _mark(line: Line, row: Row | None, compared: Comparison | None, shown: ShownPage) -> Mark:
    state, ours, kind = "plain", list[Row](), ""
    if row is not None and compared is not None:
        difference = compared.difference_of(row)
        kind = "" if difference is None else difference.kind
        if row.link is not None:
            link = compared.links[row.link]
            ours = link.ours
            state = "suggested" if not link.sure else "differs" if kind else "linked"
        else:
            state = "alone" if kind else "plain"
    box = place = None
    if shown.picture and line.box is not None:
        x0, top, x1, bottom = line.box
        if x1 <= shown.width + 1 and bottom <= shown.height + 1:  # else it was read turned
            box = (x0 - _ROOM, top - _ROOM, x1 - x0 + 2 * _ROOM, bottom - top + 2 * _ROOM)
    elif line.row is not None and 0 <= line.row - shown.first < len(shown.rows):
        place = line.row - shown.first
    elif line.box is not None and shown.tops:
        place = next((at for at, top in enumerate(shown.tops) if abs(top - line.box[1]) < 1), None)
    return Mark(line, state, ours, kind, box, place)


def _number(text: str | None, otherwise: int, most: int) -> int:
    fine = text is not None and text.isascii() and text.isdigit() and len(text) < 9
    return min(max(1, int(text)), most) if fine and text is not None else otherwise
