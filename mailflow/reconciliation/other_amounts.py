"""Pass 4: the number is the same, the amount is not; and the credit that may explain it."""

from __future__ import annotations

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.number_passes import RUNG, any_told, groups_by_key, told, within_reason, years_contradict
from mailflow.reconciliation.rules import LADDER, NETTED, OTHER_AMOUNT


def other_amount(account: Account) -> None:
    """Pass 4: the number is the same on exactly one free line of each side, the amount is not."""
    for rung, _ in enumerate(LADDER):
        for our, their in groups_by_key(account, RUNG[rung]):
            for one, other in _nearest(account, our, their):
                if rung >= 4 and years_contradict(one, other):
                    continue
                if not _could_be_one(one, other) or not account.may(one, other):
                    continue
                if one.paid and other.paid and rung > 2 and abs(account.days(one, other)) > account.policy.payment_days:
                    continue  # each book numbers its payments for itself: equal digits alone say nothing
                if _with_credit(account, one, other):
                    continue
                strong = rung < 4 or abs(account.days(one, other)) <= account.policy.far_days
                near = within_reason(one.amount, other.amount)
                sure = strong and near and len(our) == len(their) == 1
                note = "" if sure else "rival" if near and strong else "amounts_far_apart" if strong else "far_number"
                account.accept(OTHER_AMOUNT, (one,), (other,), automatic=sure, note=note)
    if any_told(account):
        _described(account)


def _described(account: Account) -> None:
    """The same where the number stands in a description: booked under a voucher's number, say."""
    for our, their in groups_by_key(account, told):
        one, other = our[0], their[0]
        if len(our) > 1 or len(their) > 1 or one.paid != other.paid or not account.may(one, other):
            continue
        days = abs(account.days(one, other))
        if days <= account.policy.far_days and within_reason(one.amount, other.amount):
            sure = days <= account.policy.document_days
            account.accept(OTHER_AMOUNT, our, their, automatic=sure, note="" if sure else "dates_apart")


def _nearest(account: Account, our: list[Entry], their: list[Entry]) -> list[tuple[Entry, Entry]]:
    """The one pair under a number; where one side has it several times with one amount, the nearest in time."""
    if len(our) == 1 and len(their) == 1:
        return [(our[0], their[0])]
    if min(len(our), len(their)) > 1 or len({e.amount for e in our}) > 1 or len({e.amount for e in their}) > 1:
        return []
    pairs = [(one, other) for one in our for other in their]
    return [min(pairs, key=lambda pair: (abs(account.days(*pair)), pair[0].order, pair[1].order))]


def _with_credit(account: Account, our: Entry, their: Entry) -> bool:
    """Accepts the pair with the one open credit (or payment) that is exactly its difference, if there is one."""
    less = abs(our.amount) - abs(their.amount)
    if our.amount * their.amount <= 0 or not less:
        return False
    ours_is_gross = less > 0
    gross = our if ours_is_gross else their
    wanted = -abs(less) if gross.amount > 0 else abs(less)
    found = [
        e
        for e in account.with_amount(wanted, ours=ours_is_gross)
        if e.free
        and e is not gross
        and (e.type in ("credit_note", "payment", "discount") or set(e.keys(4)) & set(gross.keys(4)))
        and abs(e.day - gross.day) <= 2 * account.policy.far_days
    ]
    if len(found) != 1:
        return False
    one, other = ((our, found[0]), (their,)) if ours_is_gross else ((our,), (their, found[0]))
    if not account.may_all(one, other):
        return False
    account.accept(NETTED, one, other, automatic=found[0].type == "credit_note" and not account.round(wanted))
    return True


def _could_be_one(our: Entry, their: Entry) -> bool:
    """A credit note that carries its invoice's number is not that invoice; the same amount turned round may be."""
    return our.amount * their.amount >= 0 or our.amount == -their.amount
