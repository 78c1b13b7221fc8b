"""The machine's clock."""

from __future__ import annotations

import datetime as dt


class SystemClock:
    """``mailflow.steps.ports.clock.Clock``."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)
