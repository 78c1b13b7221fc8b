"""Reads ``ageing.toml``, ``review.toml``, ``adjustments.toml``; each wrong value ends in a sentence with its cure."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from mailflow.cases.adjustment import AdjustmentKind, AdjustmentPolicy
from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.review_policy import DEFAULTS, ReviewPolicy, Rule, Severity
from mailflow.refusals import Refusal
from mailflow.resources import config_directory
from parsers.currencies import CODES

_SECTIONS = ("rules", "limits", "jump_amounts", "two_people_above", "parties")
_DAYS = (
    "ledger_working_days", "bank_working_days", "bank_quiet_working_days", "minimum_gap_days", "old_credit_days",
)  # fmt: skip


def read_ageing_policy(path: Path | None = None) -> AgeingPolicy:
    """Of ``path``, or the shipped one. Raises :class:`Refusal`."""
    file = _File(path or config_directory() / "ageing.toml")
    values = file.table(file.content, "", ("edges", "basis", "without_open_amounts"))
    edges = values.get("edges", list(AgeingPolicy().edges))
    if not isinstance(edges, list) or not all(type(edge) is int for edge in edges):
        raise file.refusal("edges", "write whole days, like [30, 60, 90, 120]")
    basis = file.choice(values, "basis", ("due_date", "document_date"))
    order = file.choice(values, "without_open_amounts", ("oldest_first", "unapplied"))
    try:
        return AgeingPolicy(tuple(edges), by_due_date=basis == "due_date", oldest_first=order == "oldest_first")
    except ValueError as failure:
        raise file.refusal("edges", str(failure)) from None


def read_review_policy(path: Path | None = None) -> ReviewPolicy:
    """Of ``path``, or the shipped one. Raises :class:`Refusal`."""
    file = _File(path or config_directory() / "review.toml")
    sections = file.table(file.content, "", _SECTIONS)
    rules = file.table(sections.get("rules", {}), "rules", tuple(rule.value for rule in Rule))
    severities = {}
    for name in rules:
        rule = Rule(name)
        if DEFAULTS.get(rule) is Severity.BLOCK:
            raise file.refusal(f"rules.{name}", "this rule always blocks; take the line out")
        severities[rule] = Severity(file.choice(rules, name, ("off", "warn", "hold"), "rules."))
    limits = file.table(sections.get("limits", {}), "limits", (*_DAYS, "jump_share"))
    parties = file.table(sections.get("parties", {}), "parties", ("sensitive", "shared_addresses"))
    default = ReviewPolicy()
    return ReviewPolicy(
        severities=severities,
        **{name: file.days(limits, name, getattr(default, name)) for name in _DAYS},
        jump_share=file.amount(limits.get("jump_share", str(default.jump_share)), "limits.jump_share"),
        jump_amounts=file.amounts(sections, "jump_amounts"),
        two_people_above=file.amounts(sections, "two_people_above"),
        sensitive_parties=frozenset(file.texts(parties, "sensitive")),
        shared_addresses=frozenset(address.lower() for address in file.texts(parties, "shared_addresses")),
    )


def read_adjustment_policy(path: Path | None = None) -> AdjustmentPolicy:
    """Of ``path``, or the shipped one. Raises :class:`Refusal`."""
    file = _File(path or config_directory() / "adjustments.toml")
    sections = file.table(file.content, "", ("one_person_up_to", "write_off_up_to", "counter_accounts"))
    kinds = tuple(kind.value for kind in AdjustmentKind)
    accounts = file.table(sections.get("counter_accounts", {}), "counter_accounts", kinds)
    return AdjustmentPolicy(
        file.amounts(sections, "one_person_up_to"),
        file.amounts(sections, "write_off_up_to"),
        {AdjustmentKind(name): str(number) for name, number in accounts.items()},
    )


class _File:
    """One policy file, with sentences that name it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.content: dict[str, Any] = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        except OSError as failure:
            raise Refusal(f"{path} cannot be read: {failure.strerror}") from None
        except UnicodeDecodeError:
            raise Refusal(f"{path} must be saved as UTF-8") from None
        except tomllib.TOMLDecodeError as failure:
            raise Refusal(f"{path} is no valid TOML: {failure}") from None

    def refusal(self, key: str, what: str) -> Refusal:
        return Refusal(f"{self._path}: {key}: {what}")

    def table(self, value: Any, section: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.refusal(section, "write it as a section, [" + section + "]")
        for name in value:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                raise self.refusal(
                    f"{section}.{name}".lstrip("."),
                    f"this is not known; did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}",
                )
        return value

    def choice(self, values: Mapping[str, Any], key: str, choices: tuple[str, ...], prefix: str = "") -> str:
        value = values.get(key, choices[0])
        if value not in choices:
            raise self.refusal(prefix + key, f"write one of {', '.join(choices)}")
        return str(value)

    def days(self, values: Mapping[str, Any], key: str, default: int) -> int:
        value = values.get(key, default)
        if type(value) is not int or value < 0:
            raise self.refusal(f"limits.{key}", "write a number of days, like 5")
        return value

    def amount(self, value: Any, key: str) -> Decimal:
        try:
            made = Decimal(str(value))
        except InvalidOperation:
            made = Decimal(-1)
        if isinstance(value, (bool, float)) or not made.is_finite() or made < 0:
            raise self.refusal(key, 'write a positive amount in quotes, like "50000"')
        return made

    def amounts(self, sections: Mapping[str, Any], name: str) -> dict[str, Decimal]:
        values = sections.get(name, {})
        if not isinstance(values, dict):
            raise self.refusal(name, f"write it as a section, [{name}]")
        for code in values:
            if code not in CODES:
                raise self.refusal(f"{name}.{code}", "this is no currency; write its ISO code, like CNY")
        return {code: self.amount(value, f"{name}.{code}") for code, value in values.items()}

    def texts(self, values: Mapping[str, Any], key: str) -> list[str]:
        found = values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.refusal(f"parties.{key}", 'write a list in quotes, like ["C001"]')
        return found
