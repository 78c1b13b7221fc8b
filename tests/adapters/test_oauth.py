"""Signing in by OAuth 2: the real libraries against providers of our own, tokens kept sealed and renewed."""

from __future__ import annotations

import http.server
import json
import os
import threading
import time
import urllib.parse
import urllib.request
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from mailflow.adapters.oauth_google import Gmail, WorkspaceAccount
from mailflow.adapters.oauth_microsoft import Microsoft365
from mailflow.adapters.token_store import SealedFile
from mailflow.cli.sign_in import sign_in
from mailflow.refusals import Refusal, Unreachable
from mailflow.steps.ports.sign_in import SignInNeeded

ACCOUNT = "ar@huaxing.example"


@pytest.fixture
def store(tmp_path):
    return SealedFile(tmp_path / "tokens" / "ar", b"k" * 32)


def test_kept_tokens_are_sealed_for_their_owner_only_and_survive_a_failed_write(store, monkeypatch):
    assert store.load() is None
    store.save("secret-token")
    assert store.load() == "secret-token"
    assert b"secret-token" not in store.file.read_bytes()
    assert store.file.stat().st_mode & 0o777 == 0o600

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(os, "fsync", full)
        store.save("newer")
    assert store.load() == "secret-token" and len(list(store.file.parent.iterdir())) == 1
    with pytest.raises(Refusal, match="sealed with another key"):
        SealedFile(store.file, b"x" * 32).load()


def encoded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


class MicrosoftTwin:
    """What login.microsoftonline.com answers, in the shape of an HTTP client that msal takes."""

    def __init__(self) -> None:
        self.signed_in = self.withdrawn = self.away = False
        self.seconds = 3600
        self.issued = 0
        self.asked: list[str] = []

    class Answer:
        def __init__(self, status: int, said: dict[str, Any]) -> None:
            self.status_code, self.text, self.headers = status, json.dumps(said), {}

        def raise_for_status(self) -> None:
            if self.status_code >= 400:
                raise OSError(self.text)

    def get(self, url: str, **_: Any) -> Answer:
        if self.away:
            raise ConnectionError("no route to host")
        base = "https://login.microsoftonline.com/common"
        return self.Answer(
            200,
            {
                "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                "device_authorization_endpoint": f"{base}/devicecode", "issuer": base,
                "tenant_discovery_endpoint": f"{base}/v2.0/.well-known/openid-configuration", "metadata": [],
            },
        )  # fmt: skip

    def post(self, url: str, data: dict[str, Any] | None = None, **_: Any) -> Answer:
        self.asked.append(str((data or {}).get("grant_type", "devicecode")))
        if url.endswith("devicecode"):
            return self.Answer(
                200,
                {"user_code": "ABCD-1234", "device_code": "d", "verification_uri": "https://microsoft.com/devicelogin",
                 "expires_in": 2, "interval": 1},
            )  # fmt: skip
        if self.withdrawn:
            return self.Answer(400, {"error": "invalid_grant", "error_description": "AADSTS50173: revoked\r\ntrace"})
        if not self.signed_in:
            return self.Answer(400, {"error": "authorization_pending"})
        self.issued += 1
        claims = {"preferred_username": ACCOUNT, "oid": "1", "tid": "2", "sub": "3", "aud": "app", "exp": 2**33,
                  "iss": "https://login.microsoftonline.com/common"}  # fmt: skip
        info = encoded({"uid": "1", "utid": "2"})
        return self.Answer(
            200,
            {"access_token": f"token-{self.issued}", "refresh_token": "r", "expires_in": self.seconds,
             "id_token": f"{encoded({'alg': 'none'})}.{encoded(claims)}.", "token_type": "Bearer", "client_info": info,
             "scope": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"},
        )  # fmt: skip

    def close(self) -> None: ...


def microsoft(twin: MicrosoftTwin, store: SealedFile) -> Microsoft365:
    return Microsoft365("app", "common", ACCOUNT, store, http=twin)


def test_microsoft_365_signs_in_by_a_code_and_keeps_renewing_without_a_person(store):
    twin = MicrosoftTwin()
    with pytest.raises(SignInNeeded, match="--sign-in"):
        microsoft(twin, store).token()
    provider = microsoft(twin, store)
    invitation = provider.invite()
    assert (invitation.url, invitation.code) == ("https://microsoft.com/devicelogin", "ABCD-1234")
    twin.signed_in, twin.seconds = True, 1
    assert provider.wait() == ACCOUNT
    assert microsoft(twin, store).token() == "token-2"  # the first is about to run out: renewed, in another process
    twin.seconds = 3600
    third = microsoft(twin, store)
    assert third.token() == third.token() == "token-3"
    assert twin.asked[-1] == "refresh_token"


def test_microsoft_365_that_nobody_answers_or_that_withdraws_its_permission_asks_for_a_person(store):
    twin = MicrosoftTwin()
    provider = microsoft(twin, store)
    provider.invite()
    with pytest.raises(SignInNeeded, match="nobody signed in"):
        provider.wait()
    twin.signed_in, twin.seconds = True, 1
    provider.invite()
    provider.wait()
    twin.withdrawn = True
    with pytest.raises(SignInNeeded, match="AADSTS50173: revoked"):
        provider.token()


def test_microsoft_365_that_cannot_be_reached_is_no_withdrawn_permission(store):
    twin = MicrosoftTwin()
    twin.away = True
    with pytest.raises(Unreachable, match="no route to host"):
        microsoft(twin, store).invite()


class GoogleTwin:
    """A token endpoint on loopback."""

    def __enter__(self) -> GoogleTwin:
        self.forms: list[dict[str, str]] = []
        self.withdrawn = False
        twin = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                twin.forms.append(dict(urllib.parse.parse_qsl(body)))
                said: dict[str, Any] = {"access_token": f"token-{len(twin.forms)}", "expires_in": 3600}
                if twin.forms[-1]["grant_type"] == "authorization_code":
                    said["refresh_token"] = "lasting"
                if twin.withdrawn:
                    said = {"error": "invalid_grant", "error_description": "Token has been revoked."}
                self.send_response(400 if twin.withdrawn else 200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())

            def log_message(self, *_: Any) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def browser(url: str, **said: str) -> int:
    """A person's browser that comes back from Google."""
    question = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    back = f"{question['redirect_uri']}?{urllib.parse.urlencode({'state': question['state']} | said)}"
    try:
        with urllib.request.urlopen(back, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_gmail_signs_in_over_a_port_of_this_machine_with_a_proof_key_and_keeps_renewing(store):
    with GoogleTwin() as twin:
        provider = Gmail("app", "shown", ACCOUNT, store, tokens_url=twin.url)
        with pytest.raises(SignInNeeded):
            provider.token()
        invitation = provider.invite()
        statuses: list[int] = []

        def person() -> None:
            statuses.append(browser(invitation.url, state="forged", code="evil"))
            statuses.append(browser(invitation.url, code="good"))

        thread = threading.Thread(target=person)
        thread.start()
        assert provider.wait() == ACCOUNT
        thread.join()
        assert statuses == [404, 200]
        exchanged = twin.forms[0]
        assert exchanged["code"] == "good" and len(exchanged["code_verifier"]) >= 43
        later = Gmail("app", "shown", ACCOUNT, store, tokens_url=twin.url)
        assert later.token() == later.token() == "token-2"
        assert twin.forms[-1]["refresh_token"] == "lasting"
        twin.withdrawn = True
        with pytest.raises(SignInNeeded, match="revoked"):
            Gmail("app", "shown", ACCOUNT, store, tokens_url=twin.url).token()


def test_a_person_who_refuses_is_not_waited_for(store):
    provider = Gmail("app", "shown", ACCOUNT, store, tokens_url="http://127.0.0.1:1/")
    invitation = provider.invite()
    threading.Thread(target=browser, args=(invitation.url,), kwargs={"error": "access_denied"}).start()
    started = time.monotonic()
    with pytest.raises(SignInNeeded, match="access_denied"):
        provider.wait()
    assert time.monotonic() - started < 20


def test_a_bad_service_account_key_is_refused_at_the_door(tmp_path):
    (tmp_path / "key.json").write_text("{}")
    with pytest.raises(Refusal, match="service account key"):
        WorkspaceAccount(tmp_path / "key.json", ACCOUNT)


def test_the_command_invites_only_those_who_are_not_signed_in(store, capsys):
    twin = MicrosoftTwin()
    twin.signed_in = True
    providers = {ACCOUNT: microsoft(twin, store)}
    assert sign_in(providers) == 0
    assert "type the code ABCD-1234" in capsys.readouterr().out
    assert sign_in(providers) == 0
    assert capsys.readouterr().out == f"{ACCOUNT}: signed in\n"
