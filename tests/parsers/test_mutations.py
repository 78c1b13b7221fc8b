"""A proven document in which one thing is changed is never proven again."""

from __future__ import annotations

import copy
import io
import random
import sys
from pathlib import Path

import pypdfium2
import pytest

from parsers.documents import Trust
from parsers.opening import open_document
from parsers.source import Source

sys.path.insert(0, str(Path(__file__).parents[1] / "corpus"))

import corpus_books as books
import corpus_pdf
import make_documents

AMOUNTS = {"debit", "credit", "amount", "balance", "open", "paid"}


def proven(data: bytes, name: str) -> bool:
    return any(document.trust is Trust.PROVEN for document in open_document(data, Source(name)))


def on_a_page(grid: books.Grid) -> bytes:
    return corpus_pdf.page_html(random.Random(5), grid).encode()


def swapped(text: str, rng: random.Random) -> str | None:
    places = [n for n, c in enumerate(text) if c.isdigit()]
    pairs = [(a, b) for a in places for b in places if a < b and text[a] != text[b]]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]


def mutants(grid: books.Grid, rng: random.Random) -> list[tuple[str, books.Grid]]:
    """One mutant of each kind: a row dropped, a row twice, two digits swapped, the decimal moved, the sign turned."""
    result = []
    rows = [n for n, (kind, _) in enumerate(grid.rows) if kind == "data"]
    roles = [k for k, _ in grid.columns]
    for kind in ("drop", "twice", "swap", "decimal", "sign"):
        mutant = copy.deepcopy(grid)
        at = rng.choice(rows)
        cells = mutant.rows[at][1]
        counts = [n for n, k in enumerate(roles) if k in AMOUNTS and any(c in "123456789" for c in cells[n])]
        if grid.family == "open" and "open" in roles:
            counts = [roles.index("open")] if roles.index("open") in counts else []
        if kind == "drop":
            del mutant.rows[at]
        elif kind == "twice":
            mutant.rows.insert(at, copy.deepcopy(mutant.rows[at]))
        elif not counts:
            continue
        elif kind == "swap":
            n = rng.choice(counts)
            changed = swapped(cells[n], rng)
            if changed is None:
                continue
            cells[n] = changed
        elif kind == "decimal":
            n = rng.choice(counts)
            digits = [i for i, c in enumerate(cells[n]) if c.isdigit()]
            cells[n] = (
                cells[n][: digits[0] + 1] + "0" + cells[n][digits[0] + 1 :]
                if len(digits) < 6
                else cells[n].replace(cells[n][digits[0]], "", 1)
            )
        else:
            sided = [n for n in counts if roles[n] in ("debit", "credit")]
            if not sided:
                continue
            n = sided[0]
            other = roles.index("credit" if roles[n] == "debit" else "debit")
            cells[n], cells[other] = "", cells[n]
        result.append((kind, mutant))
    return result


def survivors(seed: int, count: int) -> list[str]:
    found, tried = [], 0
    for n in range(count):
        rng = random.Random(seed * 7919 + n)
        lang, family = rng.choice(make_documents.LANGUAGES), rng.choice(books.FAMILIES)
        grid = books.make(rng, lang, family, rng.choice([6, 12, 25]))
        if not proven(on_a_page(grid), "x.html"):
            continue
        for kind, mutant in mutants(grid, rng):
            tried += 1
            if proven(on_a_page(mutant), "x.html"):
                found.append(f"{n} {lang} {family} {kind}")
    assert tried > count
    return found


def test_no_mutant_of_a_proven_document_is_proven() -> None:
    assert survivors(seed=3, count=25) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_mutant_of_many_proven_documents_is_proven() -> None:
    assert survivors(seed=4, count=400) == []


def test_a_page_that_is_missing_in_the_middle_or_stands_twice_ends_the_proof() -> None:
    rng = random.Random(8)
    grid = books.make(rng, "en", "forward", 70)
    data = corpus_pdf.draw(random.Random(2), grid)
    assert proven(data, "x.pdf")
    source = pypdfium2.PdfDocument(data)
    count = len(source)
    assert count > 2
    for pages in ([0, *range(2, count)], [0, 0, *range(1, count)], [0, 1, 1, *range(2, count)], list(range(1, count))):
        changed = pypdfium2.PdfDocument.new()
        changed.import_pages(source, pages)
        out = io.BytesIO()
        changed.save(out)
        assert not proven(out.getvalue(), "x.pdf"), pages
