"""Rows of a table become entries: typed values by role, before anything is decided about signs and balances."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass, field
from decimal import Decimal

from parsers import amounts, currencies, dates, references
from parsers.amounts import Amount
from parsers.dates import Printed
from parsers.documents import LineType
from parsers.grid import Word
from parsers.rows import Row, RowSet, broken_anywhere, join, money_in
from parsers.wording import folded, types
from parsers.wording.columns import MONEY, Role


@dataclass(slots=True)
class Entry:
    """One data row. ``money`` holds each money column's amount by column number; ``day`` and ``due`` are as printed."""

    row: Row
    money: dict[int, Amount]
    day: Printed | dt.date | None = None
    due: Printed | dt.date | None = None
    type: LineType | None = None
    type_firm: bool = False  # said by a type column, not guessed from other words
    hint: LineType | None = None  # what description and reference say where a type column says something else
    either_way: bool = False  # the type's code means an invoice here and a payment there
    type_told: bool = False  # said by words at all, not only by the letters of a reference
    reference: str | None = None
    others: list[str] = field(default_factory=list)
    description: str | None = None
    direction: str | None = None  # "debit" or "credit" out of a 方向 / DR/CR column
    currency: str | None = None
    garbled: list[str] = field(default_factory=list)  # what stands in money columns and is no amount
    doubts: list[str] = field(default_factory=list)
    count: int = 1  # lines that it stands for: the rows of a block are one entry to the proof (parsers.bulk)


def entries_of(rows: RowSet, mark: str, *, theirs: bool = False) -> list[Entry]:
    """The entries of all data rows of ``rows`` under decimal mark ``mark``. ``theirs``: the paper is about documents of
    its reader (a remittance advice), so ``Ihr Beleg`` is the document and the number before it the writer's own."""
    order = _reference_columns(rows) or _only_numbers(rows)
    if theirs:
        yours = [c for c in rows.of(Role.REFERENCE, Role.OTHER) if _YOURS.search(folded(rows.columns[c].text))]
        for c in yours[:1]:
            rows.columns[c].role = Role.REFERENCE
            order = [c, *(other for other in order if other != c)]
            rows.forget()
    printed = [row for row in rows.rows if not row.first.cells]
    tight = {c for c in order if broken_anywhere([row.cells[c] for row in printed if row.cells.get(c)])}
    _join_parted_days(rows)
    entries = [_entry(row, rows, order, mark, tight) for row in rows.rows if row.mark is None]
    _forget_common_letters(entries)
    _same_delivery(entries, rows)
    if not order:
        _leading_numbers(entries, rows)
    _doubt(entries, rows, order)
    return entries


def _forget_common_letters(entries: list[Entry]) -> None:
    """Letters that all numbers begin with (``GU5521``, ``GU5525`` …: the supplier's own) make no line a credit note."""
    alike = len(entries) > 1 and len({e.type for e in entries}) == 1
    if alike and not any(e.type_told or e.type_firm for e in entries):
        for entry in entries:
            entry.type = None


def _same_delivery(entries: list[Entry], rows: RowSet) -> None:
    """Goods of one delivery note, its day and number printed once: a line with neither is of the note above it."""
    if not (rows.of(Role.QUANTITY) and rows.of(Role.REFERENCE)):
        return
    named = rows.of(Role.DATE, Role.REFERENCE)
    for before, entry in itertools.pairwise(entries):
        if before.reference and not any(entry.row.cells.get(c) for c in named):
            entry.reference = before.reference
            entry.doubts.append("reference")


def _number_and_words(words: list[Word], whole: str) -> tuple[str, str]:
    """A cell's number and the words printed under it in further lines (``PD40112`` over ``Milk and cream``)."""
    first = [w for w in words if w.top <= words[0].top + 1]
    below = [w for w in words if w.top > words[0].top + 1]
    if sum(w.text.isalpha() for w in below) < 2 or not references.is_reference(join(first)):
        return whole, ""
    return join(first), join(below)


def _leading_numbers(entries: list[Entry], rows: RowSet) -> None:
    """Where most texts begin with their document's number, a bare number that begins a text is one as well."""
    for c in rows.of(Role.TEXT):
        leads = sum(bool(e.reference) and e.row.text(c).startswith(e.reference or "") for e in entries)
        if 2 * leads <= len(entries):
            continue
        for entry in entries:
            found = _LEADING.match(entry.row.text(c)) if entry.reference is None else None
            if found is not None:
                entry.reference = found[1]
                entry.doubts.append("reference")


_LEADING = re.compile(r"#?(\d{1,12})(?=\s|$)")


def _doubt(entries: list[Entry], rows: RowSet, reference_columns: list[int]) -> None:
    """Name what may have been read wrongly although the sums are right: arithmetic proves no date and no reference."""
    with_digits = sum(1 for e in entries if e.reference and any(c.isdigit() for c in e.reference))
    lettered = sum(1 for e in entries if e.reference and any(c.isalpha() for c in e.reference))
    dated = sum(1 for e in entries if e.day is not None)
    undated = bool(rows.of(Role.DATE)) and not dated
    for entry in entries:
        reference = entry.reference
        if reference_columns and "reference" not in entry.doubts:
            words = [w for c in reference_columns for w in entry.row.cells.get(c, [])]
            wrapped = not entry.row.first.cells and len({round(w.top / 3) for w in words}) > 1
            numberless = not (reference and any(c.isdigit() for c in reference)) and (
                with_digits > len(entries) / 2 or not with_digits
            )
            several = sum(any(c.isdigit() for c in piece) for piece in (reference or "").split()) > 1
            mixed = _MIXED.search(reference or "") is not None
            odd = lettered > 0.8 * len(entries) and bool(reference) and not any(c.isalpha() for c in reference or "")
            if wrapped or numberless or several or odd or mixed:
                entry.doubts.append("reference")
        if (entry.day is None and dated > len(entries) / 2) or undated:
            entry.doubts.append("date")


_MIXED = re.compile(r"\d[A-Z]?[a-z]{1,3}\d|\d[A-Z]?[a-z]{4,}$")  # two cells printed over each other
_GARBLED = re.compile(r"(?=.*\d)[\d.,'’()\-−–¥$€£\s]+")  # digits and marks in an order that is no number


def _reference_columns(rows: RowSet) -> list[int]:
    """Reference columns, the one that names the document itself first."""
    found = rows.of(Role.REFERENCE)
    return sorted(found, key=lambda c: (-_rank(rows.columns[c].text), c))


def _only_numbers(rows: RowSet) -> list[int]:
    """Where no column names the document: one of other numbers (waybills) that every row has, each its own."""
    texts = [row.text(c) for row in rows.rows if row.mark is None for c in rows.of(Role.TEXT)]
    for c in rows.of(Role.OTHER) if not any(references.find(text) for text in texts) else ():
        numbers = [row.text(c) for row in rows.rows if row.mark is None]
        if len(set(numbers)) == len(numbers) > 2 and all(map(references.is_reference, numbers)):
            rows.columns[c].role = Role.REFERENCE
            rows.forget()
            return [c]
    return []


_YOURS = re.compile(  # "Your ref" may be an order; these name a document
    r"^(?:your|ihre?|votre|vos|vs|su|vostr[oa]|uw|sua|vossa) (?:inv|doc|bill|beleg|rechnung|piece|fact|fattura|fatura)"
    r"|贵[司方](?:发票|单)|供应商发票|(?:supplier|vendor) inv"
)


def _rank(header: str) -> int:
    plain = folded(header)
    if any(w in plain for w in ("发票号", "invoice", "rechnung", "facture", "factura", "bill")):
        return 2
    if any(w in plain for w in ("单据", "单号", "document", "doc", "beleg", "piece", "documento", "票")):
        return 2
    if any(w in plain for w in ("number", "no", "编号", "transaction", "nr", "号")):
        return 1
    return 0


# a receipt voucher, or SAP's billing document; règlement, or Rechnung and Rechnungsgutschrift: words and sign tell
_TWO_MEANINGS = ("rv", "rg")


def _entry(row: Row, rows: RowSet, reference_columns: list[int], mark: str, tight: set[int]) -> Entry:
    columns = rows.columns
    money: dict[int, Amount] = {}
    garbled: list[str] = []
    for c in rows.of(*MONEY):
        amount = money_in(row.cells.get(c, []), mark)
        if amount is not None:
            money[c] = amount
        elif columns[c].role not in (Role.TAX, Role.PRICE) and _GARBLED.fullmatch(row.text(c)):
            garbled.append(row.text(c))
    entry = Entry(row, money, garbled=garbled)
    carry = ""
    for c in rows.of(Role.DATE):
        day, rest = _day(row, c)
        if day is not None:
            entry.day = day
            carry = rest
            break
    if entry.day is None:
        for c in rows.of(Role.POSTED):
            day, rest = _day(row, c)
            if day is not None:
                entry.day = day
                break
    if entry.day is None and not rows.of(Role.DATE, Role.POSTED):
        entry.day = _day_of_columns(row, rows)
        if entry.day is None and row.day is not None:
            entry.day = row.day
            entry.doubts.append("date")
    for c in rows.of(Role.DUE):
        entry.due, _ = _day(row, c)
    texts = {c: join(words, tight=c in tight) for c, words in row.cells.items()}
    if carry:
        _give_on(carry, texts, rows)
    for c in reference_columns:
        texts[c], below = _number_and_words(row.cells.get(c, []), texts.get(c, ""))
        if below:
            texts[-100 - c] = below
        text = references.tidy(texts.get(c, ""))
        if text and not amounts.is_nothing(text):
            if entry.reference is None:
                entry.reference = text
            else:
                entry.others.append(text)
    for c in rows.of(Role.OTHER):
        text = references.tidy(texts.get(c, ""))
        if text and not amounts.is_nothing(text):
            entry.others.append(text)
    described = [texts[c] for c in rows.of(Role.TEXT) if texts.get(c)]
    typed = next((texts[c] for c in rows.of(Role.TYPE) if texts.get(c)), "")
    described += [texts[c] for c in rows.of(Role.ACCOUNT) if texts.get(c)]
    described += [
        texts[c]
        for c in sorted(texts)
        if (c < 0 or columns[c].role is None) and texts[c] and amounts.parse(texts[c]) is None
    ]
    entry.description = " ".join(described).strip() or typed.strip() or None
    if typed:
        entry.type = types.of_type_cell(typed)
        entry.type_firm = entry.type_told = entry.type is not None
        if folded(typed) in _TWO_MEANINGS:
            entry.type_firm, entry.either_way = False, True
    named = references.named(entry.description or "")
    if named and reference_columns and all(_rank(columns[c].text) == 0 for c in reference_columns):
        if entry.reference and entry.reference != named:
            entry.others.insert(0, entry.reference)
        entry.reference = named  # "Invoice # INV-0101" names the document; a bare "Reference" may be the customer's own
        if not entry.reference or entry.type is LineType.PAYMENT or not entry.others:
            entry.doubts.append("reference")
    if entry.reference is None and not reference_columns:
        inside = references.find(" ".join([typed, *described]))
        if inside:
            entry.reference = inside[0]
            entry.doubts.append("reference")
        elif entry.others:
            entry.reference = entry.others.pop(0)
            entry.doubts.append("reference")
    words = types.of_words(" ".join(described)) if described else None
    if words in (None, LineType.INVOICE) and described:
        words = types.of_first_word(described[0]) or words
    letters = types.of_reference(entry.reference) if entry.reference else None
    entry.hint = words if words not in (None, LineType.INVOICE) else letters or words
    if entry.type is None:
        entry.type = words if words not in (None, LineType.INVOICE) else letters or words
        entry.type_told = words is not None and entry.type is words
        if words is LineType.PAYMENT and letters is LineType.CREDIT_NOTE:
            entry.type = letters
    sent_back = any((q := money_in(row.cells.get(c, []), mark)) and q.value < 0 for c in rows.of(Role.QUANTITY))
    if sent_back and entry.type in (None, LineType.INVOICE, LineType.PAYMENT) and not entry.type_firm:
        entry.type, entry.type_told = LineType.CREDIT_NOTE, True
    if row.section is not None and entry.type in (None, LineType.INVOICE) and not entry.type_firm:
        entry.type, entry.type_told = row.section, True
    for c in rows.of(Role.DIRECTION):
        entry.direction = direction_of(texts.get(c, "")) or entry.direction
    for c in rows.of(Role.CURRENCY):
        entry.currency = currencies.named(texts.get(c, "").upper()) or currencies.named(texts.get(c, ""))
    if entry.currency is None:
        entry.currency = row.currency or next((a.currency for a in money.values() if a.currency), None)
    return entry


_PARTED_DAY = re.compile(r"(0?[1-9]|1[0-2])\s+([12]\d|3[01]|0?[1-9])")
_OF_DAY = re.compile(r"^(?:日期|时间) ?(?=[年月日]$)")
_MONTH_HEADER = re.compile(r"(?:(?:20\d\d)? ?年)? ?月份?")
_DAY_HEADER = re.compile(r"(?:(?:20\d\d)? ?年)? ?日期?")
_PARTED_HEADER = re.compile(r"(?:\d{4})?\s*年?\s*月\s*日")


def _day_of_columns(row: Row, rows: RowSet) -> Printed | None:
    """The day that stands in a column of months and one of days beside it (and one of years before them)."""
    headers = [_OF_DAY.sub("", column.text.strip()) for column in rows.columns]
    for c in range(len(headers) - 1):
        if not _MONTH_HEADER.fullmatch(headers[c]) or not _DAY_HEADER.fullmatch(headers[c + 1]):
            continue
        month, day = (row.text(k).strip() for k in (c, c + 1))
        parted = _PARTED_DAY.fullmatch(f"{month} {day}")
        if parted is None:
            return None
        year = row.text(c - 1).strip() if c and headers[c - 1] in ("年", "年度") else headers[c][:4]
        known = int(year) if re.fullmatch(r"20\d\d", year) else None
        return Printed(f"{month} {day}", year=known, month=int(parted[1]), day=int(parted[2]), spelled=True)
    return None


def _join_parted_days(rows: RowSet) -> None:
    """``2026年 | 月 | 日``: month and day stand apart; a day that was laid into the next column comes back."""
    for c in rows.of(Role.DATE):
        if c + 1 >= len(rows.columns) or not _PARTED_HEADER.fullmatch(rows.columns[c].text.strip()):
            continue
        for row in rows.rows:
            day, beside = row.cells.get(c, []), row.cells.get(c + 1, [])
            if len(day) == 1 and beside and _PARTED_DAY.fullmatch(f"{day[0].text} {beside[0].text}"):
                row.cells[c], row.cells[c + 1] = [*day, beside[0]], beside[1:]


def _day(row: Row, column: int) -> tuple[Printed | dt.date | None, str]:
    words = row.cells.get(column, [])
    for word in words:
        if isinstance(word.value, dt.date):
            return word.value, ""
        if isinstance(word.value, Decimal) and 20000 < word.value < 80000 and word.value == int(word.value):
            return dt.date(1899, 12, 30) + dt.timedelta(days=int(word.value)), ""  # a spreadsheet's serial day
    if parted := _PARTED_DAY.fullmatch(join(words)):
        return Printed(join(words), month=int(parted[1]), day=int(parted[2]), spelled=True), ""
    found = dates.prefix(join(words)) if words else None
    return (found[0], found[1].strip(" .,;")) if found is not None else (None, "")


def _give_on(rest: str, texts: dict[int, str], rows: RowSet) -> None:
    """Text that stood glued behind a date belongs to the next text column."""
    for c in sorted(rows.of(Role.REFERENCE, Role.TYPE, Role.TEXT, Role.OTHER)):
        if not texts.get(c):
            texts[c] = rest
            return
    for c in rows.of(Role.TEXT):
        texts[c] = f"{rest} {texts.get(c, '')}".strip()
        return


_CREDIT = {"贷", "贷方", "cr", "c", "h", "haben", "credit", "-", "付", "支", "支出", "out", "k", "crédit"}
_DEBIT = {"借", "借方", "dr", "d", "s", "soll", "debit", "+", "收", "收入", "in", "débit"}


def direction_of(text: str) -> str | None:
    plain = folded(text) or text.strip()
    return "credit" if plain in _CREDIT else "debit" if plain in _DEBIT else None
