"""Finding many phrases at once: a phrase book becomes one tree over words (Chinese: characters), walked once.

How a clerk writes a phrase (``config/wording/*.toml``):
``(a/b)`` one of them, ``(a/)`` with or without, ``…`` a short gap, ``{number}`` ``{amount}`` ``{date}``
``{reference}`` ``{email}`` whatever stands there. Matching is case-blind; ``don't`` is ``do not``.
The cost of a search is the length of the text times the longest phrase, whatever the text is.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_FORMS_OF_A_PHRASE = 4000  # a clerk's slip with many brackets must not fill the memory
GAP_OF_WORDS = 4
GAP_OF_CHARACTERS = 8

_GROUP = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"\{[a-z_]+\}|[^\W\d_]+(?:'[^\W\d_]+)*|\d+|…", re.UNICODE)
_CONTRACTIONS = {
    "cannot": ("can", "not"), "can't": ("can", "not"), "cant": ("can", "not"), "won't": ("will", "not"),
    "wont": ("will", "not"), "dont": ("do", "not"), "doesnt": ("does", "not"), "didnt": ("did", "not"),
    "isnt": ("is", "not"), "arent": ("are", "not"), "wasnt": ("was", "not"), "havent": ("have", "not"),
    "hasnt": ("has", "not"), "couldnt": ("could", "not"), "wouldnt": ("would", "not"), "shouldnt": ("should", "not"),
    "shan't": ("shall", "not"), "ain't": ("is", "not"), "let's": ("let", "us"), "ive": ("i", "have"),
    "weve": ("we", "have"), "thats": ("that", "is"), "gonna": ("going", "to"), "wanna": ("want", "to"),
}  # fmt: skip
# "Two of the five boxes" counts as "2 of the 5 boxes"; "one" is too often a pronoun.
NUMBER_WORDS = dict.fromkeys(
    "two three four five six seven eight nine ten eleven twelve dozen twenty thirty fifty hundred".split(), "{number}"
)
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
                        words.extend(_counted(run))
                        run = ""
                    words.append(char)
                else:
                    run += char
            if run:
                words.extend(_counted(run))
    return words


def _counted(word: str) -> list[str]:
    return [NUMBER_WORDS.get(plain, plain) for plain in plain_words(word)]


_Alternatives = list[list[str]]  # one place of a phrase: the words that may stand there


def variants(phrase: str) -> list[list[list[_Alternatives]]]:
    """A phrase as parts (cut at ``…``) of places with alternatives. Brackets that hold a gap, or open a part and may
    be left out, are written out: several variants. Raises ``ValueError`` for a phrase that has far too many."""
    pieces = _GROUP.split(phrase)
    choices: list[list[str]] = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            choices.append([piece])
            continue
        options = piece.split("/")
        before = "".join(pieces[:index])
        opening = not before.strip() or before.rstrip().endswith("…")
        apart = any("…" in option for option in options) or (opening and "" in options)
        choices.append(options if apart else [f"({piece})"])
    count = math.prod(len(choice) for choice in choices)
    if count > MOST_FORMS_OF_A_PHRASE:
        raise ValueError(f"the phrase “{phrase}” has {count} forms")
    return [_parts("".join(form)) for form in itertools.product(*choices)]


def _parts(phrase: str) -> list[list[_Alternatives]]:
    parts = []
    for text in phrase.split("…"):
        places: list[_Alternatives] = []
        for index, piece in enumerate(_GROUP.split(text)):
            if index % 2:
                places.append([words_of(option) for option in piece.split("/")])
            elif words := words_of(piece):
                places.append([words])
        if places:
            parts.append(places)
    return parts


@dataclass(frozen=True, slots=True)
class Hit:
    """Words ``start`` to ``end`` (exclusive) express ``concept``."""

    concept: str
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    also: tuple[_Node, ...] = ()  # whatever may follow here may follow after these places too
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
                for parts in variants(text):
                    self._add(concept, parts)

    def _add(self, concept: str, parts: list[list[_Alternatives]]) -> None:
        if len(parts) == 1:
            for node in self._ends(parts[0]):
                if concept not in node.concepts:
                    node.concepts = (*node.concepts, concept)
        elif parts:
            number = len(self._gapped)
            first = next((word for words in parts[0][0] for word in words), "")
            self._gapped.append((concept, len(parts), GAP_OF_CHARACTERS if is_cjk(first[:1]) else GAP_OF_WORDS))
            for index, part in enumerate(parts):
                for node in self._ends(part):
                    node.parts = (*node.parts, (number, index))

    def _ends(self, places: list[_Alternatives]) -> list[_Node]:
        """The node where a part ends. Alternatives meet again, so that many brackets cost no more than their length."""
        node = self._root
        for alternatives in places:
            if len(alternatives) == 1:
                node = self._follow(node, alternatives[0])
                continue
            meeting = _Node()
            for words in alternatives:
                last = self._follow(node, words)
                last.also = (*last.also, meeting)
            node = meeting
        return [node]

    def _follow(self, node: _Node, words: Sequence[str]) -> _Node:
        self.words.update(words)
        for word in words:
            node = node.next.setdefault(word, _Node())
        return node

    def find(self, words: Sequence[str], start: int, end: int) -> list[Hit]:
        """The phrases inside ``words[start:end]``, in order; one that lies inside a longer one is left out."""
        whole: list[Hit] = []
        open_phrases: dict[int, tuple[int, int, int]] = {}  # number -> (start, end of its last part, parts seen)
        gapped: list[Hit] = []
        for at in range(start, end):
            nodes = [self._root]
            longest: dict[str, int] = {}
            for position in range(at, end):
                word = words[position]
                nodes = [following for node in nodes if (following := node.next.get(word)) is not None]
                if not nodes:
                    break
                for node in nodes:
                    nodes.extend(node.also)  # grows while it is walked: places left out follow one another
                for node in nodes:
                    for concept in node.concepts:
                        longest[concept] = position + 1
                    for number, index in node.parts:
                        self._step(number, index, at, position + 1, open_phrases, gapped)
            whole.extend(Hit(concept, at, reach) for concept, reach in longest.items())
        kept = _outermost(whole)
        struck = [hit for hit in kept if hit.concept in _STRIKES_OUT]
        kept.extend(hit for hit in gapped if not any(_covers_an_end(strike, hit) for strike in struck))
        return sorted(kept, key=lambda hit: (hit.start, hit.end))

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


# Concepts that only describe what stands around; a long phrase of theirs hides no shorter one inside it.
_HIDES_NOTHING = frozenset(
    "object wrong_object copula payment payment_noun agree_bare rest topic_already_paid topic_not_received topic_price"
    " topic_quantity topic_duplicate topic_returned topic_not_ours topic_tax topic_discount"
    " topic_missing_credit_note versus billed got accounted goods contact altered change reproach"
    " outrage remedy to_invoice money_check copy_kind".split()
)
# Must not be missed inside anything: changed bank details, what a dispute is about, and what a wish or question is.
_NEVER_HIDDEN = frozenset(
    "bank bank_strong bank_change change legal reproach outrage remedy to_invoice money_check copy_kind"
    " topic_already_paid topic_not_received topic_price"
    " topic_duplicate topic_returned topic_not_ours topic_tax topic_discount topic_missing_credit_note".split()
)
_STRIKES_OUT = frozenset(("neutral", "not_paid"))  # also what they merely overlap: 应付|了 holds no 付了


def _covers_an_end(strike: Hit, gapped: Hit) -> bool:
    """The first or the last word of a gapped phrase belongs to words taken out of play: 已|转交 is no 已…转."""
    if gapped.concept not in ("paid", "promise"):
        return False
    return strike.start <= gapped.start < strike.end or strike.start < gapped.end <= strike.end


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Hits without those that lie strictly inside a longer one, or overlap one that takes words out of play."""
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    reach_start, reach = -1, -1
    struck_start, struck = -1, -1
    for hit in hits:
        if hit.concept in _NEVER_HIDDEN:
            kept.append(hit)
            if hit.end > reach and hit.concept not in _HIDES_NOTHING:
                reach_start, reach = hit.start, hit.end
            continue
        if hit.end <= reach and (hit.end - hit.start) < (reach - reach_start):
            continue
        if hit.concept in _STRIKES_OUT:
            while (
                kept
                and kept[-1].end > hit.start
                and kept[-1].concept not in _STRIKES_OUT | _NEVER_HIDDEN
                and kept[-1].start < hit.start
            ):
                kept.pop()
            if hit.end > struck:
                struck_start, struck = hit.start, hit.end
        elif hit.start < struck and hit.start > struck_start:
            continue
        kept.append(hit)
        if hit.end > reach and hit.concept not in _HIDES_NOTHING:
            reach_start, reach = hit.start, hit.end
    return kept
