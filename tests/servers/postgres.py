"""A throw-away PostgreSQL on loopback, from the installed binaries, as a user that is not root; a database a test.

``fsync=off``: such runs prove nothing about power loss, only about our statements.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HOST = "127.0.0.1"


def binaries() -> Path | None:
    """The newest installed server's directory, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name)) if found else None


class Postgres:
    def __init__(self) -> None:
        found = binaries()
        if found is None:
            raise RuntimeError("PostgreSQL is not installed")
        self._bin = found
        self._directory = Path(tempfile.mkdtemp(prefix="mfp", dir="/tmp"))
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = int(probe.getsockname()[1])
        self._as: list[str] = []
        if os.getuid() == 0:  # PostgreSQL refuses root
            shutil.chown(self._directory, "nobody", "nogroup")
            self._as = [
                "setpriv",
                "--reuid=nobody",
                "--regid=nogroup",
                "--clear-groups",
                "env",
                f"HOME={self._directory}",
            ]
        self._count = 0

    def start(self) -> None:
        data = self._directory / "data"
        subprocess.run(
            [*self._as, str(self._bin / "initdb"), "-D", str(data), "-U", "mailflow", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip
        self._log = (self._directory / "log").open("wb")
        self._serve()

    def restart(self) -> None:
        """Ends every connection at once (fast shutdown), then serves the same databases again."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(15)
        self._serve()

    def _serve(self) -> None:
        data = self._directory / "data"
        self._process = subprocess.Popen(
            [*self._as, str(self._bin / "postgres"), "-D", str(data), "-k", str(self._directory), "-p", str(self.port),
             "-c", f"listen_addresses={HOST}", "-c", "fsync=off", "-c", "full_page_writes=off",
             "-c", "synchronous_commit=off", "-c", "max_connections=60"],
            stdout=self._log, stderr=self._log, cwd="/", start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self._sql("SELECT 1", check=False):
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL does not answer")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._log.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def fresh_database(self) -> str:
        """The SQLAlchemy URL of a new, empty database."""
        self._count += 1
        name = f"t{os.getpid()}_{self._count}"
        self._sql(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://mailflow@{HOST}:{self.port}/{name}"

    def _sql(self, statement: str, check: bool = True) -> bool:
        import psycopg

        try:
            with psycopg.connect(host=HOST, port=self.port, user="mailflow", dbname="postgres", autocommit=True) as to:
                to.execute(statement)  # type: ignore[arg-type]
            return True
        except psycopg.OperationalError:
            if check:
                raise
            return False
