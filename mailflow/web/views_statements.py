"""Statements: the coming runs as a calendar, what is held and why, each looked at as letter, PDF and workbook, and let
out one by one or all that passed."""

from __future__ import annotations

import calendar
import datetime as dt
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response

from mailflow.correspondence import token as tokens
from mailflow.correspondence.statement_sheet import ReplyRoute
from mailflow.receivables.party import Side
from mailflow.receivables.review import Finding
from mailflow.receivables.schedule import BadSchedule
from mailflow.receivables.statement import Statement
from mailflow.refusals import Refusal
from mailflow.steps.ports.statements import KeptStatement, Standing
from mailflow.steps.preview_letters import PreviewFile, preview_files
from mailflow.steps.release_drafts import release_drafts
from mailflow.steps.render_letter import statement_files, statement_sheet
from mailflow.steps.review_statements import Outcome, approve_held
from mailflow.steps.run_due_statements import Upcoming
from mailflow.web.drawing import Drawing
from mailflow.web.views_decide import done
from mailflow.web.views_read import download
from mailflow.web.visit import Visit

AHEAD_DAYS = 60
NAMED = 6  # parties named for a run; the others are counted
SHOWN = 50  # statements of one list
LOOKED_AT = 10  # parties of a coming run that are drawn for looking at once
PIXELS = 1000
REMEMBERED_SECONDS = 60.0  # parties may change without an import of items


@dataclass(slots=True)
class Day:
    """One day of the calendar; ``date`` None pads a week. ``runs`` are the places in the list of runs."""

    date: dt.date | None
    runs: list[int] = field(default_factory=list)
    parties: int = 0


@dataclass(frozen=True, slots=True)
class Looked:
    """A statement to look at: on record (``kept``), or as it would be drawn now."""

    statement: Statement
    findings: tuple[Finding, ...]
    kept: KeptStatement | None
    query: str

    @property
    def base(self) -> str:
        return f"/statements/look/{self.statement.number}"


class StatementViews:
    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._known: tuple[object, float, tuple[list[Upcoming], dict[str, str]]] | None = None

    def page(self, visit: Visit) -> Response:
        house, asked = visit.house, visit.request.query_params
        coming, broken = self._coming(visit)
        with house.database.reading() as work:
            held = work.browse.statements(limit=SHOWN + 1, standing=Standing.HELD)
            drafts = work.browse.statements(limit=SHOWN + 1, standing=Standing.DRAFT)
            days = work.statements.days(12)
            day = next((one for one in days if one.isoformat() == asked.get("day")), days[0] if days else None)
            after = (asked["after"], 1 << 30) if asked.get("after") else None
            drawn = [] if day is None else work.browse.statements(limit=SHOWN + 1, as_of=day, after=after)
            tally = {} if day is None else work.statements.tally(day)
            waiting = {one: work.statements.tally(one).get(Standing.DRAFT, 0) for one in days if drafts}
            wanted = {party for one in coming for party in one.parties[:NAMED]}
            names = work.ledger.names(wanted) if wanted else {}
        called = {party: name for (party, _), name in names.items()}
        today = house.today()
        return visit.page(
            "statements.html", held=held, drafts=drafts, shown=SHOWN, days=days, day=day, drawn=drawn, tally=tally,
            waiting={one: count for one, count in waiting.items() if count}, coming=coming, broken=broken,
            months=_months(today, today + dt.timedelta(days=AHEAD_DAYS), coming, self._zone(visit)), called=called,
            named=NAMED, today=today, zone=self._zone(visit), ahead=AHEAD_DAYS,
        )  # fmt: skip

    def run(self, visit: Visit) -> Response:
        """One coming run as it would be drawn from the ledger of now; nothing is kept."""
        asked, house = visit.request.query_params, visit.house
        coming, _ = self._coming(visit)
        key = (asked.get("schedule"), asked.get("period"))
        run = next((one for one in coming if (one.schedule, one.period.key) == key), None)
        if run is None:
            raise Refusal(self._drawing.words(visit)["no_such_run"])
        pages = max(1, -(-len(run.parties) // LOOKED_AT))
        number = min(pages, _page(asked.get("page")))
        parties = run.parties[(number - 1) * LOOKED_AT : number * LOOKED_AT]
        made = house.preview(run.period.as_of, party_ids=parties)
        with house.database.reading() as work:
            names = {party: name for (party, _), name in work.ledger.names(parties).items()}
        base = "/statements/coming?" + urlencode({"schedule": run.schedule, "period": run.period.key})
        return visit.page(
            "coming.html", run=run, made=made, parties=parties, names=names, number=number, pages=pages, base=base,
            due=run.period.due_at.astimezone(self._zone(visit)), may_draw=run.period.as_of <= house.today(),
        )  # fmt: skip

    def look(self, visit: Visit) -> Response:
        looked = _looked(visit)
        files = _files(visit, looked)
        letter = next((one.content.decode() for one in files if one.name == "letter.txt"), "")
        sheet = next((one for one in files if one.name.endswith(".xlsx")), None)
        parsing = visit.house.parsing
        rows = None if sheet is None else parsing.show(
            sheet.content, sheet.name, member=None, number=1, pixels=PIXELS
        )  # fmt: skip
        paper = next((one for one in files if one.name.endswith(".pdf")), None)
        number = _page(visit.request.query_params.get("page"))
        first = None if paper is None else parsing.show(
            paper.content, paper.name, member=None, number=number, pixels=64
        )  # fmt: skip
        return visit.page(
            "statement_look.html", looked=looked, st=looked.statement, letter=letter, rows=rows, paper=first,
            number=number,
        )  # fmt: skip

    def _coming(self, visit: Visit) -> tuple[list[Upcoming], dict[str, str]]:
        """In a large house this reads every account, so it is remembered for a while, until the next import."""
        house = visit.house
        with house.database.reading() as work:
            imported = tuple(one.no for side in Side if (one := work.ledger.last_import(side)) is not None)
        key, now = (imported, house.today(), house.settings.statements.schedule), time.monotonic()
        if self._known is not None and self._known[0] == key and now - self._known[1] < REMEMBERED_SECONDS:
            runs, broken = self._known[2]
            return [one for one in runs if one.period.due_at > house.clock.now()], broken
        try:
            found = house.schedules.upcoming(house.clock.now(), AHEAD_DAYS)
        except BadSchedule as failure:
            found = ([], {house.settings.statements.schedule: str(failure)})
        self._known = (key, now, found)
        return found

    def _zone(self, visit: Visit) -> ZoneInfo:
        return ZoneInfo(visit.house.company.timezone)


def look_at_part(visit: Visit) -> Response:
    """One part of what would go out: the letter in a sandbox, a page as a picture, a file to keep."""
    looked, part = _looked(visit), visit.request.path_params["part"]
    files = {one.name.rpartition(".")[2]: one for one in _files(visit, looked)}
    if part == "letter.html" and "html" in files:
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
        return Response(files["html"].content, media_type="text/html", headers={"Content-Security-Policy": policy})
    name, _, suffix = part.rpartition(".")
    if suffix == "png" and name.isascii() and name.isdigit() and len(name) < 4 and "pdf" in files:
        paper = files["pdf"]
        shown = visit.house.parsing.show(
            paper.content, paper.name, member=None, number=int(name), pixels=PIXELS
        )  # fmt: skip
        if shown.picture:
            return Response(shown.picture, media_type="image/png")
    if part in ("statement.pdf", "statement.xlsx") and suffix in files:
        return download(files[suffix].content, files[suffix].name)
    raise Refusal(visit.pages.words(visit)["not_found"])


def approve(visit: Visit) -> Response:
    """What is held (one), or what passed (one, or all of a day)."""
    number, house = visit.said("statement"), visit.house
    day = visit.said("day")
    if day or visit.said("passed"):
        released = release_drafts(
            house.database, by=visit.who, now=house.clock.now(), number=number or None, as_of=_day(day) if day else None
        )
        if not released:
            raise Refusal(visit.pages.words(visit)["nothing_waits"])
        return _issued(visit)
    made = approve_held(house.database, by=visit.who, now=house.clock.now(), numbers=[number])
    outcome = made[0].outcome if made else None
    if outcome is None:
        raise Refusal(f"{number} is not held any more")
    if outcome is Outcome.BLOCKED:
        raise Refusal(f"{number}: its data must be mended first; nobody can release it")
    if outcome is Outcome.RELEASED:
        return _issued(visit)
    visit.tell(visit.pages.words(visit)["needs_another"])
    return visit.back("/statements")


def draw(visit: Visit) -> Response:
    """The parties named, as drafts: kept and reviewed, nothing goes out."""
    as_of = _day(visit.said("as_of"))
    if as_of > visit.house.today():
        raise Refusal(visit.pages.words(visit)["not_yet"])
    parties = visit.form.get("party", [])[:LOOKED_AT]
    if not parties:
        raise Refusal(visit.pages.words(visit)["nothing_found"])
    made = visit.house.draw(as_of, party_ids=parties, release=False, actor=visit.who)
    words = visit.pages.words(visit)
    visit.tell(f"{words['drawn_title']}: {len(made)} · {words['held_title']}: {len(made.held)}")
    return visit.back("/statements")


def statement_file(visit: Visit) -> Response:
    """The PDF or the workbook as it will go out, or went out."""
    name = visit.request.path_params["name"]
    number, _, rest = name.rpartition("_v")
    version, _, suffix = rest.partition(".")
    with visit.house.database.reading() as work:
        kept = work.statements.get(number, int(version)) if version.isascii() and version.isdigit() else None
    if kept is None or suffix not in ("pdf", "xlsx"):
        raise Refusal(visit.pages.words(visit)["not_found"])
    house, party = visit.house, kept.statement.party
    recipient = party.emails[0] if party.emails else ""
    mark = tokens.issue(house.token_key, number, kept.statement.version, recipient)
    route = ReplyRoute(mark, tokens.plus_address(house.company.address, mark))
    sheet = statement_sheet(house.stationery, kept.statement, house.company, route=route)
    files = statement_files(house.stationery, sheet)
    return download((files[0] if suffix == "pdf" else files[1]).content, files[0 if suffix == "pdf" else 1].name)


def _issued(visit: Visit) -> Response:
    issued = visit.house.issue(actor=visit.who)
    if issued.failed:
        raise Refusal("; ".join(issued.failed.values()))
    return done(visit)


def _looked(visit: Visit) -> Looked:
    """The newest version on record, or with ``as_of`` and ``party`` what would be drawn now."""
    number, asked = visit.request.path_params["number"], visit.request.query_params
    if asked.get("as_of") and asked.get("party"):
        made = visit.house.preview(_day(asked["as_of"]), party_ids=[asked["party"]])
        drawn = next((one for one in made if one.statement.number == number), None)
        if drawn is not None:
            query = "?" + urlencode({"as_of": asked["as_of"], "party": asked["party"]})
            return Looked(drawn.statement, drawn.findings, None, query)
    with visit.house.database.reading() as work:
        kept = work.statements.get(number)
    if kept is None:
        raise Refusal(visit.pages.words(visit)["not_found"])
    return Looked(kept.statement, kept.findings, kept, "")


def _files(visit: Visit, looked: Looked) -> Sequence[PreviewFile]:
    house = visit.house
    return list(preview_files(house.database, house.desk, house.stationery, looked.statement, form=house.form))


def _months(
    first: dt.date, last: dt.date, coming: Iterable[Upcoming], zone: ZoneInfo
) -> list[tuple[str, list[list[Day]]]]:
    """(2026-11, weeks of seven days, Monday first) of each month that the days touch."""
    found: dict[dt.date, Day] = {}
    for place, one in enumerate(coming, 1):
        date = one.period.due_at.astimezone(zone).date()
        day = found.setdefault(date, Day(date))
        day.runs.append(place)
        day.parties += len(one.parties)
    months = []
    month = first.replace(day=1)
    while month <= last:
        weeks = [
            [Day(None) if not number else found.get(month.replace(day=number)) or Day(month.replace(day=number))
             for number in week]
            for week in calendar.monthcalendar(month.year, month.month)
        ]  # fmt: skip
        months.append((f"{month:%Y-%m}", weeks))
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return months


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{text[:20]!r} is no date") from None


def _page(text: str | None) -> int:
    fine = text is not None and text.isascii() and text.isdigit() and len(text) < 6
    return max(1, int(text)) if fine and text is not None else 1
