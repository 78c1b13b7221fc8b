"""The reconciliation document as values, before it is HTML, XLSX or PDF: every file shows the figures of one object.

Two traditions, both always present:

    bridge       our balance, plus and less the items grouped by kind, equals their balance
    two-sided    each balance with what its own book lacks or has wrong, adjusted to the same amount (余额调节表)

On their book and not on ours, or wrong on ours: adjusts ours. On ours and not on theirs, or wrong on theirs: adjusts
theirs, with the opposite sign. A difference whose side is not decided follows its kind and is marked as under query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.reconciliation import explanation
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.layout_words import Words, words
from mailflow.reconciliation.match import Kind, Match, ReconcilingItem, decimal
from mailflow.reconciliation.reconciliation import Reconciliation

_UNRECORDED = frozenset({Kind.MISSING_IN_OURS, Kind.MISSING_IN_THEIRS, Kind.TIMING})
_UNDER_QUERY = frozenset(
    {Kind.AMOUNT_DIFFERENCE, Kind.PARTIAL_PAYMENT, Kind.SHORT_PAYMENT, Kind.SIGN_ERROR, Kind.OPENING_DIFFERENCE}
)
ORDER = (
    Kind.OPENING_DIFFERENCE, Kind.MISSING_IN_OURS, Kind.MISSING_IN_THEIRS, Kind.TIMING, Kind.AMOUNT_DIFFERENCE,
    Kind.PARTIAL_PAYMENT, Kind.SHORT_PAYMENT, Kind.DISCOUNT_TAKEN, Kind.BANK_CHARGE, Kind.LATE_FEE, Kind.DUPLICATE,
    Kind.SIGN_ERROR, Kind.ROUNDING,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One reconciling item as printed. ``units`` is its step of the bridge, ``effect`` what it does on its own side."""

    no: int
    item: ReconcilingItem
    on_ours: bool
    heading: str  # one of "increase", "decrease", "error"
    units: int
    effect: int
    date: str
    reference: str
    text: str
    source: str
    age: int | None
    action: str
    under_query: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one kind (bridge) or one heading of one side (two-sided), with their total."""

    label: str
    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Side:
    title: str
    balance: int
    groups: tuple[Group, ...]
    adjusted: int


@dataclass(frozen=True, slots=True)
class Layout:
    """``facts`` are (label, value) pairs for the head; amounts are units of 10^-places in our ledger's sign.

    ``internal``: our own copy; without it what is left for us to do stays out.
    """

    answer: Reconciliation
    words: Words
    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    bridge: tuple[Group, ...]
    ours: Side
    theirs: Side
    internal: bool = True

    def money(self, units: int) -> str:
        """``"1,234.50"``, negative in parentheses, as accountants write it."""
        text = f"{decimal(abs(units), self.answer.places):,f}"
        return f"({text})" if units < 0 else text


def layout(answer: Reconciliation, language: str = "en", their_file: str = "", *, internal: bool = True) -> Layout:
    """Everything that a reconciliation document prints, in ``language`` (``en`` or ``zh-CN``)."""
    say = words(language)
    rows = tuple(_row(no, item, answer, say) for no, item in enumerate(_sorted(answer.items), start=1))
    kinds = tuple(
        Group(say.kinds[kind], sum(row.units for row in found), found)
        for kind in ORDER
        if (found := tuple(row for row in rows if row.item.kind is kind))
    )
    ours = _side(say.our_balance[answer.side], answer.our_balance_units, [r for r in rows if r.on_ours], say.ours)
    theirs = _side(
        say.their_balance[answer.side], answer.their_balance_units, [r for r in rows if not r.on_ours], say.theirs
    )
    return Layout(answer, say, say.title, _facts(answer, say, their_file), rows, kinds, ours, theirs, internal)


def source_of(entry: Entry, say: Words) -> str:
    """Where the line stands: their page and row, or our ledger's id."""
    if entry.ours:
        return say.our_source.format(id=entry.tag)
    page, row = getattr(entry.source, "page", 1), getattr(entry.source, "row", None)
    text = say.their_source.format(page=page, no=entry.id)
    return text if row is None else text + say.at_row.format(row=row)


def match_source(match: Match, say: Words) -> str:
    entries = (*match.theirs, *match.ours)
    return "; ".join(source_of(entry, say) for entry in entries[:8]) + (" …" if len(entries) > 8 else "")


def _sorted(items: Sequence[ReconcilingItem]) -> list[ReconcilingItem]:
    place = {kind: number for number, kind in enumerate(ORDER)}
    return sorted(items, key=lambda item: place[item.kind])


def _row(no: int, item: ReconcilingItem, answer: Reconciliation, say: Words) -> Row:
    on_ours = _adjusts_ours(item)
    effect = item.units if on_ours else -item.units
    alone = item.match is None
    heading = "error"
    if item.kind in _UNRECORDED or (alone and item.kind not in (Kind.DUPLICATE, Kind.SIGN_ERROR)):
        heading = "increase" if effect > 0 else "decrease"
    entries = (*item.theirs, *item.ours)
    dates = [entry.source.date for entry in entries if entry.source.date is not None]
    age = (answer.as_of - min(dates)).days if dates and answer.as_of is not None else None
    language = explanation.CHINESE if say.language.startswith("zh") else explanation.ENGLISH
    return Row(
        no=no,
        item=item,
        on_ours=on_ours,
        heading=heading,
        units=item.units,
        effect=effect,
        date=min(dates).isoformat() if dates else "",
        reference=item.reference,
        text=explanation.of_item(item, language),
        source="; ".join(source_of(entry, say) for entry in entries[:4]) + (" …" if len(entries) > 4 else ""),
        age=age,
        action=explanation.action(item, answer.side, language),
        under_query=item.kind in _UNDER_QUERY,
    )


def _adjusts_ours(item: ReconcilingItem) -> bool:
    if item.kind is Kind.DUPLICATE:
        return bool(item.ours)  # the book that has it twice is wrong
    if item.kind is Kind.SIGN_ERROR:
        return False
    if item.match is None:
        return not item.ours  # on theirs only: our book lacks it
    return True


def _side(title: str, balance: int, rows: list[Row], labels: dict[str, str]) -> Side:
    groups = []
    for heading in ("increase", "decrease", "error"):
        found = tuple(row for row in rows if row.heading == heading)
        groups.append(Group(labels[heading], sum(row.effect for row in found), found))
    return Side(title, balance, tuple(groups), balance + sum(group.total for group in groups))


def _facts(answer: Reconciliation, say: Words, their_file: str) -> tuple[tuple[str, str], ...]:
    party = f"{answer.party_name} ({answer.party})" if answer.party_name else answer.party
    facts = [
        (say.fact_party, party),
        (say.fact_account, say.sides[answer.side]),
        (say.fact_currency, answer.currency),
        (say.fact_as_of, "" if answer.as_of is None else answer.as_of.isoformat()),
        (say.fact_document, " ".join(filter(None, (answer.their_name, their_file or answer.file)))),
    ]
    if answer.sign_flipped:
        facts.append((say.fact_sign, say.turned))
    return tuple((label, value) for label, value in facts if value)
