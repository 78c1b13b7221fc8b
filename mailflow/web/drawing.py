"""Pages: templates, the words of the visitor's language, money and times as this company writes them.

Every value goes through Jinja's autoescape (all pages end in ``.html``); mail is shown as text.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from starlette.responses import HTMLResponse, Response

from mailflow.bootstrap import House
from mailflow.cases.next_action import TASK_WORDS
from mailflow.money import grouped
from mailflow.steps.decide_case import How
from mailflow.steps.ports.people import Role
from mailflow.web.program_words import told
from mailflow.web.visit import Visit, csrf
from mailflow.web.words import LANGUAGES, language_of, words

NAVIGATION = (
    ("today", "/", Role.VIEWER),
    ("cases", "/cases", Role.VIEWER),
    ("statements", "/statements", Role.VIEWER),
    ("outbox", "/outbox", Role.VIEWER),
    ("quarantine", "/quarantine", Role.VIEWER),
    ("adjustments", "/adjustments", Role.VIEWER),
    ("parties", "/parties", Role.VIEWER),
    ("reports", "/reports/ageing", Role.VIEWER),
    ("setup", "/setup/ledger", Role.APPROVER),
    ("people", "/people", Role.ADMINISTRATOR),
)
# the list that a single thing belongs to
LIST_OF = {"case": "cases", "message": "cases", "document": "cases", "party": "parties"}
# an amount inside a sentence, like 13846.27; never a number of a document
_PLAIN_AMOUNT = re.compile(r"(?<![\w.,/-])-?\d{4,}(?=\.\d{2,3}(?!\w|\.\w))")


class Drawing:
    """``mailflow.web.visit.Pages``."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._zone = ZoneInfo(house.company.timezone)
        self._pages = jinja2.Environment(
            loader=jinja2.PackageLoader("mailflow.web", "pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters["money"] = lambda amount, currency: grouped(Decimal(amount), currency)
        self._pages.filters["when"] = self._when
        self._pages.filters["why"] = _why
        self._pages.filters["told"] = told
        self._pages.filters["amounts"] = _amounts
        self._pages.globals["openid"] = house.settings.web.openid.name if house.settings.web.openid.issuer else ""

    def _when(self, at: dt.datetime | None) -> str:
        return "" if at is None else f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def language(self, visit: Visit) -> str:
        request = visit.request
        return language_of(request.headers.get("accept-language"), request.cookies.get("language"))

    def words(self, visit: Visit) -> dict[str, Any]:
        language = self.language(visit)
        tasks = TASK_WORDS["zh" if language.startswith("zh") else "en"]
        return {**words(language), "tasks": {kind.value: said for kind, said in tasks.items()}}

    def page(self, visit: Visit, name: str, status: int = 200, **values: Any) -> Response:
        language, request = self.language(visit), visit.request
        other = next(one for one in LANGUAGES if one != language)
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        told = request.session.pop("told", None) if visit.account is not None or values.get("open") else None
        html = self._pages.get_template(name).render(
            w=self.words(visit), language=language, other=other, path=path, company=self.house.company,
            account=visit.account, csrf=csrf(request), flash=told,
            navigation=[one for one in NAVIGATION if visit.may(one[2])], section=_section(request.url.path),
            can={role.value: visit.may(role) for role in Role}, hows=list(How),
            **values,
        )  # fmt: skip
        return HTMLResponse(html, status_code=status)


def _section(path: str) -> str:
    """The first word of a navigation address whose list ``path`` belongs to."""
    first = path.split("/")[1]
    return LIST_OF.get(first, first)


def _amounts(sentence: str) -> str:
    """What a comparison explains is on record with plain amounts; a person reads them grouped."""
    return _PLAIN_AMOUNT.sub(lambda found: f"{int(found[0]):,}", sentence)


def _why(reason: str | None, said: dict[str, Any]) -> str:
    """A reason from the journal; the kinds of what they said in the visitor's words."""
    kinds = (reason or "").removeprefix("says: ")
    if not reason or kinds == reason:
        return told(reason, str(said["lang"]))
    return " · ".join(str(said["intents"].get(kind.strip(), kind)) for kind in kinds.split(","))
