"""Which lines of a body are quoted: one pass over the lines that could separate, each with a bounded look around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mailflow.correspondence import separators
from mailflow.correspondence.attributions import Separator
from mailflow.correspondence.lines import Body, Mark, all_folded, folded

_ONLY_QUOTED = bytes(code == Mark.QUOTED for code in range(256))
_INDENTED, _QUOTED = bytes([Mark.INDENTED]), bytes([Mark.QUOTED])
_WRAP_FROM = 72  # mail programs wrap at 72 to 78 characters; a shorter line had room for the next word


@dataclass(slots=True)
class Cut:
    """``quoted`` holds 1 for each quoted line, 0 for each that this sender wrote."""

    body: Body
    shown: list[str]  # the lines, folded
    quoted: bytearray
    shared: dict[int, int] = field(default_factory=dict)  # line of the reply -> column where its quote begins
    forwarded: bool = False
    certain: bool = True  # False: cut at an attribution, without quote marks behind it
    separated: bool = False
    given_up: bool = False  # too many lines looked like the start of a quote

    def reply(self) -> tuple[list[str], list[str], Sequence[int]]:
        """The lines of the reply, the same folded, and their places. Where a line is shared with a quote, its part."""
        first = self.quoted.find(1)
        if not self.shared and (first < 0 or self.quoted.find(0, first) < 0):
            first = len(self.quoted) if first < 0 else first
            return self.body.texts[:first], self.shown[:first], range(first)
        places = [place for place, quoted in enumerate(self.quoted) if not quoted]
        if self.shared:
            texts = [self._own_text(place) for place in places]
            return texts, [folded(text) for text in texts], places
        return [self.body.texts[place] for place in places], [self.shown[place] for place in places], places

    def _own_text(self, place: int) -> str:
        text = self.body.texts[place]
        return text[: self.shared[place]].rstrip(" -") if place in self.shared else text

    def quoted_text(self, place: int) -> str:
        return self.body.texts[place][self.shared.get(place, 0) :]

    def marked(self, place: int) -> bool:
        """Whether the mark-up itself says that the line is quoted or indented."""
        return bool(self.body.marks) and self.body.marks[place] != Mark.NONE


def cut(body: Body) -> Cut:
    """Find what is quoted. Costs little where no line could separate anything."""
    shown = all_folded(body.texts)  # with nothing to fold the texts themselves: neither is changed here
    count = len(shown)
    marks = _indents_behind_quotes(body)
    found = Cut(body, shown, bytearray(marks.translate(_ONLY_QUOTED)) if marks else bytearray(count))
    finder = separators.Finder(shown)
    begin = 0  # of what is still to be looked at
    seen = floor = 0  # nothing before the last quoted line belongs to a separator
    end = _break(body, marks, begin)
    for place in finder.candidates(marks):
        if place < begin or (marks and marks[place] == Mark.QUOTED):
            continue
        if place >= end:
            break
        if marks:
            floor = max(floor, marks.rfind(_QUOTED, seen, place) + 1)
            seen = place
        separator = finder.at(place, floor)
        if separator is None:
            continue
        start = separator.start
        if separator.column:
            found.shared[start] = separator.column
            start += 1
        else:
            start = _with_what_belongs(shown, start, floor)
        found.forwarded = found.forwarded or (separator.forward and not found.separated)
        begin = separator.end
        while begin < count and not body.texts[begin].strip():
            begin += 1
        if begin < count and not (marks and (marks[begin] or _introduces_marks(body, separator, begin))):
            found.certain = separator.named
            begin = count
        found.quoted[start:begin] = b"\1" * (begin - start)
        if begin >= count:
            found.separated = True
            break
        if marks and not found.separated:  # from here on indented lines are quotes
            marks = marks[:begin] + marks[begin:].replace(_INDENTED, _QUOTED)
            found.quoted[begin:] = marks[begin:].translate(_ONLY_QUOTED)
        found.separated = True
        seen = floor = begin
        end = _break(body, marks, begin)
    if begin <= end < count:
        if marks:
            floor = max(floor, marks.rfind(_QUOTED, seen, end) + 1)
        start = _with_what_belongs(shown, end, floor)
        found.quoted[start:] = b"\1" * (count - start)
        found.separated = True
    found.given_up = finder.tries <= 0
    if marks:
        _quote_wrapped(found)
    return found


def _indents_behind_quotes(body: Body) -> bytes:
    """The marks; behind the first line of text that is a quote, indented lines are quotes as well."""
    marks = body.marks
    if _INDENTED in marks and _QUOTED in marks:
        for place, mark in enumerate(marks):
            if mark == Mark.QUOTED and body.texts[place].strip():
                return marks[:place] + marks[place:].replace(_INDENTED, _QUOTED)
    return marks


def _break(body: Body, marks: bytes, begin: int) -> int:
    """The first line from ``begin`` on behind which all is quoted; the number of lines when there is none."""
    for place in body.breaks:
        if place >= begin and not (marks and marks[place] == Mark.QUOTED):
            return place
    return len(body.texts)


def _introduces_marks(body: Body, separator: Separator, following: int) -> bool:
    """An attribution whose wrapped rest stands before the marked lines: the marks say what is quoted."""
    text = body.texts[following]
    if separator.named or len(text) > 100 or not text.rstrip().endswith(":"):
        return False
    return body.marks[following + 1 : following + 2] == _QUOTED


def _with_what_belongs(shown: Sequence[str], start: int, floor: int) -> int:
    """Where the separator at ``start`` begins with what stands right above it and belongs to it: blank lines, rules, a
    bare "Original"."""
    while start > floor:
        text = shown[start - 1].strip(" *>|")
        rule = len(text) >= 3 and text[0] in "-_=*~" and not text.strip("-_=*~")
        if text and not rule and not separators.bare_name(text):
            break
        start -= 1
    return start


def _quote_wrapped(found: Cut) -> None:
    """The short rests that a program broke off quoted lines without marking them are quoted as well."""
    place = found.quoted.find(b"\1\0\1")
    while place >= 0:
        if found.body.marks[place] == Mark.QUOTED and _wrapped(*found.body.texts[place : place + 2]):
            found.quoted[place + 1] = 1
        place = found.quoted.find(b"\1\0\1", place + 2)


def _wrapped(above: str, line: str) -> bool:
    text, before = line.strip(), above.rstrip()
    if not text:
        return False
    last = before[-200:]
    if last.rfind("(http") > last.rfind(")") or last.rfind("<http") > last.rfind(">"):
        return True
    if text.startswith(("(http", "<http")) and text.endswith((">", ")")):
        return True
    if before.endswith((".", "?", "!", ":", "。", "？")) or not (text[0].islower() or text[0] in "),;"):
        return False
    return len(before) + 1 + len(text.split(maxsplit=1)[0]) >= _WRAP_FROM
