"""The SMTP connection itself: no password in the clear, certificates verified, nothing smuggled, no unsafe address."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailflow.adapters.smtp import SmtpServer
from mailflow.refusals import Refusal
from mailflow.steps.ports.outbox import Letter, LetterKey, LetterState
from mailflow.steps.ports.sending import Refused, ServerDown
from tests.servers.scripted_smtp import ScriptedSmtp

NOW = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
LETTER = Letter(
    no=1, key=LetterKey("SOA", 1, "li@hengtai.example"), case_id=None, sender="ar@huaxing.example", subject="",
    message_id="<a@b>", token="", sha256="", size=0, state=LetterState.CLAIMED, queued_at=NOW, due_at=NOW, attempts=0,
    fence=1, holder="x", lease_until=NOW, started_at=None, mark=None, settled_at=None, settled_by=None, code=None,
    words="", asked=0, asked_at=None, sent_copy=None,
)  # fmt: skip


def to(recipient: str) -> Letter:
    return replace(LETTER, key=LetterKey("SOA", 1, recipient))


class Authority:
    """A private certificate authority and the contexts of servers it vouches for."""

    def __init__(self, directory) -> None:
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.file = directory / "authority.pem"
        self.file.write_bytes(self._certificate("ca", self._name, self._key, ca=True))

    def server(self, host: str = "127.0.0.1", days: int = 30) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        file = self._directory / f"{host}{days}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + self._certificate(host, name, key, days=days))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))

    def _certificate(self, host: str, name: x509.Name, key, ca: bool = False, days: int = 30) -> bytes:
        now = dt.datetime.now(dt.UTC)
        try:
            alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            alternative = x509.DNSName(host)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=60))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def opened(server: ScriptedSmtp, **options) -> None:
    async def run() -> None:
        line = await SmtpServer("127.0.0.1", server.port, **({"answer_seconds": 3.0} | options)).open()
        await line.close()

    asyncio.run(run())


def sent(server: ScriptedSmtp, content: bytes, letter: Letter = LETTER) -> None:
    async def run() -> None:
        line = await SmtpServer("127.0.0.1", server.port, security="none").open()
        try:
            await line.envelope(letter, content)
            await line.content(content)
        finally:
            await line.close()

    asyncio.run(run())


def heard(server: ScriptedSmtp) -> bytes:
    return b"".join(line for session in server.sessions for line in session.lines)


LOGIN = {"username": "ar", "password": lambda: "s3cret"}


def test_implicit_tls_and_starttls_sign_in_behind_a_verified_certificate(authority):
    for implicit, security in ((True, "tls"), (False, "starttls")):
        with ScriptedSmtp(tls=authority.server(), implicit_tls=implicit, login=("ar", "s3cret")) as server:
            opened(server, security=security, tls=authority.trusted, **LOGIN)
            assert server.sessions[-1].user == "ar" and server.sessions[-1].secure


@pytest.mark.parametrize("fault", ["no starttls", "foreign authority", "wrong host", "expired"])
def test_without_a_certificate_that_verifies_no_byte_of_a_password_leaves_the_house(authority, tmp_path, fault):
    context = {
        "no starttls": None, "foreign authority": authority.server(), "wrong host": authority.server("mail.example"),
        "expired": authority.server(days=-1),
    }[fault]  # fmt: skip
    trusted = ssl.create_default_context if fault == "foreign authority" else authority.trusted
    with ScriptedSmtp(tls=context, login=("ar", "s3cret")) as server:
        with pytest.raises(ServerDown):
            opened(server, security="starttls", tls=trusted, **LOGIN)
        assert b"AUTH" not in heard(server) and b"c2Vj" not in heard(server)
    if context is not None:
        with ScriptedSmtp(tls=context, implicit_tls=True, login=("ar", "s3cret")) as server:
            with pytest.raises(ServerDown):
                opened(server, security="tls", tls=trusted, **LOGIN)
            assert heard(server) == b""


def test_security_none_is_refused_where_the_name_means_another_machine(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("192.0.2.1", 25))])
    with pytest.raises(Refusal, match="for this machine only"):
        asyncio.run(SmtpServer("localhost.example", 25, security="none").open())


def test_a_good_token_signs_in_by_xoauth2_and_a_bad_one_is_refused():
    with ScriptedSmtp(token="good") as server:
        opened(server, security="none", username="ar@x.example", token=lambda: "good")
        assert server.sessions[-1].user == "ar@x.example"
        with pytest.raises(Refused) as refused:
            opened(server, security="none", username="ar@x.example", token=lambda: "stale")
    assert refused.value.code == 535


@pytest.mark.parametrize(
    "content", [b"a\0b\r\n", b"a\nb\r\n", b"a\rb\r\n", b"a\r\n.\nQUIT\r\n", b"a\n.\r\nMAIL FROM:<x@y>\r\n", b"a\r\r\n"]
)
def test_bytes_that_two_servers_could_read_differently_never_go_out(content):
    with ScriptedSmtp() as server:
        with pytest.raises(Refused, match=r"5\.6\.0"):
            sent(server, content)
        assert server.mails == [] and b"MAIL" not in heard(server)


@pytest.mark.parametrize("content", [b".\r\n", b"..\r\n", b"a\r\n.\r\nb\r\n", b"a\r\n.b\r\n", b"x" * 900 + b"\r\n"])
def test_lines_that_begin_with_a_dot_arrive_as_they_were(content):
    with ScriptedSmtp() as server:
        sent(server, content)
        assert [mail.content for mail in server.mails] == [content]


@pytest.mark.parametrize(
    "address", ["a@b.example> SIZE=1", "a@b.example\r\nDATA", "a b@c.example", "no-at", "@x.example"]
)
def test_an_address_that_would_be_a_command_is_refused(address):
    with ScriptedSmtp() as server:
        with pytest.raises(Refused, match=r"5\.1\.3"):
            sent(server, b"x\r\n", to(address))
        assert b"DATA" not in heard(server) and server.mails == []


def test_addresses_in_other_scripts_go_out_where_the_server_takes_them():
    with ScriptedSmtp() as server:
        sent(server, b"x\r\n", to("li@恒泰.example"))
        sent(server, b"x\r\n", to("李@恒泰.example"))
        assert [mail.recipients for mail in server.mails] == [["li@xn--49tu4z.example"], ["李@xn--49tu4z.example"]]
    with ScriptedSmtp(extensions=()) as server:
        sent(server, b"x\r\n", to("li@恒泰.example"))
        with pytest.raises(Refused, match=r"5\.6\.7"):
            sent(server, b"x\r\n", to("李@恒泰.example"))


def test_eight_bit_letters_are_announced_or_not_sent():
    with ScriptedSmtp() as server:
        sent(server, "Subject: 对账\r\n\r\n".encode())
        assert b"BODY=8BITMIME" in heard(server) and b"SIZE=" in heard(server)
    with ScriptedSmtp(extensions=()) as server, pytest.raises(Refused, match="7-bit only"):
        sent(server, "Subject: 对账\r\n\r\n".encode())
