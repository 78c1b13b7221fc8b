"""The whole answer: two balances, what matches, what remains, and the proof that nothing was lost between them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from mailflow.reconciliation import explanation
from mailflow.reconciliation.bulk import Matches
from mailflow.reconciliation.match import Match, ReconcilingItem, decimal, shown


@dataclass(frozen=True, slots=True)
class ProofCheck:
    """``passed`` is None when there was nothing to test it with."""

    name: str
    passed: bool | None
    detail: str


@dataclass(slots=True, eq=False)
class Reconciliation:
    """Amounts ending in ``_units`` are whole numbers of 10^-places in our ledger's sign; properties give decimals.

    ``our_balance + sum(items) + unexplained == their_balance`` holds exactly, because ``unexplained`` is defined by it.
    ``mode`` is ``statement`` or ``remittance_advice``; ``unapplied_units`` what a payment brought that no line names.
    """

    party: str
    party_name: str
    side: str
    currency: str
    places: int
    as_of: dt.date | None
    sign_flipped: bool
    our_balance_units: int
    their_balance_units: int
    matches: Matches
    items: list[ReconcilingItem]
    ours_count: int
    theirs_count: int
    mode: str = "statement"
    unapplied_units: int = 0
    checks: Sequence[ProofCheck] = ()
    warnings: Sequence[str] = ()
    their_name: str = ""
    file: str = ""
    other_currencies: list[Reconciliation] = field(default_factory=list)

    @property
    def our_balance(self) -> Decimal:
        return decimal(self.our_balance_units, self.places)

    @property
    def their_balance(self) -> Decimal:
        return decimal(self.their_balance_units, self.places)

    @property
    def difference(self) -> Decimal:
        return decimal(self.their_balance_units - self.our_balance_units, self.places)

    @property
    def adjustments_units(self) -> int:
        return sum(item.units for item in self.items)

    @property
    def adjustments(self) -> Decimal:
        return decimal(self.adjustments_units, self.places)

    @property
    def unexplained_units(self) -> int:
        return self.their_balance_units - self.our_balance_units - self.adjustments_units

    @property
    def unexplained(self) -> Decimal:
        return decimal(self.unexplained_units, self.places)

    @property
    def balanced(self) -> bool:
        """Nothing is unexplained. It does not say that the matches are right: see ``checks``."""
        return self.unexplained_units == 0

    @property
    def settled(self) -> bool:
        """Nothing needs a person: no difference, no suggestion, nothing unexplained, in any currency."""
        return (
            not self.items
            and self.balanced
            and self.matches.automatic == len(self.matches)
            and all(check.passed is not False for check in self.checks)
            and all(other.settled for other in self.other_currencies)
        )

    def to_json(self) -> dict[str, Any]:
        """The contract's JSON as one value; for a million lines write :meth:`iter_json` instead."""
        answer: dict[str, Any] = json.loads("".join(self.iter_json()))
        return answer

    def iter_json(self) -> Iterator[str]:
        """The contract's JSON in pieces of some hundred matches or items, so that memory stays bounded."""
        places = self.places
        head = {
            "party": self.party,
            "side": self.side,
            "currency": self.currency,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "sign_flipped": self.sign_flipped,
            "our_balance": shown(self.our_balance_units, places),
            "their_balance": shown(self.their_balance_units, places),
            "difference": shown(self.their_balance_units - self.our_balance_units, places),
        }
        yield _text(head)[:-1] + ', "matches": ['
        yield from _rows(self.matches.texts(map(match_text, self.matches.found)))
        yield '], "reconciling_items": ['
        yield from _rows(_text(item_json(item, self.side)) for item in self.items)
        yield "], "
        yield _text(self._foot())[1:]

    def _foot(self) -> dict[str, Any]:
        places = self.places
        matched_ours, matched_theirs = self.matches.counts()
        foot: dict[str, Any] = {
            "proof": {
                "our_balance": shown(self.our_balance_units, places),
                "adjustments": shown(self.adjustments_units, places),
                "their_balance": shown(self.their_balance_units, places),
                "unexplained": shown(self.unexplained_units, places),
                "balanced": self.balanced,
                "checks": [{"name": c.name, "passed": c.passed, "detail": c.detail} for c in self.checks],
            },
            "counts": {
                "ours": self.ours_count,
                "theirs": self.theirs_count,
                "matched_ours": matched_ours,
                "matched_theirs": matched_theirs,
            },
            "mode": self.mode,
            "warnings": list(self.warnings),
        }
        if self.mode == "remittance_advice":
            foot["unapplied"] = shown(self.unapplied_units, places)
        if self.other_currencies:
            foot["other_currencies"] = [other.to_json() for other in self.other_currencies]
        return foot


def _rows(texts: Iterator[str]) -> Iterator[str]:
    """The members of a JSON list, a line each, a few hundred at a time."""
    before = "\n"
    while some := list(islice(texts, 500)):
        yield before + ",\n".join(some)
        before = ",\n"


def match_json(match: Match) -> dict[str, Any]:
    """One match as a value; :func:`match_text` writes the same without building it."""
    answer: dict[str, Any] = json.loads(match_text(match))
    return answer


def match_text(match: Match) -> str:
    """One match as JSON text. Written by hand: a million of them take most of the time of a large reconciliation."""
    places, difference = match.places, match.difference_units
    if len(match.ours) == 1 and len(match.theirs) == 1:
        ours, theirs = _quoted(str(match.ours[0].id)), str(match.theirs[0].id)
    else:
        ours = ", ".join([_quoted(str(entry.id)) for entry in match.ours])
        theirs = ", ".join([str(entry.id) for entry in match.theirs])
    amount = shown(match.our_units, places)
    other = shown(match.their_units, places) if difference else amount
    sure = "true" if match.automatic else "false"
    text = (
        f'{{"ours": [{ours}], "theirs": [{theirs}], "rule": "{match.rule.name}", "amount_ours": "{amount}", '
        f'"amount_theirs": "{other}", "difference": "{shown(difference, places)}", "automatic": {sure}, '
        f'"confidence": {match.confidence}, "explanation": {_quoted(explanation.of_match(match))}'
    )
    if difference and match.kind is not None:
        text += f', "kind": "{match.kind.value}", "reason": "{match.reason}"'
    if match.note:
        text += f', "held_because": "{match.note}"'
    if match.decided is not None and match.decided.no:
        text += f', "decision": {match.decided.no}'
    if match.rivals:
        why = [{"ours" if r.ours else "theirs": r.id, "because": because} for r, because in explanation.why_not(match)]
        text += f', "why_not": {_text(why)}'
    return text + "}"


def item_json(item: ReconcilingItem, side: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "kind": item.kind.value,
        "ours": list(item.our_ids),
        "theirs": list(item.their_numbers),
        "amount": shown(item.units, item.places),
        "reference": item.reference,
        "explanation": explanation.of_item(item),
        "suggested_action": explanation.action(item, side),
        "reason": item.reason,
    }
    if item.near:
        answer["nearest"] = [{"ours" if e.ours else "theirs": e.id, "because": because} for e, because in item.near]
    return answer


_quoted = json.encoder.encode_basestring
_text = json.JSONEncoder(ensure_ascii=False).encode
