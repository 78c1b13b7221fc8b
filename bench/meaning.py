"""How well replies are understood: the written set ``tests/correspondence/replies.jsonl``, per intent, with intervals.

    .venv/bin/python bench/meaning.py [FILE.jsonl] [--part development|held-out|all] [--details]

Every third reply (its ``id`` divides by 3) is held out: the rules were written without looking at its failures.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mailflow.adapters.wording_files import load_wording
from mailflow.correspondence.intent import understand
from mailflow.correspondence.message import Intent, Meaning

REPLIES = Path(__file__).resolve().parent.parent / "tests" / "correspondence" / "replies.jsonl"
SENT = "2026-11-02T09:14:00+08:00"  # a Monday; replies that need another day carry their own
FIELDS = ("intent", "intents", "reasons", "references", "amounts", "currencies", "promise", "promise amount")


@dataclass
class Score:
    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    per_intent: dict[str, list[int]] = field(default_factory=dict)  # truth -> [right, of, abstained]
    unsafe: int = 0
    missed_bank_change: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def mark(self, name: str, fits: bool) -> bool:
        self.of[name] += 1
        self.right[name] += fits
        return fits


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share of ``right`` in ``of``."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, z * z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, centre - half), min(1.0, centre + half)


def replies(path: Path = REPLIES, part: str = "all") -> list[dict[str, Any]]:
    """The written replies of ``path``; ``part`` chooses every third one (held-out) or the others."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in rows if part == "all" or (part == "held-out") == (row["id"] % 3 == 0)]


def read(row: dict[str, Any], wording: Any) -> Meaning:
    return understand(
        row["text"], subject="", sent=dt.datetime.fromisoformat(row.get("sent", SENT)),
        known_references=row.get("known", ()), wording=wording,
    )  # fmt: skip


def score_one(row: dict[str, Any], meaning: Meaning, score: Score) -> None:
    got = [stated.intent.value for stated in meaning.intents]
    truth: list[str] = row["intents"]
    bad = []

    def mark(name: str, fits: bool, shown: object) -> None:
        if not score.mark(name, fits):
            bad.append(f"{name}: {shown}")

    mark("intent", got[0] == truth[0], f"wanted {truth} got {got}")
    mark("intents", set(got) == set(truth), f"wanted {truth} got {got}")
    tally = score.per_intent.setdefault(truth[0], [0, 0, 0])
    tally[0] += got[0] == truth[0]
    tally[1] += 1
    tally[2] += got == [Intent.OTHER.value] and truth[0] != "other"
    score.confidences.append((meaning.intents[0].confidence, got[0] == truth[0]))
    if "confirm" in got[:1] and "confirm" not in truth:
        score.unsafe += 1
        bad.append("UNSAFE")
    if "bank_details_change" in truth and "bank_details_change" not in got:
        score.missed_bank_change += 1
        bad.append("MISSED BANK CHANGE")
    if any(stated.evidence not in row["text"] for stated in meaning.intents):
        bad.append("EVIDENCE IS NOT VERBATIM")
        score.unsafe += 1
    if row.get("reasons"):
        reasons = [reason.value for reason in meaning.dispute_reasons]
        mark("reasons", set(row["reasons"]) <= set(reasons), f"wanted {row['reasons']} got {reasons}")
    wanted = Counter(name.upper() for name in row.get("references", ()))
    names = Counter("".join(name.split()).upper() for name in meaning.references)
    mark("references", wanted == names, f"wanted {dict(wanted)} got {dict(names)}")
    pairs = [text.split() for text in row.get("amounts", ())]
    amounts = Counter(amount.amount for amount in meaning.amounts)
    maybe = {Decimal(text.split()[0]) for text in row.get("maybe_amounts", ())}
    expected = Counter(Decimal(pair[0]) for pair in pairs)
    fits = expected <= amounts and set(amounts - expected) <= maybe
    mark("amounts", fits, f"wanted {[pair[0] for pair in pairs]} got {[str(a) for a in amounts]}")
    for pair in pairs:
        if len(pair) > 1:
            found = [a.currency for a in meaning.amounts if a.amount == Decimal(pair[0])]
            mark("currencies", pair[1] in found, f"wanted {pair} got {found}")
    promise = str(meaning.promise.date) if meaning.promise.date else None
    if "promise_to_pay" in truth:
        mark("promise", promise == row.get("promise"), f"wanted {row.get('promise')} got {promise}")
    if row.get("promise_amount"):
        fits = meaning.promise.amount == Decimal(row["promise_amount"])
        mark("promise amount", fits, f"wanted {row['promise_amount']} got {meaning.promise.amount}")
    if bad:
        score.failures.append(f"#{row['id']} {row['text']!r}\n      " + "\n      ".join(bad))


def measure(rows: list[dict[str, Any]]) -> Score:
    wording, score = load_wording(), Score()
    for row in rows:
        score_one(row, read(row, wording), score)
    return score


def shown(score: Score) -> str:
    lines = [f"{'what':22} right    of   share   95 % interval"]
    for name in FIELDS:
        if score.of[name]:
            low, high = wilson(score.right[name], score.of[name])
            share = 100 * score.right[name] / score.of[name]
            lines.append(
                f"{name:22} {score.right[name]:5} {score.of[name]:5} {share:6.1f}%"
                f"  {100 * low:5.1f} to {100 * high:5.1f}"
            )
    lines.append(f"\n{'main intent':22} right    of   share   95 % interval   abstained")
    for intent in Intent:
        if intent.value in score.per_intent:
            right, of, abstained = score.per_intent[intent.value]
            low, high = wilson(right, of)
            interval = f"{100 * low:5.1f} to {100 * high:5.1f}"
            lines.append(f"{intent.value:22} {right:5} {of:5} {100 * right / of:6.1f}%  {interval}   {abstained:9}")
    lines.append("\nconfidence             right    of   share")
    for low_bound, high_bound in ((0.0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
        bucket = [fits for confidence, fits in score.confidences if low_bound <= confidence < high_bound]
        if bucket:
            share = 100 * sum(bucket) / len(bucket)
            lines.append(f"{low_bound:.2f} to {high_bound:.2f}          {sum(bucket):5} {len(bucket):5} {share:6.1f}%")
    lines.append(f"\nunsafe {score.unsafe}   missed bank-details changes {score.missed_bank_change}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=REPLIES)
    parser.add_argument("--part", choices=("development", "held-out", "all"), default="all")
    parser.add_argument("--details", action="store_true")
    arguments = parser.parse_args()
    rows = replies(arguments.file, arguments.part)
    load_wording()
    started = time.perf_counter()
    score = measure(rows)
    spent = time.perf_counter() - started
    if arguments.details:
        print("\n".join(score.failures), file=sys.stderr)
    print(shown(score))
    print(f"{len(rows)} replies, {1000 * spent / max(1, len(rows)):.2f} ms each")
    return 1 if score.unsafe or score.missed_bank_change else 0


if __name__ == "__main__":
    sys.exit(main())
