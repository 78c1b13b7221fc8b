"""Finding many phrases at once: a phrase book becomes one tree over words (Chinese: characters), walked once.

How a clerk writes a phrase (``config/wording/*.toml``):
``(a/b)`` one of them, ``(a/)`` with or without, ``…`` a short gap, ``{number}`` ``{amount}`` ``{date}``
``{reference}`` ``{email}`` whatever stands there. Matching is case-blind; ``don't`` is ``do not``.
The cost of a search is the length of the text times the longest phrase, whatever the text is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_FORMS_OF_A_PHRASE = 4000  # a clerk's slip with many brackets must not fill the memory
GAP_OF_WORDS = 4
GAP_OF_CHARACTERS = 8

_GROUP = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"\{[a-z]+\}|[^\W\d_]+(?:'[^\W\d_]+)*|\d+|…", re.UNICODE)
_CONTRACTIONS = {
    "cannot": ("can", "not"), "can't": ("can", "not"), "cant": ("can", "not"), "won't": ("will", "not"),
    "wont": ("will", "not"), "dont": ("do", "not"), "doesnt": ("does", "not"), "didnt": ("did", "not"),
    "isnt": ("is", "not"), "arent": ("are", "not"), "wasnt": ("was", "not"), "havent": ("have", "not"),
    "hasnt": ("has", "not"), "couldnt": ("could", "not"), "wouldnt": ("would", "not"), "shouldnt": ("should", "not"),
    "shan't": ("shall", "not"), "ain't": ("is", "not"), "let's": ("let", "us"), "ive": ("i", "have"),
    "weve": ("we", "have"), "thats": ("that", "is"), "gonna": ("going", "to"), "wanna": ("want", "to"),
}  # fmt: skip
_ENDINGS = {"ll": "will", "ve": "have", "re": "are", "m": "am", "d": "would"}


def is_cjk(char: str) -> bool:
    """A character that is a word of its own here: a Chinese ideograph."""
    return "\u3400" <= char <= "\u9fff" or char == "〇"


def plain_words(word: str) -> tuple[str, ...]:
    """The words behind one written word: ``don't`` is ``do``, ``not``; ``we'll`` is ``we``, ``will``."""
    if word in _CONTRACTIONS:
        return _CONTRACTIONS[word]
    if "'" not in word:
        return (word,)
    stem, _, ending = word.rpartition("'")
    if ending == "t" and stem.endswith("n"):
        return (stem[:-1], "not")
    if ending in _ENDINGS:
        return (stem, _ENDINGS[ending])
    if ending == "s":
        return (
            (stem,)
            if stem not in ("it", "that", "there", "here", "what", "where", "who", "he", "she")
            else (stem, "is")
        )
    return tuple(part for part in word.split("'") if part)  # French l'avoir


def words_of(phrase: str) -> list[str]:
    """A phrase without brackets as the words that a text is cut into."""
    words: list[str] = []
    for match in _WORD.finditer(phrase):
        piece = match.group()
        if piece[0] in "{…":
            words.append(piece)
        elif piece.isdigit():
            words.append("{number}")
        else:
            run = ""
            for char in piece:
                if is_cjk(char):
                    if run:
                        words.extend(plain_words(run))
                        run = ""
                    words.append(char)
                else:
                    run += char
            if run:
                words.extend(plain_words(run))
    return words


def spelled_out(phrase: str) -> list[str]:
    """Every form of a phrase with brackets. Raises ``ValueError`` for a phrase that has far too many."""
    parts = _GROUP.split(phrase)
    choices = [part.split("/") if index % 2 else [part] for index, part in enumerate(parts)]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MOST_FORMS_OF_A_PHRASE:
        raise ValueError(f"the phrase “{phrase}” has {count} forms")
    return ["".join(form) for form in itertools.product(*choices)]


@dataclass(frozen=True, slots=True)
class Hit:
    """Words ``start`` to ``end`` (exclusive) express ``concept``."""

    concept: str
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    concepts: tuple[str, ...] = ()
    parts: tuple[tuple[int, int], ...] = ()  # (number of the gapped phrase, number of its part)


class PhraseBook:
    """Phrases by concept, ready to be found."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._root = _Node()
        self._gapped: list[tuple[str, int, int]] = []  # concept, number of parts, widest gap
        self.words: set[str] = set()
        for concept, texts in phrases.items():
            for text in texts:
                for form in spelled_out(text):
                    self._add(concept, words_of(form))

    def _add(self, concept: str, words: list[str]) -> None:
        self.words.update(words)
        parts: list[list[str]] = [[]]
        for word in words:
            if word == "…":
                parts.append([])
            else:
                parts[-1].append(word)
        parts = [part for part in parts if part]
        if not parts:
            return
        if len(parts) == 1:
            node = self._node(parts[0])
            if concept not in node.concepts:
                node.concepts = (*node.concepts, concept)
            return
        number = len(self._gapped)
        gap = GAP_OF_CHARACTERS if is_cjk(parts[0][0][0]) else GAP_OF_WORDS
        self._gapped.append((concept, len(parts), gap))
        for index, part in enumerate(parts):
            node = self._node(part)
            node.parts = (*node.parts, (number, index))

    def _node(self, words: Sequence[str]) -> _Node:
        node = self._root
        for word in words:
            node = node.next.setdefault(word, _Node())
        return node

    def find(self, words: Sequence[str], start: int, end: int) -> list[Hit]:
        """The phrases inside ``words[start:end]``, in order; one that lies inside a longer one is left out."""
        whole: list[Hit] = []
        open_phrases: dict[int, tuple[int, int, int]] = {}  # number -> (start, end of its last part, parts seen)
        gapped: list[Hit] = []
        for at in range(start, end):
            node = self._root
            longest: tuple[tuple[str, ...], int] | None = None
            for position in range(at, end):
                following = node.next.get(words[position])
                if following is None:
                    break
                node = following
                if node.concepts:
                    longest = (node.concepts, position + 1)
                for number, index in node.parts:
                    self._step(number, index, at, position + 1, open_phrases, gapped)
            if longest is not None:
                whole.extend(Hit(concept, at, longest[1]) for concept in longest[0])
        return sorted(_outermost(whole) + gapped, key=lambda hit: (hit.start, hit.end))

    def _step(
        self, number: int, index: int, at: int, end: int, seen: dict[int, tuple[int, int, int]], found: list[Hit]
    ) -> None:
        concept, count, gap = self._gapped[number]
        if index == 0:
            if number not in seen or at >= seen[number][1] or seen[number][2] == 1:
                seen[number] = (at, end, 1)
            return
        before = seen.get(number)
        if before is None or before[2] != index or not 0 <= at - before[1] <= gap:
            return
        if index + 1 == count:
            found.append(Hit(concept, before[0], end))
            del seen[number]
        else:
            seen[number] = (before[0], end, index + 1)


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Hits without those that lie strictly inside a longer one."""
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    reach_start, reach = -1, -1
    for hit in hits:
        if hit.end <= reach and (hit.end - hit.start) < (reach - reach_start):
            continue
        kept.append(hit)
        if hit.end > reach:
            reach_start, reach = hit.start, hit.end
    return kept
