"""``reconcile``: our ledger items and their lines in, a :class:`Reconciliation` out. Pure: no clock, file or chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from mailflow.receivables.ledger import Item
from mailflow.reconciliation import amount_passes, merged_numbers, number_passes, other_amounts, selection, sum_passes
from mailflow.reconciliation.account import Account
from mailflow.reconciliation.counterpart import Counterpart, of_document, of_items
from mailflow.reconciliation.decisions import Decisions
from mailflow.reconciliation.differences import name_difference
from mailflow.reconciliation.entry import our_entries, their_entries, units_of
from mailflow.reconciliation.match import Match, ReconcilingItem
from mailflow.reconciliation.nearest import add_candidates
from mailflow.reconciliation.opening import carry_forward, take_rows
from mailflow.reconciliation.policy import Policy
from mailflow.reconciliation.proof import checks
from mailflow.reconciliation.reconciliation import Reconciliation
from mailflow.reconciliation.remembered import Remembered, rejected_pairs
from mailflow.reconciliation.residuals import leftovers
from mailflow.reconciliation.settled import take_settled
from parsers.documents import Document, Trust

PASSES: tuple[tuple[str, Callable[[Account], None]], ...] = (
    ("numbers", number_passes.same_number),
    ("totals under one number", number_passes.same_totals),
    ("merged numbers", merged_numbers.merged),
    ("numbers in descriptions", number_passes.described),
    ("purchase orders", number_passes.ordered),
    ("near numbers", amount_passes.certain),
    ("other amounts", other_amounts.other_amount),
    ("sums of a day", sum_passes.days_sums),
    ("amounts and dates", amount_passes.by_amount),
    ("sums", sum_passes.sums),
    ("other totals", number_passes.other_totals),
    ("nearly equal amounts", amount_passes.nearly_equal),
    ("groups against groups", sum_passes.many_to_many),
    ("payments in part", amount_passes.by_elimination),
)
"""The cascade, safest evidence first; what a pass takes is gone for the next."""

Progress = Callable[[str, int, int], None]


def reconcile(
    ours: Sequence[Item],
    theirs: Document | Counterpart | Sequence[Item],
    policy: Policy | None = None,
    *,
    side: str | None = None,
    party: str | None = None,
    as_of: dt.date | None = None,
    decisions: Decisions | None = None,
    progress: Progress | None = None,
) -> Reconciliation:
    """Match both sides of one party and name every remaining difference.

    ``ours`` may hold other parties, sides and currencies: the party is ``party``, or the one that the lines name, or
    the one whose numbers and amounts they show. Raises :class:`mailflow.refusals.Refusal` when none can be found. Other
    currencies on either side are answered beside it in ``other_currencies``.
    """
    policy = policy or Policy()
    decisions = decisions or Decisions()
    counterpart = _counterpart(theirs)
    chosen = selection.choose(ours, counterpart, side=side, party=party)
    cut_off = as_of or counterpart.date
    answers = [
        _one_currency(chosen, currency, counterpart, policy, cut_off, decisions, progress)
        for currency in chosen.currencies
    ]
    answers[0].other_currencies = answers[1:]
    return answers[0]


def _counterpart(theirs: Document | Counterpart | Sequence[Item]) -> Counterpart:
    if isinstance(theirs, Counterpart):
        return theirs
    return of_document(theirs) if isinstance(theirs, Document) else of_items(theirs)


def _one_currency(
    chosen: selection.Chosen,
    currency: str,
    counterpart: Counterpart,
    policy: Policy,
    as_of: dt.date | None,
    decisions: Decisions,
    progress: Progress | None,
) -> Reconciliation:
    main = currency == chosen.currencies[0]
    lines = [line for line in counterpart.lines if (line.currency or chosen.currencies[0]) == currency]
    items = [
        item
        for item in chosen.items
        if item.currency == currency and (as_of is None or item.date is None or item.date <= as_of)
    ]
    advice = counterpart.kind == "remittance_advice"
    open_items = selection.by_open_amount(items, lines, counterpart, advice=advice)
    if advice:
        items = [item for item in items if item.open_amount is None or item.open_amount != 0]
    elif open_items:
        items = [item for item in items if item.open_amount != 0]
    opening = counterpart.opening if main else None
    closing = counterpart.closing if main else None
    stated = [amount for amount in (opening, closing, counterpart.payment_amount) if amount is not None]
    places, amounts = units_of(
        currency,
        [
            *(i.open_amount if (open_items or advice) and i.open_amount is not None else i.amount for i in items),
            *(n.open_amount if open_items and n.open_amount is not None else n.amount for n in lines),
            *stated,
        ],
    )
    our = our_entries(items, amounts[: len(items)])
    plain = their_entries(lines, amounts[len(items) : len(items) + len(lines)])
    printed = dict(zip((id(amount) for amount in stated), amounts[len(items) + len(lines) :], strict=True))
    sign = 1 if advice else selection.sign(our, plain)
    if sign < 0:
        for entry in plain:
            entry.amount = -entry.amount
    account = Account(
        our,
        plain,
        policy,
        currency=currency,
        places=places,
        payer_is_us=chosen.side == "payable",
        trusted=counterpart.trust is not Trust.UNPROVEN,
        rejected=rejected_pairs(decisions, plain),
    )
    remembered = Remembered(account, decisions)
    opening_units = None if opening is None else sign * printed[id(opening)]
    if not advice:
        take_rows(account)
    for number, (name, work) in enumerate(PASSES):
        if progress is not None:
            progress(name, number, len(PASSES))
        work(account)
    remembered.release(account)
    lines_total = sum(entry.amount for entry in plain)
    closing_units = None if closing is None else sign * printed[id(closing)]
    if not advice:
        gap = 0 if closing_units is None else closing_units - lines_total - (opening_units or 0)
        if plain:
            take_settled(account)
        opening_units = carry_forward(account, opening_units, gap, counterpart.period_start)
    account.found.sort(key=_place)
    paid = counterpart.payment_amount
    paid_units = None if paid is None else abs(printed[id(paid)])
    return _answer(chosen, account, counterpart, as_of, sign, closing_units, opening_units or 0, paid_units, advice)


def _place(match: Match) -> tuple[int, int]:
    first = match.theirs or match.ours
    return (match.rule.cost, first[0].index if first else -1)


def _answer(
    chosen: selection.Chosen,
    account: Account,
    counterpart: Counterpart,
    as_of: dt.date | None,
    sign: int,
    closing_units: int | None,
    opening_units: int,
    paid_units: int | None,
    advice: bool,
) -> Reconciliation:
    places = account.places
    items: list[ReconcilingItem] = []
    for match in account.found:
        if match.difference_units:
            match.kind, match.reason = name_difference(account, match, settles=advice, party=chosen.party)
            items.append(
                ReconcilingItem(
                    match.kind, match.ours, match.theirs, match.difference_units, places, match.reason, match
                )
            )
    their_end = max((e.day for e in account.theirs), default=0)
    cut_off = as_of.toordinal() if as_of else max((e.day for e in account.ours), default=their_end)
    their_cut_off = counterpart.date.toordinal() if counterpart.date else 0
    if advice or not account.theirs:  # what a remittance advice does not name, or a bare balance does not list, is open
        for entry in account.ours:
            entry.free = False
    items += leftovers(account, cut_off=cut_off, their_cut_off=their_cut_off)
    if not advice:
        add_candidates(account, items)
    their_lines = sum(e.amount for e in account.theirs)
    printed = their_lines + opening_units
    unapplied = 0
    if advice:
        our_balance = sum(match.our_units for match in account.found)
        their_balance = printed if paid_units is None else paid_units
        unapplied = their_balance - printed
    else:
        our_balance = sum(e.amount for e in account.ours)
        their_balance = printed if closing_units is None else closing_units
    return Reconciliation(
        party=chosen.party,
        party_name=chosen.name,
        side=chosen.side,
        currency=account.currency,
        places=places,
        as_of=as_of,
        sign_flipped=sign < 0,
        our_balance_units=our_balance,
        their_balance_units=their_balance,
        matches=account.found,
        items=items,
        ours_count=len(account.ours),
        theirs_count=len(account.theirs),
        mode="remittance_advice" if advice else "statement",
        unapplied_units=unapplied,
        checks=checks(counterpart, their_balance - printed, places, items),
        warnings=[*chosen.warnings, *counterpart.warnings],
        their_name=counterpart.name,
        file=counterpart.file,
    )
