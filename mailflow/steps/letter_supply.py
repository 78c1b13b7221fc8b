"""Hands claimed letters to several connections, never more than so many at a time to one domain."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable

from mailflow.steps.ports.outbox import Letter


class Supply:
    """``claim(n)`` gives up to ``n`` further letters; an empty answer means that there are none for now."""

    def __init__(
        self, claim: Callable[[int], Awaitable[list[Letter]]], batch: int, per_domain: int, limit: int | None
    ) -> None:
        self._claim, self._batch, self._per_domain, self._left = claim, batch, per_domain, limit
        self._ready: deque[Letter] = deque()
        self._under_way: Counter[str] = Counter()
        self._filling = asyncio.Lock()
        self._one_done = asyncio.Event()
        self._dry = False

    async def fill(self) -> bool:
        """Claims a batch when nothing is ready; True when something is."""
        async with self._filling:
            count = self._batch if self._left is None else min(self._batch, self._left)
            if not self._ready and not self._dry and count > 0:
                found = await self._claim(count)
                self._dry = not found
                self._ready.extend(found)
                if self._left is not None:
                    self._left -= len(found)
            return bool(self._ready)

    async def next(self) -> Letter | None:
        """The next letter whose domain is not busy; None when nothing is left to start."""
        while await self.fill():
            letter = self._free()
            if letter is not None:
                self._under_way[_domain(letter)] += 1
                return letter
            self._one_done.clear()
            await self._one_done.wait()
        return None

    def _free(self) -> Letter | None:
        for place, letter in enumerate(self._ready):
            if self._under_way[_domain(letter)] < self._per_domain:
                del self._ready[place]
                return letter
        return None

    def done(self, letter: Letter) -> None:
        self._under_way[_domain(letter)] -= 1
        self._one_done.set()

    def put_back(self, letter: Letter) -> None:
        """Another connection will take it."""
        self._ready.appendleft(letter)

    def rest(self) -> list[Letter]:
        """What was claimed and never handed out."""
        rest = list(self._ready)
        self._ready.clear()
        return rest


def _domain(letter: Letter) -> str:
    return letter.key.recipient.rpartition("@")[2]
