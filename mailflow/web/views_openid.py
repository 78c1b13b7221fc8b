"""Signing in with the company's own accounts: to the provider, and back with proof."""

from __future__ import annotations

import logging

from starlette.responses import RedirectResponse, Response

from mailflow.adapters.openid import Attempt, NotProven, OpenIdProvider
from mailflow.bootstrap import House
from mailflow.refusals import Refusal, Unreachable
from mailflow.settings import resolve_secret
from mailflow.web import visit as visits
from mailflow.web.visit import Visit

logger = logging.getLogger("mailflow")


class OpenIdViews:
    def __init__(self, provider: OpenIdProvider, people: dict[str, str], address: str) -> None:
        self._provider, self._address = provider, address.rstrip("/")
        self._people = {email.lower(): name for email, name in people.items()}

    @classmethod
    def of(cls, house: House) -> OpenIdViews | None:
        """None when the configuration names no provider."""
        web = house.settings.web
        if not web.openid.issuer:
            return None
        said, directory = web.openid, house.settings.directory
        provider = OpenIdProvider(
            said.issuer, said.client_id, lambda: resolve_secret(said.client_secret, directory).get_secret_value()
        )
        return cls(provider, said.people, web.address or f"http://{web.host}:{web.port}")

    @property
    def _back(self) -> str:
        return f"{self._address}/sign-in/openid/back"

    def begin(self, visit: Visit) -> Response:
        try:
            where, attempt = self._provider.begin(self._back)
        except (Refusal, Unreachable) as failure:
            return self._refused(visit, str(failure))
        wanted = visits.safe_path(visit.request.query_params.get("next", "/"))
        visit.request.session["openid"] = [attempt.state, attempt.nonce, attempt.verifier, wanted]
        return RedirectResponse(where, status_code=303)

    def back(self, visit: Visit) -> Response:
        kept = visit.request.session.pop("openid", None)
        asked = visit.request.query_params
        if not isinstance(kept, list) or len(kept) != 4:
            return self._refused(visit, "nobody began this sign-in here")
        try:
            person = self._provider.finish(
                Attempt(*map(str, kept[:3])), asked.get("state", ""), asked.get("code", ""), self._back
            )
        except (NotProven, Refusal, Unreachable) as failure:
            return self._refused(visit, str(failure))
        name = self._people.get(person.email, person.email)
        with visit.house.database.reading() as work:
            account = work.people.account(name)
        if account is None or not account.active:
            return self._refused(visit, f"{person.email} has no account here that is switched on")
        visits.sign_in(visit.request, account)
        return RedirectResponse(visits.safe_path(str(kept[3])), status_code=303)

    def _refused(self, visit: Visit, why: str) -> Response:
        """The same page whatever it was; the reason is in the log."""
        logger.warning("a sign-in by OpenID failed: %s", why)
        return visit.page("sign_in.html", 401, wanted="/", open=True, wrong=True)
