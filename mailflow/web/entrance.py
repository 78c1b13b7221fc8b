"""The ways in before there is a session: the code of a first start, one-time links of the demo, tries at a password."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import defaultdict, deque
from threading import Lock

TRIES, WINDOW_SECONDS = 8, 900.0


class Entrance:
    """In the memory of one process: a restart prints new codes."""

    def __init__(self) -> None:
        self.first_code = secrets.token_urlsafe(9)
        self._links: dict[str, str] = {}
        self._failed: dict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def link_for(self, name: str) -> str:
        """The path that signs ``name`` in, once."""
        code = secrets.token_urlsafe(18)
        self._links[code] = name
        return f"/enter/{code}"

    def take_link(self, code: str) -> str | None:
        with self._lock:
            return self._links.pop(code, None)

    def is_first_code(self, code: str) -> bool:
        return hmac.compare_digest(code.strip().encode(), self.first_code.encode())

    def too_many(self, name: str) -> bool:
        """Whether this name (known or not) was tried too often lately."""
        with self._lock:
            tries = self._failed[name.lower()[:60]]
            while tries and tries[0] < time.monotonic() - WINDOW_SECONDS:
                tries.popleft()
            return len(tries) >= TRIES

    def failed(self, name: str) -> None:
        with self._lock:
            if len(self._failed) > 10_000:
                self._failed.clear()
            self._failed[name.lower()[:60]].append(time.monotonic())
