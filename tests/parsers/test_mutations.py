"""A proven document in which one thing is changed is never proven again."""

from __future__ import annotations

import copy
import io
import random
import sys
from collections import Counter
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
KINDS = ("drop", "twice", "swap", "decimal", "sign")


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
    for kind in KINDS:
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
        elif not turned(cells, roles, counts):
            continue
        result.append((kind, mutant))
    return result


def turned(cells: list[str], roles: list[str], counts: list[int]) -> bool:
    """Turn the sign of a row's amount: into the other column, or with a minus before it."""
    if "debit" in roles and "credit" in roles:
        sided = [n for n in counts if roles[n] in ("debit", "credit")]
        if not sided:
            return False
        n, other = sided[0], roles.index("credit" if roles[sided[0]] == "debit" else "debit")
        cells[n], cells[other] = "", cells[n]
        return True
    plain = [n for n in counts if roles[n] in ("amount", "open", "paid") and cells[n][:1].isdigit()]
    if not plain or not cells[plain[-1]][-1:].isdigit():
        return False
    cells[plain[-1]] = f"-{cells[plain[-1]]}"
    return True


def survivors(seed: int, count: int) -> tuple[list[str], Counter[str]]:
    """Mutants that are still proven, and how many were tried of each kind, in ``count`` made-up documents."""
    found: list[str] = []
    tried: Counter[str] = Counter()
    for n in range(count):
        rng = random.Random(seed * 7919 + n)
        lang, family = rng.choice(make_documents.LANGUAGES), rng.choice(books.FAMILIES)
        grid = books.make(rng, lang, family, rng.choice([6, 12, 25]))
        if not proven(on_a_page(grid), "x.html"):
            continue
        tried["documents"] += 1
        for kind, mutant in mutants(grid, rng):
            tried[kind] += 1
            if proven(on_a_page(mutant), "x.html"):
                found.append(f"{n} {lang} {family} {kind}")
    return found, tried


def test_no_mutant_of_a_proven_document_is_proven() -> None:
    found, tried = survivors(seed=3, count=25)
    assert found == []
    assert min(tried[kind] for kind in KINDS) >= 10


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_no_mutant_of_a_thousand_proven_documents_is_proven() -> None:
    found, tried = survivors(seed=4, count=1700)
    assert found == []
    assert min(tried[kind] for kind in ("documents", *KINDS)) >= 1000, tried


def pages_of(data: bytes, pages: list[int]) -> bytes:
    """The PDF of these pages, in this order."""
    source, changed, out = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new(), io.BytesIO()
    changed.import_pages(source, pages)
    changed.save(out)
    return out.getvalue()


def lines_read(data: bytes) -> list[tuple[object, ...]]:
    return [
        (line.date, line.reference, line.amount, line.balance, document.closing_balance, document.payment.amount)
        for document in open_document(data, Source("x.pdf"))
        for line in document.lines
    ]


def page_survivors(seed: int, count: int) -> tuple[list[str], Counter[str]]:
    """The same for pages: each page of each document of several pages dropped once, printed twice once."""
    found: list[str] = []
    tried: Counter[str] = Counter()
    for n in range(count):
        rng = random.Random(seed * 104729 + n)
        lang, family = rng.choice(make_documents.LANGUAGES), rng.choice(books.FAMILIES)
        data = corpus_pdf.draw(rng, books.make(rng, lang, family, rng.choice([40, 70, 90])))
        size = len(pypdfium2.PdfDocument(data))
        if size < 2 or not proven(data, "x.pdf"):
            continue
        tried["documents"] += 1
        whole = lines_read(data)
        for page in range(size):
            for kind, pages in (
                ("dropped", [p for p in range(size) if p != page]),
                ("doubled", [*range(page + 1), *range(page, size)]),
            ):
                tried[kind] += 1
                changed = pages_of(data, pages)
                # a page without a line or a figure of its own may go: what is proven stands on the others
                if proven(changed, "x.pdf") and (kind == "doubled" or lines_read(changed) != whole):
                    found.append(f"{n} {lang} {family} page {page + 1} of {size} {kind}")
    return found, tried


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_no_proven_document_of_several_pages_stays_proven_when_a_page_goes_or_comes_twice() -> None:
    found, tried = page_survivors(seed=5, count=600)
    assert found == []
    assert min(tried[kind] for kind in ("dropped", "doubled")) >= 1000, tried


def test_a_page_that_is_missing_in_the_middle_or_stands_twice_ends_the_proof() -> None:
    rng = random.Random(8)
    grid = books.make(rng, "en", "forward", 70)
    data = corpus_pdf.draw(random.Random(2), grid)
    assert proven(data, "x.pdf")
    count = len(pypdfium2.PdfDocument(data))
    assert count > 2
    for pages in ([0, *range(2, count)], [0, 0, *range(1, count)], [0, 1, 1, *range(2, count)], list(range(1, count))):
        assert not proven(pages_of(data, pages), "x.pdf"), pages
