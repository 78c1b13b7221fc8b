"""New text as sentences of clauses of words: the units in which a meaning is stated, denied or only asked for.

A word knows where it stands in the original. Numbers, dates, references and addresses are one word each
(``{amount}``), so that neither their points end a sentence nor their letters look like words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailflow.correspondence.phrases import NUMBER_WORDS, is_cjk, plain_words

_PIECE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[.!?;,:。()\[\]、…/&%#@-]|\n[ \t]*(?:\n[ \t]*)*", re.UNICODE)
_ABBREVIATIONS = frozenset(
    "no nr inv approx mr mrs ms dr st vs eg ie etc co ltd inc acc acct a/c ref dept attn tel bzgl ca ggf bzw mfg vgl"
    " jan feb mar apr jun jul aug sep sept oct okt nov dec dez mon tue wed thu fri sat sun cf art fact réf".split()
)
MOST_CLAUSES = 24  # of one sentence; a longer enumeration is read as several sentences, so that time stays linear
MOST_WORDS = 80  # of one clause
WRAPPED_WIDTH = 56  # a line at least this wide (Chinese counts double) may have been broken by the mail program
_LIST_MARK = re.compile(r"[ \t]*(?:[-*•·–]|\(?\d{1,2}[.)、]|\(?[a-z]\))[ \t]")
_JOINERS = frozenset(
    "and or but because that which to the a of for with on in is are was und oder et ou y o que".split()
)


@dataclass(frozen=True, slots=True)
class Mask:
    """Characters ``start`` to ``end`` are one thing of the given kind (``amount``, ``date``, ``reference`` …)."""

    start: int
    end: int
    kind: str


@dataclass(slots=True)
class Clause:
    """Words ``start`` to ``end`` (exclusive) of the text."""

    start: int
    end: int
    contrasted: bool = False  # begins after "but", 但是 …


@dataclass(slots=True)
class Sentence:
    clauses: list[Clause] = field(default_factory=list)
    asks: bool = False  # ends with a question mark

    @property
    def start(self) -> int:
        return self.clauses[0].start

    @property
    def end(self) -> int:
        return self.clauses[-1].end


@dataclass(slots=True)
class Text:
    """``words[i]`` stands at ``original[starts[i]:ends[i]]``."""

    original: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[Sentence]

    def piece(self, start: int, end: int) -> str:
        """The original characters of words ``start`` to ``end``: evidence."""
        return self.original[self.starts[start] : self.ends[end - 1]] if end > start else ""


def read_text(original: str, folded: str, masks: Sequence[Mask], contrast: frozenset[tuple[str, ...]]) -> Text:
    """Cut ``folded`` (see :func:`folding.fold`) into words, clauses and sentences; ``contrast`` words open a clause."""
    text = Text(original, [], [], [], [])
    breaks: list[tuple[int, str]] = []  # before which word, and by what mark
    at = 0
    for mask in masks:
        _plain(folded, at, mask.start, text, breaks)
        _word(text, "{" + mask.kind + "}", mask.start, mask.end)
        at = mask.end
    _plain(folded, at, len(folded), text, breaks)
    _group(text, breaks, contrast)
    return text


def _word(text: Text, word: str, start: int, end: int) -> None:
    text.words.append(word)
    text.starts.append(start)
    text.ends.append(end)


def _plain(folded: str, start: int, end: int, text: Text, breaks: list[tuple[int, str]]) -> None:
    for match in _PIECE.finditer(folded, start, end):
        piece, at = match.group(), match.start()
        first = piece[0]
        if first.isdigit():
            _word(text, "{number}", at, match.end())
        elif first == "\n":
            breaks.append((len(text.words), _line_break(folded, at, match.end(), text)))
        elif first.isalpha():
            if is_cjk(first) and folded[at - 1 : at] == " " and _parts_clauses(folded, at, text):
                breaks.append((len(text.words), ","))
            _letters(piece, at, text)
        else:
            mark = _mark(folded, first, at, text)
            if mark:
                breaks.append((len(text.words), mark))


_GOES_ON = frozenset("不没未无有别勿")  # a space behind them parts words, no clauses


def _parts_clauses(folded: str, at: int, text: Text) -> bool:
    """嗯嗯 对的 可以结账了: a space between Chinese words of some length stands for a comma."""
    before = folded[max(0, at - 3) : at - 1]
    here = folded[at : at + 2]
    return len(before) == len(here) == 2 and all(map(is_cjk, before + here)) and before[-1] not in _GOES_ON


def _letters(piece: str, at: int, text: Text) -> None:
    run = 0
    for index, char in enumerate(piece):
        if is_cjk(char):
            if index > run:
                _latin(piece[run:index], at + run, text)
            _word(text, char, at + index, at + index + 1)
            run = index + 1
    if run < len(piece):
        _latin(piece[run:], at + run, text)


def _latin(word: str, at: int, text: Text) -> None:
    for plain in plain_words(word.strip("'")):
        _word(text, NUMBER_WORDS.get(plain, plain), at, at + len(word))


def _mark(folded: str, mark: str, at: int, text: Text) -> str:
    """``.`` ends a sentence, ``?`` one that asks, ``,`` a clause; "" for a mark inside a word or a number."""
    following = folded[at + 1 : at + 2]
    if mark == ".":
        if following and not following.isspace() and not is_cjk(following) and following not in "\"')":
            return ""
        before = text.words[-1] if text.words else ""
        beside = bool(text.ends) and text.ends[-1] == at
        return "" if beside and (before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha())) else "."
    if mark in "!。;":
        return "."
    if mark == "?":
        return "?"
    if mark in ",:()[]":
        return ","
    if mark == "-":
        spaced = folded[at - 1 : at] in ("", " ", "\n") and following in ("", " ", "-")
        doubled = following == "-" or folded[at - 1 : at] == "-"
        return "," if spaced or doubled else ""
    return ""


def _line_break(folded: str, at: int, end: int, text: Text) -> str:
    """Whether a line's end ends the sentence: a wrapped line goes on, a list item or a greeting does not."""
    if folded.count("\n", at, end) > 1:
        return "."
    if _LIST_MARK.match(folded, end):
        return "."
    begin = folded.rfind("\n", max(0, at - 400), at) + 1
    line = folded[begin:at].rstrip()
    following = folded[end : end + 1]
    if not line or line[-1] in ".!?。;:":
        return "."
    width = len(line) + sum(map(is_cjk, line))
    if width >= WRAPPED_WIDTH or (line[-1] == "," and len(line.split()) > 3):
        return ""
    last = text.words[-1] if text.words else ""
    if last in _JOINERS or last == "not":
        return ""  # "We do not / agree": never read without its negation
    return "," if is_cjk(line[-1]) and is_cjk(following) else "\n"


def _group(text: Text, breaks: list[tuple[int, str]], contrast: frozenset[tuple[str, ...]]) -> None:
    sentence, start = Sentence(), 0
    longest = max((len(words) for words in contrast), default=0)
    opened_by_contrast = False

    def close(end: int) -> None:
        nonlocal start, opened_by_contrast, sentence
        for cut in _contrasts(text.words, start, end, contrast, longest):
            if cut > start:
                sentence.clauses.append(Clause(start, cut, opened_by_contrast))
            opened_by_contrast = True
            start = cut
            if len(sentence.clauses) >= MOST_CLAUSES:
                text.sentences.append(sentence)
                sentence = Sentence()
        while end > start:
            sentence.clauses.append(Clause(start, min(end, start + MOST_WORDS), opened_by_contrast))
            opened_by_contrast = False
            start = min(end, start + MOST_WORDS)
        opened_by_contrast = False
        start = end

    for before, mark in breaks:
        close(before)
        if (mark in (".", "?", "\n") or len(sentence.clauses) >= MOST_CLAUSES) and sentence.clauses:
            sentence.asks = mark == "?" or text.words[sentence.end - 1] in ("吗", "么")
            text.sentences.append(sentence)
            sentence = Sentence()
        elif mark == "?" and text.sentences and not sentence.clauses:
            text.sentences[-1].asks = True
    close(len(text.words))
    if sentence.clauses:
        sentence.asks = text.words[sentence.end - 1] in ("吗", "么")
        text.sentences.append(sentence)


def _contrasts(words: list[str], start: int, end: int, contrast: frozenset[tuple[str, ...]], longest: int) -> list[int]:
    found: list[int] = []
    at = start
    while at < end:
        for length in range(min(longest, end - at), 0, -1):
            if tuple(words[at : at + length]) in contrast:
                found.append(at)
                at += length
                break
        else:
            at += 1
    return found
