"""One message, written twice: which of its text part and its HTML part tells what the sender wrote now.

Where one part kept more than the other, and what it kept stands in the other's quote or signature, the other saw more
of the structure and is right. Where nothing explains the difference, the part that lost less is read, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mailflow.correspondence.message import Split

_WRITTEN_LINK = re.compile(r"<(?:mailto:|https?://)[^<>]{0,500}>|\[(?:cid:|https?://)[^\[\]]{0,500}\]")
_COMPARED = 200  # characters of a difference that must be found in the other part


def agreed(plain: Split, rich: Split) -> Split:
    """One of two readings of the same message; ``plain`` of its text, ``rich`` of its HTML."""
    left, right = _squeezed(plain.new_text), _squeezed(rich.new_text)
    if left == right:
        return plain if not plain.warnings else rich
    if _letters(plain.new_text) == _letters(rich.new_text):
        return rich  # they differ in links, bullets and stars, which a text part writes out
    if _explained(left, right, rich):
        return rich
    if _explained(right, left, plain):
        return plain
    chosen = plain if len(left) > len(right) else rich
    return noted(chosen, ["the HTML and the text of this message differ; the one with more new text is read"], True)


def noted(one: Split, warnings: Sequence[str], doubtful: bool = False) -> Split:
    """``one`` with further warnings."""
    return replace(one, warnings=(*one.warnings, *warnings), doubtful=one.doubtful or doubtful)


def _explained(more: str, less: str, reading: Split) -> bool:
    """Whether what ``more`` has beyond ``less`` stands in what ``reading``, which gave ``less``, took away."""
    if not less or less not in more or not (reading.quoted_text or reading.signature):
        return False
    rest = more.replace(less, "", 1)
    return rest[:_COMPARED] in _squeezed((reading.quoted_text or "") + "\n" + (reading.signature or ""))


def _letters(text: str) -> str:
    """Letters and digits alone, without the addresses of links that a text part shows in brackets."""
    return "".join(filter(str.isalnum, _WRITTEN_LINK.sub("", text)))


def _squeezed(text: str) -> str:
    return "".join(text.split())
