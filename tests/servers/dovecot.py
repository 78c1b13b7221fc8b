"""A private Dovecot (IMAP and LMTP) with an SMTP front, everything under one directory, no system service.

Dovecot refuses to run as root: started by root the directory is handed to ``nobody``, who must be able to reach it
(``tempfile.mkdtemp()`` under /tmp is, pytest's ``tmp_path`` is not). Its socket names end at 107 bytes, so the
directory stays short. Configuration of 2.3 (Debian 12) and 2.4 (Debian 13) exclude each other; both are written here.
"""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import queue
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

HOST = "127.0.0.1"
PASSWORD = "test-password"
DOMAIN = "huaxing.example"

_COMMON = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
instance_name = mailflow-test
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_fsync = never
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
lda_mailbox_autocreate = yes
recipient_delimiter = +
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
  client_limit = 200
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
  {reuse} = {unlimited}
  process_min_avail = 1
  client_limit = 200
}}
service imap {{
  process_limit = 64
  {reuse} = 64
}}
service lmtp {{
  inet_listener lmtp {{
    {listen} = 127.0.0.1
    port = {lmtp}
  }}
  unix_listener lmtp {{
    mode = 0
  }}
  process_min_avail = 1
}}
protocol imap {{
  mail_max_userip_connections = 100
}}
"""

_V23 = """# Dovecot 2.3
disable_plaintext_auth = no
mail_location = sdbox:~/mail
mailbox_list_index = yes
stats_writer_socket_path =
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={dir}/home/%u allow_all_users=yes
}}
"""

_V24 = """dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
auth_allow_cleartext = yes
mail_driver = sdbox
mail_path = ~/mail
passdb static {{
  password = {password}
}}
userdb static {{
  allow_all_users = yes
  fields {{
    uid = {user}
    gid = {group}
    home = {dir}/home/%{{user}}
  }}
}}
"""


def installed() -> bool:
    return shutil.which("dovecot", path="/usr/sbin:/usr/bin:/sbin:" + os.environ.get("PATH", "")) is not None


@dataclass(frozen=True)
class Account:
    """One empty mailbox of its own for a test; ``address`` is also the user name."""

    address: str
    password: str
    host: str
    imap_port: int
    smtp_port: int

    def deliver(self, raw: bytes, sender: str = "customer@outside.example", to: str | None = None) -> None:
        """Puts a message into the mailbox through the SMTP front, as the outside world does."""
        with smtplib.SMTP(self.host, self.smtp_port, timeout=20) as smtp:
            smtp.sendmail(sender, [to or self.address], raw, ["BODY=8BITMIME"])


class Dovecot:
    """Any user name of ``DOMAIN`` exists with :data:`PASSWORD`; an account is made by its first use."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="mfd", dir="/tmp"))
        self.imap_port, self._lmtp_port = _free_port(), _free_port()
        self._count = 0

    def start(self) -> None:
        self._process = subprocess.Popen(self._command(), start_new_session=True)
        _wait_for(self.imap_port, self._process)
        _wait_for(self._lmtp_port, self._process)
        self.front = SmtpFront(self._lmtp_port)
        self.front.start()

    def stop(self) -> None:
        self.front.stop()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
        shutil.rmtree(self.directory, ignore_errors=True)

    def account(self, local: str | None = None) -> Account:
        self._count += 1
        name = local or f"ar{os.getpid()}x{self._count}"
        return Account(f"{name}@{DOMAIN}", PASSWORD, HOST, self.imap_port, self.front.port)

    def _command(self) -> list[str]:
        binary = shutil.which("dovecot", path="/usr/sbin:/usr/bin:" + os.environ.get("PATH", "")) or "dovecot"
        version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
        newer = tuple(map(int, version.split(".")[:2])) >= (2, 4)
        root = os.getuid() == 0
        user = "nobody" if root else pwd.getpwuid(os.getuid()).pw_name
        group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
        for name in ("run", "state", "home"):
            (self.directory / name).mkdir()
        values = {
            "dir": self.directory, "user": user, "group": group, "password": PASSWORD,
            "imap": self.imap_port, "lmtp": self._lmtp_port, "listen": "listen" if newer else "address",
            "reuse": "restart_request_count" if newer else "service_count", "unlimited": "unlimited" if newer else "0",
        }  # fmt: skip
        conf = self.directory / "dovecot.conf"
        conf.write_text((_V24 if newer else _V23).format(**values) + _COMMON.format(**values))
        command = [binary, "-F", "-c", str(conf)]
        if root:
            for path in [self.directory, *self.directory.rglob("*")]:
                shutil.chown(path, user, group)
            command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", *command]
        return command


class SmtpFront:
    """A real SMTP server that hands each mail on by LMTP; an unknown recipient is refused at RCPT, as a relay does."""

    def __init__(self, lmtp_port: int) -> None:
        self._lmtp_port = lmtp_port
        self._idle: queue.LifoQueue[smtplib.LMTP] = queue.LifoQueue()
        self._ready = threading.Event()
        self.port = 0

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the SMTP front did not start")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _run(self) -> None:
        self._loop = asyncio.new_event_loop()
        server = self._loop.run_until_complete(self._loop.create_server(self._session, HOST, 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.close()

    def _session(self) -> SMTP:
        return SMTP(
            self, hostname="mail." + DOMAIN, ident="test", enable_SMTPUTF8=True, authenticator=self._login,
            auth_require_tls=False, data_size_limit=120_000_000, loop=self._loop,
        )  # fmt: skip

    def _login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password.decode() == PASSWORD
        return AuthResult(success=good, handled=False)  # handled=False: a wrong password gets its 535

    def _with_lmtp(self, action: Any) -> Any:
        try:
            lmtp = self._idle.get_nowait()
        except queue.Empty:
            lmtp = smtplib.LMTP(HOST, self._lmtp_port, timeout=20)
        try:
            lmtp.ehlo_or_helo_if_needed()
            return action(lmtp)
        finally:
            if lmtp.sock:
                self._idle.put(lmtp)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if not address.lower().endswith("@" + DOMAIN):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        try:
            for address in envelope.rcpt_tos:
                await asyncio.to_thread(
                    self._with_lmtp,
                    lambda lmtp, to=address: lmtp.sendmail(envelope.mail_from or "", [to], envelope.content),
                )
        except (OSError, smtplib.SMTPException):
            return "451 4.3.0 try again"
        return "250 2.0.0 delivered"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("dovecot ended at once; see its log")
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("dovecot does not listen")
