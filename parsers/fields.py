"""What stands around the table: labels with their values (``Statement date: 30 September 2026``).

A value stands behind its label, or in the next piece of the line, or under it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from parsers import amounts, dates
from parsers.currencies import named
from parsers.lines import Segment, TextLine, segments
from parsers.wording import composed
from parsers.wording.labels import PARTIES, Field, Label, labels_in
from parsers.wording.names import LEGAL
from parsers.wording.titles import kinds_in


@dataclass(slots=True)
class Found:
    """One value with its label's words and place in the document (``order`` counts lines from the top)."""

    field: Field
    value: str
    words: str
    order: int
    colon: bool


@dataclass(slots=True)
class Fields:
    found: list[Found] = field(default_factory=list)

    def all(self, *wanted: Field) -> list[Found]:
        return [f for f in self.found if f.field in wanted]

    def first(self, *wanted: Field) -> str | None:
        """The first value of the fields, the fields in the order given."""
        for one in wanted:
            for f in self.found:
                if f.field is one:
                    return f.value
        return None


_TYPED = {
    Field.DATE, Field.DUE, Field.PERIOD, Field.PERIOD_START, Field.PERIOD_END, Field.CURRENCY, Field.PAY_DATE,
    Field.PAY_AMOUNT, Field.ACCOUNT_NO, Field.DOCUMENT_NO, Field.PAY_REFERENCE, Field.TAX_ID, Field.EMAIL,
}  # fmt: skip


def read_fields(lines: list[TextLine]) -> Fields:
    """All labelled values of ``lines`` (those that are no table rows)."""
    result = Fields()
    cut = [segments(line, 1.6) for line in lines]
    for order, pieces in enumerate(cut):
        for n, piece in enumerate(pieces):
            text = unicodedata.normalize("NFKC", piece.text).strip()
            labels = labels_in(text)
            party = composed.party_label(text) if not labels or labels[0].start > 0 else None
            if party is not None:
                start = len(text) - len(party[1])
                following = next((label for label in labels if label.start >= start and label.colon), None)
                value = text[start : following.start if following else None].strip(" ,;，；|")
                result.found.append(Found(party[0], value, "：", order, True))
                labels = tuple(label for label in labels if label.start >= start and label.colon)
            if not labels and n == 0 and text.endswith(":") and (name := clean_addressee(text)):
                result.found.append(Found(Field.TO, name, "：", order, True))
            for i, label in enumerate(labels):
                end = labels[i + 1].start if i + 1 < len(labels) else len(text)
                value = text[label.end : end].strip(" :：,;，；|")
                if not value and i + 1 == len(labels):
                    value = _beside(pieces, n) or _below(cut, order, piece) or ""
                if label.field is Field.STOP or not value:
                    continue
                if not label.colon and not _fits(label, value, bare=text[label.end : end].strip() == ""):
                    continue
                field = Field.FROM if label.words.endswith("单位") and _company(label, value) else label.field
                result.found.append(Found(field, value, label.words, order, label.colon))
    return result


def clean_addressee(text: str) -> str | None:
    """The company that a letter greets: ``昆山华阳电子有限公司：``, ``致某某公司:`` (else None)."""
    name = re.sub(r"^(?:尊敬的|致)", "", text.rstrip(" :：")).strip()
    return name if LEGAL.search(name) and len(name) <= 40 and not kinds_in(name) and "," not in name else None


def _company(label: Label, value: str) -> bool:
    """Whether ``单位：`` names the unit that writes (a company) and not the unit of money."""
    return label.field is Field.CURRENCY and LEGAL.search(value) is not None


def _fits(label: Label, value: str, bare: bool) -> bool:
    """Whether a value without a colon before it is one: by its form, or because the label stands alone."""
    if label.field in (Field.DATE, Field.DUE, Field.PAY_DATE, Field.PERIOD, Field.PERIOD_START, Field.PERIOD_END):
        return dates.prefix(value) is not None or bool(
            re.match(r"(?:from|von|du|del|vom)\b", value, re.I) and dates.find(value)
        )
    if label.field is Field.CURRENCY:
        return len(value) <= 24 and named(value) is not None
    if label.field is Field.PAY_AMOUNT:
        return bool(amounts.find(value)) and len(value) < 40
    if label.field in (Field.ACCOUNT_NO, Field.DOCUMENT_NO, Field.PAY_REFERENCE, Field.TAX_ID):
        if len(label.words) <= 2:
            return False
        return len(value) <= 30 and any(c.isdigit() for c in value) and value[0] not in "," and len(value.split()) <= 3
    if label.field is Field.EMAIL:
        return "@" in value
    if label.field in PARTIES:
        company = LEGAL.search(value) is not None and not kinds_in(value) and len(label.words) > 3
        long = len(label.words) > 2 or not label.words.isascii()
        return company if not bare else long or LEGAL.search(value) is not None
    return bare


def _beside(pieces: list[Segment], n: int) -> str | None:
    """The value in the next piece of the line, if that is no label itself."""
    if n + 1 >= len(pieces):
        return None
    text = unicodedata.normalize("NFKC", pieces[n + 1].text).strip()
    found = labels_in(text)
    if found and found[0].start == 0 and (found[0].colon or found[0].end >= len(text)):
        return None
    return text.strip(" :：")


def _below(cut: list[list[Segment]], order: int, piece: Segment) -> str | None:
    """The value under its label: the nearest piece of the next lines that starts where the label starts."""
    for pieces in cut[order + 1 : order + 3]:
        for low in pieces:
            if low.line.page != piece.line.page:
                return None
            far = low.line.top - piece.line.bottom > (
                1 if low.line.cells else 1.6 * (piece.line.bottom - piece.line.top)
            )
            if far:
                return None
            if abs(low.x0 - piece.x0) <= (0 if low.line.cells else 0.8 * piece.line.em) or (
                not low.line.cells and abs(low.x1 - piece.x1) <= 0.5 * piece.line.em
            ):
                text = unicodedata.normalize("NFKC", low.text).strip()
                found = labels_in(text)
                if found and found[0].start == 0 and (found[0].colon or found[0].end >= len(text)):
                    return None
                return text
    return None
