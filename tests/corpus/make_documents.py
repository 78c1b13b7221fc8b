#!/usr/bin/env python3
"""Writes made-up documents with their truth: make_documents.py FOLDER [--count N] [--seed S] [--browser N].

The same seed gives the same documents. ``truth.json`` has the shape that the samples' scorer reads.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import corpus_books as books
import corpus_pdf
import xlsxwriter

LANGUAGES = ("zh", "zh", "en", "en", "en", "de", "fr", "es", "tw")


def as_csv(rng: random.Random, grid: books.Grid) -> bytes:
    out = io.StringIO()
    mark = rng.choice([",", ";", "\t"]) if grid.lang not in ("de", "fr", "es") else rng.choice([";", "\t"])
    writer = csv.writer(out, delimiter=mark)
    if rng.random() < 0.6 or grid.money.dates in ("%d/%m", "%m-%d"):  # without a year somewhere nobody can read it
        writer.writerow([grid.issuer])
        writer.writerow([grid.title])
        for label, value in grid.meta:
            writer.writerow([label, value])
        writer.writerow([])
    else:
        grid.truth |= {"issuer": None, "recipient": None, "currency": None}
        if grid.kind == "remittance_advice":
            grid.truth["payment"] = {}
            grid.truth["must_prove"] = any(kind == "total" for kind, _ in grid.rows)
        if grid.kind == "remittance_advice":
            writer.writerow([grid.title])
    writer.writerow([h for _, h in grid.columns])
    for _, cells in grid.rows:
        writer.writerow(cells)
    for label, value in grid.loose:
        writer.writerow([label, value])
    code = {"zh": ["gb18030", "utf-8-sig", "utf-8"], "tw": ["utf-8-sig", "big5hkscs"]}.get(
        grid.lang, ["utf-8", "utf-8-sig", "utf-16"]
    )
    try:
        return out.getvalue().encode(rng.choice(code))
    except UnicodeEncodeError:
        return out.getvalue().encode("utf-8")


def as_xlsx(rng: random.Random, grid: books.Grid) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    row = 0
    if grid.letterhead:
        sheet.write(row, 0, grid.issuer)
        row += 1
    sheet.write(row, rng.randrange(0, 3), grid.title)
    row += 1
    if grid.addressee:
        sheet.write(row, 0, grid.recipient)
        row += 1
    for label, value in grid.meta:
        if rng.random() < 0.5:
            sheet.write(row, 0, f"{label}: {value}")
        else:
            sheet.write(row, 0, label)
            sheet.write(row, 1, value)
        row += 1
    row += 1
    for n, (_, h) in enumerate(grid.columns):
        sheet.write(row, n, h)
    row += 1
    for _, cells in grid.rows:
        for n, cell in enumerate(cells):
            sheet.write(row, n, cell)
        row += 1
    for label, value in grid.loose:
        sheet.write(row + 1, 0, label)
        sheet.write(row + 1, len(grid.columns) - 1, value)
        row += 1
    if grid.ageing:
        for line, part in enumerate(grid.ageing):
            for n, cell in enumerate(part):
                sheet.write(row + 2 + line, n, cell)
    book.close()
    return out.getvalue()


def one(seed: int, n: int, browser: bool = False) -> tuple[str, bytes | str, dict]:
    """Document number ``n`` of ``seed``: its name, its bytes (a page of HTML where a browser must print it), its truth."""
    rng = random.Random(seed * 100003 + n)
    lang = rng.choice(LANGUAGES)
    family = rng.choice(books.FAMILIES)
    count = rng.choice([6, 12, 25, 25, 60, 110]) if "remittance" not in family else rng.choice([3, 6, 12, 40])
    grid = books.make(rng, lang, family, count)
    form = "browser" if browser else rng.choice(["pdf"] * 6 + ["csv", "xlsx", "html"])
    name = f"{form}_{lang}_{family}-{n}.{'pdf' if browser else form}"
    if form == "pdf":
        data: bytes | str = corpus_pdf.draw(rng, grid)
        if not (grid.loose or grid.ageing or any(kind in ("total", "closing") for kind, _ in grid.rows) or "remittance" in family):
            grid.truth["must_prove"] = False  # nothing on paper says that the last line is the last
    elif form == "csv":
        data = as_csv(rng, grid)
    elif form == "xlsx":
        data = as_xlsx(rng, grid)
    else:
        page = corpus_pdf.page_html(rng, grid)
        data = page if browser else page.encode()
    return name, data, grid.truth


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("folder", type=Path)
    ap.add_argument("--count", type=int, default=120)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--browser", type=int, default=0)
    a = ap.parse_args()
    a.folder.mkdir(parents=True, exist_ok=True)
    truth: dict[str, list] = {}
    pages: list[tuple[str, str]] = []
    for n in range(a.count + a.browser):
        name, data, told = one(a.seed, n, browser=n >= a.count)
        if isinstance(data, str):
            pages.append((name, data))
        else:
            (a.folder / name).write_bytes(data)
        truth[name] = [told]
    for (name, _), data in zip(pages, corpus_pdf.print_page([p for _, p in pages]), strict=False):
        (a.folder / name).write_bytes(data)
    (a.folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=0), encoding="utf-8")
    print(f"{len(truth)} documents in {a.folder}")


if __name__ == "__main__":
    main()
