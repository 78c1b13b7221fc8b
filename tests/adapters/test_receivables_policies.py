"""The shipped policies are the program's own defaults in readable form, and a wrong value is one sentence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mailflow.adapters.receivables_policies import read_ageing_policy, read_review_policy
from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.review_policy import DEFAULTS, ReviewPolicy, Rule, Severity
from mailflow.refusals import Refusal


def test_the_shipped_ageing_is_the_default() -> None:
    assert read_ageing_policy() == AgeingPolicy()


def test_the_shipped_review_names_every_rule_that_may_be_set_at_its_default() -> None:
    policy = read_review_policy()
    assert set(policy.severities) == {rule for rule in Rule if DEFAULTS.get(rule) is not Severity.BLOCK}
    assert all(policy.severity(rule) is ReviewPolicy().severity(rule) for rule in Rule)
    assert policy.two_people_above["CNY"] == Decimal(5_000_000)


def test_a_policy_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "review.toml"
    file.write_text('[rules]\njump = "off"\n[two_people_above]\nCNY = 100\n[parties]\nsensitive = ["C1"]\n')
    policy = read_review_policy(file)
    assert policy.severity(Rule.JUMP) is Severity.OFF and policy.two_people_above == {"CNY": Decimal(100)}
    assert policy.sensitive_parties == {"C1"} and policy.severity(Rule.TIE_OUT) is Severity.BLOCK
    ageing = tmp_path / "ageing.toml"
    ageing.write_text('edges = [7, 14]\nbasis = "document_date"\nwithout_open_amounts = "unapplied"\n')
    assert read_ageing_policy(ageing) == AgeingPolicy((7, 14), by_due_date=False, oldest_first=False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[rules]\njumb = "off"', "rules.jumb: this is not known; did you mean 'jump'"),
        ('[rules]\njump = "maybe"', "rules.jump: write one of off, warn, hold"),
        ('[rules]\ntie_out = "off"', "rules.tie_out: this rule always blocks"),
        ("[limits]\nminimum_gap_days = -1", "limits.minimum_gap_days"),
        ("[two_people_above]\nXXQ = 1", "two_people_above.XXQ: this is no currency"),
        ("[two_people_above]\nCNY = 1.5", "two_people_above.CNY: write a positive amount in quotes"),
        ('[parties]\nsensitive = "C1"', "parties.sensitive"),
        ("rules = 1", "rules: write it as a section"),
        ("[rules", "no valid TOML"),
    ],
)
def test_a_wrong_value_is_named_with_its_cure(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "review.toml"
    file.write_text(text)
    with pytest.raises(Refusal) as caught:
        read_review_policy(file)
    assert str(caught.value).startswith(str(file)) and says in str(caught.value)


@pytest.mark.parametrize("text", ["edges = [30, 30]", "edges = 30", 'basis = "today"', "edge = [1]"])
def test_a_wrong_ageing_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ageing.toml"
    file.write_text(text)
    with pytest.raises(Refusal, match=r"ageing\.toml"):
        read_ageing_policy(file)
