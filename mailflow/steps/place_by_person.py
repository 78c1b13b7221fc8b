"""A person says which case a message belongs to; its later stages run again with that, as if it had come so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from mailflow.cases.case import Case, Settled
from mailflow.cases.decision import Belief
from mailflow.refusals import Refusal
from mailflow.steps.decide_case import settle, wanted_case
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.process_messages import Stage

_FEW = 100  # cases


def place_by_person(
    database: Database, stages: Sequence[Stage], number: int, case_id: str, *, by: str, at: dt.datetime
) -> None:
    """Placing makes nobody more believable: a stranger stays one, and a confirmation of his still waits for a person.

    What the message raised before (that it had no case, questions, bank details) is raised again inside the case.
    Raises :class:`Refusal` when the message is not known, has a case, or was not read yet.
    """
    names = [stage.name for stage in stages]
    after = names[names.index("thread") + 1 :]
    with database.writing() as work:
        case = wanted_case(work, case_id)
        message = work.mailroom.message(number)
        if message is None:
            raise Refusal(f"there is no message {number}")
        if message.case_id is not None:
            raise Refusal(f"message {number} belongs to {message.case_id} already")
        kept = work.mailroom.results(number).get("thread")
        if kept is None:
            raise Refusal(f"message {number} could not be read yet; replay it from the quarantine first")
        for task in work.casefile.tasks():
            if task.case_id is None and task.message == number:
                settle(work, task, by=by, at=at, settled=Settled.DONE, why=f"placed into {case_id}")
        placed = _placed(work, dict(kept.result), case, message.sender)
        work.documents.forget(number)
        work.mailroom.replay(number, after[0], ["thread", *after], at)
        work.mailroom.stage_done(number, "thread", placed, 0.0, at)
        work.mailroom.note(number, case_id=case_id)
        work.arrangements.placed(number, case_id, by=by, at=at)
        work.journal.append(at, by, "message.placed", f"case:{case_id}", {"message": number})


def cases_near(work: Work, sender: str) -> tuple[list[Case], bool]:
    """Which cases a message of this sender may belong to; True: these are all that there are. In a house with more
    than a person wants to choose from: the newest of the parties that have this address, else this domain."""
    if sum(work.desk.case_counts().values()) <= _FEW:
        return work.casefile.cases(), True
    address = sender.rpartition("<")[2].rstrip("> ").lower()
    parties = work.ledger.parties_at(address) or work.ledger.parties_at_domain(address.rpartition("@")[2])
    return work.desk.cases_of([(party.id, party.side) for party in parties], _FEW), False


def _placed(work: Work, result: dict[str, Any], case: Case, sender: str) -> dict[str, Any]:
    belief = Belief(result["belief"])
    if belief is not Belief.FAILING and result["party"] != case.party_id:
        party = work.ledger.party(case.party_id, case.side)
        known = party is not None and sender.lower() in {address.lower() for address in party.emails}
        belief = Belief.UNVERIFIED if known else Belief.STRANGER
    return result | {
        "case": case.id, "why": "person", "bound": True, "version": None, "letter": None,
        "party": case.party_id, "side": case.side.value, "belief": belief.value,
    }  # fmt: skip
