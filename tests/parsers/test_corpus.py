"""Documents made by lot, in five languages and many layouts, read and measured against their truth."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from parsers.opening import open_document
from parsers.source import Source

sys.path.insert(0, str(Path(__file__).parents[1] / "corpus"))

import corpus_score
import make_documents


def measured(seed: int, count: int) -> Counter[str]:
    total: Counter[str] = Counter()
    for n in range(count):
        name, data, truth = make_documents.one(seed, n)
        assert isinstance(data, bytes)
        documents = [d.to_json() for d in open_document(data, Source(name))]
        result = corpus_score.measure(truth, documents)
        assert result["false"] == 0, f"{name}: a false proof"
        assert result["slips"] == 0, f"{name}: wrong without a word of doubt"
        total.update(result)
    return total


def within(total: Counter[str]) -> bool:
    return (
        total["documents"] > 0
        and total["right"] >= 0.99 * total["want"]
        and total["right"] >= 0.99 * total["got"]
        and total["whole"] >= 0.95 * total["documents"]
        and total["issuer"] >= 0.95 * total["documents"]
        and total["typed"] >= 0.97 * total["want"]
        and total["proven"] >= 0.95 * total["provable"]
    )


def test_documents_made_by_lot_are_read_right_and_never_falsely_proven() -> None:
    total = measured(seed=41, count=24)
    assert within(total), total


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_two_hundred_documents_made_by_lot_are_read_right() -> None:
    total = measured(seed=7, count=200)
    assert within(total), total
