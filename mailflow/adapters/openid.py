"""OpenID Connect sign-in: authorization code with PKCE, state and nonce (RFC 6749, 7636; OpenID Connect Core 1.0).

Signatures and claims are judged by PyJWT with the provider's published keys; only asymmetric algorithms count, so a
token "signed" with our client secret or with nothing is refused. Nobody is created: the verified e-mail address has to
belong to an account that is there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mailflow.refusals import Refusal, Unreachable

SECONDS = 10.0
MOST_READ = 512 * 1024
KEPT_SECONDS = 3600.0
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class NotProven(Exception):
    """The provider's answer proves nothing; the sentence is for the log, the person is told that it did not work."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the browser's session keeps between going and coming back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class OpenIdProvider:
    """``secret`` is asked for at each sign-in; empty: a public client."""

    def __init__(self, issuer: str, client_id: str, secret: Callable[[], str]) -> None:
        self._issuer, self._client_id, self._secret = issuer.rstrip("/"), client_id, secret
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, dict[str, Any]] | None = None

    def begin(self, back: str) -> tuple[str, Attempt]:
        """Where the browser goes, and what has to come back. ``back`` is our own address."""
        attempt = Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self._client_id, "redirect_uri": back,
            "scope": "openid email profile",
            "state": attempt.state, "nonce": attempt.nonce, "code_challenge": challenge,
            "code_challenge_method": "S256",
        }  # fmt: skip
        where = self._text(self._configuration(), "authorization_endpoint")
        return f"{where}{'&' if '?' in where else '?'}{urllib.parse.urlencode(asked)}", attempt

    def finish(self, attempt: Attempt, state: str, code: str, back: str) -> Person:
        """Who came back. Raises :class:`NotProven` and :class:`Unreachable`."""
        if not secrets.compare_digest(state.encode(), attempt.state.encode()) or not code:
            raise NotProven("the answer does not belong to this sign-in (state)")
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "client_id": self._client_id,
            "code_verifier": attempt.verifier,
        }  # fmt: skip
        headers, secret = {}, self._secret()
        if secret:
            pair = f"{urllib.parse.quote(self._client_id, safe='')}:{urllib.parse.quote(secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        told = self._call(self._text(self._configuration(), "token_endpoint"), form, headers)
        return self._person(told.get("id_token"), attempt)

    def _person(self, token: object, attempt: Attempt) -> Person:
        import jwt

        if not isinstance(token, str):
            raise NotProven("the provider gave no id_token")
        try:
            head = jwt.get_unverified_header(token)
            if head.get("alg") not in ALGORITHMS:
                raise NotProven(f"the id_token is signed with {head.get('alg')}, which proves nothing here")
            claims = jwt.decode(
                token, self._key(str(head.get("kid") or "")), algorithms=[head["alg"]], audience=self._client_id,
                issuer=[self._issuer, self._issuer + "/"], leeway=60,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )  # fmt: skip
        except jwt.PyJWTError as failure:
            raise NotProven(f"the id_token is not good: {failure}") from None
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
            raise NotProven("the id_token belongs to another sign-in (nonce)")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._client_id:
            raise NotProven("the id_token was made for another program (azp)")
        email = claims.get("email")
        if not isinstance(email, str) or "@" not in email:
            raise NotProven("the provider names no e-mail address; allow the scope email")
        if claims.get("email_verified") is not True:
            raise NotProven(f"the provider has not verified the address {email}")
        return Person(email.strip().lower(), str(claims.get("name", "")))

    def _key(self, kid: str) -> Any:
        import jwt

        for fresh in (False, True):  # keys are rotated: an unknown one is asked for once more
            keys = jwt.PyJWKSet.from_dict(self._published(fresh)).keys
            found = [key for key in keys if (key.key_id or "") == kid] or (keys if not kid and len(keys) == 1 else [])
            if found:
                return found[0]
        raise NotProven("the id_token is signed with a key that the provider does not publish")

    def _configuration(self) -> dict[str, Any]:
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > KEPT_SECONDS:
                said = self._call(f"{self._issuer}/.well-known/openid-configuration")
                if str(said.get("issuer", "")).rstrip("/") != self._issuer:
                    raise Refusal(f"the provider at {self._issuer} calls itself {said.get('issuer')!r}")
                self._known = (time.monotonic(), said)
            return self._known[1]

    def _published(self, fresh: bool) -> dict[str, Any]:
        where = self._text(self._configuration(), "jwks_uri")
        with self._lock:
            old = self._keys is None or time.monotonic() - self._keys[0] > (5.0 if fresh else KEPT_SECONDS)
            if self._keys is None or old:
                self._keys = (time.monotonic(), self._call(where))
            return self._keys[1]

    def _text(self, said: dict[str, Any], name: str) -> str:
        value = said.get(name)
        scheme = urllib.parse.urlsplit(self._issuer).scheme
        if not isinstance(value, str) or urllib.parse.urlsplit(value).scheme not in ("https", scheme):
            raise Refusal(f"the provider at {self._issuer} names no usable {name}")
        return value

    def _call(
        self, url: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(url, data, {"Accept": "application/json", **(headers or {})})
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                said = json.loads(answer.read(MOST_READ))
        except urllib.error.HTTPError as refused:
            if form is not None and 400 <= refused.code < 500:
                raise NotProven(f"the provider refuses the code ({refused.code})") from None
            raise Unreachable(f"the OpenID provider answers {refused.code} at {url}") from None
        except (OSError, ValueError) as failure:
            raise Unreachable(f"the OpenID provider cannot be reached at {url}: {failure}") from None
        if not isinstance(said, dict):
            raise Unreachable(f"the OpenID provider answers no JSON object at {url}")
        return said
