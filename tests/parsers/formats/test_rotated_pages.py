"""A PDF whose pages are turned (``/Rotate``) reads as it is shown; one that lies on its side is not called proven."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from parsers import parse
from parsers.documents import Document, Trust

WIDTH, HEIGHT = 595, 842
ROWS = [
    ("2026-10-01", "INV-1001", "1,500.00", "1,500.00"),
    ("2026-10-05", "INV-1002", "250.40", "1,750.40"),
    ("2026-10-09", "PMT-2001", "-1,000.00", "750.40"),
    ("2026-10-20", "INV-1003", "99.60", "850.00"),
]


def drawn(rotation: int, *, upright: bool = True) -> bytes:
    """A statement on a page of that rotation; ``upright``: drawn so that it is shown upright."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setPageRotation(rotation)
    tall = HEIGHT  # the page as shown; reportlab swaps the sides of the page itself
    if upright and rotation == 90:
        canvas.translate(HEIGHT, 0)
        canvas.rotate(90)
    elif upright and rotation == 180:
        canvas.translate(WIDTH, HEIGHT)
        canvas.rotate(180)
    elif upright and rotation == 270:
        canvas.translate(0, WIDTH)
        canvas.rotate(270)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(50, tall - 50, "Statement of account")
    for n, (date, reference, amount, balance) in enumerate([("Date", "Reference", "Amount", "Balance"), *ROWS]):
        height = tall - 90 - 16 * n
        canvas.drawString(50, height, date)
        canvas.drawString(140, height, reference)
        canvas.drawRightString(320, height, amount)
        canvas.drawRightString(420, height, balance)
    canvas.drawString(50, tall - 90 - 16 * 6, "Closing balance")
    canvas.drawRightString(420, tall - 90 - 16 * 6, "850.00")
    canvas.save()
    return out.getvalue()


def told(document: Document) -> list[tuple[str, str | None, str, str]]:
    return [(str(line.date), line.reference, str(line.amount), str(line.balance)) for line in document.lines]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(rotation: int) -> None:
    [document] = parse(drawn(rotation), "turned.pdf")
    expected = [(date, reference, a.replace(",", ""), b.replace(",", "")) for date, reference, a, b in ROWS]
    assert (document.trust, told(document)) == (Trust.PROVEN, expected)
    left, top, right, bottom = document.lines[0].box or (0, 0, 0, 0)
    assert 45 < left < 55 and 405 < right < 425 and 90 < top < bottom < 115


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_that_is_shown_lying_is_never_proven_wrongly(rotation: int) -> None:
    [document] = parse(drawn(rotation, upright=False), "lying.pdf")
    expected = [(date, reference, a.replace(",", ""), b.replace(",", "")) for date, reference, a, b in ROWS]
    assert document.trust is not Trust.PROVEN or told(document) == expected
