"""One comparison on record with both books beside it, as a person looks at it: rows, links, differences, totals.

Everything is told from the record (the contract's JSON), so what is shown is what was decided and proven; the ledger's
items and the document's lines only give it dates, words and places. Sentences are made anew in the reader's language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mailflow.cases.case import Case
from mailflow.receivables.ledger import Item
from mailflow.reconciliation import Kind, Match, ReconcilingItem, TheirLine, explanation, of_document, rules
from mailflow.reconciliation.because_words import because
from mailflow.reconciliation.entry import Entry, our_entries, their_entries, units_of
from mailflow.steps.ports.documents import KeptDocument, KeptReconciliation
from mailflow.steps.ports.match_decisions import MatchDecision
from mailflow.steps.ports.work import Database
from parsers.documents import Line


@dataclass(slots=True)
class Row:
    """A posting of ours or a line of theirs. ``amount`` is in our ledger's sign; ``key`` is the ledger's id, or the
    line's number from 1. ``link`` and ``difference`` are places in the comparison's lists, None where it has none."""

    key: str
    ours: bool
    amount: Decimal
    date: dt.date | None
    reference: str
    type: str
    description: str
    line: Line | None = None
    link: int | None = None
    difference: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was looked at and not taken, and why."""

    row: Row
    because: str


@dataclass(frozen=True, slots=True)
class Link:
    """``sure`` is the matcher's own certainty or a person's word; ``decision`` the number to undo it by."""

    ours: list[Row]
    theirs: list[Row]
    rule: str
    sure: bool
    amount_ours: Decimal
    amount_theirs: Decimal
    difference: Decimal
    why: str
    why_not: list[Candidate]
    decision: MatchDecision | None


@dataclass(frozen=True, slots=True)
class Difference:
    kind: str
    ours: list[Row]
    theirs: list[Row]
    amount: Decimal
    reference: str
    why: str
    action: str
    nearest: list[Candidate]
    linked: bool  # it is the difference of a link, which stands among the links


@dataclass(frozen=True, slots=True)
class Total:
    """One book: what is linked, what stands alone, what its balance holds beside the rows shown (an opening balance,
    older items); together ``balance``, always."""

    linked: Decimal
    alone: Decimal
    beside: Decimal
    balance: Decimal


@dataclass(slots=True)
class Comparison:
    case: Case
    kept: KeptDocument
    on_record: KeptReconciliation
    ours: list[Row]
    theirs: list[Row]
    links: list[Link]
    differences: list[Difference]
    others: list[Row]  # items of ours that this comparison did not look at
    our_total: Total
    their_total: Total
    decisions: list[MatchDecision] = field(default_factory=list)

    @property
    def record(self) -> dict[str, Any]:
        return self.on_record.record

    @property
    def suggested(self) -> list[Link]:
        return [link for link in self.links if not link.sure]

    @property
    def settled(self) -> list[Link]:
        return [link for link in self.links if link.sure]

    @property
    def unlinked_ours(self) -> list[Row]:
        return [row for row in self.ours if row.link is None]

    @property
    def unlinked_theirs(self) -> list[Row]:
        return [row for row in self.theirs if row.link is None]

    def difference_of(self, row: Row) -> Difference | None:
        return None if row.difference is None else self.differences[row.difference]


def comparison(
    database: Database, case_id: str, document: int | None = None, language: str = "en"
) -> Comparison | None:
    """The newest comparison of the case, or that of ``document``; None when there is none. ``language`` is a tag
    (``zh-CN``, ``en``). Raises ``LookupError`` when there is no such case."""
    with database.reading() as work:
        case = work.casefile.get(case_id)
        if case is None:
            raise LookupError(f"there is no case {case_id}")
        found = [one for one in work.documents.reconciliations(case_id) if document is None or one.document == document]
        kept = work.documents.get(found[-1].document) if found else None
        if kept is None:
            return None
        items = work.ledger.items(party_id=case.party_id, side=case.side)
        made = work.match_decisions.of_party(case.party_id, case.side, standing=False)
    decisions = {one.no: one for one in made}
    shown = _Telling(case, kept, found[-1], items, decisions, "zh" if language.startswith("zh") else "en").tell()
    shown.decisions = [one for one in made if one.decision.case_id == case_id]
    return shown


class _Telling:
    def __init__(
        self,
        case: Case,
        kept: KeptDocument,
        on_record: KeptReconciliation,
        items: list[Item],
        decisions: Mapping[int, MatchDecision],
        language: str,
    ) -> None:
        self._case, self._kept, self._on_record = case, kept, on_record
        self._record, self._decisions, self._language = on_record.record, decisions, language
        turn = -1 if self._record["sign_flipped"] else 1
        lines = of_document(kept.document).lines
        amounts = [item.amount for item in items] + [line.amount * turn for line in lines]
        self._places, units = units_of(self._record["currency"], amounts)
        self._items = {entry.tag: entry for entry in our_entries(items, units[: len(items)])}
        self._lines = {int(entry.id): entry for entry in their_entries(lines, units[len(items) :])}
        for entry in (*self._items.values(), *self._lines.values()):
            entry.paid = entry.type == "payment"
        printed = {line.no: line for line in kept.document.lines}
        self._ours = {tag: _row(entry, self._places, None) for tag, entry in self._items.items()}
        self._theirs = {no: _row(entry, self._places, printed.get(no)) for no, entry in self._lines.items()}

    def tell(self) -> Comparison:
        links = [self._link(place, one) for place, one in enumerate(self._record["matches"])]
        differences = [self._difference(place, one) for place, one in enumerate(self._record["reconciling_items"])]
        seen = [row for row in self._ours.values() if row.link is not None or row.difference is not None]
        theirs = sorted(self._theirs.values(), key=lambda row: int(row.key))
        return Comparison(
            self._case, self._kept, self._on_record, seen, theirs, links, differences,
            [row for row in self._ours.values() if row.link is None and row.difference is None],
            _total(seen, Decimal(self._record["our_balance"])), _total(theirs, Decimal(self._record["their_balance"])),
        )  # fmt: skip

    def _link(self, place: int, match: dict[str, Any]) -> Link:
        ours, theirs = self._rows(match["ours"], match["theirs"])
        for row in (*ours, *theirs):
            row.link = place
        return Link(
            ours, theirs, match["rule"], bool(match["automatic"]), Decimal(match["amount_ours"]),
            Decimal(match["amount_theirs"]), Decimal(match["difference"]), self._why(match),
            self._candidates(match.get("why_not", ())), self._decisions.get(match.get("decision", 0)),
        )  # fmt: skip

    def _difference(self, place: int, item: dict[str, Any]) -> Difference:
        ours, theirs = self._rows(item["ours"], item["theirs"])
        for row in (*ours, *theirs):
            row.difference = place
        why, action = item["explanation"], item["suggested_action"]
        if self._language != explanation.ENGLISH:
            value = ReconcilingItem(
                Kind(item["kind"]), tuple(self._entries(ours)), tuple(self._entries(theirs)),
                _units(item["amount"], self._places), self._places, item.get("reason", ""),
            )  # fmt: skip
            why = explanation.of_item(value, self._language)
            action = explanation.action(value, self._record["side"], self._language)
        linked = any(row.link is not None for row in (*ours, *theirs))
        return Difference(
            item["kind"], ours, theirs, Decimal(item["amount"]), item["reference"] or "", why, action,
            self._candidates(item.get("nearest", ())), linked,
        )  # fmt: skip

    def _why(self, match: dict[str, Any]) -> str:
        rule = rules.BY_NAME.get(match["rule"])
        ours, theirs = self._rows(match["ours"], match["theirs"])
        if self._language == explanation.ENGLISH or rule is None or not (ours or theirs):
            return str(match["explanation"])
        value = Match(
            rule, tuple(self._entries(ours)), tuple(self._entries(theirs)), bool(match["automatic"]), self._places,
            note=match.get("held_because", ""), kind=Kind(match["kind"]) if match.get("kind") else None,
            reason=match.get("reason", ""),
        )  # fmt: skip
        value.their_units = _units(match["amount_theirs"], self._places)
        value.our_units = _units(match["amount_ours"], self._places)
        return explanation.of_match(value, self._language)

    def _candidates(self, told: Iterable[dict[str, Any]]) -> list[Candidate]:
        found = []
        for one in told:
            row = self._ours.get(str(one["ours"])) if "ours" in one else self._theirs.get(int(one["theirs"]))
            if row is not None:
                found.append(Candidate(row, because(str(one["because"]), self._language)))
        return found

    def _rows(self, ours: Iterable[str], theirs: Iterable[int]) -> tuple[list[Row], list[Row]]:
        return (
            [self._ours[id] for id in ours if id in self._ours],
            [self._theirs[no] for no in theirs if no in self._theirs],
        )

    def _entries(self, rows: Iterable[Row]) -> list[Entry]:
        return [self._items[row.key] if row.ours else self._lines[int(row.key)] for row in rows]


def _row(entry: Entry, places: int, line: Line | None) -> Row:
    source: Item | TheirLine = entry.source
    amount = Decimal(entry.amount).scaleb(-places)
    reference = entry.refs[0] if entry.refs else ""
    return Row(entry.tag, entry.ours, amount, source.date, reference, entry.type, source.description, line)


def _total(rows: Iterable[Row], balance: Decimal) -> Total:
    linked = sum((row.amount for row in rows if row.link is not None), Decimal(0))
    alone = sum((row.amount for row in rows if row.link is None), Decimal(0))
    return Total(linked, alone, balance - linked - alone, balance)


def _units(amount: str, places: int) -> int:
    return int(Decimal(amount).scaleb(places))
