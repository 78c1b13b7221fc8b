"""Says in words what the fields say: every sentence is a template over a match's or an item's facts, never the source.

English and Chinese; for a clerk (short) and for a customer's mail (a full sentence with date, number and amount).
"""

from __future__ import annotations

from typing import Protocol

from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.explanation_words import (
    ACTIONS,
    CARRIED_FROM,
    ITEMS,
    ITEMS_ZH,
    KINDS_ZH,
    LETTER,
    NO_NUMBER,
    NOTES,
    RULES_ZH,
    UNEXPLAINED,
    WHOSE,
)
from mailflow.reconciliation.match import Kind, Match, ReconcilingItem, decimal, shown

ENGLISH, CHINESE = "en", "zh"


def of_match(match: Match, language: str = ENGLISH) -> str:
    """One sentence for a clerk: what agreed, what was transformed, and what kept it from being certain."""
    ours, theirs = match.ours, match.theirs
    if language == CHINESE:
        return _match_zh(match)
    if len(ours) == 1 and len(theirs) == 1:
        words = match.rule.words
        text = f"Line {theirs[0].id} {_quoted(theirs[0])} is our {_named(ours[0])}: {words}{_days(ours[0], theirs[0])}"
    else:
        one = ", ".join(_named(e) for e in ours[:6]) + (" …" if len(ours) > 6 else "")
        other = ", ".join(f"{e.id}" for e in theirs[:6]) + (" …" if len(theirs) > 6 else "")
        start = f"Line {other} covers our {one}" if one and other else f"Our {one}" if one else f"Line {other}"
        text = f"{start}: {match.rule.words}"
    text += _who(match)
    if match.difference_units:
        text += f"; theirs differs by {shown(match.difference_units, match.places)}"
        text += f" ({match.kind.value.replace('_', ' ')})" if match.kind else ""
    if not match.automatic and match.note:
        text += f". To be confirmed: {NOTES.get(match.note, {}).get('en', match.note)}"
    return text + "."


def _match_zh(match: Match) -> str:
    ours = "、".join(e.refs[0] if e.refs else e.tag for e in match.ours[:6])
    theirs = "、".join(str(e.id) for e in match.theirs[:6])
    start = (
        f"对方第 {theirs} 行对应我方 {ours}" if ours and theirs else f"对方第 {theirs} 行" if theirs else f"我方 {ours}"
    )
    text = f"{start}：{RULES_ZH.get(match.rule.name, match.rule.words)}"
    text += _who(match)
    if match.difference_units:
        text += f"，相差 {shown(match.difference_units, match.places)}"
        text += f"（{KINDS_ZH[match.kind]}）" if match.kind else ""
    if not match.automatic and match.note:
        text += f"。待确认：{NOTES.get(match.note, {}).get('zh', match.note)}"
    return text + "。"


def _who(match: Match) -> str:
    """Who decided it and when, for a match that rests on a decision."""
    decided = match.decided
    if decided is None or not decided.by:
        return ""
    return f" ({decided.by}{'' if decided.on is None else f', {decided.on.isoformat()}'})"


def why_not(match: Match) -> list[tuple[Entry, str]]:
    """The rivals of a match, each with the first thing that made it lose."""
    answer = []
    kept = match.theirs[0]
    ours = match.ours[0]
    for rival in match.rivals[:3]:
        if rival.amount != ours.amount:
            because = f"amount is {shown(rival.amount, match.places)}"
        elif rival.day and kept.day and ours.day and abs(rival.day - ours.day) > abs(kept.day - ours.day):
            because = f"same amount, but {abs(rival.day - ours.day)} days apart"
        else:
            because = "fits as well; taken by another item or later in the document"
        answer.append((rival, because))
    return answer


def of_item(item: ReconcilingItem, language: str = ENGLISH) -> str:
    """One sentence for a clerk on one reconciling item."""
    entries = (*item.ours, *item.theirs)
    match = item.match
    ours = shown(sum(e.amount for e in item.ours) if match is None else match.our_units, item.places)
    theirs = shown(sum(e.amount for e in item.theirs) if match is None else match.their_units, item.places)
    if language == CHINESE:
        what = "、".join(_named_zh(e) for e in entries[:3])
        return ITEMS_ZH[item.kind].format(what=what, ours=ours, theirs=theirs) + _carried(item, chinese=True)
    what = ", ".join(_described(e) for e in entries[:3]) or "balance"
    if item.near and item.kind in (Kind.MISSING_IN_OURS, Kind.MISSING_IN_THEIRS):
        other, because = item.near[0]
        where = f"our {_named(other)}" if other.ours else f"line {other.id} {_quoted(other)}"
        side = "ours" if item.ours else "theirs"
        return f"Only on {side}: {what}; the nearest is {where}: {because}."
    text = ITEMS[item.kind].format(what=what, ours=ours, theirs=theirs)
    return text[:1].upper() + text[1:] + _carried(item, chinese=False)


def _carried(item: ReconcilingItem, *, chinese: bool) -> str:
    """What of an opening difference their last statement ended with."""
    left = None if item.match is None else item.match.left
    if left is None or not left.items:
        return ""
    words = [
        f"{KINDS_ZH[Kind(one.kind)] if chinese else one.kind.replace('_', ' ')} {one.amount:f}"
        + (f" ({one.reference})" if one.reference else "")
        for one in left.items[:6]
    ]
    whole = item.reason == "carried"
    return CARRIED_FROM[whole][chinese].format(day=left.as_of.isoformat(), what=("、" if chinese else ", ").join(words))


def action(item: ReconcilingItem, side: str, language: str = ENGLISH) -> str:
    """What to do next, for the clerk."""
    kind = item.kind
    if kind is Kind.DUPLICATE:
        key = "duplicate_theirs" if item.theirs else "duplicate_ours"
    elif kind is Kind.MISSING_IN_THEIRS and item.ours and item.ours[0].paid:
        key = "payment_missing_in_theirs"
    elif kind is Kind.MISSING_IN_OURS and item.theirs and item.theirs[0].paid:
        key = "payment_missing_in_ours"
    elif kind is Kind.AMOUNT_DIFFERENCE and item.reason == "digits_swapped":
        key = "digits_swapped"
    elif kind is Kind.DISCOUNT_TAKEN and item.reason == "unearned":
        key = "discount_unearned"
    else:
        key = kind.value
    return ACTIONS[key][0 if language == ENGLISH else 1]


def _quoted(entry: Entry) -> str:
    return f"'{entry.refs[0]}'" if entry.refs else "(no number)"


def _named(entry: Entry) -> str:
    return entry.refs[0] if entry.refs else f"item {entry.tag}"


def _named_zh(entry: Entry) -> str:
    where = "我方" if entry.ours else f"对方第 {entry.id} 行"
    return f"{where} {entry.refs[0] if entry.refs else entry.tag}"


def _described(entry: Entry) -> str:
    date = "" if entry.source.date is None else f" of {entry.source.date.isoformat()}"
    kind = entry.type.replace("_", " ") if entry.type != "other" else "line" if not entry.ours else "item"
    if entry.ours:
        return f"our {kind} {_named(entry)}{date}"
    return f"their {kind} {entry.refs[0] if entry.refs else f'without number (line {entry.id})'}{date}"


def _days(our: Entry, their: Entry) -> str:
    if not our.day or not their.day:
        return ""
    days = abs(our.day - their.day)
    return ", same day" if days == 0 else f", {days} day{'s' if days > 1 else ''} apart"


class Explained(Protocol):
    """What :func:`sentences` needs of a reconciliation."""

    @property
    def items(self) -> list[ReconcilingItem]: ...
    @property
    def unexplained_units(self) -> int: ...
    @property
    def places(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def side(self) -> str: ...


def sentences(answer: Explained, language: str = ENGLISH, audience: str = "customer") -> list[str]:
    """A sentence for each difference: for a ``customer``'s mail in full, for a ``clerk`` short with what to do."""
    chinese = language.lower().startswith("zh")
    if audience == "clerk":
        own = CHINESE if chinese else ENGLISH
        gap = "" if chinese else " "
        said = [of_item(item, own) + gap + action(item, answer.side, own) for item in answer.items]
    else:
        said = [_for_letter(item, answer.currency, chinese) for item in answer.items]
    if answer.unexplained_units:
        amount = _with_currency(answer.unexplained_units, answer.places, answer.currency)
        said.append(UNEXPLAINED[chinese].format(amount=amount))
    return said


def _for_letter(item: ReconcilingItem, currency: str, chinese: bool) -> str:
    signed = item.kind in (Kind.AMOUNT_DIFFERENCE, Kind.SIGN_ERROR, Kind.OPENING_DIFFERENCE, Kind.MISSING_IN_OURS)

    def money(units: int) -> str:
        return _with_currency(units if signed else abs(units), item.places, currency)

    entries = (*item.ours, *item.theirs)
    dates = [entry.source.date for entry in entries if entry.source.date is not None]
    ours = item.match.our_units if item.match else sum(e.amount for e in item.ours)
    theirs = item.match.their_units if item.match else sum(e.amount for e in item.theirs)
    text = LETTER[item.kind][chinese].format(
        number=item.reference or NO_NUMBER[chinese],
        date=min(dates).isoformat() if dates else "–",
        amount=money(ours + theirs if item.match is None else item.units),
        ours=money(ours),
        theirs=money(theirs),
        rest=money(abs(item.units)),
        whose=WHOSE[bool(item.ours)][chinese],
    )
    return text[:1].upper() + text[1:]


def _with_currency(units: int, places: int, currency: str) -> str:
    return f"{currency} {decimal(units, places):,f}"
