"""The console: requests in, steps called, pages out. No rule of the trade lives here.

Every value goes through Jinja's autoescape (all pages end in ``.html``); mail is shown as text; nothing is loaded from
anywhere but this server, and the browser is told so (Content-Security-Policy).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from mailflow.bootstrap import House
from mailflow.cases.case import RED, State
from mailflow.cases.next_action import TASK_WORDS
from mailflow.money import grouped
from mailflow.refusals import Unreachable
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.show_cases import Conversation, HeardMessage, cases, conversation, unplaced
from mailflow.web.bridge import bridge
from mailflow.web.words import LANGUAGES, language_of, words

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_app(house: House) -> Starlette:
    """The console of one house."""
    console = _Console(house)
    return Starlette(
        routes=[
            Route("/", console.cases),
            Route("/case/{case:path}", console.case),
            Route("/language/{language}", console.language),
            Route("/healthz", console.healthz),
            Mount("/static", StaticFiles(directory=str(files("mailflow.web") / "static")), name="static"),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=_secured)],
        exception_handlers={404: console.not_found, 500: console.failed},
    )


async def _secured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        if not (name == "Cache-Control" and request.url.path.startswith("/static")):
            response.headers.setdefault(name, value)
    return response


class _Console:
    def __init__(self, house: House) -> None:
        self._house = house
        self._zone = ZoneInfo(house.company.timezone)
        self._pages = jinja2.Environment(
            loader=jinja2.PackageLoader("mailflow.web", "pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters["money"] = lambda amount, currency: grouped(amount, currency)
        self._pages.filters["when"] = lambda at: f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"

    async def cases(self, request: Request) -> Response:
        wanted = request.query_params.get("state")
        state = State(wanted) if wanted in set(State) else None
        language = self._language(request)
        found = await run_in_threadpool(cases, self._house.database, language=language)
        waiting = await run_in_threadpool(unplaced, self._house.database)
        counts = Counter(view.case.state for view in found)
        shown = [view for view in found if state is None or view.case.state is state]
        shown.sort(key=lambda view: (not view.next.red, not view.next.person))  # what needs a person comes first
        return self._page(
            request, "cases.html", shown=shown, counts=counts, chosen=state, states=list(State), total=len(found),
            people=sum(view.next.person for view in found), unplaced=waiting,
            red=any(task.kind in RED for task in waiting),
        )  # fmt: skip

    async def case(self, request: Request) -> Response:
        language = self._language(request)
        try:
            told = await run_in_threadpool(conversation, self._house.database, request.path_params["case"], language)
        except LookupError:
            return self._page(request, "message.html", status=404, text=words(language)["not_found"])
        reconciled = told.reconciliations[-1].record if told.reconciliations else None
        return self._page(
            request, "case.html", told=told, view=told.view, history=[_shown(at, what) for at, what in told.history()],
            record=reconciled, bridge=bridge(reconciled), bank=_asks_bank_details(told),
        )  # fmt: skip

    async def language(self, request: Request) -> Response:
        chosen = request.path_params["language"]
        back = request.query_params.get("back", "/")
        safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
        response = RedirectResponse(safe, status_code=303)
        if chosen in LANGUAGES:
            response.set_cookie("language", chosen, max_age=31536000, samesite="lax", httponly=True)
        return response

    async def healthz(self, request: Request) -> Response:
        try:
            await run_in_threadpool(lambda: self._house.database.engine.connect().close())
        except Exception as failure:
            return PlainTextResponse(f"the database does not answer: {type(failure).__name__}\n", status_code=503)
        return PlainTextResponse("ok\n")

    async def not_found(self, request: Request, failure: Exception) -> Response:
        return self._page(request, "message.html", status=404, text=words(self._language(request))["not_found"])

    async def failed(self, request: Request, failure: Exception) -> Response:
        away = isinstance(failure, Unreachable)
        text = str(failure) if away else words(self._language(request))["failed"]
        return self._page(request, "message.html", status=503 if away else 500, text=text)

    def _language(self, request: Request) -> str:
        return language_of(request.headers.get("accept-language"), request.cookies.get("language"))

    def _page(self, request: Request, page: str, status: int = 200, **values: Any) -> HTMLResponse:
        language = self._language(request)
        other = next(one for one in LANGUAGES if one != language)
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        tasks = {kind.value: said for kind, said in TASK_WORDS["zh" if language.startswith("zh") else "en"].items()}
        html = self._pages.get_template(page).render(
            w={**words(language), "tasks": tasks},
            language=language,
            other=other,
            path=path,
            company=self._house.company,
            **values,
        )
        return HTMLResponse(html, status_code=status)


def _shown(at: Any, what: Letter | HeardMessage | Entry) -> dict[str, Any]:
    """One entry of the history, with its kind as a word for the page."""
    if isinstance(what, Letter):
        return {"kind": "letter", "at": at, "letter": what}
    if isinstance(what, HeardMessage):
        stages = {name: kept.result for name, kept in what.stages.items()}
        return {
            "kind": "message", "at": at, "message": what.message, "documents": what.documents,
            "reading": stages.get("read", {}).get("reading"), "meaning": stages.get("understand"),
            "placed": stages.get("thread"),
        }  # fmt: skip
    return {"kind": "event", "at": at, "entry": what}


def _asks_bank_details(told: Conversation) -> bool:
    return any(task.kind.value == "bank_details_change" for task in told.view.tasks)
