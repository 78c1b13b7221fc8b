"""``reconcile``: our ledger items and their lines in, a :class:`Reconciliation` out. Pure: no clock, file or chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from mailflow.receivables.ledger import Item
from mailflow.reconciliation import (
    amount_passes,
    merged_numbers,
    number_passes,
    open_list,
    other_amounts,
    repeats,
    selection,
    sum_passes,
)
from mailflow.reconciliation.account import Account
from mailflow.reconciliation.books import Books, lay_out
from mailflow.reconciliation.bulk import Matches
from mailflow.reconciliation.counterpart import Counterpart, of_document, of_items
from mailflow.reconciliation.decisions import Decisions
from mailflow.reconciliation.differences import name_difference
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
    ("lines twice", repeats.set_aside),
    ("sums of a day", sum_passes.days_sums),
    ("amounts and dates", amount_passes.amount_and_date),
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

    def answered(account: selection.Chosen) -> list[Reconciliation]:
        return [
            _one_currency(account, currency, counterpart, policy, cut_off, decisions, progress)
            for currency in account.currencies
        ]

    answers = answered(chosen)
    if answers[0].items:
        listed = open_list.as_listed(chosen, counterpart, cut_off)
        if listed is not chosen and len((again := answered(listed))[0].items) < len(answers[0].items):
            answers = again
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
    remembers = bool(decisions.confirmed or decisions.carried or decisions.rejected)
    books = lay_out(chosen, currency, counterpart, policy, as_of, large=not remembers)
    advice = books.advice
    account = Account(
        books.ours,
        books.theirs,
        policy,
        currency=currency,
        places=books.places,
        payer_is_us=chosen.side == "payable",
        trusted=counterpart.trust is not Trust.UNPROVEN,
        rejected=rejected_pairs(decisions, books.theirs),
        taken=books.taken,
    )
    remembered = Remembered(account, decisions)
    if not advice:
        take_rows(account)
    for number, (name, work) in enumerate(PASSES):
        if progress is not None:
            progress(name, number, len(PASSES))
        work(account)
    repeats.give_back(account)
    remembered.release(account)
    opening = books.opening
    if not advice:
        gap = 0 if books.closing is None else books.closing - account.total(ours=False) - (opening or 0)
        if account.count(ours=False):
            take_settled(account)
        opening = carry_forward(account, opening, gap, counterpart.period_start, decisions.ended(currency))
    account.found.sort(key=_place)
    return _answer(chosen, account, counterpart, as_of, books, opening or 0)


def _place(match: Match) -> tuple[int, bool, int]:
    """By rule, then in the order of their document."""
    if match.theirs:
        return (match.rule.cost, False, min([int(entry.id) for entry in match.theirs]))
    return (match.rule.cost, True, match.ours[0].index if match.ours else -1)


def _answer(
    chosen: selection.Chosen,
    account: Account,
    counterpart: Counterpart,
    as_of: dt.date | None,
    books: Books,
    opening_units: int,
) -> Reconciliation:
    advice = books.advice
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
    cut_off = as_of.toordinal() if as_of else account.last_day(ours=True) or account.last_day(ours=False)
    their_cut_off = counterpart.date.toordinal() if counterpart.date else 0
    if advice or not account.count(
        ours=False
    ):  # what an advice does not name, or a bare balance does not list, is open
        for entry in account.ours:
            entry.free = False
    items += leftovers(account, cut_off=cut_off, their_cut_off=their_cut_off)
    if not advice:
        add_candidates(account, items)
    printed = account.total(ours=False) + opening_units
    unapplied = 0
    if advice:
        our_balance = sum(match.our_units for match in account.found)
        their_balance = printed if books.paid is None else books.paid
        unapplied = their_balance - printed
    else:
        our_balance = account.total(ours=True)
        their_balance = printed if books.closing is None else books.closing
    return Reconciliation(
        party=chosen.party,
        party_name=chosen.name,
        side=chosen.side,
        currency=account.currency,
        places=places,
        as_of=as_of,
        sign_flipped=books.sign < 0,
        our_balance_units=our_balance,
        their_balance_units=their_balance,
        matches=Matches(account.found, books.taken),
        items=items,
        ours_count=account.count(ours=True),
        theirs_count=account.count(ours=False),
        mode="remittance_advice" if advice else "statement",
        unapplied_units=unapplied,
        checks=checks(counterpart, their_balance - printed, places, items),
        warnings=[*chosen.warnings, *counterpart.warnings],
        their_name=counterpart.name,
        file=counterpart.file,
    )
