"""An SMTP server that fails on purpose, at every point of the conversation where real ones do.

``script(event, session)`` is asked before each step and answers with a :class:`Do`, or None to go on as usual. In
order: connect, ehlo, starttls, auth, mail, rcpt, data (before the 354), body (some of it came), dot (all of it came,
nothing is taken yet), taken (it is ours, no answer sent yet), answered (the 250 is out). What was taken stands in
``mails``: the server's word on what was accepted.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Do:
    """``say`` answers with these words instead; ``drop`` closes the connection; ``wait`` first sleeps so long."""

    say: bytes | str = ""
    drop: bool = False
    wait: float = 0.0


DROP = Do(drop=True)


@dataclass
class Mail:
    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message_id(self) -> str:
        return str(BytesHeaderParser().parsebytes(self.content)["Message-ID"]).strip()


@dataclass
class Session:
    number: int
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    content: bytes = b""
    user: str = ""
    secure: bool = False
    lines: list[bytes] = field(default_factory=list)  # every command as it came


Script = Callable[[str, Session], "Do | None"]


class ScriptedSmtp:
    """Runs in a thread between ``start()`` and ``stop()``; or await :meth:`serve` in a loop of your own."""

    def __init__(
        self,
        script: Script = lambda event, session: None,
        *,
        words: str = "2.0.0 Ok",
        size: int = 40_000_000,
        login: tuple[str, str] | None = None,
        token: str | None = None,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8"),
    ) -> None:
        self.script, self.words, self.size, self.login, self.token = script, words, size, login, token
        self._tls, self._implicit, self._extensions = tls, implicit_tls, extensions
        self.mails: list[Mail] = []
        self.sessions: list[Session] = []
        self.port = 0
        self.most_at_once = self._at_once = 0

    def start(self) -> ScriptedSmtp:
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self.serve())
            ready.set()
            self._loop.run_forever()
            self._server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0.01))
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    async def serve(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(
            self._session, HOST, port, ssl=self._tls if self._implicit else None, limit=2**20
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def __enter__(self) -> ScriptedSmtp:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def ids(self) -> list[str]:
        return [mail.message_id for mail in self.mails]

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(len(self.sessions), secure=self._implicit)
        self.sessions.append(session)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if await self._step("connect", session, writer, b"220 scripted.example ESMTP"):
                while (line := await reader.readline()) and await self._command(line, session, reader, writer):
                    pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
            pass
        finally:
            self._at_once -= 1
            writer.close()

    async def _step(self, event: str, session: Session, writer: asyncio.StreamWriter, answer: bytes = b"") -> bool:
        """False: the connection is closed. The script's words take the place of ``answer``."""
        do = self.script(event, session)
        if do is not None and do.wait:
            await asyncio.sleep(do.wait)
        if do is not None and do.say:
            answer = do.say.encode() if isinstance(do.say, str) else do.say
        if answer and not (do is not None and do.drop and not do.say):
            writer.write(answer + b"\r\n")
            await writer.drain()
        return not (do is not None and do.drop)

    def _refused(self, event: str, session: Session) -> Do | None:
        do = self.script(event, session)
        return do if do is not None and (do.say or do.drop or do.wait) else None

    async def _command(
        self, line: bytes, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        session.lines.append(line)
        verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
        match verb.upper():
            case "EHLO":
                return await self._step("ehlo", session, writer, self._hello(session))
            case "STARTTLS" if self._tls is not None:
                if not await self._step("starttls", session, writer, b"220 go ahead"):
                    return False
                await writer.start_tls(self._tls)
                session.secure = True
                return True
            case "AUTH":
                return await self._auth(rest, session, reader, writer)
            case "MAIL":
                session.sender, session.recipients = _address(rest), []
                return await self._step("mail", session, writer, b"250 2.1.0 Ok")
            case "RCPT":
                session.recipients.append(_address(rest))
                return await self._step("rcpt", session, writer, b"250 2.1.5 Ok")
            case "DATA":
                return await self._data(session, reader, writer)
            case "RSET":
                session.sender, session.recipients = "", []
                writer.write(b"250 2.0.0 Ok\r\n")
            case "NOOP":
                writer.write(b"250 2.0.0 Ok\r\n")
            case "QUIT":
                writer.write(b"221 2.0.0 Bye\r\n")
                return False
            case _:
                writer.write(b"502 5.5.1 not here\r\n")
        await writer.drain()
        return True

    def _hello(self, session: Session) -> bytes:
        said = ["scripted.example", *self._extensions]
        if self.size:
            said.append(f"SIZE {self.size}")
        if self._tls is not None and not session.secure:
            said.append("STARTTLS")
        if self.login is not None:
            said.append("AUTH PLAIN")
        if self.token is not None:
            said.append("AUTH XOAUTH2")
        return "\r\n".join(f"250{' ' if one is said[-1] else '-'}{one}" for one in said).encode()

    async def _auth(
        self, rest: str, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        mechanism, _, initial = rest.partition(" ")
        if not initial:
            writer.write(b"334 \r\n")
            await writer.drain()
            initial = (await reader.readline()).decode().strip()
        said = base64.b64decode(initial).decode()
        if mechanism.upper() == "XOAUTH2":
            user = said.partition("user=")[2].partition("\x01")[0]
            good = self.token is not None and f"auth=Bearer {self.token}\x01" in said
        else:
            _, user, password = said.split("\0")
            good = self.login == (user, password)
        session.user = user if good else ""
        return await self._step(
            "auth", session, writer, b"235 2.7.0 welcome" if good else b"535 5.7.8 wrong user or password"
        )

    async def _data(self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        do = self._refused("data", session)
        if do is not None:
            await asyncio.sleep(do.wait)
            if do.say:
                writer.write((do.say.encode() if isinstance(do.say, str) else do.say) + b"\r\n")
                await writer.drain()
            if do.drop or do.say:
                return not do.drop
        writer.write(b"354 end with <CRLF>.<CRLF>\r\n")
        await writer.drain()
        whole = bytearray(await reader.readline())
        if not await self._step("body", session, writer):
            return False
        while not whole.endswith(b"\r\n.\r\n") and whole != b".\r\n":
            line = await reader.readline()
            if not line:
                return False
            whole += line
        session.content = (b"\r\n" + bytes(whole[:-3])).replace(b"\r\n.", b"\r\n")[2:]
        do = self._refused("dot", session)
        if do is not None:
            await asyncio.sleep(do.wait)
            if do.say:
                writer.write((do.say.encode() if isinstance(do.say, str) else do.say) + b"\r\n")
                await writer.drain()
            if do.say or do.drop:
                return not do.drop
        self.mails.append(Mail(session.sender, list(session.recipients), session.content))
        if not await self._step("taken", session, writer, f"250 {self.words}".encode()):
            return False
        return await self._step("answered", session, writer)


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
