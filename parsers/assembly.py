"""Everything that was read becomes one :class:`~parsers.documents.Document`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from parsers import amounts, bulk, currencies, dates, profile, references
from parsers.calendar import Calendar, calendar_of, inherit
from parsers.cumulation import settle
from parsers.documents import Check, CheckName, Document, Kind, Line, LineType, Payment, Trust
from parsers.entries import Entry, direction_of, entries_of
from parsers.fields import Fields
from parsers.grid import Block, Page
from parsers.invoice import header_line
from parsers.lines import TextLine
from parsers.long import LongDocument, line_count
from parsers.pagination import complete, from_page, missing_pages
from parsers.parties import parties
from parsers.proof import Printed, trust_of
from parsers.references import tidy
from parsers.remittance import read_remittance
from parsers.rows import Row, RowSet, money_in
from parsers.statement import Ledger, Posting, Reading, read_statement, signed
from parsers.summary import Ageing, Figure, ageing, figures
from parsers.table import Table
from parsers.wording.columns import MONEY, Role
from parsers.wording.labels import Field
from parsers.wording.marks import Mark


@dataclass(slots=True)
class Material:
    """What all documents of one file share."""

    pages: list[Page]
    lines: list[TextLine]
    around: list[TextLine]
    table_top: int
    tables: list[Table]
    fields: Fields
    kind: Kind
    mark: str
    file: str
    format: str
    member: str | None


def assemble(m: Material, sets: list[RowSet], currency: str | None, *, alone: bool = True) -> Document:
    """One document out of the rows in ``sets`` (all of one ``currency`` where the rows name one)."""
    document = Document(file=m.file, format=m.format, member=m.member, kind=m.kind)
    document.issuer, document.recipient = parties(m.fields, m.around, m.kind, m.table_top)
    _issued(document)
    rows = merged(sets)
    document.layout = _layout(rows, m.mark)
    entries = _balance_rows(rows, entries_of(rows, m.mark, theirs=m.kind is Kind.REMITTANCE_ADVICE))
    calendar = calendar_of(entries, m.fields, m.around)
    document.layout["date_order"] = calendar.order.order
    _dates(document, m, calendar)
    document.document_no = _number(m.fields)
    document.currency = currency or _currency(m, rows)
    ages = ageing(m.tables, m.around, m.mark) if alone else Ageing()
    document.ageing = ages.buckets
    boxed = figures(m.around, m.mark)
    _turn_openings(boxed, entries, calendar)
    if not alone:  # figures of several currencies: only those that name this one
        boxed = [f for f in boxed if currency in (f.currency, currencies.named(f.line.text.upper()))]
    block = m.pages[0].block
    if block is not None:
        long = _long(document, m, rows, entries, calendar, ages, boxed, block)
        if long is None:
            raise bulk.Irregular
        document = long
    elif entries:
        _lines(document, m, rows, entries, calendar, ages, boxed)
    if m.kind in (Kind.REMITTANCE_ADVICE, Kind.BANK_NOTICE):
        document.payment = _payment(document, m, calendar, boxed)
        _written_out(document, m)
        if document.kind is Kind.REMITTANCE_ADVICE:
            document.closing_balance = document.opening_balance = None
    if m.kind is Kind.INVOICE:
        header_line(document, m.fields, boxed, m.around, calendar.day, m.mark, rows)
    if not line_count(document) and m.kind is Kind.STATEMENT:
        document.warnings.append("no table of lines was found")
    return document


def _issued(document: Document) -> None:
    """The issuer that the profile in use names, where the document was read otherwise."""
    name = profile.current().issuer
    if name is None or document.issuer.name == name:
        return
    if document.recipient.name == name:
        document.issuer, document.recipient = document.recipient, document.issuer
    else:
        document.issuer = replace(document.issuer, name=name)


def _layout(rows: RowSet, mark: str) -> dict[str, Any]:
    """How the print was understood: the columns with their roles, the decimal mark; what ``--learn`` shows."""
    return {
        "columns": [[column.text, None if column.role is None else column.role.value] for column in rows.columns],
        "decimal_mark": mark,
    }


def merged(sets: list[RowSet]) -> RowSet:
    """Several tables as one: columns of the same role are the same column."""
    if len(sets) == 1:
        return sets[0]
    result = RowSet([])
    index: dict[tuple[Role | None, int, str], int] = {}
    for rows in sets:
        seen: dict[Role | None, int] = {}
        numbers: list[int] = []
        for column in rows.columns:
            nth = seen.get(column.role, 0)
            seen[column.role] = nth + 1
            key = (column.role, nth, "" if column.role is not None else column.text)
            if key not in index:
                index[key] = len(result.columns)
                result.columns.append(column)
            numbers.append(index[key])
        for row in rows.rows:
            row.cells = {(numbers[c] if c >= 0 else c): words for c, words in row.cells.items()}
            result.rows.append(row)
        result.loose += rows.loose
    return result


def _lines(
    document: Document,
    m: Material,
    rows: RowSet,
    entries: list[Entry],
    calendar: Calendar,
    ages: Ageing,
    boxed: list[Figure],
) -> None:
    days = inherit(entries, calendar)
    if m.kind is not Kind.REMITTANCE_ADVICE:
        settle(rows, entries, m.mark)
    _last_carry(m, rows, boxed, m.mark)
    ledger = Ledger(rows, entries, rows.rows, m.mark, _printed(rows, m.mark, boxed, ages))
    reading = _read(ledger, m, boxed)
    if reading is None:
        document.warnings.append("no column of amounts was found")
        return
    document.lines = _made(document, m, entries, reading, days, calendar)
    _conclude(document, m, rows, entries, calendar, ledger, reading)


def _long(
    document: Document,
    m: Material,
    rows: RowSet,
    entries: list[Entry],
    calendar: Calendar,
    ages: Ageing,
    boxed: list[Figure],
    block: Block,
) -> LongDocument | None:
    """The document with the rows of ``block`` by column; None where only a reading row by row is sure."""
    days = inherit(entries, calendar)
    if m.kind is not Kind.REMITTANCE_ADVICE:
        head = [entry for entry in entries if entry.row.first.top < block.top]  # they follow each other
        settle(rows, head, m.mark)
    printed = _printed(rows, m.mark, boxed, ages)
    folded = bulk.fold(block, rows, entries, Ledger(rows, entries, rows.rows, m.mark, printed))
    if folded is None or not bulk.agree(folded, entries):
        return None
    if any(entry.day is None for entry in entries) and any(entry.day is not None for entry in entries):
        return None  # a day that goes on from the row above
    reading = _read(folded.whole, m, boxed, folded)
    if reading is None or not folded.names_breaks(reading):
        raise bulk.Irregular(folded.breaks)
    if not folded.whole_items(reading):
        return None
    remittance = m.kind is Kind.REMITTANCE_ADVICE
    columns = bulk.columns_of(folded, reading, currency=document.currency, type_of=_type, gross=remittance)
    if columns is None:
        return None
    document.lines = bulk.single_lines(folded, _made(document, m, entries, reading, days, calendar))
    _conclude(document, m, rows, entries, calendar, folded.ledger, reading)
    pieces = bulk.pieces(folded, columns, document.lines)
    document.lines = []
    return LongDocument(document, pieces)


def _read(ledger: Ledger, m: Material, boxed: list[Figure], folded: bulk.Folded | None = None) -> Reading | None:
    if m.kind is Kind.REMITTANCE_ADVICE:
        return read_remittance(ledger, _payment_totals(m, boxed), folded)
    return read_statement(ledger, folded)


def _made(
    document: Document,
    m: Material,
    entries: list[Entry],
    reading: Reading,
    days: list[dt.date | None],
    calendar: Calendar,
) -> list[Line]:
    lines = []
    for n, (entry, posting, day) in enumerate(zip(entries, reading.postings, days, strict=True), 1):
        lines.append(_line(n, entry, posting, day, calendar, document))
        if m.kind is Kind.REMITTANCE_ADVICE:
            lines[-1].open_amount = posting.gross
    return lines


def _conclude(
    document: Document,
    m: Material,
    rows: RowSet,
    entries: list[Entry],
    calendar: Calendar,
    ledger: Ledger,
    reading: Reading,
) -> None:
    """What the arithmetic and the structure say about the document as a whole."""
    outcome, printed = reading.outcome, ledger.printed
    document.checks = outcome.checks
    if m.kind is not Kind.INVOICE:  # its gross total never is the sum of its net items
        document.warnings += outcome.warnings
    if reading.note:
        document.warnings.append(reading.note)
    document.opening_balance = outcome.opening if outcome.opening is not None else printed.opening
    document.closing_balance = outcome.closing
    if document.closing_balance is None and printed.closings:
        document.closing_balance = printed.closings[-1][1]
    doubts = _doubts(m, rows, entries)
    if _headless(document, m, rows):
        doubts.append(f"it begins with “{rows.rows[0].label}” and names nobody: the page before may be missing")
    document.warnings += doubts
    if any("date" in line.doubts for line in document.lines) and not calendar.order.sure:
        document.warnings.append(f"day and month could be the other way round; read as {calendar.order.order}")
    ended = outcome.ended or _closed_month(document, rows)
    if outcome.covered and not ended and _has_an_end(m) and not complete(m.lines, len(m.pages)):
        outcome.covered = False
        document.warnings.append("nothing printed behind the last line says that it is the last")
    named = any(line.date or references.is_reference(line.reference or "") for line in document.lines)
    if document.lines and not named and m.kind is not Kind.INVOICE:
        doubts.append("no line has a date or a document number")
        document.warnings.append(doubts[-1])
    if m.kind is Kind.UNKNOWN and outcome.covered:
        outcome.covered = False
        document.warnings.append("nothing says what kind of document it is")
    document.trust = trust_of(outcome, lines=len(document.lines), doubts=doubts)


def _is_line(line: TextLine) -> bool:
    """Whether a line begins with a day and ends with an amount, words between them."""
    words = line.words
    if len(words) < 3 or not (isinstance(words[-1].value, Decimal) or amounts.looks_like_money(words[-1].text)):
        return False
    if words[0].value is not None:
        return isinstance(words[0].value, dt.date)
    day = dates.whole(words[0].text)
    return day is not None and (day.has_year or day.spelled)


_OF_MONTH = re.compile(r"本月|月计|month|monat|mois|mese|\bmes\b", re.IGNORECASE)


def _closed_month(document: Document, rows: RowSet) -> bool:
    """Whether the last row sums up a month, and that month is the last of the period that the document is about."""
    last = rows.rows[-1]
    days = [line.date for line in document.lines if line.date is not None]
    end = document.period_end
    summed = last.mark is Mark.SUBTOTAL and _OF_MONTH.search(last.label) is not None
    return summed and bool(days) and end is not None and (days[-1].year, days[-1].month) == (end.year, end.month)


def _line(n: int, entry: Entry, posting: Posting, day: dt.date | None, calendar: Calendar, document: Document) -> Line:
    due = calendar.day(entry.due)
    line = Line(
        no=n, amount=posting.amount, date=day, due_date=due, reference=entry.reference, other_references=entry.others,
        description=entry.description, debit=posting.debit, credit=posting.credit, open_amount=posting.open,
        balance=posting.balance, currency=entry.currency or document.currency, page=entry.row.page,
        doubts=list(dict.fromkeys(entry.doubts)), box=entry.row.box(),
        row=int(entry.row.first.top) + 1 if entry.row.first.cells else None,
    )  # fmt: skip
    if due is not None and calendar.doubtful(entry.due):
        line.doubts.append("due_date")
    line.type = _type(entry, posting)
    return line


def _type(entry: Entry, posting: Posting) -> LineType:
    """The words' type where the sign agrees; else what the sign alone says."""
    kind, amount = entry.type, posting.amount
    negative = {LineType.PAYMENT, LineType.CREDIT_NOTE, LineType.DISCOUNT}
    if kind is LineType.INVOICE and amount < 0 and entry.hint in negative:
        return entry.hint
    if entry.type_firm and kind is not None:
        return kind
    if kind is LineType.INVOICE and amount < 0:
        return LineType.CREDIT_NOTE if posting.open is not None or posting.gross is not None else LineType.PAYMENT
    if entry.either_way:
        if entry.hint is not None and (entry.hint in negative) == (amount < 0):
            return entry.hint
        if amount > 0:
            return LineType.INVOICE
    if kind is LineType.PAYMENT and posting.debit is not None and amount > 0 and not entry.type_told:
        return LineType.INVOICE
    if kind in negative and amount > 0 and posting.open is None and posting.gross is None:
        return LineType.INVOICE if kind is not LineType.PAYMENT else kind
    if kind is not None:
        return kind
    if amount < 0 and entry.hint in negative:
        return entry.hint
    if posting.credit is not None and posting.open is None and amount < 0:
        return LineType.PAYMENT
    return LineType.INVOICE if amount >= 0 else LineType.CREDIT_NOTE


def _has_an_end(m: Material) -> bool:
    """Whether this is a paper, which says where it ends; a bare export (CSV, a sheet) ends where its rows end."""
    return not m.lines[0].cells or m.format == "html"


def _balance_rows(rows: RowSet, entries: list[Entry]) -> list[Entry]:
    """Rows that print a balance and nothing that moves it, no number and no movement's column filled, are no lines but
    the account's opening or closing under a name that was not understood. Returns the entries that are lines."""
    balance = rows.of(Role.BALANCE)
    moving = [c for c in rows.of(*MONEY) if c not in balance]
    if not balance or sum(any(c in e.money for c in moving) for e in entries) < max(2, len(entries) - 2):
        return entries
    kept = []
    for entry in entries:
        still = not any(c in entry.money and entry.money[c].value for c in moving)
        unnamed = not (entry.reference and any(c.isdigit() for c in entry.reference))
        row = entry.row
        # at the head a number beside it (a contra account, a voucher) names no document either: nothing moved
        first = row is rows.rows[0] and not any(c in entry.money for c in moving)
        if still and (unnamed or first) and any(c in entry.money for c in balance):
            row.label = row.label or entry.description or ""
            row.mark = Mark.OPENING if row is rows.rows[0] else Mark.CLOSING if row is rows.rows[-1] else Mark.SUBTOTAL
        else:
            kept.append(entry)
    return kept


def _turn_openings(boxed: list[Figure], entries: list[Entry], calendar: Calendar) -> None:
    """A balance of a day before the first line's day is the opening balance (``Balance at 30 September``)."""
    days = [day for e in entries if (day := calendar.day(e.day)) is not None]
    for figure in boxed:
        at = calendar.day(figure.day)
        if figure.mark is Mark.CLOSING and at is not None and days and at < min(days):
            figure.mark = Mark.OPENING


def _last_carry(m: Material, rows: RowSet, boxed: list[Figure], mark: str) -> None:
    """``Balance c/f`` as the last row closes the account where no page can follow, or where the same closing balance is
    printed outside the table; else a page may be missing (see :func:`_doubts`)."""
    last = rows.rows[-1]
    if last.mark is not Mark.CARRIED or from_page(last.label):
        return
    value = _mark_value(last, rows, mark, rows.of(Role.BALANCE), rows.of(Role.DEBIT), rows.of(Role.CREDIT))
    if last.first.cells or (value is not None and any(f.mark is Mark.CLOSING and f.value == value for f in boxed)):
        last.mark = Mark.CLOSING
    elif value is not None and len(m.pages) == 1:  # "We will take £1,110.05 on 9 November"
        below = [line for line in m.around if line.top > last.first.top]
        if any(found.value == value for line in below for found in amounts.find(line.text, mark)):
            last.mark = Mark.CLOSING


def _printed(rows: RowSet, mark: str, boxed: list[Figure], ages: Ageing) -> Printed:
    printed = Printed()
    balance = rows.of(Role.BALANCE)
    plus, minus = rows.of(Role.DEBIT), rows.of(Role.CREDIT)
    for row in rows.rows:
        if row.mark is None:
            continue
        value = _mark_value(row, rows, mark, balance, plus, minus)
        if value is None:
            continue
        if row.mark is Mark.OPENING or (row.mark is Mark.BROUGHT and row is rows.rows[0]):
            if printed.opening is None:
                printed.opening = value
        elif row.mark is Mark.CLOSING:
            printed.closings.append((row.label, value))
            if not balance and minus:
                printed.unsigned.add(row.label)
        elif row.mark is Mark.TOTAL and balance:
            total = money_in(row.cells.get(balance[-1], []), mark)
            if total is not None:
                turned = next((d for k in rows.of(Role.DIRECTION) if (d := direction_of(row.text(k)))), None)
                printed.closings.append((row.label, signed(total, turned)))
    for figure in boxed:
        if figure.mark is Mark.OPENING and printed.opening is None:
            printed.opening = figure.value
        elif figure.mark is Mark.CLOSING:
            printed.closings.append((figure.label, figure.value))
        elif figure.mark is Mark.TOTAL and not minus:
            printed.totals.append((figure.label, figure.value))
    if ages.buckets:
        printed.ageing = ages.total if ages.total is not None else ages.sum
        if ages.total is not None:
            printed.closings.append(("ageing total", ages.total))
    return printed


def _mark_value(
    row: Row, rows: RowSet, mark: str, balance: list[int], plus: list[int], minus: list[int]
) -> Decimal | None:
    for c in reversed(balance):
        amount = money_in(row.cells.get(c, []), mark)
        if amount is not None:
            turned = next((d for k in rows.of(Role.DIRECTION) if (d := direction_of(row.text(k)))), None)
            return signed(amount, turned)
    both = [(c, a) for c in [*plus, *minus] if (a := money_in(row.cells.get(c, []), mark)) is not None]
    if len(both) == 1:
        c, amount = both[0]
        return -amount.value if c in minus else signed(amount, None)
    found = [a for c in rows.of(*MONEY) if (a := money_in(row.cells.get(c, []), mark)) is not None]
    if not found:
        found = [
            a
            for word in row.first.words
            if (a := amounts.parse(word.text, mark)) is not None and amounts.looks_like_money(word.text)
        ]
    return signed(found[-1], None) if found and not both else None


def _payment_totals(m: Material, boxed: list[Figure]) -> list[tuple[str, Decimal]]:
    totals = [(f.label, f.value) for f in boxed if f.mark in (Mark.TOTAL, Mark.CLOSING)]
    for found in m.fields.all(Field.PAY_AMOUNT):
        values = amounts.find(found.value, m.mark)
        if not values and (single := amounts.parse(found.value, m.mark)):
            values = [single]
        if values and not any(values[0].value == v for _, v in totals):
            totals.append((found.words, values[0].value))
    return totals


def _payment(document: Document, m: Material, calendar: Calendar, boxed: list[Figure]) -> Payment:
    payment = Payment()
    day = next((p for f in m.fields.all(Field.PAY_DATE) for p in dates.find(f.value)), None)
    payment.date = calendar.day(day) if day else document.date
    payment.amount = document.closing_balance
    if payment.amount is None:
        totals = _payment_totals(m, boxed)
        payment.amount = totals[-1][1] if totals else None
    payment.method = m.fields.first(Field.PAY_METHOD)
    reference = m.fields.first(Field.PAY_REFERENCE)
    payment.reference = tidy(reference) if reference else None
    return payment


def _written_out(document: Document, m: Material) -> None:
    """An amount written out in 大写 must be the payment's amount."""
    if document.payment.amount is None or len(m.lines) > 2000:
        return
    written = [v for line in m.lines if (v := amounts.chinese_capital(line.text.replace(" ", ""))) is not None]
    if not written:
        return
    held = any(v == document.payment.amount for v in written)
    detail = f"the amount written out is {written[0]}, the payment {document.payment.amount}"
    document.checks.append(Check(CheckName.PAYMENT_TOTAL, held, detail))
    if not held:
        document.trust = Trust.UNPROVEN
        document.warnings.append(detail)


def _dates(document: Document, m: Material, calendar: Calendar) -> None:
    def days(*wanted: Field) -> list[dt.date]:
        return [d for f in m.fields.all(*wanted) for p in dates.find(f.value) if (d := calendar.day(p)) is not None]

    period = days(Field.PERIOD) or _months(m)
    starts, ends = days(Field.PERIOD_START), days(Field.PERIOD_END)
    document.period_start = starts[0] if starts else period[0] if len(period) > 1 else None
    document.period_end = ends[0] if ends else period[-1] if period else None
    own = days(Field.DATE)
    if not own:
        own = _as_of(m, calendar)
    document.date = own[0] if own else document.period_end


_MONTHS = re.compile(
    r"(20\d\d)\s?[./年-]\s?(0?[1-9]|1[0-2])(?!\d)\s?月?"
    r"\s?(?:[-–—~至到]+\s?(20\d\d)\s?[./年-]\s?(0?[1-9]|1[0-2])(?!\d))?"
)


def _months(m: Material) -> list[dt.date]:
    """A period of whole months (``2026.09-2026.10``): its first and its last day."""
    found = next((f for v in m.fields.all(Field.PERIOD) if (f := _MONTHS.match(v.value))), None)
    if found is None:
        return []
    start = dt.date(int(found[1]), int(found[2]), 1)
    last = dt.date(int(found[3] or found[1]), int(found[4] or found[2]), 1)
    return [start, (last + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)]


_AS_OF = re.compile(
    r"(?:as (?:at|of|on)|as of date|截止|截至|per|stand|zum|au|al|arrete au|dated)\s*:?\s*(?P<rest>.{6,30})$",
    re.IGNORECASE,
)


def _as_of(m: Material, calendar: Calendar) -> list[dt.date]:
    for line in m.around[: m.table_top or 15]:
        found = _AS_OF.search(line.text)
        if found:
            days = [d for p in dates.find(found["rest"]) if (d := calendar.day(p)) is not None]
            if days:
                return days
    loose = [
        d for line in m.around[: m.table_top or 15] for p in dates.find(line.text) if (d := calendar.day(p)) is not None
    ]
    return loose[:1] if len(loose) == 1 else []


_ISSUED_BEHIND = re.compile(  # "Invoice # RE-507 issued at 2019-06-10"
    r"\s+(?:issued|dated|of|vom|von|du|del?|at|on)\s+(?:(?:issued|dated|at|on|of)\s+)?\d.*$", re.IGNORECASE
)


def _number(fields: Fields) -> str | None:
    for found in fields.all(Field.DOCUMENT_NO):
        value = tidy(_ISSUED_BEHIND.sub("", found.value))
        if any(c.isdigit() for c in value) and len(value) <= 40 and dates.whole(value) is None:
            return value
    return None


_CURRENCY_LINES = 5_000  # a document that never names its currency before does not do so later


def _currency(m: Material, rows: RowSet) -> str | None:
    for found in m.fields.all(Field.CURRENCY):
        code = currencies.named(found.value)
        if code:
            return code
    for column in rows.columns:
        if column.role in MONEY and (code := currencies.named(column.text)):
            return code
    for table in m.tables:
        for cell in table.header:
            if code := currencies.named(cell.text):
                return code
    seen: dict[str, int] = {}
    for line in m.lines[:_CURRENCY_LINES]:
        for word in line.words:
            if word.value is None and (amount := amounts.parse(word.text, m.mark)) is not None and amount.currency:
                seen[amount.currency] = seen.get(amount.currency, 0) + 1
    if len(seen) == 1:
        return next(iter(seen))
    named = {code for row in rows.rows if row.mark is not None and (code := currencies.named(row.label))}
    if len(named) == 1 and not seen:
        return named.pop()
    for line in m.around:
        code = currencies.named(line.text)
        if code and not seen:
            return code
    return max(seen, key=lambda c: seen[c]) if seen else _by_sign(m)


def _by_sign(m: Material) -> str | None:
    """``￥`` or 元 in a Chinese document is the yuan; ``$`` alone says nothing."""
    text = " ".join(line.text for line in m.lines[:60])
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in text) > 20
    if chinese and ("¥" in text or "￥" in text or "元" in text) and not any(c in text for c in "臺灣萬東円"):
        return "CNY"
    return None


_CARRIED_ON = re.compile(
    r"forward|\bb ?/ ?f|\bfwd|\bb/d|vortrag|übertrag|report|承前|上页|anterior|riporto", re.IGNORECASE
)


def _headless(document: Document, m: Material, rows: RowSet) -> bool:
    """Whether a paper of several pages begins with what is carried on, and without the head of a first page."""
    first = rows.rows[0]
    named = document.issuer.name or document.recipient.name or document.date or document.period_end
    carried = first.mark in (Mark.OPENING, Mark.BROUGHT) and _CARRIED_ON.search(first.label) is not None
    return carried and not named and len(m.pages) > 1 and not first.first.cells


_BALANCE_ROW = re.compile(  # what no line of business is called
    r"\b(?:opening|closing|previous|starting|ending) bal|\b(?:brought|carried) forward\b"
    r"|\bsaldo (?:anterior|inicial|final|iniziale|precedente|finale)|\bsolde (?:initial|antérieur|final)"
    r"|\bsaldovortrag|\banfangssaldo|\bendsaldo|\bbegin\s?saldo|\beindsaldo|期初|期末|承前|上[期月年]结[余转存]|上[期月年]结欠",
    re.IGNORECASE,
)


def _doubts(m: Material, rows: RowSet, entries: list[Entry]) -> list[str]:
    """Sentences on the structure that forbid trust whatever the arithmetic says."""
    doubts = missing_pages(m.lines, len(m.pages))
    marks = [row for row in rows.rows if row.mark is not None]
    if rows.rows and rows.rows[0].mark is Mark.BROUGHT and from_page(rows.rows[0].label):
        doubts.append(f"it begins with “{rows.rows[0].label}”: the page before is missing")
    if marks and rows.rows[-1].mark is Mark.CARRIED:
        doubts.append(f"it ends with “{rows.rows[-1].label}”: the next page is missing")
    if m.kind is Kind.STATEMENT and (balances := [e for e in entries if _BALANCE_ROW.search(e.description or "")]):
        doubts.append(f"“{balances[0].description}” may be a balance and no line")
    above = [line.text for line in m.around[: m.table_top] if m.kind is Kind.STATEMENT and _is_line(line)]
    if above:
        doubts.append(f"“{above[0]}” stands above the table and looks like a line of it")
    unread = [e.row for e in entries if not e.money]
    garbled = [text for e in entries for text in e.garbled]
    if garbled:
        doubts.append(
            f"no amount can be read from “{garbled[0]}”" + (f" and {len(garbled) - 1} more" if garbled[1:] else "")
        )
    if unread:
        doubts.append(f"{len(unread)} rows have no amount that can be read")
    return doubts
