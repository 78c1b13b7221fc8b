"""The matcher's working line: one item of ours or one line of theirs, with money as a whole number of smallest units.

Entries are sorted by what they say (date, number, amount, id), never by where they stood in a file, so the same input
in any order gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from mailflow.receivables.ledger import Item
from mailflow.reconciliation import keys
from mailflow.reconciliation.counterpart import TheirLine
from parsers.currencies import exponent

PAPERS = frozenset({"invoice", "credit_note", "debit_note", "fee", "discount"})
FINEST = 6  # decimals that are ever kept; what spreadsheets leave behind them is binary noise


class Entry:
    """``amount`` is in our ledger's sign. ``refs`` are its document numbers as printed, the strongest first."""

    __slots__ = ("amount", "day", "free", "id", "ladders", "ours", "refs", "source", "type")

    def __init__(self, *, ours: bool, id: str | int, source: Item | TheirLine, amount: int, refs: tuple[str, ...]):
        self.ours = ours
        self.id = id
        self.source = source
        self.amount = amount
        self.day = 0 if source.date is None else source.date.toordinal()
        self.type = source.type
        self.refs = refs
        self.free = True
        self.ladders: tuple[tuple[str, ...], ...] | None = None

    def keys(self, rung: int) -> set[str]:
        """Its usable keys on one rung of the ladder."""
        if rung == 0:
            return {key for ref in self.refs if (key := keys.ladder(ref)[0])}
        if self.ladders is None:
            self.ladders = tuple(keys.ladder(ref) for ref in self.refs)
        return {key for ladder in self.ladders if (key := ladder[rung])}

    @property
    def paid(self) -> bool:
        """Whether it is money rather than paper: a payment, or something of no known type that makes less owed."""
        return self.type == "payment" or (self.type not in PAPERS and self.amount < 0)

    @property
    def named(self) -> bool:
        """Whether it carries a usable document number."""
        return any(keys.ladder(ref)[0] for ref in self.refs)

    @property
    def order(self) -> tuple[int, str, int, str]:
        """Sorts by content: date, number, amount, id."""
        return (self.day, self.refs[0] if self.refs else "", self.amount, self.tag)

    @property
    def tag(self) -> str:
        return self.id if isinstance(self.id, str) else f"{self.id:012d}"


def places_of(currency: str, amounts: Iterable[Decimal]) -> int:
    """Decimals that hold every amount exactly: the currency's, or more where an amount truly has more."""
    places = exponent(currency)
    finest = 0
    for amount in amounts:
        finer = -int(amount.as_tuple().exponent)
        if finer > places and finer > finest:
            shown = amount.quantize(Decimal(1).scaleb(-FINEST)) if finer > FINEST else amount
            finest = max(finest, -int(shown.normalize().as_tuple().exponent))
    return max(places, finest)


def units(amount: Decimal, places: int) -> int:
    """``amount`` in units of 10^-places, rounded half to even beyond :data:`FINEST` decimals only."""
    return int(amount.scaleb(places).to_integral_value())


def our_entries(items: Sequence[Item], places: int, *, open_items: bool = False) -> list[Entry]:
    """Our items as entries, sorted by content; with ``open_items`` each counts with what of it is still open."""
    made = []
    for item in items:
        amount = item.open_amount if open_items and item.open_amount is not None else item.amount
        refs = tuple(text for text in (item.reference, item.their_reference) if text)
        made.append(Entry(ours=True, id=item.id, source=item, amount=units(amount, places), refs=refs))
    made.sort(key=_order)
    return made


def their_entries(lines: Sequence[TheirLine], places: int, sign: int, *, open_items: bool = False) -> list[Entry]:
    """Their lines as entries in *our* sign, sorted by content."""
    made = []
    for line in lines:
        amount = line.open_amount if open_items and line.open_amount is not None else line.amount
        refs = tuple(dict.fromkeys(text for text in (line.reference, *line.other_references) if text))
        made.append(Entry(ours=False, id=line.no, source=line, amount=sign * units(amount, places), refs=refs))
    made.sort(key=_order)
    return made


def _order(entry: Entry) -> tuple[int, str, int, str]:
    return entry.order
