"""Scores one reconciliation against the truth of ``noise.py``: links, automatic links, kinds, identity, flip."""

from __future__ import annotations

from collections import Counter

from mailflow.reconciliation import Reconciliation
from tests.reconciliation.noise import Books


def links(matches) -> set[tuple[str, int]]:
    return {(o, t) for m in matches for o in m.our_ids for t in m.their_numbers}


def score(books: Books, answer: Reconciliation) -> Counter:
    want, have = books.links(), links(answer.matches)
    auto = links(m for m in answer.matches if m.automatic)
    named = Counter((item.kind.value, item.amount) for item in answer.items)
    true = books.true_items()
    identity = (
        answer.our_balance == books.our_balance
        and answer.their_balance == books.their_balance
        and answer.our_balance + sum((i.amount for i in answer.items), 0) + answer.unexplained == answer.their_balance
    )
    return Counter(
        want=len(want),
        have=len(have),
        hit=len(want & have),
        auto=len(auto),
        auto_hit=len(auto & want),
        items=sum(true.values()),
        named=sum((true & named).values()),
        identity=identity,
        flip=answer.sign_flipped == books.flipped,
        cases=1,
    )


def percent(total: Counter) -> dict[str, float]:
    def share(part: str, whole: str) -> float:
        return 100 * total[part] / total[whole] if total[whole] else 100.0

    return {
        "recall": share("hit", "want"),
        "precision": share("hit", "have"),
        "auto": share("auto_hit", "auto"),
        "auto_share": share("auto_hit", "want"),
        "kinds": share("named", "items"),
        "identity": share("identity", "cases"),
        "flip": share("flip", "cases"),
    }
