#!/usr/bin/env python3
"""How fast documents are read, beside the libraries alone: bench/documents.py [--rows 20000] [FILE.pdf | FILE.xlsx ...]

Without files it makes a statement of 36 pages and a workbook of ``--rows`` rows. Each reader runs in a process of its
own on the same files, best of three; CPU seconds, as the machine may be shared; peak memory is the whole process.
mailflow's figures include everything: table, roles, signs, proof, read as in its child, where the search for cycles
is off: from bytes to a typed, proven document, without the start of the process. The others give words or cells only.
Last, 40 statements of 3 pages through warm children: one after the other, then side by side on all cores, by the clock.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "corpus")]


def mailflow(path: Path) -> int:
    import gc

    from parsers import parse
    from parsers.long import line_count

    gc.disable()  # as the child that reads a document does
    [document] = parse(path.read_bytes(), path.name)[:1]
    return line_count(document) if path.suffix == ".xlsx" else pages(path)


def mailflow_to_json(path: Path) -> int:
    """The library and the JSON text of everything it found: what a child does for ``mailflow parse --json``."""
    from parsers import parse
    from parsers.long import json_text, line_count

    documents = parse(path.read_bytes(), path.name)
    assert "".join(json_text(documents))
    return line_count(documents[0])


def mailflow_command(path: Path) -> int:
    """``mailflow parse --json`` as a process, with its warm process and its child."""
    done = subprocess.run(
        [sys.executable, "-m", "mailflow", "parse", "--json", str(path)], capture_output=True, cwd=ROOT
    )
    return done.stdout.count(b'"no": ')


def mailflow_cells(path: Path) -> int:
    """The workbook as pages of cells, before anything is understood."""
    from parsers.formats import sheet, workbook_scan

    data = path.read_bytes()
    found, _ = sheet._pages(data, workbook_scan.scan(data, middles=True))
    return sum(int(page.height) for page in found)


def pdfplumber_tables(path: Path) -> int:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()
        return len(pdf.pages)


def pdftotext_layout(path: Path) -> int:
    subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return pages(path)


def pypdfium2_text(path: Path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            page.get_textpage().get_text_bounded()
        return len(pdf)


def calamine(path: Path) -> int:
    from python_calamine import load_workbook

    book = load_workbook(str(path))
    return sum(1 for name in book.sheet_names for _ in book.get_sheet_by_name(name).iter_rows())


def openpyxl_read_only(path: Path) -> int:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))


def pages(path: Path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)


READERS: dict[str, dict[str, Callable[[Path], int]]] = {
    ".pdf": {
        "mailflow (lines, signs, proof)": mailflow,
        "pdfplumber extract_tables": pdfplumber_tables,
        "pdftotext -layout": pdftotext_layout,
        "pypdfium2 text": pypdfium2_text,
    },
    ".xlsx": {
        "mailflow (lines, signs, proof)": mailflow,
        "mailflow and its JSON": mailflow_to_json,
        "mailflow parse --json, whole": mailflow_command,
        "mailflow (cells, checked)": mailflow_cells,
        "calamine": calamine,
        "openpyxl read_only": openpyxl_read_only,
    },
}


def side_by_side(count: int = 40) -> tuple[float, float]:
    """Seconds by the clock for ``count`` statements, one after the other and on all cores; each child warm."""
    import corpus_books
    import corpus_pdf

    from parsers.containment import Containment

    papers = []
    for seed in range(count):
        rng = random.Random(seed)
        papers.append(corpus_pdf.draw(rng, corpus_books.make(rng, "en", "forward", 90)))

    def timed(at_once: int) -> float:
        children = [Containment() for _ in range(at_once)]
        for child in children:
            child.parse(papers[0], "warm.pdf")

        def read(number: int) -> int:  # each takes every at_once-th paper
            return sum(len(children[number].parse(paper, "s.pdf")) for paper in papers[number::at_once])

        started = time.perf_counter()
        with ThreadPoolExecutor(at_once) as threads:
            assert sum(threads.map(read, range(at_once))) >= count
        took = time.perf_counter() - started
        for child in children:
            child.close()
        return took

    return timed(1), timed(os.cpu_count() or 1)


def measure(reader: str, path: Path) -> dict[str, float]:
    """In this process: units, best CPU seconds of three (children included), peak kB."""
    read = READERS[path.suffix][reader]
    best, units = float("inf"), 0
    for _ in range(3):
        before = _cpu()
        units = read(path)
        best = min(best, _cpu() - before)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"units": units, "seconds": best, "peak": peak}


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def make_pdf(path: Path) -> None:
    import corpus_books
    import corpus_pdf

    rng = random.Random(7)
    path.write_bytes(corpus_pdf.draw(rng, corpus_books.make(rng, "en", "forward", 1200)))


def make_workbook(path: Path, rows: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Statement")
        sheet.write_row(0, 0, ["Statement of account"])
        sheet.write_row(1, 0, ["Date", "Type", "Reference", "Description", "Amount", "Balance"])
        balance = 0
        for row in range(rows):
            cents = row * 7919 % 100_000 + 100
            balance += cents
            sheet.write_datetime(2 + row, 0, dt.datetime(2026, 1, 1) + dt.timedelta(days=row * 300 // rows), day)
            sheet.write_row(2 + row, 1, ["Invoice", f"INV-{row:06d}", "goods", cents / 100, balance / 100])
        sheet.write_row(2 + rows, 0, ["Closing balance", "", "", "", "", balance / 100])


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("files", nargs="*", type=Path)
    ap.add_argument("--rows", type=int, default=20_000)
    ap.add_argument("--one", help=argparse.SUPPRESS)
    a = ap.parse_args()
    if a.one:
        print(json.dumps(measure(a.one, a.files[0])))
        return
    with tempfile.TemporaryDirectory() as folder:
        files = a.files
        if not files:
            files = [Path(folder) / "statement.pdf", Path(folder) / "statement.xlsx"]
            make_pdf(files[0])
            make_workbook(files[1], a.rows)
        for path in files:
            print(f"\n{path.name}, {path.stat().st_size:,} bytes")
            for reader in READERS[path.suffix]:
                if reader.startswith("pdftotext") and shutil.which("pdftotext") is None:
                    print(f"  {reader:32} not installed")
                    continue
                command = [sys.executable, __file__, "--one", reader, str(path)]
                done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
                found = json.loads(done.stdout)
                unit = "pages" if path.suffix == ".pdf" else "rows"
                speed = found["units"] / max(found["seconds"], 1e-9)
                print(
                    f"  {reader:32} {found['units']:>7} {unit} {found['seconds']:8.2f} s CPU"
                    f" {speed:10,.0f} {unit}/s {found['peak'] / 1024:8.0f} MB"
                )
        if not a.files:
            alone, together = side_by_side()
            print(f"\n40 documents: {alone:.2f} s one by one, {together:.2f} s on {os.cpu_count()} cores")
    print(f"\n{time.strftime('%Y-%m-%d')}, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
