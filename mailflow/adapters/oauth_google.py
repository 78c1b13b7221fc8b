"""Signing in to Gmail through google-auth: a person in a browser on this machine, or a Workspace service account.

Google's device flow does not give out the mail scope, so the browser comes back to a port of this machine (RFC 8252,
with PKCE, RFC 7636). A service account of a Workspace needs no person at all.
"""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import google.auth.exceptions
from google.auth.transport.requests import Request
from google.oauth2 import credentials, service_account

from mailflow.refusals import Refusal, Unreachable
from mailflow.steps.ports.sign_in import Invitation, SignInNeeded, TokenStore

SCOPE = "https://mail.google.com/"
AUTHORISE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKENS = "https://oauth2.googleapis.com/token"
WAIT_SECONDS = 600.0
_HOW = "sign in with: mailflow doctor --sign-in"


class Gmail:
    """``mailflow.steps.ports.sign_in.IdentityProvider`` for one mailbox. An installed application's ``client_secret``
    is no secret in Google's sense, but its servers want to see it."""

    def __init__(
        self, client_id: str, client_secret: str, account: str, store: TokenStore, *, tokens_url: str = TOKENS
    ) -> None:
        self._client_id, self._client_secret, self._account = client_id, client_secret, account
        self._store, self._tokens_url = store, tokens_url
        self._lock = threading.Lock()
        self._credentials: credentials.Credentials | None = None

    def invite(self) -> Invitation:
        self._verifier, self._state = secrets.token_urlsafe(64), secrets.token_urlsafe(24)
        self._listener = _Listener(self._state)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self._verifier.encode()).digest()).rstrip(b"=").decode()
        question = {
            "client_id": self._client_id, "redirect_uri": self._listener.address, "response_type": "code",
            "scope": SCOPE, "state": self._state, "code_challenge": challenge, "code_challenge_method": "S256",
            "access_type": "offline", "prompt": "consent", "login_hint": self._account,
        }  # fmt: skip
        return Invitation(f"{AUTHORISE}?{urllib.parse.urlencode(question)}", None, WAIT_SECONDS)

    def wait(self) -> str:
        code = self._listener.code(WAIT_SECONDS)
        answer = self._exchanged(code)
        if "refresh_token" not in answer:
            raise SignInNeeded("Google gave no lasting permission; remove mailflow from the account and sign in again")
        self._store.save(json.dumps({"refresh_token": answer["refresh_token"]}))
        self._credentials = None
        return self._account

    def token(self) -> str:
        with self._lock:
            if self._credentials is None:
                kept = self._store.load()
                if not kept:
                    raise SignInNeeded(f"nobody has signed in to Gmail for {self._account}; {_HOW}")
                self._credentials = credentials.Credentials(
                    None, refresh_token=json.loads(kept)["refresh_token"], token_uri=self._tokens_url,
                    client_id=self._client_id, client_secret=self._client_secret, scopes=[SCOPE],
                )  # fmt: skip
            return _fresh(self._credentials, self._account)

    def _exchanged(self, code: str) -> dict[str, Any]:
        form = {
            "client_id": self._client_id, "client_secret": self._client_secret, "code": code,
            "code_verifier": self._verifier, "grant_type": "authorization_code",
            "redirect_uri": self._listener.address,
        }  # fmt: skip
        request = urllib.request.Request(self._tokens_url, urllib.parse.urlencode(form).encode())
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as refused:
            raise SignInNeeded(f"Google refuses the sign-in: {refused.read(300).decode('utf-8', 'replace')}") from None
        except OSError as failure:
            raise Unreachable(f"Google's sign-in cannot be reached: {failure}") from None


class WorkspaceAccount:
    """A service account that may act as the mailbox (domain-wide delegation). Raises :class:`Refusal` for a bad key."""

    def __init__(self, key_file: Path, account: str) -> None:
        self._account, self._lock = account, threading.Lock()
        try:
            self._credentials = service_account.Credentials.from_service_account_file(
                str(key_file), scopes=[SCOPE], subject=account
            )
        except (OSError, ValueError, KeyError) as failure:
            raise Refusal(f"the service account key {key_file} cannot be used: {failure}") from None

    def invite(self) -> Invitation:
        raise Refusal("a service account needs no sign-in; its rights are given in the Workspace's admin console")

    def wait(self) -> str:
        return self._account

    def token(self) -> str:
        with self._lock:
            return _fresh(self._credentials, self._account)


def _fresh(held: Any, account: str) -> str:
    try:
        if not held.valid:
            held.refresh(Request())
    except google.auth.exceptions.TransportError as failure:
        raise Unreachable(f"Google's sign-in cannot be reached: {failure}") from None
    except google.auth.exceptions.GoogleAuthError as refused:
        raise SignInNeeded(f"Google does not let {account} in any more ({refused}); {_HOW}") from None
    return str(held.token)


class _Listener:
    """Waits on a port of this machine for the one answer that carries our state."""

    def __init__(self, state: str) -> None:
        answers: dict[str, str] = {}

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                said = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                ours = secrets.compare_digest(said.get("state", ""), state)
                if ours:
                    answers.update(said)
                self.send_response(200 if ours else 404)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.end_headers()
                self.wfile.write("You may close this window. 可以关闭此窗口。".encode() if ours else b"")

            def log_message(self, format: str, *arguments: Any) -> None:
                """The code in the address belongs into no log."""

        self._answers = answers
        self._server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        self._server.timeout = 1.0
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def code(self, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        try:
            while not self._answers and time.monotonic() < deadline:
                self._server.handle_request()
        finally:
            self._server.server_close()
        if "code" not in self._answers:
            raise SignInNeeded(f"nobody signed in: {self._answers.get('error', 'the time is up')}")
        return self._answers["code"]
