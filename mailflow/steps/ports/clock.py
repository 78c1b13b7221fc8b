"""The time of day, given from outside so that tests can set it."""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    def now(self) -> dt.datetime:
        """This instant, in UTC with its offset."""
        ...
