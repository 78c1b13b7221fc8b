"""Mail, ZIP and winmail.dat: one document per readable member, within one budget for all levels."""

from __future__ import annotations

import io
import zipfile
import zlib
from email.message import EmailMessage

import pytest

from parsers import limits, parse
from parsers.documents import Kind
from parsers.formats import archive, mime_parts
from tests.parsers.formats import structured


def mail(subject: str = "statement") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Anna <anna@harrow.example>", "ar@huaxing.example", subject
    message.set_content("Dear all,\nplease find attached.\n")
    return message


def zipped(*members: tuple[str, bytes], level: int = 9) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_a_mail_yields_its_attachments_by_name() -> None:
    message = mail()
    message.add_attachment(structured.ubl_statement(), maintype="application", subtype="xml", filename="十月对账单.xml")
    message.add_attachment(b"\x30\x82", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    [document] = parse(message.as_bytes(), "x.eml")
    assert (document.file, document.member, document.kind) == ("x.eml", "十月对账单.xml", Kind.STATEMENT)


def test_a_forwarded_mail_in_a_mail_is_opened() -> None:
    inner, outer = mail("inner"), mail("Fwd: inner")
    inner.add_attachment(structured.ubl_remittance(), maintype="text", subtype="xml", filename="r.xml")
    outer.add_attachment(inner)
    [document] = parse(outer.as_bytes(), "x.eml")
    assert document.kind is Kind.REMITTANCE_ADVICE
    assert (document.member or "").endswith("/r.xml")


def test_a_small_picture_in_the_body_is_no_document_and_a_mail_without_any_says_so() -> None:
    message = mail()
    message.add_related(b"\x89PNG\r\n\x1a\nxx", maintype="image", subtype="png", cid="<logo>")
    [document] = parse(message.as_bytes(), "x.eml")
    assert document.kind is Kind.UNREADABLE
    assert "no document" in (document.reason or "")


def test_sentences_in_the_body_are_a_remittance_advice() -> None:
    message = mail("payment")
    message.set_content(
        "We paid today INV-1001 EUR 500.00 and INV-1002 EUR 700.00, in total EUR 1,200.00.\n\nRegards\nAnna\n"
    )
    [document] = parse(message.as_bytes(), "x.eml")
    assert (document.kind, document.member, len(document.lines)) == (Kind.REMITTANCE_ADVICE, "body.txt", 2)
    assert document.issuer.email == "anna@harrow.example"


def test_what_is_quoted_is_not_what_is_said() -> None:
    message = mail("Re: payment")
    message.set_content(
        "Thank you.\n\n> We paid today INV-1001 EUR 500.00 and INV-1002 EUR 700.00, in total EUR 1,200.00.\n"
    )
    [document] = parse(message.as_bytes(), "x.eml")
    assert document.kind is Kind.UNREADABLE


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Thanks\n\nFrom: AR <ar@x.example>\nSent: Monday\nTo: B\nSubject: statement\n\nold", True),
        ("好的\n\n发件人：财务\n收件人：贵司\n发送时间：2026年11月2日\n主题：对账\n\n旧", True),
        ("ok\n\nOn Mon, 2 Nov 2026, AR wrote:\n> old", True),
        ("STATEMENT\nFrom: Coral Bay Ltd\nTo: Old Mill Co.\nAs of: 28/02/2026\n\nDate  Ref  Amount\n", False),
    ],
)
def test_a_letterhead_is_no_quotation(text: str, cut: bool) -> None:
    from parsers.formats.mail import _QUOTED

    assert (_QUOTED.search(text) is not None) is cut


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_every_transfer_encoding_gives_the_bytes_back(encoding: str) -> None:
    message = mail()
    message.add_attachment("Grüße\nzwei\n", filename="a.txt", cte=encoding)
    parts = list(mime_parts.leaves(message.as_bytes()))
    assert parts[-1].content.decode() == "Grüße\nzwei\n"


def test_mime_without_a_last_boundary_is_still_read() -> None:
    message = mail()
    message.add_attachment(structured.ubl_statement(), maintype="application", subtype="xml", filename="s.xml")
    raw = message.as_bytes().rstrip()
    cut = raw[: raw.rfind(b"--")]
    [document] = parse(cut[: cut.rfind(b"\n--")], "x.eml")
    assert document.kind is Kind.STATEMENT


def test_ten_thousand_nested_or_empty_parts_end_quickly_by_the_limit() -> None:
    head = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n"
    many = head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 100_000 + b"--b--\r\n"
    deep = head + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000)
    )
    for data, limit in ((many, "MAX_MIME_PARTS"), (deep, "MAX_MIME_DEPTH")):
        [document] = parse(data, "x.eml")
        assert limit in (document.reason or "")


def test_a_zip_yields_its_members_and_skips_litter() -> None:
    data = zipped(
        ("a/s.xml", structured.ubl_statement()), ("__MACOSX/a/._s.xml", b"x"), ("r.xml", structured.ubl_remittance())
    )
    assert [(d.member, d.kind) for d in parse(data, "x.zip")] == [
        ("a/s.xml", Kind.STATEMENT),
        ("r.xml", Kind.REMITTANCE_ADVICE),
    ]


def test_chinese_names_of_windows_zips_are_read() -> None:
    raw = "对账单/十月.xml".encode("gb18030")
    data = zipped(("A" * len(raw), structured.ubl_statement())).replace(b"A" * len(raw), raw)
    [document] = parse(data, "x.zip")
    assert document.member == "对账单/十月.xml"


def test_paths_that_climb_are_only_names() -> None:
    [document] = parse(zipped(("../../etc/s.xml", structured.ubl_statement())), "x.zip")
    assert document.member == "etc/s.xml"


def test_one_bad_member_does_not_hide_the_others() -> None:
    good, bad = structured.ubl_statement(), b"%PDF-1.4 nothing"
    kinds = {d.member: d.kind for d in parse(zipped(("bad.pdf", bad), ("s.xml", good)), "x.zip")}
    assert kinds == {"bad.pdf": Kind.UNREADABLE, "s.xml": Kind.STATEMENT}


def test_bombs_of_every_kind_are_refused_by_the_name_of_the_limit() -> None:
    nested = structured.ubl_statement()
    for level in range(limits.MAX_DEPTH + 2):
        nested = zipped((f"{level}.zip", nested))
    many = zipped(*((f"{n}.txt", b"x") for n in range(limits.MAX_ARCHIVE_MEMBERS + 1)))
    for data, limit in (
        (zipped(("zeros.csv", b"0" * 60_000_000)), "MAX_ARCHIVE_RATIO"),
        (many, "MAX_ARCHIVE_MEMBERS"),
        (nested, "MAX_DEPTH"),
    ):
        [document] = parse(data, "bomb.zip")
        assert limit in (document.reason or ""), document


def test_overlapping_members_are_refused() -> None:
    """Two entries of the central directory that point at one place (CVE-2024-0450)."""
    data = zipped(("a.csv", b"1,2,3\n" * 50))
    directory = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[directory:end]
    twice = data[:directory] + entry * 2
    tail = bytearray(data[end:])
    tail[8:12] = (2).to_bytes(2, "little") * 2
    tail[12:16] = (2 * len(entry)).to_bytes(4, "little")
    [document] = parse(twice + bytes(tail), "x.zip")
    assert "overlap" in (document.reason or "")


def test_an_encrypted_member_asks_for_the_password() -> None:
    data = bytearray(zipped(("s.xml", b"<a/>")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    [document] = parse(bytes(data), "x.zip")
    assert "password" in (document.reason or "")


def test_a_winmail_dat_yields_its_attachment() -> None:
    def block(level: int, name: int, kind: int, content: bytes) -> bytes:
        checksum = sum(content) & 0xFFFF
        return (
            bytes([level])
            + name.to_bytes(2, "little")
            + kind.to_bytes(2, "little")
            + len(content).to_bytes(4, "little")
            + content
            + checksum.to_bytes(2, "little")
        )

    data = b"\x78\x9f\x3e\x22\x01\x00" + b"".join(
        (
            block(1, 0x9006, 8, (0x10000).to_bytes(4, "little")),
            block(1, 0x9007, 6, (936).to_bytes(4, "little") + b"\x00" * 4),
            block(2, 0x9002, 6, b"\x01\x00" + b"\x00" * 12),
            block(2, 0x8010, 1, b"s.xml\x00"),
            block(2, 0x800F, 6, structured.ubl_statement()),
        )
    )
    [document] = parse(data, "winmail.dat")
    assert (document.member, document.kind) == ("s.xml", Kind.STATEMENT)


def test_the_budget_is_shared_by_all_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PARTS", 3)
    from parsers.opening import open_document
    from parsers.source import Budget, Source

    inner = zipped(*((f"{n}.xml", structured.ubl_statement()) for n in range(3)))
    outer = zipped(("1.zip", inner), ("2.zip", inner))
    documents = open_document(outer, Source("x.zip", budget=Budget(parts=5)))
    assert any("MAX_PARTS" in (document.reason or "") for document in documents)


def test_a_damaged_archive_is_told() -> None:
    data = zipped(("s.xml", structured.ubl_statement()))
    broken = data[:40] + bytes(255 - byte for byte in data[40:60]) + data[60:]
    [document] = parse(broken, "x.zip")
    assert document.kind is Kind.UNREADABLE
    assert zlib.crc32(broken) != zlib.crc32(data)
    assert archive.read.__doc__
