"""The matcher's working line: one item of ours or one line of theirs, with money as a whole number of smallest units.

Entries are sorted by what they say (date, number, amount, id), never by where they stood in a file, so the same input
in any order gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter

from mailflow.receivables.ledger import Item
from mailflow.reconciliation import keys
from mailflow.reconciliation.counterpart import TheirLine
from parsers.currencies import exponent

PAPERS = frozenset({"invoice", "credit_note", "debit_note", "fee", "discount"})
FINEST = 6  # decimals that are ever kept; what spreadsheets leave behind them is binary noise


class Entry:
    """``amount`` is in our ledger's sign. ``refs`` are its document numbers as printed, the strongest first.

    ``index`` is its place among its side's entries in the order of content. ``paid``: it is money rather than paper, a
    payment, or something of no known type that makes less owed; both are set when the sign is settled.
    """

    __slots__ = ("amount", "day", "free", "id", "index", "ladders", "ours", "paid", "plain", "refs", "source", "type")

    def __init__(self, *, ours: bool, id: str | int, source: Item | TheirLine, amount: int, refs: tuple[str, ...]):
        self.ours = ours
        self.id = id
        self.source = source
        self.amount = amount
        self.day = 0 if source.date is None else source.date.toordinal()
        self.type = source.type
        self.refs = refs
        plain = tuple([key for ref in refs if (key := keys.plain(ref))])
        self.plain = refs if plain == refs else plain  # one tuple less for the many that are printed plainly
        self.free = True
        self.index = 0
        self.paid = False
        self.ladders: list[tuple[str, ...]] | None = None

    def keys(self, rung: int) -> Iterable[str]:
        """Its usable keys on one rung of the ladder, each once."""
        if rung == 0:
            return self.plain
        ladders = self.ladders
        if ladders is None:
            ladders = self.ladders = [keys.low_rungs(ref) for ref in self.refs]
        if rung > 3:
            for place, ladder in enumerate(ladders):
                if len(ladder) == 4:
                    ladders[place] = ladder + keys.high_rungs(ladder)
        if len(ladders) == 1:
            key = ladders[0][rung]
            return (key,) if key else ()
        return dict.fromkeys([key for ladder in ladders if (key := ladder[rung])])

    @property
    def named(self) -> bool:
        """Whether it carries a usable document number."""
        return bool(self.plain)

    @property
    def tag(self) -> str:
        return str(self.id)

    @property
    def order(self) -> tuple[int, str, int, str]:
        """Sorts by content: date, number, amount, id."""
        return (self.day, self.refs[0] if self.refs else "", self.amount, self.tag)


def number(ours: Sequence[Entry], theirs: Sequence[Entry]) -> None:
    """Sets each entry's ``index`` and ``paid``, once the sign of ``theirs`` is settled and both are in order."""
    for side in (ours, theirs):
        for index, entry in enumerate(side):
            entry.index = index
            entry.paid = entry.type == "payment" or (entry.amount < 0 and entry.type not in PAPERS)


def units_of(currency: str, amounts: Sequence[Decimal]) -> tuple[int, list[int]]:
    """(places, whole units of 10^-places): the currency's decimals, or more where an amount truly has more."""
    places = exponent(currency)
    while True:
        factor = Decimal(10) ** places
        answer = []
        for amount in amounts:
            scaled = amount * factor
            whole = int(scaled)
            if whole != scaled:
                whole = int(scaled.to_integral_value())
                if places < FINEST and abs(scaled - whole) > factor.scaleb(-FINEST - 1):
                    break
            answer.append(whole)
        else:
            return places, answer
        places += 1


def our_entries(items: Sequence[Item], amounts: Sequence[int]) -> list[Entry]:
    """Our items as entries in the order of content; ``amounts`` are theirs in whole units."""
    made = []
    for item, amount in zip(items, amounts, strict=True):
        if item.their_reference:
            refs = tuple([text for text in (item.reference, item.their_reference) if text])
        else:
            refs = (item.reference,) if item.reference else ()
        made.append(Entry(ours=True, id=item.id, source=item, amount=amount, refs=refs))
    return in_order(made)


def their_entries(lines: Sequence[TheirLine], amounts: Sequence[int]) -> list[Entry]:
    """Their lines as entries in the order of content, still in their document's sign."""
    made = []
    for line, amount in zip(lines, amounts, strict=True):
        if line.other_references:
            refs = tuple(dict.fromkeys([text for text in (line.reference, *line.other_references) if text]))
        else:
            refs = (line.reference,) if line.reference else ()
        made.append(Entry(ours=False, id=line.no, source=line, amount=amount, refs=refs))
    return in_order(made)


def in_order(entries: list[Entry]) -> list[Entry]:
    """Sorted by date, number, size of the amount and id: stable sorts by one key each are quicker than tuples."""
    entries.sort(key=attrgetter("id"))
    if any(entry.source.description for entry in entries):
        entries.sort(key=attrgetter("source.description"))
    entries.sort(key=_size)
    entries.sort(key=_first)
    entries.sort(key=attrgetter("day"))
    return entries


def _size(entry: Entry) -> int:
    return abs(entry.amount)


def _first(entry: Entry) -> str:
    return entry.refs[0] if entry.refs else ""
