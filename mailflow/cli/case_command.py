"""``mailflow case ACTION``: what a person decides about a case, by the same steps as the console."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from mailflow.bootstrap import House, open_house
from mailflow.cli.days import day
from mailflow.cli.output import add_config
from mailflow.refusals import Refusal
from mailflow.steps import decide_case, decide_matches
from mailflow.steps.decide_bank_details import note_call_back
from mailflow.steps.decide_case import Answer, How
from mailflow.steps.note_case import note_case
from mailflow.steps.place_by_person import place_by_person
from mailflow.steps.take_back import reopen_task, take_back_move


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    parser.add_argument("--by", default=None, help="who decides (default: the signed-in user)")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, says: str, *, case: bool = True, why: bool = True) -> argparse.ArgumentParser:
        one = actions.add_parser(name, help=says, description=says)
        if case:
            one.add_argument("case", metavar="CASE", help="its id, as 'mailflow cases' shows it")
        if why:
            one.add_argument("--why", default="", help="kept in the journal")
        one.set_defaults(decide=_DECISIONS[name])
        return one

    for name, says in (("task", "a task is done"), ("dismiss", "a task needs nothing")):
        action(name, says, case=False).add_argument("number", type=int, metavar="TASK")
    confirm = action("confirm", "their words count as a confirmation: you checked who wrote them")
    confirm.add_argument("--confirmed-by", required=True, metavar="NAME", help="who of theirs")
    confirm.add_argument("--how", choices=[one for one in How if one is not How.NOT_CONFIRMED], default=How.MAIL)
    dispute = action("dispute", "a disputed item is settled")
    dispute.add_argument("--reference", default=None, help="the item (default: the statement as a whole)")
    dispute.add_argument("--dismiss", action="store_true", help="the objection fell away")
    assign = action("assign", "who of your people sees to a disputed item, and until when", why=False)
    assign.add_argument("--reference", default=None, help="the item (default: the statement as a whole)")
    assign.add_argument("--owner", default=None, metavar="NAME", help="an account of the desk (default: nobody)")
    assign.add_argument("--due", type=day, default=None, metavar="DAY", help="2026-11-30 (default: no day)")
    action("resolve", "every difference is settled")
    close = action("close", "the end of a case: who confirmed the balance, and how")
    close.add_argument("--confirmed-by", default="", metavar="NAME")
    close.add_argument("--how", choices=list(How), default=How.MAIL)
    action("reopen", "a closed case is worked on again")
    for name, says in (
        ("accept-link", "a proposed link between our items and their lines is right"),
        ("reject-link", "items and lines that do not belong together; they are not proposed again"),
        ("link", "these items and lines are the same thing, whatever was proposed"),
        ("split-link", "a link is taken apart, and not proposed again"),
    ):
        link = action(name, says)
        link.add_argument(
            "--document", type=int, required=True, metavar="N", help="as 'mailflow conversation' shows it"
        )
        link.add_argument("--ours", nargs="*", default=[], metavar="ID", help="our ledger items")
        link.add_argument("--theirs", nargs="*", type=int, default=[], metavar="LINE", help="line numbers of theirs")
    undo = action("undo-link", "a decision about a link counts no more", case=False)
    undo.add_argument("number", type=int, metavar="DECISION", help="as the comparison's JSON has it")
    back = action("take-back", "mailflow understood a message wrongly: what it did to the case is taken back")
    back.add_argument("number", type=int, metavar="ENTRY", help="of the journal, as 'mailflow conversation' shows it")
    action("reopen-task", "a settled task waits again", case=False).add_argument("number", type=int, metavar="TASK")
    place = action("place", "a message belongs to this case", why=False)
    place.add_argument("number", type=int, metavar="MESSAGE")
    bank = action("bank-details", "your call back about new bank details (two people; no data is changed)", case=False)
    bank.add_argument("number", type=int, metavar="TASK")
    bank.add_argument("--called", required=True, metavar="NAME", help="whom you spoke to")
    bank.add_argument("--phone", required=True, help="the number, which you knew before")
    heard = bank.add_mutually_exclusive_group(required=True)
    heard.add_argument("--genuine", action="store_true", help="they asked for the change")
    heard.add_argument("--fraud", action="store_true", help="they did not")
    action("drafts", "the drafted answers to what they wrote", why=False)
    answer = action("answer", "the drafted answer goes out, once; in your words if you like", case=False, why=False)
    answer.add_argument("number", type=int, metavar="MESSAGE", help="the one that is answered")
    answer.add_argument("--text", metavar="FILE", help="your words in place of the draft's; - is standard input")
    answer.add_argument("--settles", nargs="*", type=int, default=[], metavar="TASK", help="tasks done by it")
    action("note", "something to remember; it moves nothing")


def run(arguments: argparse.Namespace) -> int:
    """0 when it is decided."""
    house = open_house(arguments.config)
    arguments.by = arguments.by or getpass.getuser()
    print(arguments.decide(house, arguments))
    return 0


def _task(house: House, said: argparse.Namespace) -> str:
    dismissed = said.action == "dismiss"
    answer = decide_case.settle_task(
        house.database, said.number, by=said.by, why=said.why, at=house.clock.now(), dismissed=dismissed
    )
    return f"task {said.number} is {'dismissed' if dismissed else 'done'}{_state(answer)}"


def _confirm(house: House, said: argparse.Namespace) -> str:
    answer = decide_case.accept_confirmation(
        house.database, said.case, by=said.by, confirmed_by=said.confirmed_by, how=How(said.how), why=said.why,
        at=house.clock.now(),
    )  # fmt: skip
    return f"confirmed{_state(answer)}"


def _dispute(house: House, said: argparse.Namespace) -> str:
    answer = decide_case.settle_dispute(
        house.database, said.case, said.reference, by=said.by, why=said.why, at=house.clock.now(),
        dismissed=said.dismiss,
    )  # fmt: skip
    return f"dispute settled{_state(answer)}"


def _assign(house: House, said: argparse.Namespace) -> str:
    decide_case.assign_dispute(
        house.database, said.case, said.reference, owner=said.owner, due_on=said.due, by=said.by,
        at=house.clock.now(),
    )  # fmt: skip
    return f"{said.owner or 'nobody'} sees to it" + (f" until {said.due}" if said.due else "")


def _resolve(house: House, said: argparse.Namespace) -> str:
    return "resolved" + _state(
        decide_case.resolve_case(house.database, said.case, by=said.by, why=said.why, at=house.clock.now())
    )


def _close(house: House, said: argparse.Namespace) -> str:
    answer = decide_case.close_case(
        house.database, said.case, by=said.by, confirmed_by=said.confirmed_by, how=How(said.how), why=said.why,
        at=house.clock.now(),
    )  # fmt: skip
    return f"closed{_state(answer)}"


def _reopen(house: House, said: argparse.Namespace) -> str:
    return "open again" + _state(
        decide_case.reopen_case(house.database, said.case, by=said.by, why=said.why, at=house.clock.now())
    )


def _take_back(house: House, said: argparse.Namespace) -> str:
    answer = take_back_move(house.database, said.case, said.number, by=said.by, why=said.why, at=house.clock.now())
    return f"taken back{_state(answer)}; the message waits to be read"


def _reopen_task(house: House, said: argparse.Namespace) -> str:
    answer = reopen_task(house.database, said.number, by=said.by, why=said.why, at=house.clock.now())
    return f"task {said.number} waits again{_state(answer)}"


def _place(house: House, said: argparse.Namespace) -> str:
    place_by_person(house.database, house.stages, said.number, said.case, by=said.by, at=house.clock.now())
    return f"message {said.number} belongs to {said.case}; it is worked through again (mailflow run, or watch)"


def _link(house: House, said: argparse.Namespace) -> str:
    answer = _LINKS[said.action](
        house.database, house.policy, said.case, said.document, said.ours, said.theirs, by=said.by, why=said.why,
        at=house.clock.now(),
    )  # fmt: skip
    return _compared(answer)


def _undo_link(house: House, said: argparse.Namespace) -> str:
    return _compared(
        decide_matches.undo_decision(
            house.database, house.policy, said.number, by=said.by, why=said.why, at=house.clock.now()
        )
    )


def _compared(answer: decide_matches.MatchAnswer) -> str:
    record = answer.record
    differences, gap = len(record["reconciling_items"]), record["proof"]["unexplained"]
    return f"decision {answer.decision} noted; {differences} differences, unexplained {gap} {record['currency']}"


def _bank_details(house: House, said: argparse.Namespace) -> str:
    made = note_call_back(
        house.database, said.number, by=said.by, called=said.called, phone=said.phone, genuine=said.genuine,
        note=said.why, at=house.clock.now(),
    )  # fmt: skip
    agreeing = {one.by for one in made if one.genuine is said.genuine}
    return "two people agree: settled; no data was changed" if len(agreeing) > 1 else "noted; a second person must call"


def _drafts(house: House, said: argparse.Namespace) -> str:
    made = house.answers.drafts(said.case)
    shown = []
    for one in made:
        state = "not sent" if one.sent is None else f"sent as letter {one.sent}"
        files = "".join(f"\nEnclosed: {name}" for name in one.files)
        shown.append(
            f"Message {one.message} · {one.kind} · {state}\nTo: {one.to}\nSubject: {one.subject}{files}\n\n{one.text}"
        )
    return ("\n" + "-" * 72 + "\n").join(shown) or "nobody who can be answered wrote in this case"


def _answer(house: House, said: argparse.Namespace) -> str:
    letter = house.answers.send(said.number, by=said.by, text=_words(said.text), settles=said.settles)
    return f"letter {letter} waits in the outbox (mailflow send, or run)"


def _words(file: str | None) -> str | None:
    if file is None:
        return None
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise Refusal(f"{file} cannot be read as UTF-8 text: {failure}") from None


def _note(house: House, said: argparse.Namespace) -> str:
    entry = note_case(house.database, said.case, said.why, by=said.by, at=house.clock.now())
    return f"noted in the journal, entry {entry}"


def _state(answer: Answer) -> str:
    return "" if answer.case is None else f"; {answer.case.id} is {answer.case.state.value}"


_LINKS = {
    "accept-link": decide_matches.accept_match, "reject-link": decide_matches.reject_match,
    "link": decide_matches.link_by_hand, "split-link": decide_matches.split_match,
}  # fmt: skip
_DECISIONS = {
    "task": _task, "dismiss": _task, "confirm": _confirm, "dispute": _dispute, "assign": _assign,
    "resolve": _resolve, "close": _close,
    "reopen": _reopen, "take-back": _take_back, "reopen-task": _reopen_task, "place": _place,
    "bank-details": _bank_details,
    **dict.fromkeys(_LINKS, _link), "undo-link": _undo_link, "drafts": _drafts, "answer": _answer, "note": _note,
}  # fmt: skip
