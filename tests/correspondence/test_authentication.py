# ruff: noqa: E501 (mails are quoted as they are)
from __future__ import annotations

import base64
import random

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mailflow.correspondence import mime
from mailflow.correspondence.authentication import Result, grade, read, results, verify_dkim
from mailflow.correspondence.lookalike import looks_like, plain, registrable
from mailflow.correspondence.message import Authentication, Message
from mailflow.correspondence.sender_grade import Flag, Grade, with_token

OURS = ("mx.huaxing.example",)
PASS = "Authentication-Results: mx.huaxing.example; spf=pass smtp.mailfrom=ap@buyer.example; dkim=pass header.d=buyer.example; dmarc=pass header.from=buyer.example\n"


def mail(headers: str, sender: str = "AP <ap@buyer.example>") -> Message:
    return mime.read(
        f"{headers}From: {sender}\nTo: ar@huaxing.example\nSubject: Re: Statement\n\nWe confirm.\n".encode()
    )


def judged(headers: str, sender: str = "AP <ap@buyer.example>", **known: object) -> Grade:
    return grade(mail(headers, sender), party_contacts=["ap@buyer.example"], trusted_authserv_ids=OURS, **known).grade  # type: ignore[arg-type]


def test_a_known_contact_whom_our_server_vouches_for_is_believed() -> None:
    found = grade(mail(PASS), party_contacts=["AP@buyer.example"], trusted_authserv_ids=OURS)
    assert found.grade is Grade.B and found.flags == () and found.aligned
    assert with_token(found, token_fits=False).grade is Grade.C


@pytest.mark.parametrize(
    "headers",
    [
        "",
        PASS.replace("mx.huaxing", "mx.evil"),
        PASS + PASS,
        "Authentication-Results: mx.evil.example; dmarc=fail\n" + PASS,
        PASS.replace("dmarc=pass", "dmarc=fail"),
        PASS.replace("header.from=buyer.example", "header.from=evil.example"),
        PASS.replace("mx.huaxing.example;", "mx.huaxing.example.evil.example;"),
        PASS.replace("mx.huaxing.example;", "(mx.huaxing.example) evil.example;"),
        "Authentication-Results: mx.huaxing.example; none\n",
        "Authentication-Results: mx.huaxing.example; dkim=pass header.d=evil.example\n",
        "Authentication-Results: mx.huaxing.example; spf=pass smtp.mailfrom=x@evil.example; dkim=pass header.d=evil.example\n",
        "Authentication-Results: mx.huaxing.example; dmarc=pass (p=none; header.from=buyer.example) header.from=evil.example\n",
        "X-Authentication-Results: mx.huaxing.example; dmarc=pass header.from=buyer.example\n",
        "Subject: Authentication-Results: mx.huaxing.example; dmarc=pass\n",
        "Authentication-Results: mx.huaxing.example; x-dmarc=pass header.from=buyer.example\n",
        "ARC-Authentication-Results: i=1; mx.huaxing.example; dmarc=pass header.from=buyer.example\n",
        "Authentication-Results: mx.huaxing.example; dmarc=fail header.from=buyer.example; arc=pass\n",
        PASS + "Reply-To: pay@evil.example\n",
        PASS + "From: boss@evil.example\n",
    ],
)
def test_no_trick_with_headers_makes_a_sender_believed(headers: str) -> None:
    assert judged(headers) is Grade.C


@pytest.mark.parametrize(
    "sender",
    [
        "AP <ap@buyer.example.evil.example>",
        '"ap@buyer.example" <x@evil.example>',
        "ap@buyer.example, x@evil.example",
        "AP <ap@buyer.example)x@evil.example>",
        "AP <other@buyer.example>",
        "ap@buyer.example (x@evil.example) <x@evil.example>",
        "<>",
        "",
    ],
)
def test_no_trick_with_the_sender_makes_it_believed(sender: str) -> None:
    assert judged(PASS, sender) is Grade.C


def test_folded_commented_and_capitalised_results_are_read() -> None:
    server, found = results(
        'MX.Huaxing.Example 1;\tSPF=Pass (sender; is (very) ok) smtp.mailfrom=ap@buyer.example;\n dkim=FAIL reason="bad; sig" header.d=buyer.example'
    )
    assert server == "mx.huaxing.example"
    assert found == [Result("spf", "pass", "buyer.example"), Result("dkim", "fail", "buyer.example")]


def test_without_a_configured_server_the_claim_is_shown_and_not_trusted() -> None:
    assert read(mail(PASS)) == (Authentication("pass", "pass", "pass", False, True), [])


def test_the_aligned_signature_counts_among_several() -> None:
    headers = "Authentication-Results: mx.huaxing.example; dkim=pass header.d=relay.example; dkim=pass header.d=buyer.example\n"
    assert judged(headers) is Grade.B


def test_what_speaks_against_a_sender_is_said() -> None:
    found = grade(
        mail(PASS.replace("buyer.example", "buyer-example.example") + "Reply-To: x@other.example\n", '"ap@buyer.example" <ap@buyeer.example>'),
        party_contacts=["ap@buyer.example"], trusted_authserv_ids=OURS, seen_addresses=[],
    )  # fmt: skip
    assert set(found.flags) >= {Flag.LOOKALIKE, Flag.REPLY_ELSEWHERE, Flag.NAME_CLAIMS, Flag.FIRST_SEEN}
    assert found.imitates == "buyer.example" and found.reply_to == "x@other.example"


@pytest.fixture(scope="module")
def signed() -> tuple[bytes, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    raw = b"From: AP <ap@buyer.example>\r\nTo: ar@huaxing.example\r\nSubject: Re: Statement\r\n\r\nWe confirm.\r\n"
    return dkim.sign(raw, b"s1", b"buyer.example", private) + raw, record


def test_a_signature_is_checked_with_the_keys_that_the_caller_looks_up(signed: tuple[bytes, bytes]) -> None:
    raw, record = signed
    asked: list[str] = []

    def lookup(name: str) -> bytes | None:
        asked.append(name)
        return record

    good = verify_dkim(raw, lookup, "buyer.example")
    assert good == Result("dkim", "pass", "buyer.example") and asked == ["s1._domainkey.buyer.example."]
    assert verify_dkim(raw.replace(b"We confirm", b"We dispute"), lookup, "buyer.example").verdict == "fail"
    assert verify_dkim(raw, lambda name: None, "buyer.example").verdict == "fail"
    assert verify_dkim(b"From: a@b.example\r\n\r\nx", lookup, "b.example").verdict == "none"
    found = grade(mime.read(raw), party_contacts=["ap@buyer.example"], dkim=good)
    assert found.grade is Grade.B
    assert (
        grade(mime.read(raw), party_contacts=["ap@buyer.example"], dkim=Result("dkim", "pass", "evil.example")).grade
        is Grade.C
    )


@pytest.mark.parametrize(
    "signature", [b"v=1; a=rsa-sha256; d=x; s=y; h=from; b=@@@; bh=", b"", b"=;=;=", b"v=1;" * 1000]
)
def test_a_hostile_signature_is_no_pass(signature: bytes) -> None:
    raw = b"DKIM-Signature: " + signature + b"\r\nFrom: a@b.example\r\n\r\nx"
    assert verify_dkim(raw, lambda name: b"v=DKIM1; p=", "b.example").verdict in ("fail", "none")


KNOWN = [
    "huaxing.com", "buyer-group.com", "acmetools.de", "northwind.co.uk", "contoso.fr", "tailspin.net", "fabrikam.org", "litware.cn",
    "proseware.com.cn", "wingtip.eu", "adatum.com", "lucerne.ch", "margies.nl", "treyresearch.com", "southridge.com", "blueyonder.se",
    "humongous.it", "graphicdesign.es", "cohowinery.com", "alpineski.at",
]  # fmt: skip


def imitations(domain: str, chance: random.Random) -> list[str]:
    label, _, ending = domain.partition(".")
    at = chance.randrange(1, len(label) - 1)
    shapes = {"o": "0", "l": "1", "i": "1", "e": "3", "a": "а", "m": "rn", "w": "vv", "g": "9", "s": "5", "c": "с"}
    homoglyph = next((label.replace(one, other, 1) for one, other in shapes.items() if one in label), label + "s")
    return [
        label[:at] + label[at + 1 :] + "." + ending,
        label[: at - 1] + label[at] + label[at - 1] + label[at + 1 :] + "." + ending
        if label[at] != label[at - 1]
        else homoglyph + "." + ending,
        label[:at] + label[at] + label[at:] + "." + ending,
        homoglyph + "." + ending,
        label[:at] + "-" + label[at:] + "." + ending,
        label + "." + ("net" if ending != "net" else "com"),
        label[:at]
        + chr(ord(label[at]) ^ 1 if label[at].isalpha() and chr(ord(label[at]) ^ 1).isalpha() else ord("x"))
        + label[at + 1 :]
        + "."
        + ending,
        domain + ".evil.example",
        domain.replace(".", "-") + ".com",
    ]


def test_generated_imitations_are_flagged() -> None:
    chance = random.Random(1)
    made = [
        (one, domain)
        for domain in KNOWN
        for one in imitations(domain, chance)
        if registrable(one) != registrable(domain)
    ]
    missed = [(one, domain) for one, domain in made if looks_like(one, KNOWN) is None]
    assert len(missed) <= 0.01 * len(made), missed


def test_ordinary_domains_are_not_flagged() -> None:
    chance = random.Random(2)
    sounds = [
        "ba",
        "con",
        "dor",
        "el",
        "fin",
        "gra",
        "hol",
        "in",
        "jo",
        "kan",
        "lum",
        "mer",
        "nor",
        "pal",
        "rit",
        "sol",
        "tan",
        "ur",
        "ves",
        "zim",
    ]
    made = {
        "".join(chance.choices(sounds, k=chance.randint(2, 4)))
        + "."
        + chance.choice(["com", "de", "cn", "co.uk", "net"])
        for _ in range(1000)
    }
    flagged = [one for one in made if looks_like(one, KNOWN) is not None]
    assert len(flagged) <= 0.01 * len(made), flagged
    assert looks_like("mail.huaxing.com", KNOWN) is None and looks_like("qq.com", KNOWN) is None


def test_an_encoded_domain_is_decoded_before_it_is_compared() -> None:
    assert plain("XN--BCHER-KVA.example.") == "bücher.example"
    assert looks_like("xn--huaxng-svf.com", ["huaxing.com"]) == "huaxing.com"
