"""A confirmation slip that came back on paper: which of its two answers bears ink. A seal is never judged genuine."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

# shares of the place around a square that bear dark ink: an empty one has its outline only
TICKED_AT_LEAST = 0.05  # more than the other square
TICKED_RATIO = 1.3
SEALED_AT_LEAST = 0.012  # of a box; a seal of 38 mm covers more
SEALED_RATIO = 3.0


class Marked(StrEnum):
    """Which answer is marked. ``UNREAD``: none, both, or the picture does not say; a person looks."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNREAD = "unread"


def ticked(dark: Mapping[str, float]) -> Marked:
    """By the squares in front of the sentences; ``dark`` as :func:`slip_layout.regions` names the places."""
    return _which(dark, "tick", TICKED_AT_LEAST, TICKED_RATIO)


def sealed(red: Mapping[str, float]) -> Marked:
    """By red ink in the boxes: where a seal was put."""
    return _which(red, "seal", SEALED_AT_LEAST, SEALED_RATIO)


def _which(shares: Mapping[str, float], what: str, least: float, ratio: float) -> Marked:
    agrees, differs = shares.get(f"{what}.agrees"), shares.get(f"{what}.differs")
    if agrees is None or differs is None:
        return Marked.UNREAD
    more, less = max(agrees, differs), min(agrees, differs)
    if more - less < least or more < ratio * less:
        return Marked.UNREAD
    return Marked.AGREES if agrees > differs else Marked.DIFFERS
