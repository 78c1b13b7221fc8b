"""Who holds a letter: this process, so that the letters of a process that ended are taken up at once, not after hours.

``host/boot/namespace/pid/start``: of the same boot and process namespace we can see whether the process still runs;
of any other machine we cannot, and the lease decides.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path


def this_process() -> str:
    pid = os.getpid()
    return f"{socket.gethostname()}/{_machine()}/{pid}/{_start(pid) or 0}"


def has_ended(holder: str) -> bool:
    """True only when it surely has: it ran here, and no process of that number and start runs any more."""
    host, _, rest = holder.partition("/")
    machine, _, process = rest.rpartition("/")[0].rpartition("/")
    start = rest.rpartition("/")[2]
    if host != socket.gethostname() or machine != _machine() or not process.isdigit() or start in ("", "0"):
        return False
    return _start(int(process)) != start


def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return "unknown/unknown"


def _start(pid: int) -> str | None:
    """When the process began, in clock ticks since boot (proc(5), field 22); None when there is none.

    A zombie (killed, not yet waited for by its parent) does nothing any more: it counts as ended.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        return None
