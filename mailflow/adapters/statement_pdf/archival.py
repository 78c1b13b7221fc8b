"""What makes our PDF one for the archive: PDF/A-2u (ISO 19005-2), where a reader in thirty years needs nothing else.

The fonts are embedded and their characters mapped already; here come the colour profile (an output intent) and the
metadata packet that claims the standard. Nothing in our PDFs is what the standard forbids: no encryption, script,
transparency group, outside reference or attachment.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from reportlab.pdfbase.pdfdoc import NoEncryption, PDFArray, PDFDictionary, PDFName, PDFObject, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

_PROFILE = "sRGB IEC61966-2.1"

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>mailflow</xmp:CreatorTool><pdf:Producer>{producer}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class _Content(bytes, PDFObject):  # type: ignore[misc]
    """A stream's bytes, written with the end of line before ``endstream`` that the standard wants (6.1.7.1) and
    reportlab leaves out; the line end does not count in its length."""

    def format(self, document: object) -> bytes:
        return bytes(self) + b"\n"


class _Plain(NoEncryption):  # type: ignore[misc]
    """reportlab hands each finished stream to the document's encryption, last of all."""

    def encode(self, text: Any) -> Any:
        content = super().encode(text)
        return _Content(content) if isinstance(content, bytes) else content


class _Metadata(PDFStream):  # type: ignore[misc]
    """Left uncompressed, so that programs find it without understanding PDF (ISO 19005-2, 6.6.2.1)."""

    def __init__(self, packet: str) -> None:
        kind = PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")})
        super().__init__(dictionary=kind, content=packet.encode("utf-8"), filters=[])


def make_archival(canvas: Canvas, *, title: str, author: str, language: str) -> None:
    """To be called before ``canvas.save()``."""
    document = canvas._doc
    document.encrypt = _Plain()
    profile = PDFStream(dictionary=PDFDictionary({"N": 3}), content=_profile())
    intent = PDFDictionary(
        {
            "Type": PDFName("OutputIntent"), "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString(_PROFILE), "Info": PDFString(_PROFILE),
            "DestOutputProfile": document.Reference(profile, "mailflow.profile"),
        }
    )  # fmt: skip
    catalog = document.Catalog
    catalog.__dict__["__Defaults__"] = {**type(catalog).__Defaults__, "OutputIntents": None}
    catalog.OutputIntents = PDFArray([intent])
    catalog.Metadata = _Metadata(
        _PACKET.format(
            title=escape(title), author=escape(author), language=escape(language),
            producer=escape(str(document.info.producer)),
        )
    )  # fmt: skip


@lru_cache(maxsize=1)
def _profile() -> bytes:
    return (Path(__file__).parent / "srgb.icc").read_bytes()
