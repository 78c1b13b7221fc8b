"""``/live``: server-sent events that say "something happened", so that an open page can offer the newer state.

Only the highest numbers are told, no content. One look into the database a second, for all listeners together and only
while there are any, so it sees what other processes did as well. Connections are bounded and end by themselves; the
browser comes again. Pages work without it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from mailflow.bootstrap import House
from mailflow.refusals import Unreachable
from mailflow.steps.ports.browse import Marks
from mailflow.steps.ports.people import Account, Role
from mailflow.web.visit import signed_in_account


@dataclass(slots=True)
class Live:
    """All listeners of one process. Times in seconds."""

    house: House
    most: int = 200  # listeners
    most_each: int = 8  # of one person
    look_every: float = 1.0
    heartbeat: float = 15.0  # proxies close what is silent; the session is checked again as well
    lifetime: float = 600.0
    _listeners: Counter[str] = field(default_factory=Counter)
    _marks: Marks | None = None
    _looked: float = 0.0
    _looking: asyncio.Lock | None = None

    def route(self) -> Route:
        made = Route("/live", self._live, name="GET /live")
        made.role = Role.VIEWER  # type: ignore[attr-defined]
        return made

    async def _live(self, request: Request) -> Response:
        account = await run_in_threadpool(signed_in_account, request, self.house)
        if account is None:
            return PlainTextResponse("sign in first\n", status_code=401)
        if self._listeners.total() >= self.most or self._listeners[account.name] >= self.most_each:
            return PlainTextResponse("too many pages are open\n", status_code=503, headers={"Retry-After": "60"})
        return StreamingResponse(
            self._events(request, account), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )

    async def _events(self, request: Request, account: Account) -> AsyncIterator[str]:
        begun = spoke = time.monotonic()
        self._listeners[account.name] += 1
        try:
            seen = await self._look()
            yield f"retry: 5000\nevent: hello\ndata: {_told(seen)}\n\n"
            while time.monotonic() - begun < self.lifetime:
                await asyncio.sleep(self.look_every)
                now = await self._look()
                if now != seen:
                    yield f"event: changed\ndata: {_told(now, seen)}\n\n"
                    seen, spoke = now, time.monotonic()
                elif time.monotonic() - spoke >= self.heartbeat:
                    still = await run_in_threadpool(signed_in_account, request, self.house)
                    if still is None:
                        yield "event: signed-out\ndata: {}\n\n"
                        return
                    yield ": still here\n\n"
                    spoke = time.monotonic()
        except Unreachable:
            return  # the browser comes again
        finally:
            self._listeners[account.name] -= 1
            if self._listeners[account.name] <= 0:
                del self._listeners[account.name]

    async def _look(self) -> Marks:
        """What all listeners of this second share."""
        if self._looking is None:
            self._looking = asyncio.Lock()
        async with self._looking:
            if self._marks is None or time.monotonic() - self._looked >= self.look_every * 0.9:
                self._marks = await run_in_threadpool(self._read)
                self._looked = time.monotonic()
            return self._marks

    def _read(self) -> Marks:
        with self.house.database.reading() as work:
            return work.browse.marks()


def _told(now: Marks, before: Marks | None = None) -> str:
    """``new`` names what grew: message (mail arrived), task (something waits), journal (anything was done)."""
    marks = {"journal": now.journal, "message": now.message, "task": now.task}
    if before is None:
        return json.dumps(marks)
    grew = [name for name, number in marks.items() if number > getattr(before, name)]
    return json.dumps({**marks, "new": grew})
