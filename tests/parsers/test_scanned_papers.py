"""Papers made by lot, printed, scanned crookedly at 150 dpi with noise and JPEG, read and held against the truth."""

from __future__ import annotations

import io
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from parsers.formats import recognition
from parsers.opening import open_document
from parsers.source import Source

sys.path.insert(0, str(Path(__file__).parents[1] / "corpus"))

import corpus_score
import make_documents

numpy = pytest.importorskip("numpy")
cv2 = pytest.importorskip("cv2")

SEED = 4711
PAPERS = [(7, "png", 0), (8, "pdf", 0), (3, "jpeg", 0), (21, "tiff", 0), (20, "pdf", 1)]  # number, form, quarter turns


def scanned(data: bytes, number: int, form: str, quarters: int) -> bytes:
    """One page as a cheap scanner gives it: 1 degree crooked, grey noise, JPEG of quality 70."""
    import pypdfium2
    from PIL import Image

    rng = numpy.random.default_rng(number)
    with pypdfium2.PdfDocument(data) as pdf:
        page: Any = pdf[0].render(scale=150 / 72, grayscale=True).to_numpy()
    page = numpy.ascontiguousarray(page.reshape(page.shape[:2]))
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 1.0 if number % 2 else -1.0, 1.0)
    page = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    page = numpy.clip(page * 0.96 + 4 + rng.normal(0, 8, page.shape), 0, 255).astype(numpy.uint8)
    pressed, out = io.BytesIO(), io.BytesIO()
    Image.fromarray(numpy.ascontiguousarray(numpy.rot90(page, quarters))).save(pressed, "JPEG", quality=70)
    Image.open(pressed).save(out, form.upper(), **({"resolution": 150.0} if form == "pdf" else {"dpi": (150, 150)}))
    return out.getvalue()


@pytest.mark.long  # about a minute of CPU
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not recognition.installed(), reason="the extra 'ocr' is not installed")
def test_scans_are_read_right_and_never_falsely_proven() -> None:
    total: Counter[str] = Counter()
    for number, form, quarters in PAPERS:
        name, data, truth = make_documents.one(SEED, number)
        assert isinstance(data, bytes)
        picture = scanned(data, number, form, quarters)
        result = corpus_score.measure(truth, [d.to_json() for d in open_document(picture, Source(f"scan.{form}"))])
        assert result["false"] == 0, f"{name}: a false proof"
        assert result["slips"] == 0, f"{name}: wrong without a word of doubt"
        total.update(result)
    assert total["right"] >= 0.95 * max(total["want"], total["got"]), total
    assert total["proven"] >= 0.8 * total["provable"], total
