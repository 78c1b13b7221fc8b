"""The answers in a workbook of ours that came back: which rows agree, which differ, what the recipient says instead.

Pure: takes the cells, however they were read. Rows are found by our item id in the hidden last column, so sorting,
inserted rows and moved columns do no harm; what cannot be read is a warning, never an answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from mailflow.correspondence.letter_words import LetterWords

ITEM_MARK = "mailflow_item"  # heads the hidden column of item ids
NAMES = {  # defined names of the slip's cells, in the order in which they stand
    "decision": "mailflow_decision",
    "balance": "mailflow_balance",
    "person": "mailflow_person",
    "date": "mailflow_date",
    "comment": "mailflow_comment",
}

Cell = object
_AGREE = {
    "agrees",
    "agree",
    "ok",
    "yes",
    "相符",
    "一致",
    "无误",
    "信息证明无误",
    "数据证明无误",
    "核对无误",
    "確認無誤",
    "資料證明無誤",
    "y",
    "√",
    "✓",
    "✔",
}
_DIFFER = {"differs", "differ", "no", "不符", "不一致", "信息不符", "数据不符", "資料不符", "n", "×", "✗", "x"}


class Decision(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """``amount`` is the figure in the recipient's book, None when he gives none."""

    item_id: str
    reference: str
    decision: Decision | None
    amount: Decimal | None
    comment: str


@dataclass(slots=True)
class ReturnedWorkbook:
    """``decision`` is about the whole statement. Empty when nobody wrote anything."""

    decision: Decision | None = None
    balance: Decimal | None = None
    person: str = ""
    comment: str = ""
    date: dt.date | None = None
    rows: list[RowAnswer] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        return self.decision is not None or self.balance is not None or bool(self.rows)


def read_answers(cells: Sequence[Sequence[Cell]], languages: Sequence[LetterWords]) -> ReturnedWorkbook | None:
    """The answers on the first sheet; None when it is not a workbook of ours. ``languages``: those we write in."""
    head = next((number for number, row in enumerate(cells) if ITEM_MARK in [_text(cell) for cell in row]), None)
    if head is None:
        return None
    found = ReturnedWorkbook()
    titles = [_text(cell) for cell in cells[head]]
    ids = titles.index(ITEM_MARK)
    places = {key: _place(titles, key, languages) for key in ("reference", "answer", "amount_ours", "comment")}
    for row in cells[head + 1 :]:
        item = _text(_at(row, ids))
        if item:
            _row(row, item, places, found, languages)
    _slip(cells[head + 1 :], languages, found)
    return found


def _row(
    row: Sequence[Cell],
    item: str,
    places: Mapping[str, int | None],
    found: ReturnedWorkbook,
    languages: Sequence[LetterWords],
) -> None:
    reference = _text(_at(row, places["reference"]))
    said, comment = _text(_at(row, places["answer"])), _text(_at(row, places["comment"]))
    written = _at(row, places["amount_ours"])
    amount = _amount(written)
    if _text(written) and amount is None:
        found.warnings.append(f"{reference or item}: the amount {_text(written)!r} cannot be read")
    decision = _decision(said, languages)
    if said and decision is None:
        found.warnings.append(f"{reference or item}: the answer {said!r} is neither yes nor no")
    if said or comment or amount is not None:
        found.rows.append(RowAnswer(item, reference, decision, amount, comment or (said if decision is None else "")))


def _slip(rows: Sequence[Sequence[Cell]], languages: Sequence[LetterWords], found: ReturnedWorkbook) -> None:
    labels: dict[str, str] = {}
    for words in languages:
        labels[words["sheet.whole"]] = "decision"
        labels[words["sheet.our_balance"]] = "balance"
        labels[words["sheet.person"]] = "person"
        labels[words["slip.date"]] = "date"
        labels[words["column.comment"]] = "comment"
    for row in rows:
        key = labels.get(_text(_at(row, 0)).split(" (")[0])
        value = _at(row, 2)
        if key is None or not _text(value):
            continue
        if key == "decision":
            found.decision = _decision(_text(value), languages)
            if found.decision is None:
                found.warnings.append(f"the answer {_text(value)!r} is neither yes nor no")
        elif key == "balance":
            found.balance = _amount(value)
            if found.balance is None:
                found.warnings.append(f"the balance {_text(value)!r} cannot be read")
        elif key == "date":
            found.date = (
                value.date() if isinstance(value, dt.datetime) else value if isinstance(value, dt.date) else None
            )
        elif key == "person":
            found.person = _text(value)
        else:
            found.comment = _text(value)


def _decision(said: str, languages: Sequence[LetterWords]) -> Decision | None:
    word = said.casefold().strip(" .。!！")
    if word in _AGREE or any(word == words["sheet.agree"].casefold() for words in languages):
        return Decision.AGREES
    if word in _DIFFER or any(word == words["sheet.differ"].casefold() for words in languages):
        return Decision.DIFFERS
    return None


def _place(titles: Sequence[str], key: str, languages: Sequence[LetterWords]) -> int | None:
    names = {words[f"column.{key}"] for words in languages}
    return next((number for number, title in enumerate(titles) if title in names), None)


def _at(row: Sequence[Cell], place: int | None) -> Cell:
    return row[place] if place is not None and place < len(row) else None


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _amount(cell: Cell) -> Decimal | None:
    """A number cell, or a text that is nothing but a number. Floats of a sheet are exact to 15 digits."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return Decimal(repr(cell)) if isinstance(cell, int) or (cell == cell and abs(cell) < 1e15) else None
    text = str(cell).replace(",", "").replace(" ", "").replace("\u00a0", "").lstrip("¥￥")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
