"""How right a reading is against a made-up document's truth."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal


def key(line: dict) -> tuple:
    """What a line must have right: day, document number, signed amount."""
    return line["date"], "".join((line["reference"] or "").split()).upper(), Decimal(line["amount"]).normalize()


def measure(truth: dict, documents: list[dict]) -> Counter:
    """Lines wanted, got and right; whole; issuer; types; proven; false proofs; slips."""
    document = max(documents, key=lambda d: len(d["lines"]), default={"lines": []})
    want = Counter(key(line) for line in truth["lines"])
    got = Counter(key(line) for line in document["lines"])
    right = sum((want & got).values())
    closing = truth.get("closing_balance")
    paid = truth.get("payment", {}).get("amount")
    ends = (closing is None or _same(document.get("closing_balance"), closing)) and (
        not paid or _same(document.get("payment", {}).get("amount"), paid)
    )
    kind = document.get("kind") == truth["kind"]
    amounts = Counter(k[2] for k in want.elements()) == Counter(k[2] for k in got.elements())
    proven = document.get("trust") == "proven"
    types = {key(line): line["type"] for line in document["lines"]}
    result = Counter(want=want.total(), got=got.total(), right=right, documents=1)
    result["whole"] = kind and ends and right == want.total() == got.total()
    result["issuer"] = truth.get("issuer") is None or (document.get("issuer") or {}).get("name") == truth["issuer"]
    result["typed"] = sum(types.get(key(line)) == line["type"] for line in truth["lines"])
    result["provable"] = bool(truth.get("must_prove"))
    result["proven"] = proven and bool(truth.get("must_prove"))
    result["false"] = proven and not (kind and ends and amounts)
    result["slips"] = sum(key(line) not in want and not line["doubts"] for line in document["lines"]) if proven else 0
    return result


def _same(a: str | None, b: str) -> bool:
    return a is not None and Decimal(a) == Decimal(b)
