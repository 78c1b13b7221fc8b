"""The console: requests in, steps called, pages out. No rule of the trade lives here.

:func:`create_app` holds the table of routes; each names the role it needs. Nothing is loaded from anywhere but this
server, and the browser is told so (Content-Security-Policy); every page works without JavaScript.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from mailflow.bootstrap import House
from mailflow.refusals import Unreachable
from mailflow.steps.ports.people import Role
from mailflow.web import views_adjust as adjust
from mailflow.web import views_decide as decide
from mailflow.web import views_party as parties
from mailflow.web import views_reconcile as reconcile
from mailflow.web import views_setup as setup
from mailflow.web import views_sign_in as people
from mailflow.web import views_statements as statements
from mailflow.web.api.door import api
from mailflow.web.drawing import Drawing
from mailflow.web.entrance import Entrance
from mailflow.web.live import Live
from mailflow.web.unsubscribe import unsubscribe
from mailflow.web.views_documents import page_picture
from mailflow.web.views_lists import ListViews
from mailflow.web.views_openid import OpenIdViews
from mailflow.web.views_read import ReadViews
from mailflow.web.visit import OPEN, Visit, safe_path, way
from mailflow.web.words import LANGUAGES

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SESSION_SECONDS = 12 * 3600


def create_app(house: House, entrance: Entrance | None = None) -> Starlette:
    """The console of one house. ``entrance``: the codes that its process printed."""
    drawing = Drawing(house)
    read, doors = ReadViews(drawing), people.SignInViews(entrance or Entrance())
    books = reconcile.ReconcileViews(drawing)
    runs, party = statements.StatementViews(drawing), parties.PartyViews(drawing)
    lists, openid = ListViews(drawing), OpenIdViews.of(house)
    viewer, clerk, approver, administrator = Role.VIEWER, Role.CLERK, Role.APPROVER, Role.ADMINISTRATOR
    routes: list[BaseRoute] = [
        way("/", lists.today, viewer, drawing),
        way("/cases", lists.cases, viewer, drawing),
        way("/case/{case}", read.case, viewer, drawing),
        way("/case/{case}/confirm", decide.confirm, clerk, drawing, "POST"),
        way("/case/{case}/dispute", decide.dispute, clerk, drawing, "POST"),
        way("/case/{case}/assign", decide.assign, clerk, drawing, "POST"),
        way("/case/{case}/resolve", decide.resolve, clerk, drawing, "POST"),
        way("/case/{case}/close", decide.close, clerk, drawing, "POST"),
        way("/case/{case}/reopen", decide.reopen, clerk, drawing, "POST"),
        way("/case/{case}/reconcile", books.page, viewer, drawing),
        way("/case/{case}/reconcile/{document}", books.page, viewer, drawing),
        way("/case/{case}/reconcile/{document}/accept", reconcile.accept, clerk, drawing, "POST"),
        way("/case/{case}/reconcile/{document}/reject", reconcile.reject, clerk, drawing, "POST"),
        way("/case/{case}/reconcile/{document}/link", reconcile.link, clerk, drawing, "POST"),
        way("/case/{case}/reconcile/{document}/split", reconcile.split, clerk, drawing, "POST"),
        way("/case/{case}/reconcile/{document}/undo", reconcile.undo, clerk, drawing, "POST"),
        way("/case/{case}/take-back", decide.take_back_move, clerk, drawing, "POST"),
        way("/task/{no}", decide.task, clerk, drawing, "POST"),
        way("/task/{no}/reopen", decide.reopen_task, clerk, drawing, "POST"),
        way("/task/{no}/bank-details", decide.bank_details, clerk, drawing, "POST"),
        way("/message/{no}", read.message, viewer, drawing),
        way("/message/{no}/raw", read.raw_message, viewer, drawing),
        way("/message/{no}/place", decide.place, clerk, drawing, "POST"),
        way("/message/{no}/answer", decide.answer, approver, drawing, "POST"),
        way("/document/{no}", read.document, viewer, drawing),
        way("/document/{no}/page/{page}.png", page_picture, viewer, drawing),
        way("/letter/{no}", read.letter, viewer, drawing),
        way("/letter/{no}/settle", decide.settle_letter, clerk, drawing, "POST"),
        way("/statements", runs.page, viewer, drawing),
        way("/statements/approve", statements.approve, approver, drawing, "POST"),
        way("/statements/draw", statements.draw, approver, drawing, "POST"),
        way("/statements/coming", runs.run, viewer, drawing),
        way("/statements/look/{number}", runs.look, viewer, drawing),
        way("/statements/look/{number}/{part}", statements.look_at_part, viewer, drawing),
        way("/statement/{name}", statements.statement_file, viewer, drawing),
        way("/outbox", lists.outbox, viewer, drawing),
        way("/adjustments", adjust.page, viewer, drawing),
        way("/adjustments/propose", adjust.propose, clerk, drawing, "POST"),
        way("/adjustments/export", adjust.export, approver, drawing, "POST"),
        way("/adjustments/journal/{number}.{form:str}", adjust.journal, viewer, drawing),
        way("/adjustments/{no}", adjust.decide, approver, drawing, "POST"),
        way("/quarantine", decide.quarantine, viewer, drawing),
        way("/quarantine/{no}", decide.quarantined, clerk, drawing, "POST"),
        way("/parties", lists.parties, viewer, drawing),
        way("/reports/{name}", lists.report, viewer, drawing),
        way("/party/{party}", party.page, viewer, drawing),
        way("/party/{party}/conversations", parties.conversations, clerk, drawing, "POST"),
        way("/party/{party}/hold", parties.place_hold, approver, drawing, "POST"),
        way("/hold/{no}/lift", parties.lift_hold, approver, drawing, "POST"),
        way("/conversations/{no}/undo", parties.undo_conversations, clerk, drawing, "POST"),
        way("/search", read.search, viewer, drawing),
        way("/setup/servers", setup.mailboxes, administrator, drawing),
        way("/setup/servers", setup.test_servers, administrator, drawing, "POST"),
        way("/setup/ledger", setup.ledger, approver, drawing),
        way("/setup/ledger/preview", setup.preview_ledger, approver, drawing, "POST", files=2),
        way("/setup/ledger/apply", setup.apply_ledger, approver, drawing, "POST"),
        way("/setup/letters", setup.letters, approver, drawing),
        way("/setup/letters/{language}/{kind}", setup.letter_html, approver, drawing),
        way("/setup/policies", setup.policies, administrator, drawing),
        way("/setup/policies/{name}", setup.change_policy, administrator, drawing, "POST"),
        way("/people", people.accounts, administrator, drawing),
        way("/people/new", people.create, administrator, drawing, "POST"),
        way("/people/change", people.change, administrator, drawing, "POST"),
        way("/people/token", people.issue_token, administrator, drawing, "POST"),
        way("/people/token/{no}/forget", people.forget_token, administrator, drawing, "POST"),
        way("/sign-in", doors.form, OPEN, drawing),
        way("/sign-in", doors.sign_in, OPEN, drawing, "POST"),
        way("/sign-out", doors.sign_out, OPEN, drawing, "POST"),
        way("/first", doors.first_form, OPEN, drawing),
        way("/first", doors.first, OPEN, drawing, "POST"),
        way("/enter/{code}", doors.enter, OPEN, drawing),
        *([] if openid is None else [way("/sign-in/openid", openid.begin, OPEN, drawing)]),
        *([] if openid is None else [way("/sign-in/openid/back", openid.back, OPEN, drawing)]),
        way("/language/{language}", _language, OPEN, drawing),
        Live(house).route(),
        *api(house),
        unsubscribe(house),
        Route("/healthz", _healthz(house), name="healthz"),
        Mount("/static", StaticFiles(directory=str(files("mailflow.web") / "static")), name="static"),
    ]
    local = house.settings.web.host in LOOPBACK
    hosts = [*LOOPBACK, "[::1]", *house.settings.web.hosts] if local else house.settings.web.hosts or ["*"]
    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        Middleware(BaseHTTPMiddleware, dispatch=_secured),
        Middleware(
            SessionMiddleware, secret_key=house.session_key.hex(), session_cookie="mailflow", same_site="lax",
            max_age=SESSION_SECONDS, https_only=not local,
        ),
    ]  # fmt: skip

    def failed(request: Request, failure: Exception) -> Response:
        """Outside the session middleware: told without one."""
        request.scope.setdefault("session", {})
        away = isinstance(failure, Unreachable)
        visit = Visit(request, drawing, None)
        text = str(failure) if away else drawing.words(visit)["failed"]
        response = drawing.page(visit, "message.html", 503 if away else 500, text=text)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def not_found(request: Request, failure: Exception) -> Response:
        visit = Visit(request, drawing, None)
        return drawing.page(visit, "message.html", 404, text=drawing.words(visit)["not_found"])

    return Starlette(routes=routes, middleware=middleware, exception_handlers={404: not_found, 500: failed})


async def _secured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        if not (name == "Cache-Control" and request.url.path.startswith("/static")):
            response.headers.setdefault(name, value)
    return response


def _language(visit: Visit) -> Response:
    chosen = visit.request.path_params["language"]
    response = RedirectResponse(safe_path(visit.request.query_params.get("back", "/")), status_code=303)
    if chosen in LANGUAGES:
        response.set_cookie("language", chosen, max_age=31536000, samesite="lax", httponly=True)
    return response


def _healthz(house: House) -> Callable[[Request], Awaitable[Response]]:
    async def healthz(request: Request) -> Response:
        try:
            await run_in_threadpool(lambda: house.database.engine.connect().close())
        except Exception as failure:
            return PlainTextResponse(f"the database does not answer: {type(failure).__name__}\n", status_code=503)
        return PlainTextResponse("ok\n")

    return healthz
