"""Sign-in, sign-out, the first administrator, the demo's one-time links, accounts and tokens."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from mailflow.refusals import Refusal
from mailflow.steps import manage_people as people
from mailflow.steps.ports.people import Role
from mailflow.web import visit as visits
from mailflow.web.entrance import Entrance
from mailflow.web.visit import Visit


class SignInViews:
    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def form(self, visit: Visit) -> Response:
        if not people.anybody(visit.house.database):
            return RedirectResponse("/first", status_code=303)
        wanted = visits.safe_path(visit.request.query_params.get("next", "/"))
        return visit.page("sign_in.html", wanted=wanted, open=True, wrong=False)

    def sign_in(self, visit: Visit) -> Response:
        """The same answer for a name that is not known, a wrong password and too many tries."""
        name, wanted = visit.said("name").strip(), visits.safe_path(visit.said("next", "/"))
        account = None
        if not self._entrance.too_many(name):
            account = people.signed_in(visit.house.database, name, visit.said("password"))
        if account is None:
            self._entrance.failed(name)
            return visit.page("sign_in.html", 401, wanted=wanted, open=True, wrong=True)
        visits.sign_in(visit.request, account)
        return RedirectResponse(wanted, status_code=303)

    def sign_out(self, visit: Visit) -> Response:
        visit.request.session.clear()
        return RedirectResponse("/sign-in", status_code=303)

    def first_form(self, visit: Visit) -> Response:
        if people.anybody(visit.house.database):
            return RedirectResponse("/sign-in", status_code=303)
        return visit.page("first.html", code=visit.request.query_params.get("code", ""), wrong="", open=True)

    def first(self, visit: Visit) -> Response:
        """Only who can read the terminal of this process knows the code."""
        code, name = visit.said("code"), visit.said("name").strip()
        try:
            if self._entrance.too_many("first start") or not self._entrance.is_first_code(code):
                self._entrance.failed("first start")
                raise Refusal("this is not the code that mailflow printed in the terminal when it started")
            account = people.create_first(
                visit.house.database, name, visit.said("password"), at=visit.house.clock.now()
            )
        except Refusal as refusal:
            return visit.page("first.html", 400, code=code, wrong=str(refusal), open=True)
        visits.sign_in(visit.request, account)
        return RedirectResponse("/", status_code=303)

    def enter(self, visit: Visit) -> Response:
        name = self._entrance.take_link(visit.request.path_params["code"])
        if name is None:
            return RedirectResponse("/sign-in", status_code=303)
        with visit.house.database.reading() as work:
            account = work.people.account(name)
        assert account is not None
        visits.sign_in(visit.request, account)
        return RedirectResponse("/", status_code=303)


def accounts(visit: Visit) -> Response:
    with visit.house.database.reading() as work:
        found, tokens = work.people.accounts(), work.people.tokens()
    return visit.page("people.html", accounts=found, tokens=tokens, roles=list(Role), token=None)


def create(visit: Visit) -> Response:
    name = visit.said("name").strip()
    people.create_account(
        visit.house.database, name, visit.said("password"), _role(visit), by=visit.who, at=visit.house.clock.now()
    )
    visit.tell(name)
    return visit.back("/people")


def change(visit: Visit) -> Response:
    active = {"yes": True, "no": False}.get(visit.said("active"))
    people.change_account(
        visit.house.database, visit.said("name"), by=visit.who, at=visit.house.clock.now(),
        role=_role(visit) if visit.said("role") else None, active=active, password=visit.said("password") or None,
    )  # fmt: skip
    return visit.back("/people")


def issue_token(visit: Visit) -> Response:
    assert visit.account is not None
    token = people.issue_token(
        visit.house.database, visit.account, visit.said("label"), _role(visit), days=visit.number("days"),
        at=visit.house.clock.now(),
    )  # fmt: skip
    with visit.house.database.reading() as work:
        found, tokens = work.people.accounts(), work.people.tokens()
    return visit.page("people.html", accounts=found, tokens=tokens, roles=list(Role), token=token)


def forget_token(visit: Visit) -> Response:
    people.forget_token(visit.house.database, visit.number("no"), by=visit.who, at=visit.house.clock.now())
    return visit.back("/people")


def _role(visit: Visit) -> Role:
    try:
        return Role(visit.said("role"))
    except ValueError:
        raise Refusal("choose a role") from None
