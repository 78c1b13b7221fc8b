"""Charts of reports as values: stacked bars that a page draws as SVG, told apart by hatching and by words, not colour.

Every figure stands in the report's table too; a chart only shows how they compare. One chart holds one currency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from mailflow.steps.report import Cell, Table
from mailflow.steps.report_trends import GROUPS, WITHIN


@dataclass(frozen=True, slots=True)
class Segment:
    """``at`` and ``width`` are fractions of the chart's width; ``pattern`` counts from 0 (solid, hatched, dotted …)."""

    key: str
    value: Decimal
    at: float
    width: float
    pattern: int


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    segments: list[Segment]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """``title`` is a key of the words; ``currency`` is "" where the figures are numbers of things. ``keys`` are the
    series in order, each with its pattern."""

    title: str
    currency: str
    keys: list[tuple[str, int]]
    bars: list[Bar]


def charts(table: Table) -> list[Chart]:
    """What there is to draw of a report; empty for one without rows."""
    make = _MAKERS.get(table.title)
    return [chart for chart in make(table) if any(bar.total for bar in chart.bars)] if make and table.rows else []


def _ageing(table: Table) -> list[Chart]:
    labels = [name for name in table.columns if name in table.money and name not in ("unapplied", "balance", "overdue")]
    found = []
    for side in ("receivable", "payable"):
        for total in table.totals:
            if total["side"] == side:
                bars = [(str(total["currency"]), {label: _positive(total[label]) for label in labels})]
                found.append(_chart(f"chart_ageing_{side}", str(total["currency"]), labels, bars))
    return found


def _progress(table: Table) -> list[Chart]:
    months: dict[str, dict[str, Decimal]] = {}
    for row in table.rows:
        counts = months.setdefault(str(row["month"]), dict.fromkeys(GROUPS, Decimal(0)))
        for group in GROUPS:
            counts[group] += _number(row[group])
    found = [_chart("chart_progress_count", "", GROUPS, months.items())]
    for currency in _currencies(table):
        own = [row for row in table.rows if row["currency"] == currency]
        bars = [(str(row["month"]), {group: _number(row[f"{group}_amount"]) for group in GROUPS}) for row in own]
        found.append(_chart("chart_progress_amount", currency, GROUPS, bars))
    return found


def _answer_time(table: Table) -> list[Chart]:
    keys = (*(name for name, _ in WITHIN), "later", "silent")
    bars = [(str(row["month"]), {key: _number(row[key]) for key in keys}) for row in table.rows]
    return [_chart("chart_answer_time", "", keys, bars)]


def _disputes(table: Table) -> list[Chart]:
    reasons: dict[str, dict[str, Decimal]] = {}
    for row in table.rows:
        counts = reasons.setdefault(
            str(row["reason"]), {"open": Decimal(0), "done": Decimal(0), "dismissed": Decimal(0)}
        )
        counts[str(row["state"])] += 1
    ordered = sorted(reasons.items(), key=lambda one: -sum(one[1].values()))
    return [_chart("chart_disputes", "", ("open", "done", "dismissed"), ordered)]


def _promises(table: Table) -> list[Chart]:
    keys = ("kept", "open", "broken")
    found = []
    for currency in _currencies(table):
        amounts = dict.fromkeys(keys, Decimal(0))
        for row in table.rows:
            if row["currency"] == currency:
                amounts[str(row["standing"])] += _number(row["amount"])
        found.append(_chart("chart_promises", currency, keys, [(currency, amounts)]))
    return found


def _dso(table: Table) -> list[Chart]:
    found = []
    for currency in _currencies(table):
        own = [row for row in table.rows if row["currency"] == currency and row["days"] is not None]
        bars = [(str(row["month"]), {"days": _positive(row["days"])}) for row in own]
        chart = _chart("chart_dso", "", ("days",), bars)
        found.append(Chart(f"chart_dso:{currency}", "", chart.keys, chart.bars))
    return found


_MAKERS: dict[str, Callable[[Table], list[Chart]]] = {
    "ageing": _ageing, "progress": _progress, "answer_time": _answer_time, "disputes": _disputes,
    "promises": _promises, "dso": _dso,
}  # fmt: skip


def _chart(title: str, currency: str, keys: Iterable[str], rows: Iterable[tuple[str, dict[str, Decimal]]]) -> Chart:
    patterns = {key: place for place, key in enumerate(keys)}
    rows = list(rows)
    longest = max((sum(values.values()) for _, values in rows), default=Decimal(0)) or Decimal(1)
    bars = []
    for label, values in rows:
        at, segments = Decimal(0), []
        for key, pattern in patterns.items():
            value = values.get(key, Decimal(0))
            if value:
                segments.append(Segment(key, value, float(at / longest), float(value / longest), pattern))
                at += value
        bars.append(Bar(label, segments, at))
    return Chart(title, currency, list(patterns.items()), bars)


def _currencies(table: Table) -> list[str]:
    return sorted({str(row["currency"]) for row in table.rows})


def _number(cell: Cell) -> Decimal:
    return cell if isinstance(cell, Decimal) else Decimal(cell) if isinstance(cell, int) else Decimal(0)


def _positive(cell: Cell) -> Decimal:
    """A bar has no length below nothing; the table shows the figure itself."""
    return max(_number(cell), Decimal(0))
