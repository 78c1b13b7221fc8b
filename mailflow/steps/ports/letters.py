"""What letters are made with: templates, a PDF writer, a workbook writer. Joined in ``mailflow.steps.render_letter``.

from mailflow.steps.render_letter import ReplyRoute, render_statement
letter = render_statement(stationery, statement, company, route=ReplyRoute(token, "ar+token@…"))
raw = mailflow.correspondence.letter.compose(letter, envelope)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mailflow.correspondence.letter import Letter
from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.statement_sheet import StatementSheet


class Templates(Protocol):
    """Wording that ships or that an operator placed in ``templates/``."""

    def languages(self) -> Sequence[str]: ...

    def kinds(self, language: str) -> Sequence[str]:
        """The letters that this language has."""
        ...

    def asked_for(self, kind: str, language: str) -> set[str]:
        """What both templates of a letter ask for in any branch: ``stands``, ``doc.label``, ``w[column.date]``."""
        ...

    def words(self, language: str) -> LetterWords:
        """Of the nearest language there is."""
        ...

    def render(self, kind: str, language: str, context: Mapping[str, object]) -> Letter:
        """Subject, text and HTML of ``templates/<language>/<kind>``. Raises ``mailflow.refusals.Refusal`` naming the
        file when a template is missing, broken, or asks for what ``context`` does not have."""
        ...


class StatementPaper(Protocol):
    def draw(self, sheet: StatementSheet) -> bytes:
        """A PDF; equal input gives equal bytes. Raises ``mailflow.refusals.Refusal`` for a character no font has."""
        ...


class StatementWorkbook(Protocol):
    def write(self, sheet: StatementSheet) -> bytes:
        """An XLSX with a column for answers; equal input gives equal bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Stationery:
    """``prove`` reads a finished statement letter back and raises ``mailflow.refusals.Refusal`` where a part does not
    show the sheet's figures (:mod:`mailflow.steps.prove_letter`)."""

    templates: Templates
    paper: StatementPaper
    workbook: StatementWorkbook
    prove: Callable[[Letter, StatementSheet], None] = lambda letter, sheet: None
