# ruff: noqa: E501 (mails are quoted as they are)
from __future__ import annotations

import base64
import datetime as dt
import struct

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from mailflow.correspondence import mime
from mailflow.correspondence.addresses import addresses
from mailflow.correspondence.message import Address


def test_an_empty_input_gives_an_empty_message() -> None:
    message = mime.read(b"")
    assert message.text == "" and message.attachments == [] and message.message_id is None


def test_raw_gbk_in_body_subject_and_file_name_is_read() -> None:
    raw = (
        "From: 张会计 <zhang@kehu.example>\r\nSubject: 对账单已核对\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n'
        "贵司对账单已经核对，余额一致，无误。\r\n--x\r\n"
        'Content-Type: application/pdf; name="对账单.pdf"\r\nContent-Disposition: attachment; filename="对账单.pdf"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n"
    ).encode("gbk")
    message = mime.read(raw)
    assert message.subject == "对账单已核对"
    assert message.sender == Address("张会计", "zhang@kehu.example")
    assert message.text.strip() == "贵司对账单已经核对，余额一致，无误。"
    assert [(one.name, one.content) for one in message.attachments] == [("对账单.pdf", b"%PDF")]
    assert any("no charset declared" in warning for warning in message.warnings)


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        ("gb2312", "gb18030"),
        ("iso-8859-1", "utf-8"),
        ("us-ascii", "utf-8"),
        ("utf-8", "gb18030"),
        ("x-nonsense", "utf-8"),
    ],
)
def test_a_wrong_charset_label_does_not_garble_chinese(declared: str, used: str) -> None:
    body = "我们核对过了，镕基公司的余额一致，请查收附件。"
    raw = f"From: a@b.example\nContent-Type: text/plain; charset={declared}\n\n".encode() + body.encode(used)
    assert mime.read(raw).text == body


def test_latin_text_under_its_right_label_stays_latin() -> None:
    body = "Größe geändert, déjà payé, señor – naïve façade"
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=iso-8859-1\n\n" + body.encode("cp1252")
    assert mime.read(raw).text == body


@pytest.mark.parametrize(
    "parameter",
    [
        "filename*=UTF-8''%E5%AF%B9%E8%B4%A6%E5%8D%95.xlsx",
        "filename*0*=UTF-8''%E5%AF%B9%E8; filename*1*=%B4%A6%E5%8D%95; filename*2=.xlsx",
        'filename="=?utf-8?B?5a+56LSm5Y2VLnhsc3g=?="',
        'filename="=?gb18030?B?ttTVy7WlLnhsc3g=?="',
        "filename==?utf-8?Q?=E5=AF=B9=E8=B4=A6=E5=8D=95=2Exlsx?=",
    ],
)
def test_file_names_in_every_encoding(parameter: str) -> None:
    raw = (
        f"From: a@b.example\nContent-Type: application/octet-stream\nContent-Disposition: attachment; {parameter}\n\nx"
    )
    assert [one.name for one in mime.read(raw.encode()).attachments] == ["对账单.xlsx"]


def test_encoded_words_that_split_a_character_are_joined() -> None:
    encoded = "对账单确认".encode()
    first, second = base64.b64encode(encoded[:7]).decode(), base64.b64encode(encoded[7:]).decode()
    raw = f"From: a@b.example\nSubject: =?utf-8?B?{first}?=\n =?UTF-8?B?{second}?=\n\nx"
    assert mime.read(raw.encode()).subject == "对账单确认"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("undisclosed-recipients:;", []),
        ("Team: Ann <ann@b.example>, bob@b.example;, c@d.example", ["ann@b.example", "bob@b.example", "c@d.example"]),
        ('"Carter, Sam" <sam@b.example>; other@b.example', ["sam@b.example", "other@b.example"]),
        ("<@relay.example,@x.example:sam@b.example>", ["sam@b.example"]),
        ("sam@b.example (Sam (the second) Carter)", ["sam@b.example"]),
        ("Sam Carter sam@b.example", ["sam@b.example"]),
        ("mailto:sam@b.example", ["sam@b.example"]),
    ],
)
def test_address_lists_are_read_as_programs_write_them(value: str, wanted: list[str]) -> None:
    assert [one.address for one in addresses(value)[0]] == wanted


@pytest.mark.parametrize("value", ["alice@b.example)bob@evil.example", "a@b@c.example", "b a@", "<alice@b.example"])
def test_an_address_that_can_be_read_in_two_ways_is_never_half_of_it(value: str) -> None:
    found, _ = addresses(value)
    assert (
        [one.address for one in found] in ([""], ["alice@b.example"]) and value != "alice@b.example)bob@evil.example"
    ) or (found[0].address == "")


def test_a_cut_off_multipart_keeps_what_arrived() -> None:
    raw = (
        'From: a@b.example\nContent-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nHello\n'
        "--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=s.pdf\n"
        "Content-Transfer-Encoding: base64\n\nJVBERi0x"
    )
    message = mime.read(raw.encode())
    assert message.text == "Hello"
    assert [(one.name, one.content) for one in message.attachments] == [("s.pdf", b"%PDF-1")]
    assert "a multipart is cut off: its last line is missing" in message.warnings


def test_an_embedded_message_is_read_and_kept_as_attachment() -> None:
    raw = (
        'From: a@b.example\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n\nsee below\n--x\n'
        "Content-Type: message/rfc822\n\nFrom: c@d.example\nMessage-ID: <inner@d.example>\nSubject: Statement\n\nBody\n--x--\n"
    )
    message = mime.read(raw.encode())
    assert message.embedded[0].message_id == "<inner@d.example>" and message.embedded[0].text == "Body"
    assert [one.name for one in message.attachments] == ["Statement.eml"]


def test_flowed_text_is_joined_and_its_signature_mark_is_not() -> None:
    raw = b"From: a@b.example\nContent-Type: text/plain; format=flowed\n\nThis line \ngoes on.\n>quoted \n>too\n-- \nSam\n"
    assert mime.read(raw).text == "This line goes on.\n> quoted too\n-- \nSam\n"


def test_signed_smime_content_is_reached() -> None:
    inner = b"Content-Type: text/plain\r\n\r\nWe confirm."
    octets = b"\x04" + bytes([len(inner)]) + inner
    data = bytes.fromhex("06092a864886f70d010701") + b"\xa0" + bytes([len(octets)]) + octets
    outer = bytes.fromhex("06092a864886f70d010702") + data
    der = b"\x30\x82" + struct.pack(">H", len(outer)) + outer
    raw = b"From: a@b.example\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
    raw += b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(der)
    message = mime.read(raw)
    assert message.text == "We confirm." and "S/MIME signature not checked" in message.warnings


@pytest.mark.parametrize(
    "kind", ["application/pkcs7-mime; name=smime.p7m", 'application/octet-stream; name="smime.p7m"']
)
def test_a_mail_wrapped_in_its_signature_is_reached_with_what_it_carries(kind: str) -> None:
    message = mime.read(_wrapped(_signed(_SLIP), kind))
    assert message.text == "We do not agree."
    assert [(one.name, one.content) for one in message.attachments] == [("slip.pdf", b"%PDF-1.4\n")]


def test_an_encrypted_mail_is_said_to_be_unreadable_and_kept() -> None:
    message = mime.read(_wrapped(_encrypted(_SLIP), "application/pkcs7-mime; name=smime.p7m"))
    assert message.text == "" and [one.name for one in message.attachments] == ["smime.p7m"]
    assert message.warnings == ["the message is encrypted; it cannot be read here"]


_SLIP = (
    b'Content-Type: multipart/mixed; boundary="q"\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nWe do not agree.\r\n--q\r\n'
    b'Content-Type: application/pdf; name="slip.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--q--\r\n'
)


def _wrapped(data: bytes, kind: str) -> bytes:
    head = f"From: a@b.example\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n"
    return head.encode() + base64.encodebytes(data)


def _own_certificate() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ap@buyer.example")])
    begin = dt.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(begin).not_valid_after(begin + dt.timedelta(days=900))
    return builder.sign(key, hashes.SHA256()), key


def _signed(content: bytes) -> bytes:
    certificate, key = _own_certificate()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def _encrypted(content: bytes) -> bytes:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(_own_certificate()[0])
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def test_pgp_cleartext_is_unwrapped() -> None:
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWe confirm.\n- -- dash\n"
        "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
    )
    message = mime.read(f"From: a@b.example\nContent-Type: text/plain\n\n{body}".encode())
    assert message.text == "We confirm.\n-- dash"


def _attribute(level: int, tag: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, tag, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def test_the_files_inside_winmail_dat_are_the_attachments() -> None:
    data = struct.pack("<IH", 0x223E9F78, 1) + _attribute(2, 0x9002, b"\0" * 14)
    data += _attribute(2, 0x8010, b"advice.pdf\0") + _attribute(2, 0x800F, b"%PDF-1.4")
    raw = (
        b"From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    )
    message = mime.read(raw + base64.encodebytes(data))
    assert [(one.name, one.content) for one in message.attachments] == [("advice.pdf", b"%PDF-1.4")]
    broken = mime.read(raw + base64.encodebytes(data[:-6]))
    assert "a winmail.dat is cut off" in broken.warnings and len(broken.attachments) == 2


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    raw = b"From: a@b.example\n\nHello\nbegin 644 note.txt\n#0V%T\n \nend\nBye\n"
    message = mime.read(raw)
    assert [(one.name, one.content) for one in message.attachments] == [("note.txt", b"Cat")]
    assert "begin" not in message.text and "Bye" in message.text


def test_several_from_headers_are_said() -> None:
    message = mime.read(b"From: a@b.example\nFrom: c@d.example\nContent-Type: text/plain\n\nx")
    assert message.sender.address == "a@b.example"
    assert "several from headers; the first one is read" in message.warnings


@pytest.mark.parametrize(
    "date", ["Thu, 01 Jan 1970 99:99:99 +9999", "x" * 5000, "2026-11-03 10:20:00 +0800", "=?utf-8?q?x?="]
)
def test_a_date_is_read_or_said_to_be_unreadable(date: str) -> None:
    message = mime.read(f"From: a@b.example\nDate: {date}\n\nx".encode())
    assert (message.date is None) == ("a Date that cannot be read" in message.warnings)
