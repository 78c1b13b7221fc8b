"""Marks that people set: ✓ and ✗ beside items, and boxes before printed choices (field guide "replies", rule 10).

A printed choice without a mark says nothing: where "correct" and "not correct" both stand unmarked, a person decides.
"""

from __future__ import annotations

import re

from mailflow.correspondence.clauses import Mask

MOST_LINES = 400
LONGEST_CHOICE = 60  # characters of a printed choice that counts as one although no choice at all is marked
_TICKS, _CROSSES = "✓✔√☑", "✗✘✕☒"
_BOX = re.compile(
    r"[ \t]{0,20}(?:\d{1,2}[.、)][ ]?)?(?:"
    rf"[\[(【][ _]{{0,8}}(?P<within>[x{_TICKS}■●*]?)[ _]{{0,8}}[\])】]|(?P<sign>[☐□○◻{_TICKS}{_CROSSES}■●])"
    r")[ \t]{0,8}(?=\S)"
)
_EMPTY_SIGNS = frozenset("☐□○◻")
_BULLETS = frozenset("■●")  # marked boxes only beside empty ones, else the points of a list
_MARK = re.compile(rf"[{_TICKS}]|[{_CROSSES}]|(?<!\d)(?<!\d )×(?![ ]?\d)")


def find_marks(folded: str) -> list[Mask]:
    """``ticked`` and ``crossed`` marks, and ``unticked`` for the words of a choice that was not chosen."""
    if not _MARK.search(folded) and "[" not in folded and "(" not in folded and _EMPTY_SIGNS.isdisjoint(folded):
        return []
    choices: list[tuple[int, int, bool]] = []  # the words of a choice, and whether it is marked
    boxes: list[tuple[int, int]] = []
    at = 0
    for line in folded.split("\n")[:MOST_LINES]:
        box = _BOX.match(line)
        if box is not None and not _is_brackets_of_text(line, box):
            boxes.append((at, at + box.end()))
            mark = box["within"] or box["sign"] or ""
            choices.append((at + box.end(), at + len(line.rstrip()), mark != "" and mark not in _EMPTY_SIGNS))
        at += len(line) + 1
    chosen = any(marked for _, _, marked in choices)
    masks = [
        Mask(start, end, "unticked")
        for start, end, marked in choices
        if not marked and (chosen or (end - start <= LONGEST_CHOICE and not re.search(r"\d{3}", folded[start:end])))
    ]
    for found in _MARK.finditer(folded):
        place = found.start()
        inside = [(mask.start, mask.end) for mask in masks if mask.kind == "unticked"] + boxes
        if not any(start <= place < end for start, end in inside):
            masks.append(Mask(found.start(), found.end(), "ticked" if found.group() in _TICKS else "crossed"))
    return sorted(masks, key=lambda mask: mask.start)


def _is_brackets_of_text(line: str, box: re.Match[str]) -> bool:
    """A bullet, or ``()`` that belongs to words: only brackets with room inside, or a mark, are a box."""
    if box["sign"] is not None:
        return box["sign"] in _BULLETS
    return not box["within"] and line[: box.end()].strip() in ("()", "[]", "【】")
