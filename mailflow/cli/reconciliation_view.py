"""A reconciliation on a terminal: the bridge first, then what remains, then what waits for a yes or no."""

from __future__ import annotations

from rich.text import Text

from mailflow.cli.output import console, table
from mailflow.reconciliation import Reconciliation, explanation
from mailflow.reconciliation.match import decimal

MOST = 60  # rows shown of a list; the rest is counted


def show(answer: Reconciliation, language: str = "en") -> None:
    out = console()
    words = explanation.CHINESE if language.startswith("zh") else explanation.ENGLISH
    name = answer.party_name or answer.party
    turned = ", their document counts the other way round" if answer.sign_flipped else ""
    out.print(
        Text(
            f"{name} · {answer.side} · {answer.currency}" + (f" · {answer.as_of}" if answer.as_of else "") + turned,
            style="bold",
        )
    )
    out.print()
    rows = [("our balance", _money(answer.our_balance_units, answer))]
    totals: dict[str, int] = {}
    for item in answer.items:
        totals[item.kind.value] = totals.get(item.kind.value, 0) + item.units
    rows += [(f"  {kind.replace('_', ' ')}", _money(units, answer)) for kind, units in sorted(totals.items())]
    rows += [
        ("unexplained", _money(answer.unexplained_units, answer)),
        ("their balance", _money(answer.their_balance_units, answer)),
    ]
    out.print(table(("", "amount"), rows, right=(1,)))
    automatic = answer.matches.automatic
    out.print(
        f"\n{automatic} matches accepted, {len(answer.matches) - automatic} suggested, {len(answer.items)} differences"
    )
    if answer.items:
        out.print(Text("\nDifferences", style="bold"))
        out.print(
            table(
                ("kind", "amount", "number", "what", "do"),
                [
                    (
                        item.kind.value.replace("_", " "),
                        _money(item.units, answer),
                        item.reference,
                        explanation.of_item(item, words),
                        explanation.action(item, answer.side, words),
                    )
                    for item in answer.items[:MOST]
                ],
                right=(1,),
            )
        )
        _more(len(answer.items))
    waiting = [match for match in answer.matches.found if not match.automatic]
    if waiting:
        out.print(Text("\nTo be confirmed", style="bold"))
        rows = [(_money(match.our_units, answer), explanation.of_match(match, words)) for match in waiting[:MOST]]
        out.print(table(("amount", "suggestion"), rows, right=(0,)))
        _more(len(waiting))
    for check in answer.checks:
        mark = "✓" if check.passed else "·" if check.passed is None else "✗"
        style = "green" if check.passed else "dim" if check.passed is None else "red"
        out.print(Text(f"{mark} {check.name.replace('_', ' ')}: {check.detail}", style=style))
    for warning in answer.warnings:
        out.print(Text(f"! {warning}", style="yellow"))
    for other in answer.other_currencies:
        out.print()
        show(other, language)


def _more(count: int) -> None:
    if count > MOST:
        console().print(f"… and {count - MOST} more (--json or --xlsx lists all)")


def _money(units: int, answer: Reconciliation) -> str:
    return f"{decimal(units, answer.places):,f}"
