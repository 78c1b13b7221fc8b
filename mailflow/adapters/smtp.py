"""SMTP through aiosmtplib, command by command: only so is it known in which phase a send failed.

What the library really does (5.1.3, measured; each pinned by a test of ours): its own ``send_message`` hides refused
recipients; ``data()`` does not say whether the content went out; it neither announces nor checks the size; NUL bytes
pass; ``start_tls=None`` sends a password in the clear to a server that omits STARTTLS.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib import errors

from mailflow.correspondence.server_answer import Phase, cleaned
from mailflow.refusals import Refusal, Unreachable
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.sending import Answer, Refused, ServerDown, Unanswered
from mailflow.steps.ports.sign_in import SignInNeeded

CONNECT_SECONDS = 20.0
ANSWER_SECONDS = 60.0
CONTENT_SECONDS = 600.0  # RFC 5321, 4.5.3.2.6: the server may take ten minutes to answer the final dot
_BROKEN = (errors.SMTPServerDisconnected, errors.SMTPTimeoutError, OSError, asyncio.TimeoutError)
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f<>]")
_BARE = re.compile(rb"\0|\r(?!\n)|(?<!\r)\n")  # only to name the place: counting is twenty times faster


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """``mailflow.steps.ports.sending.Transport``. ``security``: ``none`` (loopback only), ``starttls`` or ``tls``.

    ``password`` and ``token`` are asked for at every connection; with ``token`` the sign-in is XOAUTH2. A private
    certificate authority is added through ``tls``; verification cannot be switched off.
    """

    host: str
    port: int
    security: str = "tls"
    username: str = ""
    password: Callable[[], str] = field(default=lambda: "", repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    client_name: str = "localhost"
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context, repr=False)
    connect_seconds: float = CONNECT_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    content_seconds: float = CONTENT_SECONDS

    async def open(self) -> SmtpLine:
        where = f"mail server {self.host}:{self.port}"
        host = await self._loopback() if self.security == "none" else self.host
        client = aiosmtplib.SMTP(
            hostname=host, port=self.port, use_tls=self.security == "tls", start_tls=self.security == "starttls",
            tls_context=None if self.security == "none" else self.tls(), local_hostname=self.client_name,
            timeout=self.connect_seconds,
        )  # fmt: skip
        try:
            await client.connect()
            client.timeout = self.answer_seconds
            await _greet(client)
        except (errors.SMTPException, *_BROKEN) as failure:  # certificates that do not verify are an OSError
            client.close()
            raise ServerDown(f"{where}: {_words(failure)}") from None
        try:
            await self._sign_in(client)
        except errors.SMTPResponseException as refused:
            client.close()
            raise Refused(Phase.SIGN_IN, refused.code, cleaned(refused.message)) from None
        except _BROKEN as failure:
            client.close()
            raise ServerDown(f"{where}: {_words(failure)}") from None
        except errors.SMTPException as failure:  # it offers no way to sign in that we know
            client.close()
            raise Refused(Phase.SIGN_IN, 504, _words(failure)) from None
        except SignInNeeded as needed:
            client.close()
            raise Refused(Phase.SIGN_IN, 535, str(needed)) from None
        except Unreachable as away:  # the identity provider
            client.close()
            raise ServerDown(f"{where}: {away}") from None
        except BaseException:
            client.close()
            raise
        return SmtpLine(client, where, self.content_seconds)

    async def _sign_in(self, client: aiosmtplib.SMTP) -> None:
        if self.token is not None:
            await client.auth_xoauth2(self.username, await asyncio.to_thread(self.token))
        elif self.username:
            methods = client.supported_auth_methods  # one of them: the library's login() tries a wrong password by each
            if "plain" in methods:
                await client.auth_plain(self.username, self.password())
            elif "login" in methods:
                await client.auth_login(self.username, self.password())
            else:
                await client.login(self.username, self.password())

    async def _loopback(self) -> str:
        """The address itself, so that the name cannot mean another machine a moment later."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(self.host, self.port, type=1)  # SOCK_STREAM
        except OSError as failure:
            raise ServerDown(f"mail server {self.host}:{self.port}: {failure.strerror}") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(ipaddress.ip_address(address).is_loopback for address in addresses):
            raise Refusal(
                f'smtp.security = "none" would send passwords and mail in the clear to {self.host} '
                f'({", ".join(addresses)}); it is for this machine only. Use "tls" or "starttls"'
            )
        return addresses[0]


class SmtpLine:
    """``mailflow.steps.ports.sending.Line`` over one connection."""

    def __init__(self, client: aiosmtplib.SMTP, where: str, content_seconds: float) -> None:
        self._client, self._where, self._content_seconds = client, where, content_seconds

    @property
    def usable(self) -> bool:
        return self._client.is_connected

    async def envelope(self, letter: Letter, content: bytes) -> None:
        if not _has_only_whole_lines(content):  # smuggling starts with a line end that two servers read differently
            bare = _BARE.search(content)
            assert bare is not None
            raise Refused(Phase.CONTENT, 554, f"5.6.0 not sent: the letter has {bare.group()!r} at byte {bare.start()}")
        try:
            sender, sender_utf8 = self._address(letter.sender)
            recipient, recipient_utf8 = self._address(letter.key.recipient)
            options = self._options(content, sender_utf8 or recipient_utf8)
            await self._agree(Phase.SENDER, " ".join([f"MAIL FROM:<{sender}>", *options]))
            await self._agree(Phase.RECIPIENT, f"RCPT TO:<{recipient}>")
        except (errors.SMTPException, *_BROKEN) as failure:
            raise ServerDown(f"{self._where}: {_words(failure)}") from None

    async def _agree(self, phase: Phase, command: str) -> None:
        """The library's ``mail()`` and ``rcpt()`` parse once more what :meth:`_address` has checked."""
        answer = await self._client.execute_command(command.encode())
        if answer.code not in (250, 251):  # 450, 421 and 550 alike: the code decides
            await self._reset(answer.code)
            raise Refused(phase, answer.code, cleaned(answer.message))

    async def content(self, content: bytes) -> Answer:
        """The library's ``data()`` raises the same error before and after the content went out; here the two are apart:
        until the 354 nothing has gone out. It also spares two searches through the whole letter."""
        try:
            go_ahead = await self._client.execute_command(b"DATA")
        except (errors.SMTPException, *_BROKEN) as failure:
            raise ServerDown(f"{self._where}: {_words(failure)}") from None
        if go_ahead.code != 354:
            if go_ahead.code < 400:  # it makes no sense, and what the server does with the next line is its secret
                self._client.close()
                raise ServerDown(f"{self._where} answered DATA with {go_ahead.code} {cleaned(go_ahead.message)}")
            raise Refused(Phase.CONTENT, go_ahead.code, cleaned(go_ahead.message))
        try:
            protocol = self._client.protocol
            if protocol is None:
                raise errors.SMTPServerDisconnected("connection lost")
            protocol.write(_stuffed(content) + b".\r\n")
            answer = await protocol.read_response(timeout=self._content_seconds)
        except (errors.SMTPException, *_BROKEN) as failure:
            self._client.close()
            raise Unanswered(f"{self._where}: {_words(failure)}") from None
        if answer.code == 250:
            return Answer(answer.code, cleaned(answer.message))
        if answer.code == 421:
            self._client.close()
        if answer.code < 400:
            self._client.close()
            raise Unanswered(f"{self._where} answered {answer.code} {cleaned(answer.message)}")
        raise Refused(Phase.CONTENT, answer.code, cleaned(answer.message))

    async def close(self) -> None:
        with contextlib.suppress(errors.SMTPException, *_BROKEN):
            if self._client.is_connected:
                await self._client.quit(timeout=5)
        self._client.close()

    async def _reset(self, code: int) -> None:
        """A refused envelope must not leak into the next letter; where RSET fails too, the connection is given up."""
        try:
            if code == 421:
                self._client.close()
            elif self._client.is_connected:
                await self._client.rset()
        except (errors.SMTPException, *_BROKEN):
            self._client.close()

    def _options(self, content: bytes, utf8: bool) -> list[str]:
        options = []
        if self._client.supports_extension("size"):
            limit = self._client.esmtp_extensions.get("size", "")
            if limit.isdigit() and 0 < int(limit) < len(content):
                raise Refused(Phase.CONTENT, 552, f"5.3.4 {len(content)} bytes; the server takes {limit} at most")
            options.append(f"SIZE={len(content)}")
        if not content.isascii():
            if not self._client.supports_extension("8bitmime"):
                raise Refused(Phase.CONTENT, 554, "5.6.3 the letter is 8-bit and the server takes 7-bit only")
            options.append("BODY=8BITMIME")
        if utf8:
            options.append("SMTPUTF8")
        return options

    def _address(self, address: str) -> tuple[str, bool]:
        """The address for the envelope and whether it needs SMTPUTF8 (RFC 6531); a foreign domain alone does not."""
        local, _, domain = address.rpartition("@")
        if not local or not domain or _NO_ADDRESS.search(address):
            raise Refused(Phase.RECIPIENT, 553, f"5.1.3 {address!r} is no address")
        with contextlib.suppress(UnicodeError):
            domain = domain.encode("idna").decode("ascii")
        whole = f"{local}@{domain}"
        if whole.isascii():
            return whole, False
        if not self._client.supports_extension("smtputf8"):
            raise Refused(Phase.RECIPIENT, 553, f"5.6.7 the server takes no address like {address}")
        return whole, True


async def _greet(client: aiosmtplib.SMTP) -> None:
    """EHLO now (once more after STARTTLS): the library asks only with MAIL, when we want to know the limits already."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except errors.SMTPHeloError:
            await client.helo()


def _has_only_whole_lines(content: bytes) -> bool:
    """Every line end is CRLF, and there is no NUL."""
    ends = content.count(b"\r\n")
    return content.count(b"\n") == ends and content.count(b"\r") == ends and b"\0" not in content


def _stuffed(content: bytes) -> bytes:
    """A line that begins with a dot gets a second one (RFC 5321, 4.5.2); the last line ends."""
    content = content if content.endswith(b"\r\n") or not content else content + b"\r\n"
    return (b"." if content.startswith(b".") else b"") + content.replace(b"\r\n.", b"\r\n..")


def _words(failure: BaseException) -> str:
    text = failure.message if isinstance(failure, errors.SMTPException) else str(failure)
    return cleaned(text) or type(failure).__name__
