"""Answers that a customer wrote between the lines of our own letter, where their program marks no quoted line.

Outlook, 163 and QQ quote without ``>``. We know what we sent: lines of the quote that are not ours are the customer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailflow.correspondence.disclaimers import disclaimer
from mailflow.correspondence.header_labels import label
from mailflow.correspondence.lines import folded
from mailflow.correspondence.message import InlineAnswer
from mailflow.correspondence.program_lines import delimiter, mobile_footer

MAX_LINES = 5_000  # of a quote; a letter of ours has some hundred
OURS_AT_LEAST = 0.5  # share of the quote's lines that must be ours before the others count as answers
_SPACE = re.compile(r"[\s>|*_]+")


def unmarked_answers(quoted_text: str, sent_texts: Iterable[str]) -> list[InlineAnswer]:
    """The lines of ``quoted_text`` that stand in none of ``sent_texts`` (our letters as text), each run with our line
    above it. Empty when too little of the quote is ours: then it quotes something else, or a program rewrote it."""
    known = [_squeezed(text) for text in sent_texts]
    ours_lines = {_squeezed(line) for text in sent_texts for line in text.split("\n")}
    lines = quoted_text.split("\n")[:MAX_LINES]
    begin = _behind_headers(lines)
    kinds = [_kind(line, known, ours_lines) for line in lines[begin:]]
    ours, theirs = kinds.count("ours"), kinds.count("theirs")
    if not ours or ours < OURS_AT_LEAST * (ours + theirs):
        return []
    answers: list[InlineAnswer] = []
    question = ""
    run: list[str] = []
    after = False
    for line, kind in zip(lines[begin:], kinds, strict=True):
        if kind == "theirs" and question:
            run.append(line.strip())
        elif kind == "ours":
            if run:
                answers.append(InlineAnswer(question, "\n".join(run)))
                run = []
            question, after = line.strip(" >"), True
    if run and after:
        answers.append(InlineAnswer(question, "\n".join(run)))
    return answers


def _behind_headers(lines: list[str]) -> int:
    """Behind the separator and the header block at the top of the quote."""
    begin = 0
    for place, line in enumerate(lines[:20]):
        if label(folded(line)) is not None or delimiter(line):
            begin = place + 1
    return begin


def _kind(line: str, known: list[str], ours: set[str]) -> str:
    squeezed = _squeezed(line)
    if not squeezed or delimiter(line) or mobile_footer(line) or disclaimer(line):
        return "blank"
    if squeezed in ours or (len(squeezed) >= 8 and any(squeezed in text for text in known)):
        return "ours"
    return "theirs"


def _squeezed(text: str) -> str:
    return _SPACE.sub("", _folded_lines(text))


def _folded_lines(text: str) -> str:
    return "\n".join(folded(line) for line in text.split("\n")).lower()
