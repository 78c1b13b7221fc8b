"""An IMAP server that fails on purpose, and a mailbox that other clients change under one's hands.

``script(event, session)`` is asked before each command (its name in capitals: ``CONNECT``, ``LOGIN``, ``SELECT``,
``SEARCH``, ``FETCH`` (sizes), ``BODY``, ``MOVE``, ``IDLE`` …) and, as ``MOVE.done`` and the like, after its work and
before its answer. It gives a :class:`Do`, or None to go on as usual. What lies in the folders, and the log of what was
asked, are the server's word on what happened. Only what our client uses of RFC 3501, 2177, 4315 and 6851 is here.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

HOST = "127.0.0.1"
DATE = '"02-Nov-2026 09:14:00 +0800"'


@dataclass(frozen=True)
class Do:
    """``say`` is answered in place of doing it (``{tag}`` stands for the tag); ``bye`` says BYE and closes; ``drop``
    closes; ``wait`` sleeps first. For the answer of this command: ``cut`` sends only so many bytes of it and closes,
    ``slices`` sends it in pieces of so many bytes, ``change`` alters a literal before it is sent."""

    say: str = ""
    bye: bool = False
    drop: bool = False
    wait: float = 0.0
    cut: int | None = None
    slices: int = 0
    change: Callable[[bytes], bytes | None] | None = None


DROP, BYE = Do(drop=True), Do(bye=True)


@dataclass
class Folder:
    uidvalidity: int
    mails: dict[int, bytes] = field(default_factory=dict)
    next: int = 1

    def add(self, content: bytes) -> int:
        uid, self.next = self.next, self.next + 1
        self.mails[uid] = content
        return uid


@dataclass
class Session:
    number: int
    connection: socket.socket
    folder: str = ""
    deleted: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)


Script = Callable[[str, Session], "Do | None"]


class _Gone(Exception):
    """This connection is at its end."""


class ScriptedImap:
    """Runs between ``start()`` and ``stop()``. ``folders`` may be changed at any time under ``lock``."""

    def __init__(
        self, script: Script = lambda event, session: None, capabilities: str = "IDLE MOVE UIDPLUS ID"
    ) -> None:
        self.script, self.capabilities = script, capabilities
        self.lock = threading.RLock()
        self.folders: dict[str, Folder] = {"INBOX": Folder(1000)}
        self.log: list[str] = []
        self.moves: list[tuple[str, int, bytes]] = []  # what clients of this server took out of a folder
        self.unsorted = False  # SEARCH answers in an order of its own
        self._sessions: list[Session] = []
        self._socket = socket.create_server((HOST, 0), backlog=50)
        self.port = self._socket.getsockname()[1]
        self._over = False

    def start(self) -> ScriptedImap:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self) -> None:
        self._over = True
        self._socket.close()
        for session in self._sessions:
            with contextlib.suppress(OSError):
                session.connection.close()

    # what other clients do

    def deliver(self, content: bytes, folder: str = "INBOX") -> int:
        with self.lock:
            uid = self.folders[folder].add(content)
            count = len(self.folders[folder].mails)
        for session in self._sessions:
            if session.folder == folder and session.commands[-1:] == ["IDLE"]:
                with contextlib.suppress(OSError):
                    session.connection.sendall(f"* {count} EXISTS\r\n".encode())
        return uid

    def expunge(self, uid: int, folder: str = "INBOX") -> bytes | None:
        with self.lock:
            return self.folders[folder].mails.pop(uid, None)

    def made_anew(self, folder: str = "INBOX") -> None:
        """The same mails under a new UIDVALIDITY and other UIDs, as after a restored backup."""
        with self.lock:
            old = self.folders[folder]
            new = Folder(old.uidvalidity + 7)
            for content in old.mails.values():
                new.add(content)
            self.folders[folder] = new

    # the conversation

    def _accept(self) -> None:
        while not self._over:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(len(self._sessions) + 1, connection)
            self._sessions.append(session)
            threading.Thread(target=self._serve, args=(session,), daemon=True).start()

    def _serve(self, session: Session) -> None:
        reader = session.connection.makefile("rb")
        try:
            self._send(session, b"* OK ready\r\n", self._asked("CONNECT", session))
            while line := reader.readline():
                tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                self._command(session, reader, tag, rest)
        except (_Gone, OSError, ValueError):
            pass
        finally:
            session.folder = ""
            with contextlib.suppress(OSError):
                reader.close()
                session.connection.close()

    def _asked(self, event: str, session: Session) -> Do:
        self.log.append(event)
        do = self.script(event, session) or Do()
        if do.wait:
            time.sleep(do.wait)
        if do.bye:
            session.connection.sendall(b"* BYE for now\r\n")
        if do.bye or do.drop:
            raise _Gone
        return do

    def _send(self, session: Session, data: bytes, do: Do) -> None:
        if do.cut is not None:
            session.connection.sendall(data[: do.cut])
            raise _Gone
        if not do.slices:
            session.connection.sendall(data)
            return
        for start in range(0, len(data), do.slices):
            session.connection.sendall(data[start : start + do.slices])
            if start < 60 * do.slices:  # enough of them apart to land in packets of their own
                time.sleep(0.0005)

    def _command(self, session: Session, reader, tag: str, rest: str) -> None:
        words = rest.split()
        name = words[0].upper() if words else ""
        name, rest = (words[1].upper(), rest.partition(" ")[2]) if name == "UID" else (name, rest)
        if name == "FETCH" and "BODY" in rest:
            name = "BODY"
        session.commands.append(name)
        do = self._asked(name, session)
        if do.say:
            self._send(session, do.say.replace("{tag}", tag).encode() + b"\r\n", do)
            return
        with self.lock:
            answer = getattr(self, f"_{name.lower()}", self._unknown)(session, rest.partition(" ")[2], do)
        if name == "IDLE":
            self._send(session, b"+ idling\r\n", do)
            while (line := reader.readline()).strip().upper() != b"DONE":
                if not line:
                    raise _Gone
            session.commands.append("DONE")
            self._asked("DONE", session)
        after = self._asked(f"{name}.done", session)
        ended = answer if isinstance(answer, tuple) else (answer, f"OK {name} done")
        self._send(session, ended[0] + f"{tag} {ended[1]}\r\n".encode(), after if after != Do() else do)
        if name == "LOGOUT":
            raise _Gone

    def _unknown(self, session: Session, rest: str, do: Do) -> tuple[bytes, str]:
        return b"", "BAD what?"

    def _login(self, session: Session, rest: str, do: Do) -> bytes:
        return b""

    _noop = _idle = _check = _close = _unselect = _login

    def _capability(self, session: Session, rest: str, do: Do) -> bytes:
        return f"* CAPABILITY IMAP4rev1 {self.capabilities}\r\n".encode()

    def _id(self, session: Session, rest: str, do: Do) -> bytes:
        return b'* ID ("name" "scripted")\r\n'

    def _logout(self, session: Session, rest: str, do: Do) -> bytes:
        return b"* BYE good bye\r\n"

    def _select(self, session: Session, rest: str, do: Do) -> bytes | tuple[bytes, str]:
        name = rest.strip().strip('"')
        folder = self.folders.get(name)
        if folder is None:
            session.folder = ""
            return b"", "NO [NONEXISTENT] no such folder"
        session.folder = name
        return (
            f"* {len(folder.mails)} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n"
            f"* OK [UIDVALIDITY {folder.uidvalidity}] valid\r\n* OK [UIDNEXT {folder.next}] next\r\n"
        ).encode()

    _examine = _select

    def _create(self, session: Session, rest: str, do: Do) -> bytes:
        self.folders.setdefault(rest.strip().strip('"'), Folder(2000 + len(self.folders)))
        return b""

    def _list(self, session: Session, rest: str, do: Do) -> bytes:
        wanted = rest.split()[-1].strip('"')
        names = [name for name in self.folders if wanted in ("*", name)]
        return b"".join(f'* LIST (\\HasNoChildren) "/" "{name}"\r\n'.encode() for name in names)

    def _search(self, session: Session, rest: str, do: Do) -> bytes:
        mails = self._mails(session)
        found = sorted(mails)
        asked = re.search(r"(\d+):\*", rest)
        if asked and found:
            found = [uid for uid in found if uid >= int(asked[1])] or found[-1:]
        if self.unsorted:
            found = found[::-1]
        return f"* SEARCH {' '.join(map(str, found))}\r\n".encode() if found else b"* SEARCH\r\n"

    def _fetch(self, session: Session, rest: str, do: Do) -> bytes:
        mails = self._mails(session)
        return b"".join(
            f"* {place} FETCH (UID {uid} RFC822.SIZE {len(mails[uid])} INTERNALDATE {DATE})\r\n".encode()
            for place, uid in self._numbered(session, rest)
        )

    def _body(self, session: Session, rest: str, do: Do) -> bytes:
        mails, answer = self._mails(session), b""
        asked = re.search(r"BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?", rest)
        assert asked is not None
        assert "PEEK" in rest, "a fetch without PEEK marks mail as read"
        for place, uid in self._numbered(session, rest):
            content: bytes | None = mails[uid]
            assert content is not None
            part = ""
            if asked[2]:
                start = int(asked[2])
                content, part = content[start : start + int(asked[3])], f"<{asked[2]}>"
            if do.change is not None:
                content = do.change(content)
            head = f"* {place} FETCH (UID {uid} BODY[{asked[1]}]{part} "
            literal = b"NIL" if content is None else f"{{{len(content)}}}\r\n".encode() + content
            answer += head.encode() + literal + b")\r\n"
        return answer

    def _move(self, session: Session, rest: str, do: Do) -> bytes | tuple[bytes, str]:
        target = self.folders.get(rest.split(" ", 1)[1].strip().strip('"'))
        if target is None:
            return b"", "NO [TRYCREATE] no such folder"
        mails = self._mails(session)
        for _, uid in self._numbered(session, rest):
            content = mails.pop(uid)
            self.moves.append((session.folder, uid, content))
            target.add(content)
        return b""

    def _copy(self, session: Session, rest: str, do: Do) -> bytes | tuple[bytes, str]:
        target = self.folders.get(rest.split(" ", 1)[1].strip().strip('"'))
        if target is None:
            return b"", "NO [TRYCREATE] no such folder"
        mails = self._mails(session)
        for _, uid in self._numbered(session, rest):
            target.add(mails[uid])
        return b""

    def _store(self, session: Session, rest: str, do: Do) -> bytes:
        assert "Seen" not in rest, "nobody may mark mail as read"
        session.deleted |= {uid for _, uid in self._numbered(session, rest)}
        return b""

    def _expunge(self, session: Session, rest: str, do: Do) -> bytes:
        mails = self._mails(session)
        for _, uid in self._numbered(session, rest):
            if uid in session.deleted:
                self.moves.append((session.folder, uid, mails.pop(uid)))
        return b""

    def _mails(self, session: Session) -> dict[int, bytes]:
        folder = self.folders.get(session.folder)
        return folder.mails if folder is not None else {}

    def _numbered(self, session: Session, rest: str) -> list[tuple[int, int]]:
        """(sequence number, UID) of the UIDs asked for that are there."""
        asked: set[int] = set()
        for each in rest.split(" ", 1)[0].split(","):
            low, _, high = each.partition(":")
            asked |= set(range(int(low), int(high or low) + 1))
        return [(place, uid) for place, uid in enumerate(sorted(self._mails(session)), 1) if uid in asked]
