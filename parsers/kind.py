"""Which kind of document this is: by its titles, by its columns, by the words around them."""

from __future__ import annotations

from collections import defaultdict

from parsers.documents import Kind
from parsers.fields import Fields
from parsers.lines import TextLine
from parsers.rows import RowSet
from parsers.wording import folded
from parsers.wording.columns import Role
from parsers.wording.labels import Field
from parsers.wording.marks import Mark
from parsers.wording.titles import PAID_IN_WORDS, kinds_in


def kind_of(lines: list[TextLine], roles: set[Role], fields: Fields, row_sets: list[RowSet]) -> Kind:
    """The kind that most speaks for; ``unknown`` where nothing does."""
    score: dict[Kind, float] = defaultdict(float)
    tallest = max((line.bottom - line.top for line in lines if not line.cells), default=1.0)
    for n, line in enumerate(lines):
        early = 1.0 if n < 4 else 0.75 if n < 10 else 0.35
        size = 1.0 if line.cells else 0.6 + 0.4 * (line.bottom - line.top) / tallest
        brief = 1.0 if len(line.text) <= 60 else 0.4
        for kind, weight in kinds_in(line.text):
            score[kind] = max(score[kind], weight * early * size * brief)
    marks = {row.mark for rows in row_sets for row in rows.rows if row.mark is not None}
    if Role.BALANCE in roles or Mark.OPENING in marks or Mark.BROUGHT in marks:
        score[Kind.STATEMENT] += 4
    if roles & {Role.OPEN, Role.BUCKET, Role.DAYS}:
        score[Kind.STATEMENT] += 2
    if {Role.DEBIT, Role.CREDIT} <= roles:
        score[Kind.STATEMENT] += 3
    if (Role.PAID in roles or Role.DISCOUNT in roles) and Role.OPEN not in roles:  # "paid to date" beside what is left
        score[Kind.REMITTANCE_ADVICE] += 3
    if fields.all(Field.PAY_REFERENCE, Field.PAY_DATE, Field.PAY_AMOUNT, Field.PAY_METHOD):
        score[Kind.REMITTANCE_ADVICE] += 2
    if fields.all(Field.PAYEE) and fields.all(Field.PAYER):
        score[Kind.REMITTANCE_ADVICE] += 2
    text = folded(" ".join(line.text for line in lines[:40]))
    if PAID_IN_WORDS.search(text):
        score[Kind.REMITTANCE_ADVICE] += 3
    if roles & {Role.QUANTITY, Role.PRICE} and score[Kind.INVOICE]:
        score[Kind.INVOICE] += 3
    if row_sets and not score:
        score[Kind.STATEMENT] += 1
    if not row_sets and score[Kind.STATEMENT] < 5:
        score[Kind.STATEMENT] = 0
    best = max(score, key=lambda k: score[k], default=Kind.UNKNOWN)
    if not score or score[best] <= 0:
        return Kind.UNKNOWN
    if best is Kind.INVOICE and row_sets and Role.REFERENCE in roles and not roles & {Role.QUANTITY, Role.PRICE}:
        second = max((k for k in score if k is not best and score[k] > 3), key=lambda k: score[k], default=None)
        return second or (Kind.STATEMENT if Role.DATE in roles else best)
    return best
