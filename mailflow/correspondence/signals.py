"""The signs of meaning in each clause: which phrases stand where, and whether one denies another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailflow.correspondence.clauses import Clause, Sentence, Text
from mailflow.correspondence.phrases import Hit, is_cjk
from mailflow.correspondence.wording import LanguageWording, Wording, mended

_JOINING = frozenset("and therefore so hence thus because und et y".split())
REACH_OF_NEGATION = 5  # words between "not" and what it denies
REACH_OF_CHINESE_NEGATION = 6  # characters


@dataclass(slots=True)
class ClauseSigns:
    """One clause with its hits by concept."""

    text: Text
    clause: Clause
    sentence: SentenceSigns
    position: int = 0  # among the clauses of its sentence
    hits: dict[str, list[Hit]] = field(default_factory=dict)

    def all(self, *concepts: str) -> list[Hit]:
        """The hits of these concepts, in order."""
        if len(concepts) == 1:
            return self.hits.get(concepts[0], [])
        found = [hit for concept in concepts for hit in self.hits.get(concept, ())]
        found.sort(key=lambda hit: hit.start)
        return found

    def has(self, *concepts: str) -> bool:
        return any(concept in self.hits for concept in concepts)

    def before(self, hit: Hit, *concepts: str) -> bool:
        """Whether one of ``concepts`` stands before ``hit`` in this clause."""
        return any(other.start < hit.start for other in self.all(*concepts))

    def after(self, hit: Hit, *concepts: str) -> bool:
        """Whether one of ``concepts`` stands behind ``hit`` in this clause."""
        return any(other.start >= hit.end for other in self.all(*concepts))

    def near_before(self, hit: Hit, reach: int, *concepts: str) -> bool:
        """Whether one of ``concepts`` ends at most ``reach`` words before ``hit``."""
        return any(other.start < hit.start and hit.start - other.end <= reach for other in self.all(*concepts))

    def negations(self, hit: Hit) -> int:
        """How many negations reach ``hit``; two make no statement that anybody should rely on."""
        reach = REACH_OF_CHINESE_NEGATION if is_cjk(self.text.words[hit.start][0]) else REACH_OF_NEGATION
        count = sum(
            1
            for no in self.hits.get("negation", ())
            if no.end <= hit.start and hit.start - no.end <= reach and not self._ends_before(no, hit)
        )
        if not count and hit.start - self.clause.start <= 2 and self.dangling_before():
            count = 1
        return count

    def _ends_before(self, no: Hit, hit: Hit) -> bool:
        """ "We cannot follow it and therefore object": what is objected is not denied. Agreement always is."""
        return hit.concept == "disagreement" and not _JOINING.isdisjoint(self.text.words[no.end : hit.start])

    def dangling_before(self) -> bool:
        """The clause before ends with a negation that waits for its verb: "we do not, at this time, agree"."""
        for earlier in reversed(self.sentence.clauses[max(0, self.position - 3) : self.position]):
            negations = earlier.hits.get("negation", [])
            if negations and negations[-1].end == earlier.clause.end and earlier.clause.end - earlier.clause.start > 1:
                return True
            if earlier.clause.end - earlier.clause.start > 4:
                return False
        return False

    @property
    def length(self) -> int:
        return self.clause.end - self.clause.start

    @property
    def words(self) -> list[str]:
        return self.text.words[self.clause.start : self.clause.end]

    @property
    def evidence(self) -> str:
        return self.text.piece(self.clause.start, self.clause.end)

    @property
    def asks(self) -> bool:
        """This clause is (part of) the question of a sentence that asks."""
        return self.sentence.asks and self.position >= self.sentence.question_from

    @property
    def contrasted(self) -> bool:
        return self.clause.contrasted


@dataclass(slots=True)
class SentenceSigns:
    text: Text
    sentence: Sentence
    clauses: list[ClauseSigns] = field(default_factory=list)
    concepts: frozenset[str] = frozenset()  # of all clauses
    question_from: int = 0  # "INV-1 is wrong, can you correct it?" asserts first, asks from its second clause

    @property
    def asks(self) -> bool:
        return self.sentence.asks

    def has(self, *concepts: str) -> bool:
        return any(concept in self.concepts for concept in concepts)

    @property
    def evidence(self) -> str:
        return self.text.piece(self.sentence.start, self.sentence.end)

    @property
    def span(self) -> tuple[int, int]:
        """Its first character and the one behind its last, in the original."""
        return self.text.starts[self.sentence.start], self.text.ends[self.sentence.end - 1]


_INVERTED = frozenset(
    "is are was were do does did have has had can could will would shall should may might am"
    " ist sind haben hat est avez es han".split()
)


@dataclass(slots=True)
class Signs:
    """All sentences of a message."""

    text: Text
    sentences: list[SentenceSigns]
    concepts: frozenset[str] = frozenset()  # of the whole message

    def clauses(self) -> Iterator[ClauseSigns]:
        for sentence in self.sentences:
            yield from sentence.clauses

    def has(self, *concepts: str) -> bool:
        return any(concept in self.concepts for concept in concepts)


def contrast_words(wording: Wording, latin: str) -> frozenset[tuple[str, ...]]:
    """The words that open a contrasting clause: those of Chinese and of the message's Latin-written language."""
    return wording.of(latin).contrast | (wording.languages["zh"].contrast if "zh" in wording.languages else frozenset())


def read_signs(text: Text, wording: Wording, latin: str) -> Signs:
    """Find every phrase, clause by clause. Misspellings are mended on the way (in ``text.words``)."""
    books = [wording.of(latin)]
    if "zh" in wording.languages and latin != "zh":
        books.append(wording.languages["zh"])
    if latin not in ("en", "zh") and "en" in wording.languages and _speaks_english(text):
        books.append(wording.languages["en"])
    text.words[:] = [mended(word, books[0]) if word[0] != "{" else word for word in text.words]
    sentences = [_sentence(text, sentence, books) for sentence in text.sentences]
    return Signs(text, sentences, frozenset(concept for sentence in sentences for concept in sentence.concepts))


def _speaks_english(text: Text) -> bool:
    return (
        sum(
            word in ("the", "we", "your", "is", "are", "balance", "please", "confirmed", "you")
            for word in text.words[:400]
        )
        >= 2
    )


def _sentence(text: Text, sentence: Sentence, books: list[LanguageWording]) -> SentenceSigns:
    signs = SentenceSigns(text, sentence)
    for position, clause in enumerate(sentence.clauses):
        found = ClauseSigns(text, clause, signs, position)
        for wording in books:
            for hit in wording.book.find(text.words, clause.start, clause.end):
                if hit.concept == "negation" and _means_number(text, hit):
                    continue
                if hit.concept in ("question", "question_word") and _is_relative(text, hit, sentence):
                    continue
                concept = (
                    "asked_check" if hit.concept == "pending" and _asks_to_check(text, clause, hit) else hit.concept
                )
                hits = found.hits.setdefault(concept, [])
                if hit not in hits:
                    hits.append(hit)
        signs.clauses.append(found)
    signs.concepts = frozenset(concept for clause in signs.clauses for concept in clause.hits)
    signs.question_from = _question_from(signs.clauses)
    return signs


def _means_number(text: Text, hit: Hit) -> bool:
    """ "Cheque no. 004512" denies nothing."""
    following = text.words[hit.end] if hit.end < len(text.words) else ""
    return text.words[hit.start] == "no" and following in ("{number}", "{reference}", "{account}", "{phone}")


_PLEASE = frozenset(("请", "烦", "please", "kindly"))


def _asks_to_check(text: Text, clause: Clause, hit: Hit) -> bool:
    """请先核实: it is we who should check, the sender has."""
    return any(word in _PLEASE for word in text.words[max(clause.start, hit.start - 2) : hit.start + 1])


_BEFORE_QUESTION = frozenset("and or tell know me us on to from for by in at of with say see check is are".split())
_BEFORE_RELATIVE = frozenset(
    "with to of than as is are matches match for on in that exactly precisely just not".split()
)


def _is_relative(text: Text, hit: Hit, sentence: Sentence) -> bool:
    """ "Everything ties in with what is in SAP" asks nothing."""
    if text.words[hit.start] in ("which", "who") and any(
        clause.start < hit.start < clause.end for clause in sentence.clauses
    ):
        return text.words[hit.start - 1] not in _BEFORE_QUESTION  # "a gap which we cannot explain"
    if sentence.asks or text.words[hit.start] not in ("what", "where", "how") or hit.start == sentence.start:
        return False
    return text.words[hit.start - 1] in _BEFORE_RELATIVE


def _question_from(clauses: list[ClauseSigns]) -> int:
    for clause in clauses:
        if clause.has("question_word", "asks_us", "question") or clause.words[0] in _INVERTED:
            return clause.position
    return len(clauses) - 1
