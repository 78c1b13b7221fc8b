"""DKIM keys are asked from a real name server, with a limit of time; a message is verified in the parser child."""

from __future__ import annotations

import base64
import socket
import threading
import time

import dkim
import dns.message
import dns.rcode
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mailflow.adapters import dkim_keys
from mailflow.adapters.archive import FileArchive
from mailflow.adapters.dkim_keys import DnsKeys
from mailflow.adapters.parser_child import ParserChild
from mailflow.correspondence.authentication import key_names
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.read_message import ReadMessage
from mailflow.steps.stage import Traveller

MAIL = (
    b"From: AP <ap@buyer.example>\r\nTo: ar@huaxing.example\r\nSubject: Re: Statement\r\n"
    b"Message-ID: <1@buyer.example>\r\nDate: Tue, 03 Nov 2026 10:00:00 +0800\r\n\r\nWe confirm the balance.\r\n"
)


class NameServer:
    """Answers TXT questions over UDP; a name that it has not is NXDOMAIN; ``silent`` it answers nothing."""

    def __init__(self, records: dict[str, bytes]) -> None:
        self.records, self.silent, self.asked = records, False, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                wire, address = self.socket.recvfrom(4096)
            except OSError:
                return
            self.asked += 1
            if self.silent:
                continue
            question = dns.message.from_wire(wire)
            answer = dns.message.make_response(question)
            name = question.question[0].name
            text = self.records.get(name.to_text().rstrip(".").lower())
            if text is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            else:
                pieces = " ".join(f'"{text[at : at + 200].decode()}"' for at in range(0, len(text), 200))
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
            self.socket.sendto(answer.to_wire(), address)


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def server(key):
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    made = NameServer({"s1._domainkey.buyer.example": b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)})
    yield made
    made.socket.close()


@pytest.fixture
def keys(server):
    found = DnsKeys(["127.0.0.1"])
    found._resolver.port = server.socket.getsockname()[1]
    return found


@pytest.fixture
def signed(key):
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return dkim.sign(MAIL, b"s1", b"buyer.example", private, include_headers=[b"from", b"subject"]) + MAIL


def test_a_key_is_found_remembered_and_missed(server, keys):
    assert b"p=" in keys.lookup("s1._domainkey.buyer.example.")
    assert keys.lookup("s1._domainkey.buyer.example") and server.asked == 1
    assert keys.lookup("s2._domainkey.buyer.example") is None
    assert keys.lookup("..") is None


def test_a_silent_name_server_costs_a_limited_time_and_says_nothing_of_the_mail(server, keys, monkeypatch):
    server.silent, keys._resolver.lifetime = True, 0.3
    started = time.monotonic()
    with pytest.raises(OSError, match="no name server answers"):
        keys.lookup("s1._domainkey.buyer.example")
    assert time.monotonic() - started < 3
    assert dkim_keys.LIFETIME <= 5


def test_the_names_of_keys_are_read_from_the_head_only(signed):
    assert key_names(signed) == ["s1._domainkey.buyer.example"]
    assert key_names(MAIL + b"\r\nDKIM-Signature: v=1; d=evil.example; s=x\r\n") == []
    assert key_names(b"DKIM-Signature: d=a b; s=../..\r\n\r\nx") == []


def test_the_stage_says_by_whom_a_message_is_signed(keys, signed, tmp_path):
    archive = FileArchive(tmp_path)
    with ParserChild(1) as parsing:
        stage = ReadMessage(archive, parsing, keys.lookup)

        def signed_by(raw):
            stored = archive.store([raw])
            blank = dict.fromkeys(StoredMessage.__dataclass_fields__)
            message = StoredMessage(**{**blank, "no": 1, "sha256": stored.sha256, "size": len(raw)})
            [outcome] = stage.ahead([Traveller(message)])
            return outcome.result["routing"]["signed_by"]

        assert signed_by(signed) == "buyer.example"
        assert signed_by(signed.replace(b"confirm", b"dispute")) is None
        assert signed_by(MAIL) is None
