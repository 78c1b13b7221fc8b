#!/usr/bin/env python3
"""Writes the second set: make_second.py FOLDER [--seed S] [--count N]; the same seed gives the same documents.

Producers are those that are installed: Typst (wheel), Chromium, LibreOffice, reportlab, openpyxl, xlwt, odfpy.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import second_books as books
import second_print as printing


def producers() -> list[str]:
    """What can print here."""
    found = ["reportlab", "xlsx", "html"]
    found += ["typst"] * 2 if importlib.util.find_spec("typst") else []
    found += ["xls"] if importlib.util.find_spec("xlwt") else []
    found += ["ods"] if importlib.util.find_spec("odf") else []
    found += ["chromium"] * 2 if shutil.which("chromium") else []
    found += ["calc"] if shutil.which("soffice") else []
    return found


def write(folder: Path, seed: int, count: int, only: list[str] | None = None) -> None:
    """Prints `count` papers into `folder` and their truth beside them; `only` names the producers to take."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, truth = random.Random(seed), {}
    office: list[tuple[Path, str]] = []
    work = Path(tempfile.mkdtemp())
    kinds = only or producers()
    for n in range(count):
        paper = books.draw(seed, n)
        by = kinds[n % len(kinds)]
        name = f"{by}_{paper.family}_{paper.lang}-{n}"
        if by == "chromium":
            page = work / f"{name}.html"
            page.write_text(printing.as_html(rng, paper))
            name += ".pdf"
            subprocess.run(
                [
                    "chromium",
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    *(["--no-pdf-header-footer"] if rng.random() < 0.7 else []),
                    f"--print-to-pdf={folder / name}",
                    page.as_uri(),
                ],
                check=True,
                capture_output=True,
                timeout=120,
            )
        elif by == "writer":
            page = work / f"{name}.html"
            page.write_text(printing.as_html(rng, paper))
            office.append((page, "writer"))
            name += ".pdf"
        elif by == "calc":
            page = work / f"{name}.xlsx"
            page.write_bytes(printing.as_workbook(rng, paper, "xlsx"))
            office.append((page, "calc"))
            name += ".pdf"
        else:
            extension = {"typst": "pdf", "reportlab": "pdf"}.get(by, by)
            name += f".{extension}"
            (folder / name).write_bytes(_printed(rng, paper, by))
        truth[name] = [paper.truth]
    for kind in ("writer", "calc"):
        pages = [str(p) for p, k in office if k.startswith(kind)]
        if pages:
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation=file://{work}/profile",
                    "--headless",
                    "--convert-to",
                    "pdf" if kind == "calc" else "pdf:writer_web_pdf_Export",
                    "--outdir",
                    str(folder),
                    *pages,
                ],
                check=True,
                capture_output=True,
                timeout=600,
            )
    shutil.rmtree(work)
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1))


def _printed(rng: random.Random, paper: books.Paper, by: str) -> bytes:
    if by == "typst":
        return printing.as_typst(rng, paper)
    if by == "reportlab":
        return printing.as_reportlab(rng, paper)
    if by == "html":
        return printing.as_html(rng, paper).encode()
    return printing.as_workbook(rng, paper, by)


if __name__ == "__main__":
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("folder", type=Path)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=200)
    a = ap.parse_args()
    write(a.folder, a.seed, a.count)
