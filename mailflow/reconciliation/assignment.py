"""Who goes with whom when several could: the cheapest assignment as a whole, not first come first served.

Edges are (row, column, cost) with small whole-number costs. The answer also says of each chosen edge whether it was
*clear*: strictly cheaper than every other edge of both its ends. Equal input in any order gives the equal answer: rows
and columns must be numbered by content.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Edge = tuple[int, int, int]
LARGEST_EXACT = 60  # a component with more rows or columns than this is settled greedily by (cost, row, column)
_NEVER = 10**9


def settle(edges: Iterable[Edge]) -> list[tuple[int, int, int, bool]]:
    """Chosen edges as (row, column, cost, clear), sorted by row."""
    cheapest: dict[tuple[int, int], int] = {}
    for row, column, cost in edges:
        known = cheapest.get((row, column))
        if known is None or cost < known:
            cheapest[row, column] = cost
    by_row: dict[int, list[tuple[int, int]]] = defaultdict(list)
    by_column: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (row, column), cost in cheapest.items():
        by_row[row].append((column, cost))
        by_column[column].append((row, cost))

    chosen: list[tuple[int, int, int, bool]] = []
    seen: set[int] = set()
    for start in sorted(by_row):
        if start in seen:
            continue
        if len(by_row[start]) == 1:
            column, cost = by_row[start][0]
            if len(by_column[column]) == 1:
                seen.add(start)
                chosen.append((start, column, cost, True))
                continue
        rows, columns = _component(start, by_row, by_column)
        seen |= rows
        for row, column, cost in _best(sorted(rows), sorted(columns), cheapest, by_row):
            clear = all(c > cost for other, c in by_row[row] if other != column) and all(
                c > cost for other, c in by_column[column] if other != row
            )
            chosen.append((row, column, cost, clear))
    chosen.sort()
    return chosen


def _component(
    start: int, by_row: dict[int, list[tuple[int, int]]], by_column: dict[int, list[tuple[int, int]]]
) -> tuple[set[int], set[int]]:
    rows, columns, waiting = {start}, set[int](), [start]
    while waiting:
        for column, _ in by_row[waiting.pop()]:
            if column not in columns:
                columns.add(column)
                for row, _ in by_column[column]:
                    if row not in rows:
                        rows.add(row)
                        waiting.append(row)
    return rows, columns


def _best(
    rows: list[int],
    columns: list[int],
    cost: dict[tuple[int, int], int],
    by_row: dict[int, list[tuple[int, int]]],
) -> list[Edge]:
    if len(rows) > LARGEST_EXACT or len(columns) > LARGEST_EXACT:
        return _greedy([(c, row, column) for row in rows for column, c in by_row[row]])
    if len(rows) > len(columns):
        found = _hungarian([[cost.get((r, c), _NEVER) for r in rows] for c in columns])
        pairs = [(rows[j], columns[i]) for i, j in enumerate(found)]
    else:
        found = _hungarian([[cost.get((r, c), _NEVER) for c in columns] for r in rows])
        pairs = [(rows[i], columns[j]) for i, j in enumerate(found)]
    return [(row, column, cost[row, column]) for row, column in pairs if (row, column) in cost]


def _greedy(edges: list[tuple[int, int, int]]) -> list[Edge]:
    rows: set[int] = set()
    columns: set[int] = set()
    taken = []
    for cost, row, column in sorted(edges):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            taken.append((row, column, cost))
    return taken


def _hungarian(cost: list[list[int]]) -> list[int]:
    """Column of each row at least total cost; rows <= columns. Shortest augmenting paths with potentials, O(n^2 m)."""
    n, m = len(cost), len(cost[0])
    row_price, column_price = [0] * (n + 1), [0] * (m + 1)
    owner, way = [0] * (m + 1), [0] * (m + 1)
    for i in range(1, n + 1):
        owner[0], j = i, 0
        least, used = [_NEVER * 4] * (m + 1), [False] * (m + 1)
        while True:
            used[j] = True
            row, delta, following = owner[j], _NEVER * 4, 0
            for k in range(1, m + 1):
                if not used[k]:
                    reduced = cost[row - 1][k - 1] - row_price[row] - column_price[k]
                    if reduced < least[k]:
                        least[k], way[k] = reduced, j
                    if least[k] < delta:
                        delta, following = least[k], k
            for k in range(m + 1):
                if used[k]:
                    row_price[owner[k]] += delta
                    column_price[k] -= delta
                else:
                    least[k] -= delta
            j = following
            if owner[j] == 0:
                break
        while j:
            owner[j] = owner[way[j]]
            j = way[j]
    answer = [0] * n
    for k in range(1, m + 1):
        if owner[k]:
            answer[owner[k] - 1] = k - 1
    return answer
