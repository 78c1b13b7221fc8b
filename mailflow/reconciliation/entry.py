"""The matcher's working line: one item of ours or one line of theirs, with money as a whole number of smallest units.

Entries are sorted by what they say (date, number, amount, id), never by where they stood in a file, so the same input
in any order gives the same answer.
"""

from __future__ import annotations

import datetime as dt
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
    payment, or something of no known type that makes less owed; both are set when the sign is settled. ``text`` is its
    description, ``po_number`` the order that a ledger's row names; ``source`` the item or line itself, of a large
    book made only when it is asked for.
    """

    __slots__ = (
        "_book",
        "_further",
        "_source",
        "amount",
        "day",
        "free",
        "id",
        "index",
        "ladders",
        "ours",
        "paid",
        "plain",
        "po_number",
        "refs",
        "text",
        "type",
    )  # fmt: skip

    def __init__(
        self,
        ours: bool,
        id: str | int,
        amount: int,
        day: int,
        type: str,
        refs: tuple[str, ...],
        text: str,
        source: Item | TheirLine | int,
        book: Sequence[Item] | Sequence[TheirLine] = (),
        po_number: str = "",
    ):
        self.ours = ours
        self.id = id
        self.amount = amount
        self.day = day
        self.type = type
        self.refs = refs
        self.text = text
        self.po_number = po_number
        self._source = source
        self._book = book
        plain = tuple([key for ref in refs if (key := keys.plain(ref))])
        self.plain = refs if plain == refs else plain  # one tuple less for the many that are printed plainly
        self.free = True
        self.index = 0
        self.paid = False
        self.ladders: list[tuple[str, ...]] | None = None
        self._further: tuple[str, ...] | None = None

    @property
    def source(self) -> Item | TheirLine:
        """The item or line; ``source`` may be given as its row in ``book``."""
        source = self._source
        if isinstance(source, int):
            source = self._source = self._book[source]
        return source

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
    def further(self) -> tuple[str, ...]:
        """What it names beside its own numbers: in its description, or several in one cell."""
        if self._further is None:
            listed = [part for ref in self.refs if not keys.letters_and_serial(ref) for part in keys.parts(ref)]
            self._further = (*listed, *keys.mentions(self.text)) if self.text or listed else ()
        return self._further

    @property
    def named(self) -> bool:
        """Whether it carries a usable document number."""
        return bool(self.plain)

    @property
    def tag(self) -> str:
        return str(self.id)

    @property
    def order(self) -> tuple[int, str, int, int]:
        """Sorts by content: date, number, size, and what :func:`in_order` looks at besides."""
        return (self.day, self.refs[0] if self.refs else "", abs(self.amount), self.index)


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


def our_entry(item: Item, amount: int) -> Entry:
    """One item of ours; ``amount`` is its amount in whole units."""
    refs = our_refs(item.reference, item.their_reference)
    return Entry(True, item.id, amount, ordinal(item.date), item.type, refs, item.description, item, (), item.po_number)


def their_entry(line: TheirLine, amount: int) -> Entry:
    """One line of theirs."""
    refs = their_refs(line.reference, line.other_references)
    return Entry(
        False, line.no, amount, ordinal(line.date), line.type, refs, line.description, line, (), line.po_number
    )


def our_refs(reference: str, theirs: str) -> tuple[str, ...]:
    """The document numbers of one of our items, the strongest first."""
    if theirs:
        return (reference, theirs) if reference else (theirs,)
    return (reference,) if reference else ()


def their_refs(reference: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """The document numbers of one of their lines, each once."""
    if others:
        return tuple(dict.fromkeys([text for text in (reference, *others) if text]))
    return (reference,) if reference else ()


def ordinal(date: dt.date | None) -> int:
    """A day as a number, 0 where there is none."""
    return 0 if date is None else date.toordinal()


def our_entries(items: Iterable[Item], amounts: Iterable[int]) -> list[Entry]:
    """Our items as entries in the order of content; ``amounts`` are theirs in whole units."""
    return in_order(list(map(our_entry, items, amounts)))


def their_entries(lines: Iterable[TheirLine], amounts: Iterable[int]) -> list[Entry]:
    """Their lines as entries in the order of content."""
    return in_order(list(map(their_entry, lines, amounts)))


def in_order(entries: list[Entry]) -> list[Entry]:
    """Sorted by date, number, size of the amount, what else they say, and id: stable sorts by one key each are quicker
    than tuples."""
    entries.sort(key=attrgetter("id"))
    if any(map(attrgetter("po_number"), entries)):
        entries.sort(key=attrgetter("po_number"))
    entries.sort(key=attrgetter("amount"))
    if any(map(attrgetter("text"), entries)):
        entries.sort(key=attrgetter("text"))
    entries.sort(key=attrgetter("type"))
    if any(len(entry.refs) > 1 for entry in entries):
        entries.sort(key=attrgetter("refs"))
    entries.sort(key=_size)
    entries.sort(key=_first)
    entries.sort(key=attrgetter("day"))
    return entries


def _size(entry: Entry) -> int:
    return abs(entry.amount)


def _first(entry: Entry) -> str:
    return entry.refs[0] if entry.refs else ""
