"""``mailflow statements``: draw, review, look at, release and send the statements of a day.

mailflow statements --as-of 2026-10-31                  draws and reviews: drafts, and what is held and why
mailflow statements --as-of 2026-10-31 --preview out/   only shows: letters, PDFs and workbooks as files
mailflow statements --as-of 2026-10-31 --send           what the review lets pass goes out now
mailflow statements --approve-held                      releases what is held (two people above the limit)
"""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from mailflow.adapters.process_identity import this_process
from mailflow.bootstrap import House, open_house
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.money import grouped, plain
from mailflow.receivables.review_policy import Severity
from mailflow.receivables.schedule import BadSchedule, parse, periods
from mailflow.receivables.working_days import working_days
from mailflow.refusals import Refusal, Unreachable
from mailflow.steps.draw_statements import Drawn, Run
from mailflow.steps.issue_statements import Issued
from mailflow.steps.ports.statements import Standing
from mailflow.steps.preview_letters import preview_files
from mailflow.steps.review_statements import Outcome, Released, approve_held
from mailflow.steps.send_round import RoundReport

_STYLES = {Standing.HELD: "yellow", Standing.RELEASED: "green", Standing.ISSUED: "green", Standing.DRAFT: "dim"}
_WORTH_SHOWING = (Severity.HOLD, Severity.BLOCK)


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("--as-of", metavar="DATE", help="the statements' date (default: end of the last period)")
    parser.add_argument("--party", metavar="ID", action="append", help="only this party (may be given several times)")
    parser.add_argument("--preview", metavar="DIR", help="write letters, PDFs and workbooks there; change nothing")
    parser.add_argument("--send", action="store_true", help="send what the review lets pass")
    parser.add_argument("--approve-held", action="store_true", help="release what the review holds, in your name")
    parser.add_argument(
        "--upcoming",
        "--plan",
        metavar="DAYS",
        nargs="?",
        type=int,
        const=60,
        help="list what falls due (default: in 60 days)",
    )
    parser.add_argument("--by", default=None, help="who releases (default: the signed-in user)")


def run(arguments: argparse.Namespace) -> int:
    """1 when statements are held or could not be drawn or rendered, or a letter needs a person."""
    if arguments.preview and (arguments.send or arguments.approve_held):
        raise Refusal("--preview only shows; use it without --send and --approve-held")
    house = open_house(arguments.config)
    try:
        return _run(house, arguments)
    finally:
        house.close()


def _run(house: House, arguments: argparse.Namespace) -> int:
    if arguments.upcoming is not None:
        return _upcoming(house, arguments)
    as_of = _date(arguments.as_of) or last_as_of(house)
    parties = _known(house, arguments.party)
    by, language = arguments.by or getpass.getuser(), house.company.language
    if arguments.preview:
        drawn = house.preview(as_of, party_ids=parties)
        failed = _write_previews(house, drawn, Path(arguments.preview))
        _tell(arguments, language, drawn, [], Issued(failed=failed), None)
        return int(bool(drawn.held or failed or _failures(drawn)))
    drawn = house.draw(as_of, party_ids=parties, release=arguments.send, actor=by)
    released: list[Released] = []
    if arguments.approve_held:
        day = as_of if arguments.as_of else None
        released = approve_held(house.database, by=by, now=house.clock.now(), party_ids=parties, as_of=day)
    issued = house.issue(actor=by) if arguments.send or released else Issued()
    sent = house.send_once(this_process()) if arguments.send else None
    _tell(arguments, language, drawn, released, issued, sent)
    if sent is not None and sent.sent.down:
        raise Unreachable(f"{sent.sent.down}; the letters are queued and go out when it answers again")
    let_pass = {one.number for one in released if one.outcome is Outcome.RELEASED}
    waiting = [one for one in drawn.held if one.statement.number not in let_pass]
    open_ends = [one for one in released if one.outcome is not Outcome.RELEASED]
    in_trouble = sent is not None and (sent.sent.needs_person or bool(sent.settled.open))
    return int(bool(waiting or open_ends or issued.failed or in_trouble or _failures(drawn)))


def _upcoming(house: House, arguments: argparse.Namespace) -> int:
    """What the schedules will make due, without doing it; 1 when a party's schedule cannot be read."""
    if not 1 <= arguments.upcoming <= 800:
        raise Refusal("--upcoming takes a number of days from 1 to 800")
    try:
        coming, broken = house.schedules.upcoming(house.clock.now(), arguments.upcoming)
    except BadSchedule as failure:
        raise Refusal(f"[statements] schedule: {failure}") from None
    zone = ZoneInfo(house.company.timezone)
    if arguments.json:
        facts = [
            {"schedule": one.schedule, "period": one.period.key, "as_of": one.period.as_of.isoformat(),
             "due_at": one.period.due_at.astimezone(zone).isoformat(), "parties": list(one.parties)}
            for one in coming
        ]  # fmt: skip
        print_json({"upcoming": facts, "unusable": broken})
        return int(bool(broken))
    rows = [
        (f"{one.period.due_at.astimezone(zone):%Y-%m-%d %H:%M}", one.period.as_of.isoformat(), escape(one.schedule),
         str(len(one.parties)), escape(", ".join(one.parties[:6]) + (" …" if len(one.parties) > 6 else "")))
        for one in coming
    ]  # fmt: skip
    console().print(table(("due", "as of", "schedule", "parties", ""), rows, right=(3,)))
    for why in broken.values():
        print(f"a schedule cannot be read and is never due: {why}", file=sys.stderr)
    return int(bool(broken))


def last_as_of(house: House) -> dt.date:
    """The date of the last period that is over, by the company's schedule; the end of last month without one."""
    now, company = house.clock.now(), house.company
    found = periods(
        parse(house.settings.statements.schedule), now - dt.timedelta(days=400), now, ZoneInfo(company.timezone),
        working_days(company.country),
    )  # fmt: skip
    return found[-1].as_of if found else house.today().replace(day=1) - dt.timedelta(days=1)


def _known(house: House, wanted: list[str] | None) -> list[str] | None:
    if not wanted:
        return None
    with house.database.reading() as work:
        known = {party_id for party_id, _, _ in work.ledger.accounts()}
    missing = [one for one in wanted if one not in known]
    if missing:
        raise Refusal(f"the ledger has no party {', '.join(missing)}; --party takes ids as the ledger has them")
    return wanted


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"--as-of {text}: write the date like 2026-10-31") from None


def _write_previews(house: House, drawn: Run, directory: Path) -> dict[str, str]:
    """One folder a statement; what could not be rendered, with the reason."""
    failed: dict[str, str] = {}
    form, all_drawn = house.form, [one.statement for one in drawn]
    for one in drawn:
        statement = one.statement
        folder = directory / f"{statement.number}_v{statement.version}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            made = preview_files(house.database, house.desk, house.stationery, statement, form=form, drawn=all_drawn)
            for file in made:
                (folder / file.name).write_bytes(file.content)
        except OSError as failure:
            raise Refusal(f"{folder} cannot be written: {failure.strerror}") from None
        except Refusal as refusal:
            failed[statement.label] = str(refusal)
    return failed


def _failures(drawn: Run) -> list[str]:
    return [one.sentence for one in drawn.skipped if one.why == "failed"]


# --- telling --------------------------------------------------------------------------------------------------------


def _tell(
    arguments: argparse.Namespace,
    language: str,
    drawn: Run,
    released: list[Released],
    issued: Issued,
    sent: RoundReport | None,
) -> None:
    if arguments.json:
        print_json(_facts(drawn, released, issued, sent))
        return
    screen = console()
    if len(drawn):
        screen.print(_table(drawn))
    else:
        screen.print(f"nothing to state as of {drawn.as_of.isoformat()}: import a ledger first (mailflow import)")
    for reason, labels in _held_back(drawn, language).items():
        screen.print(f"\n[yellow]held[/] {escape(', '.join(labels))}\n  {escape(reason)}")
    for each in released:
        words = {
            Outcome.RELEASED: "released", Outcome.NEEDS_ANOTHER: "waits for a second person",
            Outcome.BLOCKED: "cannot be released: correct the data and draw it again",
        }[each.outcome]  # fmt: skip
        screen.print(f"{escape(each.number)} v{each.version}: {words}")
    for label, why in issued.failed.items():
        print(f"{label}: no letter could be made: {why}", file=sys.stderr)
    for failure in _failures(drawn):
        print(failure, file=sys.stderr)
    screen.print(f"\n{_summary(arguments, drawn, released, issued, sent)}")


def _held_back(drawn: Run, language: str) -> dict[str, list[str]]:
    """Reason -> the statements that it holds; one reason for many is told once."""
    told: dict[str, list[str]] = {}
    for one in drawn.held:
        for finding in one.findings:
            if finding.severity in _WORTH_SHOWING:
                reason = f"{finding.text(language)} ({finding.who(language)})"
                told.setdefault(reason, []).append(one.statement.label)
    return told


def _table(drawn: Run) -> Any:
    rows = []
    for one in drawn:
        statement = one.statement
        rules = ", ".join(finding.rule.value for finding in one.findings if finding.severity in _WORTH_SHOWING)
        rows.append(
            (
                escape(statement.label), escape(statement.party.name), statement.currency,
                grouped(statement.closing, statement.currency), grouped(statement.overdue, statement.currency),
                f"[{_STYLES.get(one.standing, 'default')}]{one.standing.value}[/]", one.change.value, rules,
            )
        )  # fmt: skip
    return table(("statement", "party", "", "balance", "overdue", "is", "", "held by"), rows, right=(3, 4))


def _summary(
    arguments: argparse.Namespace, drawn: Run, released: list[Released], issued: Issued, sent: RoundReport | None
) -> str:
    parts = [f"{len(drawn)} statements as of {drawn.as_of.isoformat()}", f"{len(drawn.held)} held"]
    quiet = [one for one in drawn.skipped if one.why != "failed"]
    if quiet:
        reasons = sorted({one.why.replace("_", " ") for one in quiet})
        parts.append(f"{len(quiet)} accounts left out ({', '.join(reasons)})")
    if arguments.preview:
        parts.append(f"written to {arguments.preview}; nothing was changed")
    elif sent is None and not released:
        parts.append("nothing was sent; --preview DIR shows the letters, --send sends them")
    if issued.letters:
        parts.append(f"{len(issued.letters)} letters queued")
    if sent is not None:
        parts.append(f"{len(sent.sent.accepted)} sent")
    return "; ".join(parts)


def _facts(drawn: Run, released: list[Released], issued: Issued, sent: RoundReport | None) -> dict[str, Any]:
    return {
        "as_of": drawn.as_of.isoformat(),
        "statements": [_statement_facts(one) for one in drawn],
        "skipped": [
            {"party": one.party_id, "side": one.side.value, "currency": one.currency, "why": one.why,
             "reason": one.sentence}
            for one in drawn.skipped
        ],
        "released": [
            {"statement_no": one.number, "version": one.version, "outcome": one.outcome.value} for one in released
        ],
        "letters_queued": len(issued.letters),
        "failed": issued.failed,
        "letters_sent": None if sent is None else len(sent.sent.accepted),
    }  # fmt: skip


def _statement_facts(one: Drawn) -> dict[str, Any]:
    statement = one.statement
    return {
        "statement_no": statement.number, "version": statement.version, "party": statement.party.id,
        "party_name": statement.party.name, "side": statement.side.value, "currency": statement.currency,
        "opening": plain(statement.opening, statement.currency),
        "closing": plain(statement.closing, statement.currency),
        "overdue": plain(statement.overdue, statement.currency),
        "ageing": {bucket.label: plain(bucket.amount, statement.currency) for bucket in statement.ageing},
        "unapplied": plain(statement.unapplied, statement.currency),
        "recipients": list(statement.party.emails), "standing": one.standing.value, "change": one.change.value,
        "findings": [
            {"rule": finding.rule.value, "severity": finding.severity.value, "reason": dict(finding.reason),
             "release": finding.release}
            for finding in one.findings
        ],
    }  # fmt: skip
