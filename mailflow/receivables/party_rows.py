"""Rows of text into parties."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from mailflow.receivables import schedule, terms
from mailflow.receivables.ledger_columns import Columns
from mailflow.receivables.ledger_rows import BadRow, Remark, Rows
from mailflow.receivables.ledger_values import Unreadable, read_currency, read_side
from mailflow.receivables.party import Party, Side

_PLAIN = r"[^\s\x00-\x1f\x7f@<>()\[\],;:\"\\"
_ADDRESS = re.compile(rf"{_PLAIN}]+@{_PLAIN}.]+(?:\.{_PLAIN}.]+)+")
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?", re.IGNORECASE)
_LANGUAGES = {
    **dict.fromkeys(("中文", "简体中文", "中文(简体)", "chinese", "zh", "zh-hans", "zh_cn", "zhcn", "cn"), "zh-CN"),
    **dict.fromkeys(("繁体中文", "繁體中文", "中文(繁體)", "zh-hant", "zh_tw", "zhtw", "tw"), "zh-TW"),
    **dict.fromkeys(("english", "英文", "英语", "en_us", "en_gb"), "en"),
}


@dataclass(slots=True)
class PartyRows:
    parties: list[Party] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def parties(rows: Rows, columns: Columns) -> PartyRows:
    """One party a row; the same company may be there once as customer and once as supplier."""
    made = PartyRows()
    first_line: dict[tuple[str, Side], int] = {}
    for line, row in rows():
        cells = {
            name: row[at].strip() if at < len(row) else "" for name, at in columns.places.items()
        }  # fmt: skip
        if not any(map(str.strip, row)):
            continue
        asked: list[str] = []
        try:
            if len(row) > columns.width and any(cell.strip() for cell in row[columns.width :]):
                raise Unreadable(f"the row has {len(row)} columns, the header {columns.width}")
            party = _party(cells, columns, asked)
            asked.append("party_id")
            before = first_line.setdefault((party.id, party.side), line)
            if before != line:
                raise Unreadable(f"this party stands on line {before} already with the same side")
        except Unreadable as failure:
            name = asked[-1] if asked else ""
            made.bad.append(BadRow(line, columns.headings.get(name, name), cells.get(name, ""), str(failure)))
            continue
        made.parties.append(party)
        if party.payment_terms and terms.parsed(party.payment_terms) is None:
            made.remarks.append(
                Remark(line, f"the payment terms {party.payment_terms!r} of {party.id} are not understood")
            )
        if not party.emails:
            made.remarks.append(Remark(line, f"{party.id} has no e-mail address"))
    return made


def _party(cells: dict[str, str], columns: Columns, asked: list[str]) -> Party:
    """``asked`` ends with the field that was being read, for the sentence about a bad one."""

    def text(name: str) -> str | None:
        asked.append(name)
        return cells.get(name) or None

    def needed(name: str) -> str:
        value = text(name)
        if value is None:
            raise Unreadable("it is empty, and is required")
        return value

    currency = text("currency")
    return Party(
        id=needed("party_id"),
        name=needed("party_name"),
        side=Side(columns.side) if columns.side and not text("side") else read_side(needed("side")),
        currency=read_currency(currency) if currency else None,
        emails=_addresses(text("emails")),
        language=_language(text("language")),
        tax_id=text("tax_id"),
        payment_terms=text("payment_terms"),
        statement_schedule=_schedule(text("statement_schedule")),
        salesperson=text("salesperson"),
        salesperson_email=next(iter(_addresses(text("salesperson_email"))), None),
        aliases=tuple(part.strip() for part in re.split("[;；]", text("aliases") or "") if part.strip()),
    )


def _schedule(text: str | None) -> str | None:
    """A schedule nobody understands would never be due: better no import than a customer without statements."""
    if text is not None:
        try:
            schedule.parse(text)
        except schedule.BadSchedule as failure:
            raise Unreadable(str(failure)) from None
    return text


def _addresses(text: str | None) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for part in re.split(r"[;；,，\s]+", unicodedata.normalize("NFKC", text or "")):
        if part and not _ADDRESS.fullmatch(part):
            raise Unreadable(f"{part!r} is no e-mail address; separate several with ;")
        if part:
            found.setdefault(part.casefold(), part)
    return tuple(found.values())


def _language(text: str | None) -> str | None:
    if text is None:
        return None
    known = _LANGUAGES.get(unicodedata.normalize("NFKC", text).casefold())
    if known is None and not _TAG.fullmatch(text):
        raise Unreadable("this is no language; write it like zh-CN or en")
    return known or text
