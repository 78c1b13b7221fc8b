"""Signing in to Microsoft 365 through msal: by a code that a person types into a browser on any machine."""

from __future__ import annotations

import threading
from typing import Any

import msal

from mailflow.refusals import Unreachable
from mailflow.steps.ports.sign_in import Invitation, SignInNeeded, TokenStore

# one sign-in serves both ways; offline_access, which keeps us signed in, msal asks for by itself
SCOPES = ["https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send"]
_HOW = "sign in with: mailflow doctor --sign-in"


class Microsoft365:
    """``mailflow.steps.ports.sign_in.IdentityProvider`` for one mailbox. ``client_id`` is the registered application's,
    ``tenant`` the directory (``common`` where any work account may sign in)."""

    def __init__(self, client_id: str, tenant: str, account: str, store: TokenStore, *, http: Any = None) -> None:
        self._client_id, self._tenant, self._account, self._store, self._http = client_id, tenant, account, store, http
        self._lock = threading.Lock()  # sender and watcher ask at the same time
        self._flow: dict[str, Any] = {}

    def invite(self) -> Invitation:
        with self._lock:
            self._flow = self._asked(lambda application: application.initiate_device_flow(scopes=SCOPES))
        if "user_code" not in self._flow:
            raise Unreachable(f"Microsoft 365 begins no sign-in: {_words(self._flow)}")
        return Invitation(
            self._flow["verification_uri"], self._flow["user_code"], float(self._flow.get("expires_in", 900))
        )

    def wait(self) -> str:
        with self._lock:
            answer = self._asked(lambda application: application.acquire_token_by_device_flow(self._flow))
        if "access_token" not in answer:
            raise SignInNeeded(f"nobody signed in: {_words(answer)}")
        return str(answer.get("id_token_claims", {}).get("preferred_username", self._account))

    def token(self) -> str:
        with self._lock:
            answer = self._asked(self._silently)
        if answer is None:
            raise SignInNeeded(f"nobody has signed in to Microsoft 365 for {self._account}; {_HOW}")
        if "access_token" not in answer:
            raise SignInNeeded(f"Microsoft 365 does not let {self._account} in any more ({_words(answer)}); {_HOW}")
        return str(answer["access_token"])

    def _silently(self, application: Any) -> Any:
        accounts = application.get_accounts()
        wanted = [one for one in accounts if str(one.get("username", "")).lower() == self._account.lower()] or accounts
        return application.acquire_token_silent_with_error(SCOPES, account=wanted[0]) if wanted else None

    def _asked(self, ask: Any) -> Any:
        """Each question reads the kept tokens and keeps what changed: other processes renew them too."""
        cache = msal.SerializableTokenCache()
        kept = self._store.load()
        if kept:
            cache.deserialize(kept)
        try:
            application = msal.PublicClientApplication(
                self._client_id,
                authority=f"https://login.microsoftonline.com/{self._tenant}",
                token_cache=cache,
                http_client=self._http,
                timeout=None if self._http else 30,
            )
            return ask(application)
        except (OSError, ValueError) as failure:  # requests' errors are OSErrors; ValueError: it is no directory
            raise Unreachable(f"Microsoft 365 (login.microsoftonline.com): {failure}") from None
        finally:
            if cache.has_state_changed:
                self._store.save(cache.serialize())


def _words(answer: dict[str, Any]) -> str:
    said = str(answer.get("error_description") or answer.get("error") or "no reason given")
    return said.splitlines()[0][:300]
