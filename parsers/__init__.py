"""Statements of account, remittance advices and invoices out of files: bytes in, typed documents out.

>>> from parsers import parse
>>> csv = b"Date,Reference,Amount,Balance\\n2026-10-01,INV-1,500.00,500.00\\n2026-10-02,INV-2,-80.00,420.00\\n"
>>> [document] = parse(csv, "october.csv")
>>> [(line.reference, str(line.amount)) for line in document.lines]
[('INV-1', '500.00'), ('INV-2', '-80.00')]

``parse`` is pure (no file, network, clock, configuration) and never raises on bad input: what cannot be read is a
document of kind ``unreadable`` with its ``reason``. It runs in the calling process; hostile bytes belong into a
child that can be killed (:mod:`parsers.containment`), as ``mailflow parse`` and ``python -m parsers`` do.

A document's ``trust`` is ``proven`` only where arithmetic printed in the document itself holds over every line.
Formats: PDF (digital, scanned), XLSX, XLS, XLSB, ODS, CSV/TSV, HTML, plain text, PNG/JPEG/TIFF, UBL 2.1,
Factur-X/ZUGFeRD, camt.053/054, EML, MSG, ZIP, winmail.dat. Everything heavy is imported when first needed.
"""

from __future__ import annotations

from parsers.documents import Document
from parsers.profile import Profile

__all__ = ["Document", "Profile", "parse"]


def parse(data: bytes, name: str, *, password: str | None = None, profile: Profile | None = None) -> list[Document]:
    """The documents in ``data``; a container (mail, ZIP) yields one per readable member. Never raises on bad input.

    ``name`` is the file's name: it is repeated in the answer and breaks ties between kinds of plain text.
    ``password`` is tried where a PDF, workbook or ZIP is encrypted. ``profile`` is what a person corrected about this
    party's documents (:class:`parsers.profile.Profile`).
    """
    from parsers.opening import open_document
    from parsers.source import Source

    return open_document(data, Source(file=name, password=password, profile=profile))
