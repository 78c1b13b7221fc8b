"""Outlook messages: attachments by value, messages inside messages, bodies in HTML and compressed RTF."""

from __future__ import annotations

import struct

from parsers import parse
from parsers.documents import Kind
from parsers.formats import rtf
from parsers.recognise import recognise
from tests.parsers.formats import structured
from tests.parsers.formats.compound import Storage, compound

TABLE = (
    "<table><tr><td>Invoice No</td><td>Invoice date</td><td>Amount paid</td></tr>"
    "<tr><td>INV-1001</td><td>2026-10-01</td><td>500.00</td></tr><tr><td>INV-1002</td><td>2026-10-02</td><td>700.00</td></tr><tr><td>Total</td><td></td>"
    "<td>1,200.00</td></tr></table>"
)


def text(value: str) -> bytes:
    return value.encode("utf-16-le")


def attachment(name: str, content: bytes) -> Storage:
    return Storage(
        {"__properties_version1.0": bytes(8), "__substg1.0_3707001F": text(name), "__substg1.0_37010102": content}
    )


def message(streams: dict[str, bytes] | None = None, **storages: Storage) -> Storage:
    head = {"__properties_version1.0": bytes(32), "__substg1.0_0037001F": text("statement")}
    numbered = {f"__attach_version1.0_#{number:08X}": storage for number, storage in enumerate(storages.values())}
    return Storage(head | (streams or {}), numbered)


def test_attachments_are_read_by_their_long_names() -> None:
    data = compound(
        message(
            a=attachment("对账单.xml", structured.ubl_statement()), b=attachment("r.xml", structured.ubl_remittance())
        )
    )
    assert recognise(data, "x") == "msg"
    assert [(d.member, d.kind) for d in parse(data, "x.msg")] == [
        ("对账单.xml", Kind.STATEMENT),
        ("r.xml", Kind.REMITTANCE_ADVICE),
    ]


def test_a_message_inside_a_message_is_opened() -> None:
    inner = message(a=attachment("s.xml", structured.ubl_statement()))
    holder = Storage({"__properties_version1.0": bytes(8)}, {"__substg1.0_3701000D": inner})
    [document] = parse(compound(message(a=holder)), "x.msg")
    assert (document.member, document.kind) == ("s.xml", Kind.STATEMENT)


def test_a_table_in_the_html_body_is_read() -> None:
    data = compound(message({"__substg1.0_10130102": f"<p>Remittance advice</p>{TABLE}".encode()}))
    [document] = parse(data, "x.msg")
    assert (document.kind, len(document.lines)) == (Kind.REMITTANCE_ADVICE, 2)


def test_html_wrapped_in_rtf_is_unwrapped() -> None:
    """Outlook keeps many bodies only as RTF that encapsulates the HTML ([MS-OXRTFEX])."""
    wrapped = (
        b"{\\rtf1\\ansi\\ansicpg936\\fromhtml1 {\\fonttbl{\\f0 Arial;}}"
        b"{\\*\\htmltag64 <p>}\\'c8\\'d5\\htmlrtf {\\htmlrtf0 x"
        b"{\\*\\htmltag72 </p>}\\htmlrtf\\par\\htmlrtf0 \\u20013?}"
    )
    stored = struct.pack("<IIII", len(wrapped) + 12, len(wrapped), 0x414C454D, 0) + wrapped
    html, plain = rtf.bodies(stored)
    assert "<p>日" in html and "</p>" in html and "中" in html
    assert "Arial" not in html and plain == ""


def test_lzfu_is_decompressed_as_the_specification_shows() -> None:
    """The example of [MS-OXRTFCP] 4.1.1."""
    compressed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.decompress(compressed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_torn_message_is_told() -> None:
    data = compound(message(a=attachment("s.xml", structured.ubl_statement())))
    for cut in (600, 1500, len(data) - 700):
        for document in parse(data[:cut], "x.msg"):
            assert document.kind in (Kind.UNREADABLE, Kind.STATEMENT)
