"""Where a signature starts in the lines that are left when the quotes are gone.

Prefers keeping too much: nothing is taken unless everything behind it looks like an end, and never the whole text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mailflow.correspondence.contact_lines import content
from mailflow.correspondence.disclaimers import SHORTEST, disclaimer, may_hold_disclaimer
from mailflow.correspondence.lines import folded
from mailflow.correspondence.program_lines import banner_rest, mobile_footer
from mailflow.correspondence.signature_start import signature_start

_BANNER_LINES = 4
_DISCLAIMER_LINES = 60


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
    start = signature_start(shown, end, names, footers)
    if start < len(texts):
        if not any(text.strip() for text in texts[:start]):
            start = end if any(text.strip() for text in texts[:end]) else len(texts)
        removed += enumerate(texts[start:], start)
    kept = texts[:start]
    _footers(kept, shown, removed)
    if removed:
        removed.sort()
    return kept, [text for _, text in removed if text.strip()]


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
    if not may_hold_disclaimer("\n".join([line for line in shown[low:end] if len(line) >= SHORTEST])):
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


def _without_footers(shown: Sequence[str], end: int) -> tuple[int, int]:
    """Where the last lines are footers of phones and programs, they are taken off and counted, unless nothing stands
    above."""
    footers = 0
    while end > 1 and mobile_footer(shown[end - 1]) and (above := _trimmed(shown, end - 1)):
        footers += 1
        end = above
    return end, footers


def _frame(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) > 3 and not stripped.strip("#*/=-_~ ")


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
