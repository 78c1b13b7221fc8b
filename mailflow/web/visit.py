"""One request of one person, and the gate in front of every page: who is it, may they, is the form ours?

Each route declares its role (or :data:`OPEN`); the table of routes is what the tests walk through.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mailflow.bootstrap import House
from mailflow.refusals import Refusal
from mailflow.steps.ports.people import Account, Role

FORM_LIMIT = 200_000  # characters of one field
MOST_POSTED = 4 * 1024 * 1024  # bytes of one form
MOST_UPLOADED = 128 * 1024 * 1024  # a ledger of a million items


class Open(Enum):
    OPEN = "open"


OPEN = Open.OPEN  # sign-in and what must be seen without one


class Pages(Protocol):
    """What draws a page (:class:`mailflow.web.drawing.Drawing`)."""

    house: House

    def page(self, visit: Visit, name: str, status: int = 200, **values: Any) -> Response: ...
    def words(self, visit: Visit) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a form brought; ``name`` is the sender's word for it, without a path."""

    name: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Visit:
    """``account`` is None on open routes only, where nobody has signed in."""

    request: Request
    pages: Pages
    account: Account | None
    form: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def house(self) -> House:
        return self.pages.house

    @property
    def who(self) -> str:
        assert self.account is not None
        return self.account.name

    def said(self, name: str, otherwise: str = "") -> str:
        """A field of the form."""
        return self.form.get(name, [otherwise])[0][:FORM_LIMIT]

    def number(self, name: str) -> int:
        """A number from the path or the form; raises :class:`Refusal`."""
        text = str(self.request.path_params.get(name, self.said(name)))
        if not text.isascii() or not text.isdigit() or len(text) > 15:
            raise Refusal(f"{text[:40]!r} is no number")
        return int(text)

    def may(self, role: Role) -> bool:
        return self.account is not None and self.account.role.may(role)

    def tell(self, words: str, *, bad: bool = False, undo: str = "") -> None:
        """Shown on the next page; ``undo`` is where a form is sent that takes it back."""
        self.request.session["told"] = [words[:600], bad, undo]

    def back(self, otherwise: str = "/") -> Response:
        """To the page that the form stood on (POST, redirect, GET)."""
        return RedirectResponse(safe_path(self.said("back"), otherwise), status_code=303)

    def page(self, name: str, status: int = 200, **values: Any) -> Response:
        return self.pages.page(self, name, status, **values)


View = Callable[[Visit], Response]


def way(path: str, view: View, role: Role | Open, pages: Pages, method: str = "GET", files: int = 0) -> Route:
    """One route with its gate; ``view`` runs in a thread and may wait for the database. ``files``: most uploads."""

    async def gate(request: Request) -> Response:
        account = await run_in_threadpool(signed_in_account, request, pages.house)
        visit = Visit(request, pages, account)
        if isinstance(role, Role):
            if account is None:
                asked = request.url.path if request.method == "GET" else "/"
                return RedirectResponse(f"/sign-in?next={quote(asked)}", status_code=303)
            if not account.role.may(role):
                return pages.page(visit, "message.html", 403, text=pages.words(visit)["not_allowed"])
        if method == "POST":
            if not _fits(request, MOST_UPLOADED if files else MOST_POSTED):
                return pages.page(visit, "message.html", 413, text=pages.words(visit)["too_large"])
            form = await request.form(max_files=files, max_fields=1000)
            visit.form = {key: [one for one in form.getlist(key) if isinstance(one, str)] for key in form}
            for key, one in form.multi_items():
                if isinstance(one, UploadFile):
                    name = (one.filename or "").replace("\\", "/").rpartition("/")[2][:200]
                    visit.files[key] = Upload(name, await one.read())
            if not _same(visit.said("csrf"), request.session.get("csrf", "")):
                return pages.page(visit, "message.html", 403, text=pages.words(visit)["stale_form"])
        try:
            return await run_in_threadpool(view, visit)
        except Refusal as refusal:
            if method != "POST":
                return pages.page(visit, "message.html", 404, text=str(refusal))
            visit.tell(str(refusal), bad=True)
            return visit.back()

    return _declared(Route(path, gate, methods=[method], name=f"{method} {path}"), role)


def _fits(request: Request, most: int) -> bool:
    """Every form tells its length; one that does not (or lies: the server cuts it off) is not read."""
    told = request.headers.get("content-length", "")
    return told.isascii() and told.isdigit() and int(told) <= most


def _declared(route: Route, role: Role | Open) -> Route:
    route.role = role  # type: ignore[attr-defined]
    return route


def csrf(request: Request) -> str:
    """The token that every form of this session carries."""
    if "csrf" not in request.session:
        request.session["csrf"] = secrets.token_urlsafe(24)
    return str(request.session["csrf"])


def sign_in(request: Request, account: Account) -> None:
    """A new session: nothing of the one before is left in it."""
    request.session.clear()
    request.session.update(name=account.name, epoch=account.epoch)
    csrf(request)


def safe_path(path: str, otherwise: str = "/") -> str:
    """A path on this server, or ``otherwise``."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if fine else otherwise


def signed_in_account(request: Request, house: House) -> Account | None:
    """Whose session this is; None when it has none, or one of an older epoch."""
    name = request.session.get("name")
    if not isinstance(name, str):
        return None
    with house.database.reading() as work:
        account = work.people.account(name)
    if account is None or not account.active or account.epoch != request.session.get("epoch"):
        return None
    return account


def _same(given: str, kept: str) -> bool:
    return bool(kept) and hmac.compare_digest(given.encode(), kept.encode())
