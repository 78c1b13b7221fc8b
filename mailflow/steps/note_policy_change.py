"""A change of a policy, in the journal: who, when, and every line that is different."""

from __future__ import annotations

import datetime as dt

from mailflow.steps.ports.work import Database

MOST = 20_000  # characters of the difference that the journal keeps


def note_policy_change(database: Database, name: str, difference: str, *, by: str, why: str, at: dt.datetime) -> None:
    with database.writing() as work:
        facts = {"policy": name, "difference": difference[:MOST], "why": why.strip()[:500]}
        work.journal.append(at, by, "policy.changed", f"policy:{name}", facts)
