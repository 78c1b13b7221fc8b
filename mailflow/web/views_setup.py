"""Set-up: the mail servers tested live, the ledger imported after a look at what will change, letters, policies."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

from starlette.responses import Response

from mailflow.checkup import Finding, checks, server_checks
from mailflow.correspondence.letter_occasions import KINDS, occasions
from mailflow.refusals import Refusal
from mailflow.steps.import_ledger import ImportReport
from mailflow.steps.note_policy_change import note_policy_change
from mailflow.steps.ports.archive import ContentMissing
from mailflow.web.visit import Visit

CHANGES_SHOWN = 100
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def mailboxes(visit: Visit) -> Response:
    settings = visit.house.settings
    return visit.page("setup_servers.html", smtp=settings.smtp, boxes=settings.mailbox, found=None)


def test_servers(visit: Visit) -> Response:
    """Signs in to the servers now; with ``all`` everything that ``mailflow doctor`` looks at."""
    settings = visit.house.settings
    every = checks(visit.house) if visit.said("all") else server_checks(visit.house)
    return visit.page("setup_servers.html", smtp=settings.smtp, boxes=settings.mailbox, found=_found(every))


def _found(every: list[Callable[[], Iterator[Finding]]]) -> list[Finding]:
    return [finding for check in every for finding in check()]


def ledger(visit: Visit) -> Response:
    with visit.house.database.reading() as work:
        imports = [entry for entry in work.journal.recent(8, "import") if entry.action == "ledger.imported"]
    return visit.page("setup_ledger.html", today=visit.house.today(), imports=imports, report=None, asked={})


def preview_ledger(visit: Visit) -> Response:
    """What an import of these files would change; the files wait in the archive under their hash."""
    asked = {name: visit.said(name) for name in ("as_of", "skip_bad_rows", "partial", "allow_gone")}
    for name in ("ledger", "parties"):
        file = visit.files.get(name)
        if file is not None and file.content:
            asked[name] = visit.house.archive.store([file.content]).sha256
            asked[f"{name}_name"] = file.name
    report = _import(visit, asked, preview=True)
    return visit.page(
        "setup_ledger.html", today=visit.house.today(), imports=[], report=report, asked=asked, most=CHANGES_SHOWN,
        changes=[*report.items.details, *report.parties.changed],
    )  # fmt: skip


def apply_ledger(visit: Visit) -> Response:
    names = (
        "as_of", "skip_bad_rows", "partial", "allow_gone", "ledger", "ledger_name", "parties", "parties_name",
    )  # fmt: skip
    report = _import(visit, {name: visit.said(name) for name in names}, preview=False)
    visit.tell(report.sentence())
    return visit.back("/setup/ledger")


def _import(visit: Visit, asked: dict[str, str], *, preview: bool) -> ImportReport:
    if not asked.get("ledger") and not asked.get("parties"):
        raise Refusal(str(visit.pages.words(visit)["choose_file"]))
    try:
        as_of = dt.date.fromisoformat(asked["as_of"]) if asked.get("as_of") else visit.house.today()
    except ValueError:
        raise Refusal(f"{asked['as_of'][:20]!r}: write the date like 2026-10-31") from None
    return visit.house.import_ledger(
        _kept(visit, asked.get("ledger")), asked.get("ledger_name") or "ledger",
        _kept(visit, asked.get("parties")), asked.get("parties_name") or "parties", as_of,
        skip_bad_rows=bool(asked.get("skip_bad_rows")), partial=bool(asked.get("partial")),
        allow_gone=bool(asked.get("allow_gone")), actor=visit.who, preview=preview,
    )  # fmt: skip


def _kept(visit: Visit, sha256: str | None) -> bytes | None:
    if not sha256:
        return None
    if _HASH.fullmatch(sha256) is None:
        raise Refusal("choose the file again")
    try:
        return visit.house.archive.read(sha256)
    except (ContentMissing, OSError):
        raise Refusal("choose the file again") from None


def letters(visit: Visit) -> Response:
    """Every letter in every language on a made-up account, as text; as HTML in a page of its own."""
    templates = visit.house.stationery.templates
    languages = list(templates.languages())
    language = visit.request.query_params.get("in", "")
    own = str(visit.pages.words(visit)["lang"])
    language = next((one for one in (language, own) if one in languages), languages[0])
    shown = []
    for kind in KINDS:
        try:
            letter = templates.render(kind, language, occasions(kind, templates.words(language))[0])
            shown.append((kind, letter.subject, letter.text, ""))
        except Refusal as wrong:
            shown.append((kind, "", "", str(wrong)))
    return visit.page("setup_letters.html", languages=languages, chosen=language, letters=shown)


def letter_html(visit: Visit) -> Response:
    """One letter as a mail program shows it: in a sandbox, loading nothing."""
    language, kind = visit.request.path_params["language"], visit.request.path_params["kind"]
    templates = visit.house.stationery.templates
    if language not in templates.languages() or kind not in KINDS:
        raise Refusal(visit.pages.words(visit)["not_found"])
    letter = templates.render(kind, language, occasions(kind, templates.words(language))[0])
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    return Response(letter.html, media_type="text/html", headers={"Content-Security-Policy": policy})


def policies(visit: Visit) -> Response:
    settings = visit.house.settings
    told = [
        (f"[{section}] {name}", _plainly(value).splitlines())
        for section in ("company", "statements", "reminders")
        for name, value in getattr(settings, section).model_dump(mode="json").items()
        if value not in (None, "", [], {})
    ]
    return visit.page("setup_policies.html", policies=visit.house.policy_files.every(), settings=told)


def _plainly(value: Any) -> str:
    """A setting without brackets; a line for each table of a list, such as bank accounts."""
    if isinstance(value, dict):
        return " · ".join(_plainly(one) for one in value.values() if one not in (None, "", []))
    if isinstance(value, list):
        return ("\n" if isinstance(value[0], dict) else ", ").join(map(_plainly, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def change_policy(visit: Visit) -> Response:
    name = visit.request.path_params["name"]
    difference = visit.house.policy_files.change(name, visit.said("text"))
    if difference:
        note_policy_change(
            visit.house.database, name, difference, by=visit.who, why=visit.said("why"), at=visit.house.clock.now()
        )
    visit.tell(visit.pages.words(visit)["policy_in_force"])
    return visit.back("/setup/policies")
