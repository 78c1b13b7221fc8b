"""Bytes to format: exactly one reader claims a document.

The content decides; the file's name is the sender's word and only breaks a tie between kinds of plain text. A
``.xls`` that is tab-separated GB18030 text, HTML or XML is common, and so is a PDF named ``.dat``.
"""

from __future__ import annotations

import re
import struct

from parsers.formats import delimited, encodings

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
)
_FOREIGN = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gzip"),
)
_MAIL_HEADERS = frozenset(
    "from to cc bcc subject date received return-path message-id mime-version content-type reply-to sender "
    "delivered-to dkim-signature content-transfer-encoding x-mailer authentication-results in-reply-to references "
    "importance".split()
)
_HEADER = re.compile(r"([!-9;-~]{1,60}):[ \t]?")
_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_ROOT = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)")
_HTML_TAGS = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|div|p|span|h\d|meta|style|br|font|center)\b(?!:)", re.IGNORECASE
)
_UBL = frozenset(
    "Statement RemittanceAdvice Invoice CreditNote DebitNote FreightInvoice SelfBilledInvoice "
    "SelfBilledCreditNote".split()
)
_MOST_MEMBERS = 5_000  # names that are looked at; a workbook shows itself in the first dozen
_HEAD = 65_536  # enough to see what a text is


def recognise(data: bytes, name: str = "") -> str:
    """The format's name: ``pdf xlsx xlsb ods xls encrypted_office html csv text ubl camt cii spreadsheetml xml eml msg
    zip tnef png jpeg tiff gif bmp``, a foreign format that is told by name (``docx doc rar 7z rtf gzip``), ``empty``,
    or ``unknown``."""
    if not data.strip(b"\x00\t\r\n "):
        return "empty"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data)
    if data.startswith(_OLE):
        return _compound(data)
    if data.startswith(b"\x78\x9f\x3e\x22"):
        return "tnef"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    for signature, found in (*_IMAGES, *_FOREIGN):
        if data.startswith(signature):
            return found
    return _textual(data, name)


def _zipped(data: bytes) -> str:
    """By the names in the central directory: what a member holds is its own. A broken file is told by its bytes."""
    names = _member_names(data)
    whole = names or data
    if b"xl/workbook.bin" in whole:
        return "xlsb"
    if b"[Content_Types].xml" in whole and (b"xl/" in whole or b"workbook.xml" in whole):
        return "xlsx"
    if data[30:38] == b"mimetype" and b"opendocument.spreadsheet" in data[:200]:
        return "ods"
    if b"[Content_Types].xml" in whole and b"word/" in whole:
        return "docx"
    return "zip"


def _member_names(data: bytes) -> bytes:
    """The file names of the central directory (APPNOTE 4.3.12), one a line; empty when there is none to be found."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        return b""
    size, start = struct.unpack_from("<II", data, end + 12)
    at = max(0, end - size) if data[start : start + 4] != b"PK\x01\x02" else start
    names: list[bytes] = []
    while data[at : at + 4] == b"PK\x01\x02" and len(names) < _MOST_MEMBERS and len(data) >= at + 46:
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        names.append(data[at + 46 : at + 46 + name])
        at += 46 + name + extra + comment
    return b"\n".join(names)


def _compound(data: bytes) -> str:
    """By the names of the streams, which a compound file's directory holds in UTF-16."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("__properties_version1.0"):
        return "msg"
    if has("EncryptedPackage"):
        return "encrypted_office"
    if has("Workbook") or has("Book"):
        return "xls"
    return "doc" if has("WordDocument") else "unknown"


def _textual(data: bytes, name: str) -> str:
    decoded = encodings.decode_head(data, _HEAD)
    if decoded is None:
        return "unknown"
    text = decoded.lstrip("\ufeff")
    suffix = name.rpartition(".")[2].lower()
    if text.lstrip().startswith("<"):
        return _marked_up(text)
    if _is_mail(text, suffix):
        return "eml"
    if suffix in ("htm", "html", "xls") and _HTML_TAGS.search(text):
        return "html"
    if delimited.find_delimiter(text, certain=suffix in ("csv", "tsv", "xls")) is not None:
        return "csv"
    return "html" if len(_HTML_TAGS.findall(text)) >= 3 else "text"


def _marked_up(text: str) -> str:
    prologue = _PROLOGUE.match(text)
    rest = text[prologue.end() if prologue else 0 :]
    if _HTML_TAGS.match(rest):
        return "html"
    if rest[:9].upper() == "<!DOCTYPE":
        return "xml"
    root = _ROOT.match(rest)
    if root is None:
        return "html" if _HTML_TAGS.search(rest) else "text"
    tag, head = root.group(2), rest[:8192]
    if tag == "Document" and "camt.05" in head:
        return "camt"
    if tag in ("CrossIndustryInvoice", "CrossIndustryDocument"):
        return "cii"
    if tag in _UBL:
        return "ubl"
    if tag == "Workbook" and "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "spreadsheetml"
    return "html" if _HTML_TAGS.search(rest) and not text.lstrip().startswith("<?xml") else "xml"


def _is_mail(text: str, suffix: str) -> bool:
    """Two headers that mail has, before the first empty line (one is enough under the name ``.eml``)."""
    lines = text.lstrip("\r\n").splitlines()[:200]
    if lines and lines[0].startswith("From "):  # mbox separator
        lines = lines[1:]
    seen: set[str] = set()
    for line in lines:
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        header = _HEADER.match(line)
        if header is None:
            return False
        seen.add(header.group(1).lower())
    known = len(seen & _MAIL_HEADERS)
    return known >= 3 or (known >= 1 and suffix == "eml") or {"from", "subject"} <= seen
