"""Who goes with whom when several could: the cheapest assignment as a whole, not first come first served.

Edges are (row, column, cost) with small whole-number costs. The answer also says of each chosen edge whether it was
*clear*: strictly cheaper than every other edge of both its ends. Equal input in any order gives the equal answer, and
rows and columns exchanged the mirrored one: both must be numbered by content, and of equally cheap ways the one is
taken that keeps the order of both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Edge = tuple[int, int, int]
LARGEST_EXACT = 60  # a component with more rows or columns than this is settled greedily, the cheapest first
_NEVER = 10**15
_TIE = 1 << 20  # above every sum of squared distances in order, which only decide between equal costs


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
        return _greedy(rows, columns, by_row)
    prices = [
        [cost[r, c] * _TIE + (i - j) ** 2 if (r, c) in cost else _NEVER for j, c in enumerate(columns)]
        for i, r in enumerate(rows)
    ]
    if len(rows) > len(columns):
        pairs = [(rows[j], columns[i]) for i, j in enumerate(_hungarian(list(map(list, zip(*prices, strict=True)))))]
    else:
        pairs = [(rows[i], columns[j]) for i, j in enumerate(_hungarian(prices))]
    return [(row, column, cost[row, column]) for row, column in pairs if (row, column) in cost]


def _greedy(rows: list[int], columns: list[int], by_row: dict[int, list[tuple[int, int]]]) -> list[Edge]:
    place = {column: j for j, column in enumerate(columns)}
    edges = [
        (cost, i + place[column], abs(i - place[column]), row, column)
        for i, row in enumerate(rows)
        for column, cost in by_row[row]
    ]
    gone_rows: set[int] = set()
    gone_columns: set[int] = set()
    taken = []
    for cost, _, _, row, column in sorted(edges):
        if row not in gone_rows and column not in gone_columns:
            gone_rows.add(row)
            gone_columns.add(column)
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
