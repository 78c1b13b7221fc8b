"""The table of a statement: head on every page, one row a document, opening and closing where the form has them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mailflow.adapters.statement_pdf.paper import ACCENT, INK, INNER, LATE, LINE, MARGIN, MUTED, PANEL, Paper
from mailflow.correspondence.statement_sheet import Form, SheetRow, StatementSheet
from mailflow.money import grouped

SIZE = 7.8
LEADING = 10.2
_PAD = 5.0
_HEAD = 19.0


@dataclass(frozen=True, slots=True)
class Column:
    """``share`` is of the inner width; amounts stand to the right."""

    key: str
    share: float
    right: bool = False


OPEN_ITEM = (
    Column("date", 0.098),
    Column("type", 0.105),
    Column("reference", 0.158),
    Column("theirs", 0.152),
    Column("due", 0.1),
    Column("days", 0.052, right=True),
    Column("original", 0.112, right=True),
    Column("open", 0.112, right=True),
    Column("running", 0.111, right=True),
)
BALANCE_FORWARD = (
    Column("date", 0.1),
    Column("type", 0.105),
    Column("reference", 0.17),
    Column("theirs", 0.165),
    Column("due", 0.1),
    Column("increase", 0.12, right=True),
    Column("decrease", 0.12, right=True),
    Column("balance", 0.12, right=True),
)


def draw_rows(paper: Paper, sheet: StatementSheet, top: float) -> None:
    """From ``paper.y`` on, over as many pages as it takes; ``top`` is where rows begin on a further page."""
    table = _Table(paper, sheet, top)
    table.head()
    if sheet.form is Form.BALANCE_FORWARD:
        day = sheet.statement.period_start.isoformat()
        table.line({"date": day, "type": sheet.words["label.opening"], "balance": table.amount(sheet.totals.opening)})
    for row in sheet.rows:
        table.row(row)
    table.sum()


class _Table:
    def __init__(self, paper: Paper, sheet: StatementSheet, top: float) -> None:
        self._paper, self._sheet, self._top = paper, sheet, top
        self._columns = OPEN_ITEM if sheet.form is Form.OPEN_ITEM else BALANCE_FORWARD
        self._size = self._amount_size()

    def amount(self, amount: Decimal | None) -> str:
        return "" if amount is None else grouped(amount, self._sheet.currency)

    def head(self) -> None:
        paper = self._paper
        paper.box(MARGIN, paper.y, INNER, _HEAD, fill=PANEL, radius=0)
        for x, width, column in self._placed():
            text = self._sheet.words[f"column.{column.key}"]
            at = x + width - _PAD if column.right else x + _PAD
            size = min(7.2, 7.2 * (width - 4) / max(paper.typeface.width(text, 7.2), 1.0))
            align = "right" if column.right else "left"
            paper.text(at, paper.y + 12.4, text, size=size, color=MUTED, align=align, strong=True)
        paper.y += _HEAD
        paper.rule(MARGIN, MARGIN + INNER, paper.y, color=ACCENT, width=0.9)

    def row(self, row: SheetRow) -> None:
        line = row.line
        cells = {
            "date": line.date.isoformat(),
            "type": row.type,
            "reference": line.reference,
            "theirs": line.po_number or line.their_reference or line.description,
            "due": line.due_date.isoformat() if line.due_date else "",
            "days": str(line.days_overdue) if (line.days_overdue or 0) > 0 and line.open_amount > 0 else "",
            "original": self.amount(line.amount),
            "open": self.amount(line.open_amount),
            "running": self.amount(row.balance),
            "increase": self.amount(row.increase),
            "decrease": self.amount(row.decrease),
            "balance": self.amount(row.balance),
        }
        self.line(cells, notes=self._notes(row), late=bool(cells["days"]))

    def line(self, cells: dict[str, str], *, notes: tuple[str, ...] = (), late: bool = False) -> None:
        """A row is never cut: what does not fit goes to the next page under a new head."""
        paper = self._paper
        wrapped = {
            column.key: paper.typeface.wrapped(cells[column.key], SIZE, width - 2 * _PAD)
            for _, width, column in self._placed()
            if not column.right and cells.get(column.key)
        }
        if notes:
            width = next(width for _, width, column in self._placed() if column.key == "theirs") - 2 * _PAD
            wrapped["theirs"] = [
                *wrapped.get("theirs", []),
                *(part for note in notes for part in paper.typeface.wrapped(note, SIZE - 0.8, width)),
            ]
        height = max([1, *(len(lines) for lines in wrapped.values())]) * LEADING + 5.8
        if not paper.room(height):
            paper.new_page(self._top)
            self.head()
        base = paper.y + 11.3
        first_note = len(wrapped.get("theirs", [])) - sum(
            len(paper.typeface.wrapped(note, SIZE - 0.8, width)) for note in notes
        )
        for x, width, column in self._placed():
            if column.right:
                text = cells.get(column.key, "")
                color = LATE if late and column.key == "days" else MUTED if column.key == "original" else INK
                paper.text(x + width - _PAD, base, text, size=self._size, color=color, align="right")
                continue
            for number, text in enumerate(wrapped.get(column.key, [])):
                note = bool(notes) and column.key == "theirs" and number >= first_note
                color = ACCENT if note else MUTED if column.key in ("type", "theirs") else INK
                size = SIZE - 0.8 if note else SIZE
                paper.text(x + _PAD, base + number * LEADING, text, size=size, color=color)
        paper.y += height
        paper.rule(MARGIN, MARGIN + INNER, paper.y, color=LINE, width=0.4)

    def sum(self) -> None:
        paper, sheet, totals = self._paper, self._sheet, self._sheet.totals
        if not paper.room(22):
            paper.new_page(self._top)
            self.head()
        if sheet.form is Form.OPEN_ITEM:
            label = sheet.words["label.total_open"]
            shown = {"original": totals.original, "open": totals.closing, "running": totals.closing}
        else:
            label = sheet.words["label.closing"]
            shown = {"increase": totals.increases, "decrease": totals.decreases, "balance": totals.closing}
        base = paper.y + 13.4
        paper.rule(MARGIN, MARGIN + INNER, paper.y, color=ACCENT, width=0.9)
        paper.text(MARGIN + _PAD, base, label, size=SIZE + 0.4, strong=True)
        for x, width, column in self._placed():
            if column.key in shown:
                text = self.amount(shown[column.key])
                paper.text(x + width - _PAD, base, text, size=self._size, align="right", strong=True)
        paper.y += 22

    def _placed(self) -> list[tuple[float, float, Column]]:
        placed: list[tuple[float, float, Column]] = []
        x = MARGIN
        for column in self._columns:
            placed.append((x, column.share * INNER, column))
            x += column.share * INNER
        return placed

    def _notes(self, row: SheetRow) -> tuple[str, ...]:
        notes = [row.mark] if row.mark else []
        if row.discount is not None:
            amount, until = self.amount(row.discount.amount), self._sheet.words.date(row.discount.until)
            notes.append(self._sheet.words.say("discount.row", amount=amount, date=until))
        return tuple(notes)

    def _amount_size(self) -> float:
        """One size for all amounts, small enough for the longest one."""
        sheet, totals = self._sheet, self._sheet.totals
        amounts = [totals.closing, totals.opening, totals.original, totals.increases, totals.decreases]
        for row in sheet.rows:
            amounts += [row.balance, row.line.amount]
        longest = max(self._paper.typeface.width(self.amount(one), SIZE) for one in amounts)
        narrowest = min(column.share for column in self._columns if column.right and column.key != "days") * INNER
        return float(min(SIZE, SIZE * (narrowest - 7) / longest))
