"""The demo's mail server: real IMAP (pymap) and real SMTP (aiosmtpd) in one thread, on loopback, in memory.

It plays the internet of the sample company: every address of ``mailboxes`` has a mailbox; mail to another address of
one of its domains is accepted and bounces a moment later, as a relay does; anything else is refused at RCPT. A sender
who signed in finds a copy in ``Sent``, as with Gmail and Exchange, so "was it accepted?" has an answer.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import ssl
import threading
from argparse import Namespace
from contextlib import AsyncExitStack
from email.parser import BytesHeaderParser
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import DictBackend, Identity
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ExtensionOptions
from pymap.parsing.specials.flag import Flag
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import Cleartext

HOST = "127.0.0.1"
AUTHSERV_ID = "mail.demo.example"  # under which it says whom it believes (RFC 8601)
FOLDERS = ("Sent", "Junk", "mailflow/Processed", "mailflow/Quarantine")


class DemoMailServer:
    """``start()`` returns when both ports listen; ``stop()`` ends the thread. ``mailboxes``: address -> password;
    ``domains``: further ones that mail is accepted for (and bounces from)."""

    def __init__(
        self, mailboxes: dict[str, str], domains: tuple[str, ...] = (), imap_port: int = 0, smtp_port: int = 0
    ) -> None:
        self.mailboxes = {address.lower(): password for address, password in mailboxes.items()}
        self.imap_port, self.smtp_port = imap_port, smtp_port
        self._domains = {address.rpartition("@")[2] for address in self.mailboxes} | set(domains)
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._later: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="demo-mail-server", daemon=True)
        self._thread.start()
        self._ready.wait(30)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(5)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:
            self._failure = failure
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        # pymap reads these names from its command line; all must exist
        args = Namespace(host=HOST, port=self.imap_port, debug=False, tls=False, cert=None, key=None,
                         proxy_protocol=None, passlib_cfg=None, inherited_sockets=None, skip_services=[],
                         demo_data=False, demo_user="unused", demo_password="unused")  # fmt: skip
        # Cleartext: its default hash costs 180 ms a login. A context: else it reads CERT_FILE from the environment.
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._backend, config = await DictBackend.init(
            args, hash_context=Cleartext(), invalid_user_sleep=0.0, ssl_context=context
        )
        config.apply_context()
        async with AsyncExitStack() as stack:
            await self._backend.start(stack)
            for address, password in self.mailboxes.items():
                hashed = await Passwords(config).hash_password(password)
                await self._identity(address).set(UserMetadata(config, address, password=hashed))
                async with self._identity(address).new_session() as session:
                    for folder in FOLDERS:
                        await session.create_mailbox(folder)
            reader = ProxyProtocolReader(ProxyProtocolVersion.get(None))
            imap = await asyncio.start_server(
                reader.get_callback(IMAPServer(self._backend.login, config)), HOST, self.imap_port
            )
            smtp = await self._loop.create_server(self._smtp_session, HOST, self.smtp_port)
            self.imap_port = imap.sockets[0].getsockname()[1]
            self.smtp_port = smtp.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stopping.wait()
            smtp.close()
            imap.close()  # not wait_closed(): from Python 3.12 on it waits for every client that still idles

    def _identity(self, address: str) -> Any:
        return Identity(address, self._backend.login, None, {"admin"})

    def _smtp_session(self) -> SMTP:
        return SMTP(self, hostname="mail.demo.example", ident="mailflow demo", enable_SMTPUTF8=True,
                    authenticator=self._login, auth_require_tls=False, data_size_limit=40_000_000)  # fmt: skip

    def _login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = (
            isinstance(data, LoginPassword)
            and self.mailboxes.get(data.login.decode().lower()) == data.password.decode()
        )
        # handled=False makes aiosmtpd answer 535; with the default a wrong password gets no answer at all
        return AuthResult(success=known, handled=False, auth_data=data)

    def _mailbox_of(self, address: str) -> str | None:
        local, _, domain = address.lower().rpartition("@")
        plain = f"{local.split('+')[0]}@{domain}"  # ar+token@ goes to ar@
        return plain if plain in self.mailboxes else None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self._mailbox_of(address) is None and address.lower().rpartition("@")[2] not in self._domains:
            return "550 5.1.2 no such domain here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        try:
            for address in envelope.rcpt_tos:
                mailbox = self._mailbox_of(address)
                if mailbox is None:
                    self._bounce_later(envelope.mail_from, address, envelope.content)
                    continue
                trace = f"Return-Path: <{envelope.mail_from or ''}>\r\nDelivered-To: {address}\r\n"
                trace += _verdict(session, envelope)
                await self._append(mailbox, "INBOX", trace.encode() + envelope.content)
            if session.authenticated:
                await self._append(session.auth_data.login.decode(), "Sent", envelope.content, [Flag(b"\\Seen")])
        except Exception:
            logging.exception("demo mail server: delivery failed")
            return "451 4.3.0 not delivered, try again"
        return "250 2.0.0 delivered"

    async def _append(self, mailbox: str, folder: str, content: bytes, flags: tuple[Any, ...] | list[Any] = ()) -> None:
        async with self._identity(mailbox).new_session() as session:
            message = AppendMessage(content, dt.datetime.now(dt.UTC), frozenset(flags), ExtensionOptions.empty())
            await session.append_messages(folder, [message])

    def _bounce_later(self, sender: str | None, recipient: str, content: bytes) -> None:
        to = self._mailbox_of(sender or "")
        if to is None:
            return  # a bounce never answers a bounce (RFC 5321, 4.5.5)

        async def deliver() -> None:
            await asyncio.sleep(0.3)
            await self._append(to, "INBOX", _delivery_report(sender or "", recipient, content))

        task = self._loop.create_task(deliver())
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def _verdict(session: Any, envelope: Any) -> str:
    """What a receiving server says of a sender it could check; here: one who signed in as the address in From."""
    headers = BytesHeaderParser().parsebytes(envelope.content)
    author = parseaddr(str(headers["From"] or ""))[1].lower()
    signed_in = session.auth_data.login.decode().lower() if session.authenticated else None
    domain = author.rpartition("@")[2]
    verdict = "pass" if signed_in is not None and signed_in == author == (envelope.mail_from or "").lower() else "fail"
    return (
        f"Authentication-Results: {AUTHSERV_ID}; spf={verdict} smtp.mailfrom={envelope.mail_from or ''};\r\n"
        f" dmarc={verdict} header.from={domain}\r\n"
    )


_REPORT = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.demo.example>
To: {sender}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="report"

--report
Content-Type: text/plain; charset=us-ascii

Your message to {recipient} could not be delivered:

550 5.1.1 user unknown

--report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.demo.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--report
Content-Type: text/rfc822-headers

Message-ID: {original_id}
To: {recipient}

--report--
"""


def _delivery_report(sender: str, recipient: str, content: bytes) -> bytes:
    """A failed delivery report (RFC 3464) that names the original by its Message-ID."""
    report = _REPORT.format(
        sender=sender,
        recipient=recipient,
        date=format_datetime(dt.datetime.now(dt.UTC)),
        message_id=make_msgid(domain="mail.demo.example"),
        original_id=BytesHeaderParser().parsebytes(content)["Message-ID"],
    )
    return report.replace("\n", "\r\n").encode("ascii")
