"""Figures that stand beside or under the table: labelled balances and totals, summary boxes, ageing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from parsers import amounts, dates
from parsers.amounts import Amount
from parsers.grid import Word
from parsers.lines import TextLine, segments
from parsers.table import Table
from parsers.wording import folded
from parsers.wording.columns import is_bucket
from parsers.wording.composed import mark
from parsers.wording.marks import Mark

_PART_ONLY = (
    "overdue",
    "past due",
    "逾期",
    "uberfallig",
    "vencido",
    "echu",
    "到期",
    "minimum",
    "in arrears",
    "credit limit",
    "信用额度",
)


@dataclass(slots=True)
class Figure:
    label: str
    mark: Mark
    value: Decimal
    line: TextLine
    currency: str | None = None
    day: dates.Printed | None = None  # that its label names: "Balance at 30 September"


@dataclass(slots=True)
class Ageing:
    buckets: dict[str, Decimal] = field(default_factory=dict)
    total: Decimal | None = None

    @property
    def sum(self) -> Decimal:
        return sum(self.buckets.values(), Decimal(0))


def _value(word: Word, decimal_mark: str) -> Amount | None:
    if isinstance(word.value, Decimal):
        return Amount(word.value)
    return amounts.parse(word.text, decimal_mark)


def figures(lines: list[TextLine], decimal_mark: str) -> list[Figure]:
    """Every labelled figure whose label is a mark (``Balance due 1,234.56``; also label over value in a box)."""
    found: list[Figure] = []
    for n, line in enumerate(lines):
        found += labelled(line, decimal_mark) or _in_sentence(line, decimal_mark)
        if n + 1 < len(lines) and line.text.rstrip()[-1:] in (":", "："):
            found += _goes_on(line, lines[n + 1], decimal_mark)
        if n + 1 < len(lines) and lines[n + 1].page == line.page:
            found += _over(line, lines[n + 1], decimal_mark)
    return [
        f
        for f in found
        if not any(w in folded(f.label) for w in _PART_ONLY) and not _CONDITION.match(f.line.text)  # one of several
    ]


def _goes_on(line: TextLine, following: TextLine, decimal_mark: str) -> list[Figure]:
    """A label that ends its line, its amount the first word of the next (a line of labels that was wrapped)."""
    first = following.words[0] if following.words else None
    amount = _value(first, decimal_mark) if first is not None and amounts.looks_like_money(first.text) else None
    if amount is None or line.page != following.page:
        return []
    for count in range(min(4, len(line.words)), 0, -1):
        text = " ".join(w.text for w in line.words[-count:]).strip(" :：")
        if (found := mark(text)) is not None:
            value = -amount.value if amount.side == "credit" and amount.value > 0 else amount.value
            return [Figure(text, found, value, following, amount.currency)]
    return []


def labelled(line: TextLine, decimal_mark: str) -> list[Figure]:
    """The labelled figures inside one line."""
    result = []
    label: list[Word] = []
    day: dates.Printed | None = None
    for word in _pieces(line):
        amount = _value(word, decimal_mark)
        sure = (
            isinstance(word.value, Decimal)
            or amounts.looks_like_money(word.text)
            or (amount is not None and bool(label))
        )
        if amount is not None and sure and (dates.whole(word.text) is None or amounts.looks_like_money(word.text)):
            text, found = _label(label, line)
            if found is not None:
                value = -amount.value if amount.side == "credit" and amount.value > 0 else amount.value
                day = day or next(iter(dates.find(text)), None)
                result.append(Figure(text, found, value, line, amount.currency, day))
            label, day = [], None
        elif (printed := dates.whole(word.text)) is not None:
            day = printed
        elif not amounts.is_nothing(word.text):
            label.append(word)
    return result


def _label(words: list[Word], line: TextLine) -> tuple[str, Mark | None]:
    """The mark that the words before an amount are; of words with a wide gap between them also the last piece alone."""
    starts = [0, *[n for n in range(1, len(words)) if line.cells or words[n].x0 - words[n - 1].x1 > 1.6 * line.em][-1:]]
    for start in starts:
        text = " ".join(w.text for w in words[start:]).strip(" :：=")
        found = mark(text) or mark(text.rpartition(":")[0] or text.rpartition("：")[0])
        if found is not None:
            return text, found
    return "", None


_SENTENCE = re.compile(
    r"(?:共计|合计|总计|总额|余额|欠款|共欠|total(?: outstanding| due| balance)?|balance (?:of|is|due)|"
    r"outstanding (?:amount|balance) (?:of|is))"
    r"[^\d;；,，。]{0,24}?(?P<amount>\d[\d,.' ]*[.,]\d{2})(?!\d)",
    re.IGNORECASE,
)


_STATES = re.compile(r"\s*(?:截[至止]|as (?:at|of)\b)", re.IGNORECASE)
_CONDITION = re.compile(
    r"\s*(?:if (?:you )?(?:paid|pay|payment)\b|bei zahlung\b|si (?:paye|regl|paiement))", re.IGNORECASE
)


def _in_sentence(line: TextLine, decimal_mark: str) -> list[Figure]:
    """A sum that a sentence states: ``贵公司欠我公司货款共计人民币 86,500.00 元``."""
    if (
        len(line.words) > 40
        or len(line.text) < 18
        or (line.text.strip()[-1:].isdigit() and not _STATES.match(line.text))
    ):
        return []
    found = _SENTENCE.search(line.text)
    amount = amounts.parse(found["amount"], decimal_mark) if found else None
    return [Figure(found[0], Mark.CLOSING, amount.value, line)] if found and amount else []


# a cell or paragraph that holds all of it: "上期结余: 52,157.00    期末余额: 101,499.58", "Balance due  1,234.56"
_SEVERAL = re.compile(
    r"\s*([^\d\s:：][^\d:：]{1,60}?)(?:\s*[:：]\s*|[\s\u00a0]{2,})"
    r"([-(]?(?:[A-Z]{3}\s?|[€$£¥￥]\s?)?[-(]?\d[\d.,'\u00a0]*[.,]\d{2}\)?-?(?:\s(?:CR|DR))?)(?=\s|$)"
)

_WHOLE = re.compile(r"([^\d:：]{4,60}?)\s+([-(]?(?:[A-Z]{3}\s?|[€$£¥￥]\s?)?[-(]?\d[\d.,'\u00a0]*[.,]\d{2}\)?-?)")


def _pieces(line: TextLine) -> list[Word]:
    """The words, with ``label：1,234.56`` and currency words cut off the number."""
    result: list[Word] = []
    for word in line.words:
        text = word.text
        if word.value is None and len(text) > 8 and (several := _SEVERAL.findall(text)):
            for label, amount in several:
                result.append(Word(label.strip(" :："), word.x0, word.x0, word.top, word.bottom))
                result.append(Word(amount, word.x0, word.x1, word.top, word.bottom))
        elif word.value is None and (whole := _WHOLE.fullmatch(text)) and mark(whole[1]) is not None:
            result.append(Word(whole[1], word.x0, word.x0, word.top, word.bottom))
            result.append(Word(whole[2], word.x0, word.x1, word.top, word.bottom))
        elif word.value is None and amounts.parse(text) is None:
            for colon in (":", "："):
                head, sep, tail = text.rpartition(colon)
                if sep and tail.strip() and amounts.parse(tail.strip()) is not None and not head[-1:].isdigit():
                    result.append(Word(head, word.x0, word.x0, word.top, word.bottom))
                    result.append(Word(tail.strip(), word.x0, word.x1, word.top, word.bottom))
                    break
            else:
                result.append(word)
        else:
            result.append(word)
    joined: list[Word] = []
    for word in result:
        if joined and joined[-1].text.strip().upper() in _SIGNS and amounts.parse(word.text) is not None:
            before = joined.pop()
            joined.append(Word(f"{before.text} {word.text}", before.x0, word.x1, word.top, word.bottom, word.value))
        elif joined and word.text.strip().upper() in ("CR", "DR") and amounts.parse(joined[-1].text) is not None:
            before = joined.pop()
            joined.append(Word(f"{before.text} {word.text}", before.x0, word.x1, word.top, word.bottom))
        else:
            joined.append(word)
    return joined


_SIGNS = {
    "¥",
    "￥",
    "$",
    "€",
    "£",
    "-",
    "USD",
    "EUR",
    "GBP",
    "CNY",
    "RMB",
    "HKD",
    "SGD",
    "AUD",
    "CAD",
    "CHF",
    "JPY",
    "HK$",
    "US$",
    "NT$",
    "S$",
    "TWD",
}


def _over(upper: TextLine, lower: TextLine, decimal_mark: str) -> list[Figure]:
    labels = [(s, mark(s.text)) for s in segments(upper, 0.9)]
    if (
        not any(m for _, m in labels)
        or labelled(upper, decimal_mark)
        or any(amounts.looks_like_money(w.text) for w in upper.words)
    ):
        return []
    values = [(w, a) for w in _pieces(lower) if (a := _value(w, decimal_mark)) is not None]
    if not values or len(values) != len(
        [w for w in lower.words if amounts.parse(w.text) is not None or w.value is not None]
    ):
        return []
    if not any(isinstance(w.value, Decimal) or amounts.looks_like_money(w.text) for w, _ in values):
        return []
    result = []
    for n, (segment, found) in enumerate(labels):
        if found is None:
            continue
        if len(values) == len(labels):
            amount = values[n][1]
        else:
            near = [
                (abs((w.x0 + w.x1) - (segment.x0 + segment.x1)) / 2, w, a)
                for w, a in values
                if min(w.x1, segment.x1) >= max(w.x0, segment.x0)
            ]
            if not near:
                continue
            amount = min(near, key=lambda item: item[0])[2]
        value = -amount.value if amount.side == "credit" and amount.value > 0 else amount.value
        result.append(Figure(segment.text, found, value, lower, amount.currency))
    return result


def ageing(tables: list[Table], lines: list[TextLine], decimal_mark: str) -> Ageing:
    """The ageing that is printed: a table of buckets, or one bucket a line."""
    result = Ageing()
    for table in tables:
        if table.is_ageing and not result.buckets:
            _table(table, result, decimal_mark)
    if not result.buckets:
        for line in lines:
            words = line.words
            if len(words) >= 2 and (amount := _value(words[-1], decimal_mark)) is not None:
                label = " ".join(w.text for w in words[:-1]).strip(" :：")
                if is_bucket(label):
                    result.buckets[label] = amount.value
        if len(result.buckets) < 2:
            result.buckets.clear()
    return result


def _table(table: Table, result: Ageing, decimal_mark: str) -> None:
    for line in table.body[:3]:
        values = [(w, a) for w in _pieces(line) if (a := _value(w, decimal_mark)) is not None]
        if len(values) < 2:
            continue
        cells = table.header
        if len(values) != len(cells):
            cells = [min(table.header, key=lambda c, w=w: _far(c.x0, c.x1, w)) for w, _ in values]  # type: ignore[misc]
        for cell, (_, amount) in zip(cells, values, strict=True):
            if is_bucket(cell.text):
                result.buckets[cell.text] = amount.value
            elif mark(cell.text) in (Mark.TOTAL, Mark.CLOSING):
                result.total = amount.value
        return


def _far(x0: float, x1: float, word: Word) -> float:
    return min(abs(word.x1 - x1), abs(word.x0 - x0), abs((word.x0 + word.x1) - (x0 + x1)) / 2)
