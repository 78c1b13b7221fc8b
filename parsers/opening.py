"""Bytes to documents: recognised once, read by exactly one reader, and whatever goes wrong becomes an answer."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from parsers import limits
from parsers.documents import Document, unreadable
from parsers.errors import LimitReached, RecognitionNeeded, Unreadable
from parsers.profile import used
from parsers.recognise import recognise
from parsers.source import Source

# format -> module of parsers.formats with read(data, source) -> list[Document]; imported when first needed
READERS = {
    "pdf": "pdf",
    "xlsx": "sheet",
    "xlsb": "sheet",
    "ods": "sheet",
    "xls": "sheet",
    "encrypted_office": "sheet",
    "spreadsheetml": "sheet",
    "csv": "delimited",
    "html": "html",
    "text": "text",
    "ubl": "ubl",
    "cii": "cii",
    "camt": "camt",
    "eml": "mail",
    "msg": "msg",
    "tnef": "tnef",
    "zip": "archive",
    "png": "scan",
    "jpeg": "scan",
    "tiff": "scan",
    "gif": "scan",
    "bmp": "scan",
    "webp": "scan",
}
CONTAINERS = frozenset({"mail", "msg", "tnef", "archive"})  # readers that open what others read
# What a reader imports on its first use; a warm process imports it before it forks (parsers.child)
LIBRARIES = {
    "pdf": ("pypdfium2", "pdfplumber"),
    "xlsx": ("python_calamine", "zipfile"),
    "xls": ("python_calamine",),
    "html": ("lxml.html",),
    "ubl": ("lxml.etree",),
    "camt": ("lxml.etree",),
    "cii": ("lxml.etree",),
}
_TOLD = {
    "empty": "the file is empty",
    "unknown": "the bytes are of no format that can be read (PDF, workbook, CSV, HTML, XML, mail, ZIP, image)",
    "xml": "the XML is no statement, remittance advice, invoice or bank notice known here (UBL 2.1, CII, camt.053/054)",
    "docx": "a Word document is not read; ask for PDF or a workbook",
    "doc": "a Word document is not read; ask for PDF or a workbook",
    "rtf": "an RTF document is not read; ask for PDF or a workbook",
    "rar": "a RAR archive is not opened; ask for ZIP or the single files",
    "7z": "a 7z archive is not opened; ask for ZIP or the single files",
    "gzip": "a gzip archive is not opened; ask for ZIP or the single files",
}


def open_document(data: bytes, source: Source) -> list[Document]:
    """The documents in ``data``: one, or one per readable member of a container. Never raises on bad input.

    Raises :class:`RecognitionNeeded` only, and only where ``source.recognition`` is False.
    """
    if len(data) > limits.MAX_BYTES:
        sentence = f"the file has {len(data)} bytes, {limits.MAX_BYTES} are read (limit MAX_BYTES)"
        return [unreadable(source.file, "unknown", sentence, source.member)]
    found = "unknown"
    try:
        found = recognise(data, source.name)
        reader = READERS.get(found)
        if reader is None:
            return [unreadable(source.file, found, _TOLD.get(found, _TOLD["unknown"]), source.member)]
        if source.wanted is not None and reader not in CONTAINERS:
            if source.member == source.wanted.member and source.wanted.content is None:
                source.wanted.content = data
            return []
        read: Callable[[bytes, Source], list[Document]] = import_module(f"parsers.formats.{reader}").read
        with used(source.profile):
            documents = read(data, source)
        return documents or [unreadable(source.file, found, "the document is empty", source.member)]
    except (LimitReached, Unreadable) as refusal:
        reason = str(refusal)
    except RecognitionNeeded:
        raise
    except (MemoryError, RecursionError) as failure:
        reason = f"reading it takes more memory or depth than is allowed ({type(failure).__name__})"
    except Exception as failure:
        # Hostile bytes raise anything from any library (IndexError, struct.error, pdfminer's own); each is an answer.
        reason = f"the {found} is damaged: {type(failure).__name__}: {str(failure)[:200]}"
    return [unreadable(source.file, found, reason, source.member)]
