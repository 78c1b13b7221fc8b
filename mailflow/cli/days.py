"""A day as it is written on the command line."""

from __future__ import annotations

import argparse
import datetime as dt


def day(text: str) -> dt.date:
    """For ``type=`` of an argument."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-10-31") from None
