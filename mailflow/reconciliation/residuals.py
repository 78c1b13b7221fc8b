"""Pass 9: every line that no match took becomes exactly one reconciling item with kind, amount and reason."""

from __future__ import annotations

from collections import Counter

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.differences import (
    BANK_WORDS,
    DISCOUNT_WORDS,
    FEE_WORDS,
    ROUNDING_WORDS,
    opening_row,
    words_of,
)  # fmt: skip
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.match import Kind, ReconcilingItem
from mailflow.reconciliation.repeats import Key, keys_of, matched_keys

_NONE: set[Key] = set()


def leftovers(account: Account, *, cut_off: int, their_cut_off: int) -> list[ReconcilingItem]:
    """Items for the free lines of both sides, theirs first, in the order of what they say.

    ``cut_off`` is the as-of date and ``their_cut_off`` the day up to which their document speaks, as ordinals (0:
    unknown).
    """
    items: list[ReconcilingItem] = []
    for ours in (False, True):
        known = matched_keys(account, ours)
        near = _paid_again(account, ours)
        free = account.free(ours)
        counted = Counter([amount for _, amount in known] + [entry.amount for entry in free])
        for entry in free:
            own = keys_of(entry) if counted[entry.amount] > 1 else _NONE
            again = not own.isdisjoint(known)
            kind, reason = _name(account, entry, again, near, cut_off=cut_off, their_cut_off=their_cut_off)
            known |= own
            units = -entry.amount if ours else entry.amount
            sides = ((entry,), ()) if ours else ((), (entry,))
            items.append(ReconcilingItem(kind, sides[0], sides[1], units, account.places, reason))
    return items


def _name(
    account: Account,
    entry: Entry,
    again: bool,
    near: set[tuple[int, int]],
    *,
    cut_off: int,
    their_cut_off: int,
) -> tuple[Kind, str]:
    if again:
        return Kind.DUPLICATE, "same_number_and_amount"
    words = words_of(entry)
    if opening_row(entry):
        return Kind.OPENING_DIFFERENCE, "opening"
    stated = _stated(account, entry, words)
    if stated is not None:
        return stated, "stated"
    if _on_its_way(account, entry, cut_off, their_cut_off):
        return Kind.TIMING, "on_its_way"
    if entry.paid and not account.round(entry.amount) and (entry.day, entry.amount) in near:
        return Kind.DUPLICATE, "same_amount_again"
    return (Kind.MISSING_IN_THEIRS if entry.ours else Kind.MISSING_IN_OURS), "no_counterpart"


def _stated(account: Account, entry: Entry, words: str) -> Kind | None:
    """What a fee, discount or adjustment line says of itself; documents and payments only in plain words."""
    if entry.type in ("invoice", "debit_note"):
        return Kind.LATE_FEE if FEE_WORDS.search(entry.text) else None
    if entry.type == "payment":
        return Kind.BANK_CHARGE if BANK_WORDS.search(entry.text) else None
    if entry.type == "credit_note":
        return Kind.DISCOUNT_TAKEN if DISCOUNT_WORDS.search(entry.text) else None
    if entry.type == "discount":
        return Kind.DISCOUNT_TAKEN
    if FEE_WORDS.search(words):
        return Kind.LATE_FEE
    if ROUNDING_WORDS.search(words):
        return Kind.ROUNDING
    if BANK_WORDS.search(words):
        return Kind.BANK_CHARGE
    if DISCOUNT_WORDS.search(words):
        return Kind.DISCOUNT_TAKEN
    if entry.type == "fee":
        charge = abs(entry.amount) in account.policy.known_charges(account.currency, account.places)
        return Kind.BANK_CHARGE if charge else Kind.LATE_FEE
    small = abs(entry.amount) <= account.policy.rounding_cap(account.currency, account.places)
    return Kind.ROUNDING if small and not entry.named else None


def _on_its_way(account: Account, entry: Entry, cut_off: int, their_cut_off: int) -> bool:
    """A payment that only its payer has booked, shortly before the cut-off, or after their document ends."""
    if not entry.day or not entry.paid or entry.ours is not account.payer_is_us:
        return False
    if entry.ours and their_cut_off and entry.day > their_cut_off:
        return True
    return bool(cut_off) and cut_off - account.policy.timing_days <= entry.day <= cut_off


def _paid_again(account: Account, ours: bool) -> set[tuple[int, int]]:
    """(day, amount) of free payments that follow a matched payment of the same amount within the repeat days."""
    free: dict[int, list[int]] = {}
    for entry in account.free(ours):
        if entry.paid:
            free.setdefault(entry.amount, []).append(entry.day)
    again: set[tuple[int, int]] = set()
    matched = [*(account.ours if ours else account.theirs), *account.taken_with(free.keys(), ours=ours)]
    for entry in matched:
        if not entry.free and entry.amount in free:
            days = account.policy.repeat_days
            again.update((day, entry.amount) for day in free[entry.amount] if 0 <= day - entry.day <= days)
    return again
