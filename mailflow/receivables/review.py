"""The review before sending (初步审核): named rules, each with a reason for a clerk and who can release it.

Pure: what a rule needs to know beside the statement comes in :class:`ReviewContext`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from mailflow.money import grouped
from mailflow.receivables import terms
from mailflow.receivables.drawing import UNDATED, DoesNotTie, check
from mailflow.receivables.open_items import DERIVED
from mailflow.receivables.party import Side
from mailflow.receivables.review_policy import ReviewPolicy, Rule, Severity
from mailflow.receivables.review_words import BANK_WORDS, OPEN_AMOUNT_WORDS, RELEASE_WORDS, STALE_WORDS, WORDS
from mailflow.receivables.statement import Statement, StatementLine

NAMED = 5  # items named in a reason; the rest is counted


@dataclass(frozen=True, slots=True)
class Finding:
    """``reason`` by language (``en``, ``zh``). ``release``: ``one`` or ``two`` people, or ``nobody``."""

    rule: Rule
    severity: Severity
    reason: Mapping[str, str]
    release: str

    def text(self, language: str) -> str:
        return self.reason[_tongue(language)]

    def who(self, language: str) -> str:
        return RELEASE_WORDS[self.release][_tongue(language)]


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """What is known outside the statement. ``last`` is the last statement that went out for this account, ``replaces``
    the version of this very statement that did. ``other_owners`` are the other parties that have an address.

    ``due_on`` is when a scheduled statement was due, if that is long ago; ``batch`` how many statements this run and
    the last one have, if that is far apart. ``working_days_between(a, b)`` counts working days after ``a`` up to ``b``.
    ``imported_on`` is the day of the last import, ``ledger_as_of`` the day that it describes. ``foreign_name(text)`` is
    another party's name inside a text. ``bank_as_of`` is the day up to which the import says that the bank is booked;
    ``last_payment_on`` the day of the newest payment in the whole ledger, which has to do where it says nothing.
    """

    today: dt.date
    working_days_between: Callable[[dt.date, dt.date], int]
    account_currencies: frozenset[str] = frozenset()
    item_ids: frozenset[str] | None = None
    last: Statement | None = None
    replaces: Statement | None = None
    other_owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dead_addresses: frozenset[str] = frozenset()
    imported_on: dt.date | None = None
    ledger_as_of: dt.date | None = None
    bank_as_of: dt.date | None = None
    last_payment_on: dt.date | None = None
    gone: tuple[str, ...] = ()
    last_letter_on: dt.date | None = None
    waiting_messages: int = 0
    due_on: dt.date | None = None
    batch: tuple[int, int] | None = None
    foreign_name: Callable[[str], str | None] = lambda text: None


def review(statement: Statement, context: ReviewContext, policy: ReviewPolicy) -> list[Finding]:
    """In the order of :class:`Rule`; nothing when all is well."""
    found = []
    for rule, facts in _asked(statement, context, policy):
        severity = policy.severity(rule)
        if severity is Severity.OFF:
            continue
        release = "nobody" if severity is Severity.BLOCK else "two" if rule is Rule.LARGE else "one"
        found.append(Finding(rule, severity, _reason(rule, facts), release))
    return sorted(found, key=lambda finding: list(Rule).index(finding.rule))


def holds(findings: Iterable[Finding]) -> bool:
    """Whether the statement must wait for a person or for better data."""
    return any(finding.severity in (Severity.HOLD, Severity.BLOCK) for finding in findings)


def blocks(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.BLOCK for finding in findings)


def people_needed(findings: Iterable[Finding]) -> int:
    """How many people have to release it: 0 when nothing holds, 2 above the limit."""
    held = [finding for finding in findings if finding.severity is Severity.HOLD]
    return 0 if not held else 2 if any(finding.release == "two" for finding in held) else 1


_Facts = Mapping[str, object]
_Asked = Iterator[tuple[Rule, _Facts]]


def _asked(statement: Statement, context: ReviewContext, policy: ReviewPolicy) -> _Asked:
    yield from _figures(statement, context)
    yield from _recipients(statement, context, policy)
    yield from _dates_and_numbers(statement, context, policy)
    yield from _ledger(statement, context, policy)
    yield from _balance(statement, context, policy)
    yield from _conversation(statement, context, policy)


def _figures(statement: Statement, context: ReviewContext) -> _Asked:
    try:
        check(statement)
    except DoesNotTie as failure:
        yield Rule.TIE_OUT, {"what": str(failure)}
    lines = _lines(statement)
    if context.item_ids is not None:
        foreign = [line for line in lines if line.item_id not in context.item_ids]
        if foreign:
            yield Rule.ONE_PARTY, {"items": _names(foreign)}
    larger = [line for line in lines if abs(line.open_amount) > abs(line.amount) or line.open_amount * line.amount < 0]
    if larger:
        what = {tongue: words.format(items=_names(larger)) for tongue, words in
                OPEN_AMOUNT_WORDS["larger_than_the_item"].items()}  # fmt: skip
        yield Rule.OPEN_AMOUNTS, {"what": what}
    for doubt in statement.doubts:
        if doubt in OPEN_AMOUNT_WORDS and doubt != DERIVED:
            yield Rule.OPEN_AMOUNTS, {"what": OPEN_AMOUNT_WORDS[doubt]}


def _recipients(statement: Statement, context: ReviewContext, policy: ReviewPolicy) -> _Asked:
    party = statement.party
    if not party.emails:
        yield Rule.NO_ADDRESS, {"party": party.name}
    for address in party.emails:
        plain = address.lower()
        owners = context.other_owners.get(plain, ())
        if owners and plain not in policy.shared_addresses:
            yield Rule.FOREIGN_ADDRESS, {"address": address, "other": ", ".join(owners)}
        if plain in context.dead_addresses:
            yield Rule.DEAD_ADDRESS, {"address": address}
    before = context.replaces or context.last
    if before is not None and party.emails and set(_lower(before.party.emails)) != set(_lower(party.emails)):
        yield Rule.RECIPIENT_CHANGED, {
            "before": ", ".join(before.party.emails) or "–", "after": ", ".join(party.emails), "party": party.name,
        }  # fmt: skip
    if before is None:
        yield Rule.FIRST_TIME, {"party": party.name}
    if party.id in policy.sensitive_parties:
        yield Rule.SENSITIVE, {"party": party.name}


def _dates_and_numbers(statement: Statement, context: ReviewContext, policy: ReviewPolicy) -> _Asked:
    lines = _lines(statement)
    if UNDATED in statement.doubts:
        undated = [line for line in statement.open_lines if line.date == statement.as_of and line.due_date is None]
        yield Rule.UNDATED, {"count": max(len(undated), 1), "items": _names(undated) or "–"}
    odd = [line for line in lines if line.due_date is not None and line.due_date < line.date]
    if odd:
        yield Rule.ODD_DATES, {"items": _names(odd)}
    same = defaultdict(list)
    for line in lines:
        if line.reference:
            same[line.reference.casefold(), line.type, line.due_date, line.amount > 0].append(line)
    double = [group[0] for group in same.values() if len(group) > 1]
    if double:
        yield Rule.DUPLICATE_REFERENCE, {"items": _names(double)}
    nameless = [line for line in statement.open_lines if not line.reference and line.amount > 0]
    if nameless:
        yield Rule.MISSING_REFERENCE, {"count": len(nameless), "items": _names(nameless)}
    naming = [line for line in lines if context.foreign_name(line.description)]
    if naming:
        yield Rule.OTHER_PARTY_NAMED, {"items": _names(naming)}
    estimated = [line for line in statement.open_lines if line.due_estimated]
    if estimated:
        yield Rule.DUE_ESTIMATED, {"count": len(estimated), "items": _names(estimated)}
    words = statement.party.payment_terms
    if words and terms.parsed(words) is None:
        yield Rule.TERMS_UNKNOWN, {"terms": words, "party": statement.party.name}


def _ledger(statement: Statement, context: ReviewContext, policy: ReviewPolicy) -> _Asked:
    if context.ledger_as_of is not None and context.ledger_as_of < statement.as_of:
        yield Rule.STALE_LEDGER, {"what": _each(STALE_WORDS["older"], day=context.ledger_as_of.isoformat())}
    elif context.imported_on is not None:
        days = context.working_days_between(context.imported_on, context.today)
        if days > policy.ledger_working_days:
            words = _each(STALE_WORDS["long_ago"], day=context.imported_on.isoformat(), days=days)
            yield Rule.STALE_LEDGER, {"what": words}
    yield from _bank(statement, context, policy)
    if context.gone:
        yield Rule.ITEMS_GONE, {"items": _listed(context.gone)}
    owed = statement.side is Side.RECEIVABLE and statement.closing > 0
    if owed and context.account_currencies and statement.currency not in context.account_currencies:
        yield Rule.NO_ACCOUNT, {"currency": statement.currency}


def _bank(statement: Statement, context: ReviewContext, policy: ReviewPolicy) -> _Asked:
    """Whoever has paid and is told that he has not is the angriest customer of all."""
    between, booked, paid = context.working_days_between, context.bank_as_of, context.last_payment_on
    if booked is not None:
        if booked < statement.as_of and between(booked, statement.as_of) > 0:
            yield Rule.STALE_BANK, {"what": _each(BANK_WORDS["older"], day=booked.isoformat())}
        elif (days := between(booked, context.today)) > policy.bank_working_days:
            yield Rule.STALE_BANK, {"what": _each(BANK_WORDS["long_ago"], day=booked.isoformat(), days=days)}
    elif paid is not None and (days := between(paid, context.today)) > policy.bank_quiet_working_days:
        yield Rule.QUIET_BANK, {"day": paid.isoformat(), "days": days}


def _balance(statement: Statement, context: ReviewContext, policy: ReviewPolicy) -> _Asked:
    def money(amount: Decimal) -> str:
        return f"{statement.currency} {grouped(amount, statement.currency)}"

    closing, last = statement.closing, context.last
    if closing == 0:
        yield Rule.ZERO_BALANCE, {"party": statement.party.name}
    if closing < 0:
        yield Rule.CREDIT_BALANCE, {"closing": money(closing)}
    if last is not None:
        follows = statement.period_start == last.as_of + dt.timedelta(1)
        if follows and statement.opening != last.closing:
            yield Rule.ROLL_FORWARD, {
                "opening": money(statement.opening), "closing": money(last.closing),
                "difference": money(statement.opening - last.closing),
            }  # fmt: skip
        if _jumped(last.closing, closing, policy, statement.currency):
            yield Rule.JUMP, {"before": money(last.closing), "after": money(closing)}
    limit = policy.two_people_above.get(statement.currency)
    if limit is not None and abs(closing) > limit:
        yield Rule.LARGE, {"closing": money(closing), "limit": money(limit)}
    credits = [line for line in statement.open_lines if line.open_amount < 0]
    if credits:
        yield Rule.UNAPPLIED, {"amount": money(statement.unapplied), "items": _names(credits)}
    old = [line for line in credits if (statement.as_of - line.date).days > policy.old_credit_days]
    if old:
        yield Rule.OLD_CREDIT, {"days": policy.old_credit_days, "items": _names(old)}


def _conversation(statement: Statement, context: ReviewContext, policy: ReviewPolicy) -> _Asked:
    if context.replaces is not None:
        yield (
            Rule.CORRECTION,
            {
                "label": context.replaces.label,
                "before": f"{statement.currency} {grouped(context.replaces.closing, statement.currency)}",
                "after": f"{statement.currency} {grouped(statement.closing, statement.currency)}",
            },
        )
    elif context.last_letter_on is not None:
        days = (context.today - context.last_letter_on).days
        if days < policy.minimum_gap_days:
            yield Rule.MINIMUM_GAP, {
                "party": statement.party.name, "days": days, "date": context.last_letter_on.isoformat(),
            }  # fmt: skip
    if context.due_on is not None:
        yield Rule.LATE, {"date": context.due_on.isoformat(), "days": (context.today - context.due_on).days}
    if context.batch is not None:
        yield Rule.BATCH, {"now": context.batch[0], "before": context.batch[1]}
    if context.waiting_messages:
        yield Rule.OPEN_MAIL, {"party": statement.party.name, "count": context.waiting_messages}


def _jumped(before: Decimal, after: Decimal, policy: ReviewPolicy, currency: str) -> bool:
    if before * after < 0:
        return True
    moved = abs(after - before)
    return moved > policy.jump_amounts.get(currency, Decimal(0)) and moved > abs(before) * policy.jump_share


def _lines(statement: Statement) -> list[StatementLine]:
    """Every item that is shown, once."""
    return list({line.item_id: line for line in (*statement.movements, *statement.open_lines)}.values())


def _lower(addresses: Iterable[str]) -> list[str]:
    return [address.lower() for address in addresses]


def _names(lines: Iterable[StatementLine]) -> str:
    return _listed([line.reference or line.item_id for line in lines])


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:NAMED]) + (f" (+{len(listed) - NAMED})" if len(listed) > NAMED else "")


def _each(words: Mapping[str, str], **facts: object) -> dict[str, str]:
    return {tongue: text.format(**facts) for tongue, text in words.items()}


def _reason(rule: Rule, facts: _Facts) -> dict[str, str]:
    """A fact that differs by language is a mapping itself."""
    return {
        tongue: text.format(
            **{name: value[tongue] if isinstance(value, Mapping) else value for name, value in facts.items()}
        )
        for tongue, text in WORDS[rule].items()
    }


def _tongue(language: str) -> str:
    return "zh" if language.lower().startswith("zh") else "en"
