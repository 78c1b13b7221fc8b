"""What a reading of one clause says: an intent with the words it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from mailflow.correspondence.message import Intent
from mailflow.correspondence.signals import ClauseSigns, SentenceSigns


@dataclass(frozen=True, slots=True)
class Vote:
    """``weight``: how surely such words mean it, 0 to 1. ``partial``: only what is left after an exception."""

    intent: Intent
    weight: float
    clause: ClauseSigns
    partial: bool = False
    whole_sentence: bool = False
    sign: str = ""  # the concept that spoke

    @property
    def evidence(self) -> str:
        return (self.clause.sentence.evidence if self.whole_sentence else self.clause.evidence).strip()

    @property
    def sentence(self) -> SentenceSigns:
        return self.clause.sentence

    @property
    def span(self) -> tuple[int, int]:
        """The characters of its clause in the original."""
        text, clause = self.clause.text, self.clause.clause
        return text.starts[clause.start], text.ends[clause.end - 1]
