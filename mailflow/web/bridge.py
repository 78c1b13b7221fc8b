"""The bridge from our balance to theirs as bars of a waterfall: one bar for each reconciling item."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MOST_BARS = 24  # what comes after is one bar: a picture of a hundred steps says nothing
THINNEST = 0.004  # of the height, so that a cent is still seen


@dataclass(frozen=True, slots=True)
class Bar:
    """``kind`` is ``ours``, ``theirs``, ``unexplained`` or the kind of a reconciling item. ``y`` (from the top) and
    ``height`` are fractions of the picture's height."""

    kind: str
    amount: Decimal
    y: float
    height: float


def bridge(record: dict[str, Any] | None) -> list[Bar] | None:
    """The bars of a reconciliation (the contract's JSON); None when there is none or it states no balance of theirs."""
    if record is None or record["their_balance"] is None:
        return None
    items = record["reconciling_items"]
    steps = [(str(item["kind"]), Decimal(item["amount"])) for item in items[:MOST_BARS]]
    rest = sum((Decimal(item["amount"]) for item in items[MOST_BARS:]), Decimal(record["proof"]["unexplained"]))
    if rest:
        steps.append(("unexplained", rest))
    ours = Decimal(record["our_balance"])
    spans = [("ours", ours, Decimal(0), ours)]
    level = ours
    for kind, amount in steps:
        spans.append((kind, amount, level, level + amount))
        level += amount
    spans.append(("theirs", level, Decimal(0), level))
    low, high = _axis(spans)
    height = (high - low) or Decimal(1)
    bars = []
    for kind, amount, start, end in spans:
        bottom, top = sorted((max(start, low), max(end, low)))
        bars.append(Bar(kind, amount, float((high - top) / height), max(float((top - bottom) / height), THINNEST)))
    return bars


def by_kind(record: dict[str, Any]) -> dict[str, Any]:
    """The same record with its items grouped by kind, the largest group first."""
    weights: dict[str, Decimal] = {}
    for item in record["reconciling_items"]:
        weights[item["kind"]] = weights.get(item["kind"], Decimal(0)) + abs(Decimal(item["amount"]))
    items = sorted(record["reconciling_items"], key=lambda item: (-weights[item["kind"]], item["kind"]))
    return record | {"reconciling_items": items}


def _axis(spans: list[tuple[str, Decimal, Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """Where the picture ends. Steps that are small against the balances would be lines: then it does not start at 0."""
    moving = [value for _, _, start, end in spans[1:-1] for value in (start, end)]
    every = [value for _, _, start, end in spans for value in (start, end)]
    if not moving or min(moving) <= 0:
        return min(every), max(every)
    spread = max(moving) - min(moving)
    return max(Decimal(0), min(moving) - spread / 2), max(moving) + spread / 10
