"""The file that ``mailflow reconcile`` remembers by: people's decisions, what is closed, how the last statement ended.

    {"confirmed": [{"ours": ["L12"], "theirs": [3], "by": "li", "on": "2026-11-02"}], "rejected": [], "carried": [],
     "ended": [{"as_of": "2026-10-31", "currency": "CNY", "items": [{"kind": "…", "amount": "500.00", …}]}]}

A person writes ``confirmed`` and ``rejected`` with ledger ids and line numbers of the statement at hand; what is kept
for the next statement names lines by what they say, because they get new numbers there.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from mailflow.reconciliation import Decided, Decisions, Earlier, EarlierItem, TheirLine, fingerprint
from mailflow.refusals import Refusal


def read_decisions(path: Path, lines: Mapping[int, TheirLine]) -> Decisions:
    """``lines`` are those of the statement at hand. Raises :class:`Refusal` saying what cannot be used."""
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as failure:
        raise Refusal(f"{path}: {failure.strerror or failure}") from None
    except ValueError as failure:
        raise Refusal(f"{path}: no valid JSON ({failure})") from None
    if not isinstance(told, dict):
        raise Refusal(f"{path}: it must be one object with confirmed, rejected, carried, ended")
    known = {"confirmed", "rejected", "carried", "ended"}
    if set(told) - known:
        raise Refusal(f"{path}: there is no {sorted(set(told) - known)[0]!r}; known are {', '.join(sorted(known))}")
    try:
        groups = {
            name: tuple(_decided(one, lines) for one in told.get(name, ()))
            for name in ("confirmed", "rejected", "carried")
        }
        return Decisions(**groups, earlier=tuple(_earlier(one) for one in told.get("ended", ())))
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError) as failure:
        raise Refusal(f"{path}: a decision cannot be read ({type(failure).__name__}: {failure})") from None


def write_decisions(path: Path, decisions: Decisions) -> None:
    """Raises :class:`Refusal`."""
    told = {name: [_told(one) for one in getattr(decisions, name)] for name in ("confirmed", "rejected", "carried")}
    told["ended"] = [
        {
            "as_of": one.as_of.isoformat(), "currency": one.currency,
            "items": [
                {
                    "kind": item.kind, "amount": f"{item.amount:f}", "reference": item.reference,
                    "ours": list(item.ours), "theirs": list(item.theirs),
                }
                for item in one.items
            ],
        }
        for one in decisions.earlier
    ]  # fmt: skip
    try:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as failure:
        raise Refusal(f"{path}: {failure.strerror or failure}") from None


def _decided(one: Mapping[str, Any], lines: Mapping[int, TheirLine]) -> Decided:
    theirs = []
    for mark in one["theirs"]:
        if isinstance(mark, int):
            if mark not in lines:
                raise ValueError(f"the statement has no line {mark}")
            mark = fingerprint(lines[mark])
        if str(mark).count("|") < 2:
            raise ValueError(f"{mark!r} is neither a line number nor a kept line")
        theirs.append(str(mark))
    on = one.get("on")
    ours = tuple(map(str, one["ours"]))
    return Decided(ours, tuple(theirs), 0, str(one.get("by", "")), None if on is None else dt.date.fromisoformat(on))


def _earlier(one: Mapping[str, Any]) -> Earlier:
    items = tuple(
        EarlierItem(
            str(item["kind"]), Decimal(item["amount"]), str(item.get("reference", "")),
            tuple(item.get("ours", ())), tuple(item.get("theirs", ())),
        )
        for item in one["items"]
    )  # fmt: skip
    return Earlier(dt.date.fromisoformat(one["as_of"]), str(one["currency"]), items)


def _told(one: Decided) -> dict[str, Any]:
    told: dict[str, Any] = {"ours": list(one.ours), "theirs": list(one.theirs)}
    if one.by:
        told["by"] = one.by
    if one.on is not None:
        told["on"] = one.on.isoformat()
    return told
