"""Names that no list holds, columns without a telling name, papers from other producers."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from parsers.documents import Trust
from parsers.opening import open_document
from parsers.source import Source
from parsers.wording import composed
from parsers.wording.columns import Role
from parsers.wording.labels import Field
from parsers.wording.marks import Mark

sys.path.insert(0, str(Path(__file__).parents[1] / "corpus"))

import corpus_score
import make_second


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("销貨單號", Role.REFERENCE),
        ("lfd. Saldo", Role.BALANCE),
        ("Bel.-Datum", Role.DATE),
        ("Total station rental", None),
    ],
)
def test_a_heading_is_understood_by_the_words_it_is_made_of(name: str, role: Role | None) -> None:
    assert composed.role(name) is role


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Amount Now Due", Mark.CLOSING),
        ("截止本月结欠", Mark.CLOSING),
        ("前期結欠", Mark.OPENING),
        ("合计付款", Mark.TOTAL),
        ("Payment received", None),
        ("Total station rental", None),
    ],
)
def test_a_rows_own_name_is_understood_by_its_words(name: str, mark: Mark | None) -> None:
    assert composed.mark(name) is mark


def test_a_label_of_a_party_is_understood_by_its_words() -> None:
    assert composed.party_label("收款廠商:台灣精密模具股份有限公司") == (Field.PAYEE, "台灣精密模具股份有限公司")
    assert composed.party_label("Payment: 12.00") is None


def document(text: str, name: str = "x.csv") -> dict:
    return max((d.to_json() for d in open_document(text.encode(), Source(name))), key=lambda d: len(d["lines"]))


def test_a_column_called_total_that_runs_is_the_balance() -> None:
    rows = ["Acme Ltd", "Statement of Account", "Date,Invoice No,Amount,Total", "2026-10-01,A-1,100.00,100.00"]
    rows += ["2026-10-02,A-2,50.00,150.00", "2026-10-05,A-3,-30.00,120.00", "2026-10-09,A-4,5.00,125.00"]
    read = document("\n".join(rows))
    assert [line["amount"] for line in read["lines"]] == ["100.00", "50.00", "-30.00", "5.00"]
    assert read["closing_balance"] == "125.00"
    assert read["trust"] == "proven"


def test_opening_and_closing_in_one_cell_are_told_apart() -> None:
    page = """<p>上期结余: (52,157.00)&nbsp;&nbsp;&nbsp; 期末余额: (51,000.00)</p><h2>往来对账单</h2><table>
    <tr><th>日期</th><th>单据号</th><th>金额</th></tr><tr><td>2026-08-01</td><td>INV-1</td><td>1,000.00</td></tr>
    <tr><td>2026-08-02</td><td>INV-2</td><td>157.00</td></tr><tr><td></td><td>总计</td><td>1,157.00</td></tr></table>"""
    read = document(page, "x.html")
    assert (read["opening_balance"], read["closing_balance"]) == ("-52157.00", "-51000.00")


def test_a_copy_of_the_last_page_ends_the_proof(tmp_path: Path) -> None:
    make_second.write(tmp_path, seed=3, count=8, only=["reportlab"])
    tried = 0
    for path in sorted(tmp_path.glob("*.pdf")):
        source = pypdfium2.PdfDocument(path.read_bytes())
        count = len(source)
        if count < 2 or not any(d.trust is Trust.PROVEN for d in open_document(path.read_bytes(), Source("x.pdf"))):
            continue
        tried += 1
        changed = pypdfium2.PdfDocument.new()
        changed.import_pages(source, [*range(count), count - 1])
        out = io.BytesIO()
        changed.save(out)
        assert not any(d.trust is Trust.PROVEN for d in open_document(out.getvalue(), Source("x.pdf"))), path.name
    assert tried


def measured(folder: Path) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, truth in json.loads((folder / "truth.json").read_text()).items():
        read = [d.to_json() for d in open_document((folder / name).read_bytes(), Source(name))]
        result = corpus_score.measure(truth[0], read)
        assert result["false"] == 0, f"{name}: a false proof"
        total.update(result)
    return total


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.skipif(importlib.util.find_spec("reportlab") is None, reason="nothing to print with")
def test_two_hundred_papers_of_other_producers_are_read_right(tmp_path: Path) -> None:
    make_second.write(tmp_path, seed=11, count=200)
    total = measured(tmp_path)
    assert total["documents"] == 200
    assert total["right"] >= 0.99 * total["want"] and total["right"] >= 0.99 * total["got"]
    assert total["whole"] >= 0.95 * total["documents"]
    assert total["issuer"] >= 0.95 * total["documents"]
    assert total["typed"] >= 0.97 * total["want"]
    assert total["proven"] >= 0.95 * total["provable"]
