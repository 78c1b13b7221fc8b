"""``mailflow outbox``: letters and where each stands; settle one that is in doubt, withdraw one, hold or resume all."""

from __future__ import annotations

import argparse
import getpass

from rich.markup import escape

from mailflow.bootstrap import House, open_house
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.refusals import Refusal
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.sending import Brake
from mailflow.steps.settle_in_doubt import settle_by_person

_STYLES = {
    LetterState.ACCEPTED: "green", LetterState.IN_DOUBT: "bold red", LetterState.REJECTED_PERMANENT: "red",
    LetterState.REJECTED_TEMPORARY: "yellow", LetterState.CANCELLED: "dim",
}  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("action", choices=["list", "settle", "cancel", "hold", "resume"], nargs="?", default="list")
    parser.add_argument("letter", nargs="*", type=int, metavar="NUMBER", help="of the letter, as 'list' shows it")
    parser.add_argument("--state", choices=[state.value for state in LetterState], help="list: only these")
    parser.add_argument("--case", metavar="ID", help="list: only letters of this case")
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--sent", action="store_true", help="settle: it did go out")
    answer.add_argument("--resend", action="store_true", help="settle: it did not; send the same bytes again")
    parser.add_argument("--why", default="", help="hold: the reason, shown to everybody")
    parser.add_argument("--by", default=None, help="who decides (default: the signed-in user)")


def run(arguments: argparse.Namespace) -> int:
    """``list``: 1 when a letter is in doubt or refused, or sending is held."""
    house = open_house(arguments.config)
    by = arguments.by or getpass.getuser()
    if arguments.action == "list":
        return _list(house, arguments)
    if arguments.action in ("hold", "resume"):
        return _hold(house, arguments.action == "hold", arguments.why, by)
    if not arguments.letter:
        raise Refusal(f"name the letter: mailflow outbox {arguments.action} NUMBER")
    if arguments.action == "settle" and not (arguments.sent or arguments.resend):
        raise Refusal("say what you found out: --sent (it went out) or --resend (it did not; send it again)")
    for number in arguments.letter:
        if arguments.action == "settle":
            settle_by_person(house.database, number, was_sent=arguments.sent, by=by, at=house.clock.now())
            print(f"letter {number}: {'counts as sent' if arguments.sent else 'goes out again'}")
        else:
            _cancel(house, number, by)
    return 0


def _list(house: House, arguments: argparse.Namespace) -> int:
    states = [LetterState(arguments.state)] if arguments.state else None
    with house.database.reading() as work:
        letters = work.outbox.letters(case_id=arguments.case, states=states)
        brake = work.sending.brake(house.clock.now())
    if arguments.json:
        held = None if brake is None else {"why": brake.why, "until": _iso(brake.until), "by": brake.by}
        print_json({"held": held, "letters": [_facts(letter) for letter in letters]})
    else:
        screen = console()
        if brake is not None:
            screen.print(f"[bold red]sending is held[/] by {escape(brake.by)}: {escape(brake.why)}")
        if letters:
            screen.print(table(("no", "state", "statement", "kind", "to", "when", "server"), map(_row, letters)))
        elif brake is None:
            screen.print("the outbox holds no such letters")
    troubled = (LetterState.IN_DOUBT, LetterState.REJECTED_PERMANENT)
    return int(brake is not None or any(letter.state in troubled for letter in letters))


def _row(letter: Letter) -> tuple[str, ...]:
    style = _STYLES.get(letter.state, "default")
    when = letter.settled_at or letter.started_at or letter.queued_at
    label = f"{letter.key.statement_number} v{letter.key.version}"
    return (
        str(letter.no), f"[{style}]{letter.state.value}[/]", escape(label), escape(letter.key.kind),
        escape(letter.key.recipient), f"{when:%Y-%m-%d %H:%M}", escape(letter.words[:80]),
    )  # fmt: skip


def _facts(letter: Letter) -> dict[str, object]:
    return {
        "letter": letter.no, "state": letter.state.value, "statement_no": letter.key.statement_number,
        "version": letter.key.version, "kind": letter.key.kind, "recipient": letter.key.recipient,
        "case": letter.case_id, "message_id": letter.message_id, "sha256": letter.sha256, "attempts": letter.attempts,
        "queued_at": _iso(letter.queued_at), "due_at": _iso(letter.due_at), "started_at": _iso(letter.started_at),
        "settled_at": _iso(letter.settled_at), "settled_by": letter.settled_by, "code": letter.code,
        "server": letter.words, "sent_copy": None if letter.sent_copy is None else letter.sent_copy.value,
    }  # fmt: skip


def _iso(instant: object) -> str | None:
    return None if instant is None else instant.isoformat()  # type: ignore[attr-defined]


def _cancel(house: House, number: int, by: str) -> None:
    with house.database.writing() as work:
        letter, at = work.outbox.letter(number), house.clock.now()
        if letter is None:
            raise Refusal(f"there is no letter {number}; 'mailflow outbox list' shows all")
        if not work.outbox.cancel(number, at, by):
            raise Refusal(f"letter {number} is {letter.state.value}: only one that still waits can be withdrawn")
        subject = f"case:{letter.case_id}" if letter.case_id else f"letter:{number}"
        work.journal.append(at, by, "letter.cancelled", subject, {"letter": number})
    print(f"letter {number}: withdrawn")


def _hold(house: House, on: bool, why: str, by: str) -> int:
    if not on:
        from mailflow.safekeeping import take_in_moved_mail

        taken = take_in_moved_mail(house)  # only after a restore: an answer may lie where mail was moved to since
        if taken:
            print(f"{taken} messages that had been moved away since the backup are taken in")
    with house.database.writing() as work:
        at = house.clock.now()
        if on:
            work.sending.put_brake(Brake(why or "held by hand", None, by))
        else:
            work.sending.lift_brake()
        work.journal.append(at, by, "sending.held" if on else "sending.resumed", "sending", {"why": why})
    print("nothing is sent until 'mailflow outbox resume'" if on else "sending goes on")
    return 0
