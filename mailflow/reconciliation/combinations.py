"""Exact subset sums that count: which items add up to a target, and how many different answers there are.

A sum that fits proves little: thirty ordinary invoices have hundreds of subsets for one target. So every search says
how many solutions it saw (up to a limit), takes no tolerance, and stops at small numbers of items.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

Subset = tuple[int, ...]


def few(amounts: Sequence[int], target: int, limit: int = 2, most: int = 3) -> list[Subset]:
    """Subsets of two to ``most`` (at most 3) positions with that sum, as sorted positions; stops after ``limit``."""
    where: dict[int, list[int]] = {}
    for position, amount in enumerate(amounts):
        where.setdefault(amount, []).append(position)
    found: list[Subset] = []
    for i, first in enumerate(amounts):
        for j in where.get(target - first, ()):
            if j > i:
                found.append((i, j))
                if len(found) >= limit:
                    return found
    if most < 3:
        return found
    for i, first in enumerate(amounts):
        for j in range(i + 1, len(amounts)):
            for k in where.get(target - first - amounts[j], ()):
                if k > j:
                    found.append((i, j, k))
                    if len(found) >= limit:
                        return found
    return found


def any_subset(amounts: Sequence[int], target: int, limit: int = 2) -> list[Subset]:
    """Subsets of two or more positions with that sum, credits included; meets in the middle, stops after ``limit``.

    Time and memory grow with 2^(n/2): callers keep n at 20 or less.
    """
    half = len(amounts) // 2
    left, right = _sums(amounts[:half]), _sums(amounts[half:])
    left.sort()
    totals = [total for total, _ in left]
    found: list[Subset] = []
    for total, mask in right:
        position = bisect_left(totals, target - total)
        while position < len(left) and totals[position] == target - total:
            chosen = _positions(left[position][1], 0) + _positions(mask, half)
            if len(chosen) >= 2:
                found.append(chosen)
                if len(found) >= limit:
                    return found
            position += 1
    return found


def _sums(amounts: Sequence[int]) -> list[tuple[int, int]]:
    sums = [(0, 0)]
    for position, amount in enumerate(amounts):
        sums += [(total + amount, mask | 1 << position) for total, mask in sums]
    return sums


def _positions(mask: int, offset: int) -> Subset:
    return tuple(offset + i for i in range(mask.bit_length()) if mask >> i & 1)
