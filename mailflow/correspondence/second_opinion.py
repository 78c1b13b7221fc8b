"""A second opinion on what a reply is about, for replies in which no phrase was recognised.

A small linear model over runs of up to three words (Chinese: characters), learnt from the written replies of
``tests/correspondence`` by ``scripts/learn_second_opinion`` and shipped as ``config/wording/second_opinion.json``.
It is never asked where the rules found a meaning, and what it says is marked as doubtful: a person looks at it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mailflow.correspondence.clauses import Sentence, Text
from mailflow.correspondence.message import Intent
from mailflow.correspondence.phrases import is_cjk

MOST_WORDS = 400  # of a message; the model was learnt from short replies
UNIT = 100  # weights are stored as whole hundredths


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """``weights``: run of words -> one weight per label, in hundredths."""

    labels: tuple[Intent, ...]
    weights: Mapping[str, Sequence[int]]

    def shares(self, text: Text, sentences: Iterable[Sentence] | None = None) -> dict[Intent, float]:
        """How likely each intent is the main one, 0 to 1, summing to 1."""
        runs = [run for run in features(text, sentences) if run in self.weights]
        total = [0] * len(self.labels)
        for run in runs:
            for at, weight in enumerate(self.weights[run]):
                total[at] += weight
        scale = UNIT * math.sqrt(max(1, len(runs)))
        powers = [math.exp(max(-50.0, min(50.0, value / scale))) for value in total]
        whole = sum(powers)
        return {label: power / whole for label, power in zip(self.labels, powers, strict=True)}

    def weightiest(self, text: Text, intent: Intent) -> Sentence:
        """The sentence that speaks most for ``intent``: evidence. ``text`` has at least one."""
        return max(text.sentences, key=lambda sentence: self.shares(text, (sentence,))[intent])


def features(text: Text, sentences: Iterable[Sentence] | None = None) -> set[str]:
    """Runs of words inside one sentence, with its begin and its end (``.`` or ``?``) as words."""
    found: set[str] = set()
    room = MOST_WORDS
    for sentence in text.sentences if sentences is None else sentences:
        words = ["^", *text.words[sentence.start : sentence.end][: max(0, room)], "?" if sentence.asks else "."]
        room -= len(words)
        longest = 3 if any(is_cjk(word[0]) for word in words) else 2
        for length in range(1, longest + 1):
            for at in range(len(words) - length + 1):
                found.add(" ".join(words[at : at + length]))
        if room <= 0:
            break
    return found
