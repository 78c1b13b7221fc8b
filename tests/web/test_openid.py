"""OpenID Connect against a provider that runs here: redirects, PKCE, keys, signed tokens, and every bad token."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.testclient import TestClient

from mailflow.bootstrap import House, open_house
from mailflow.refusals import Refusal
from mailflow.settings import load
from mailflow.steps.manage_people import change_account, create_account
from mailflow.steps.ports.people import Role
from mailflow.web.app import create_app

CLIENT, SECRET = "mailflow desk", "a secret: of the client"
ANNA = "anna@huaxing.example"


class Provider:
    """``claims`` and ``tamper`` are changed by a test; codes are good once, with the verifier of their challenge."""

    def __init__(self) -> None:
        self.key, self.other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        self.claims: dict[str, Any] = {}
        self.tamper = ""
        self.codes: dict[str, dict[str, str]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    self.tell(200, {"issuer": outer.issuer, "authorization_endpoint": f"{outer.issuer}/authorize",
                                    "token_endpoint": f"{outer.issuer}/token",
                                    "jwks_uri": f"{outer.issuer}/keys"})  # fmt: skip
                elif self.path == "/keys":
                    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(outer.key.public_key()))
                    self.tell(200, {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]})
                else:
                    self.tell(404, {})

            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                form = {name: values[0] for name, values in parse_qs(self.rfile.read(size).decode()).items()}
                asked = outer.codes.pop(form.get("code", ""), None)
                challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
                expected = base64.b64encode(b"mailflow%20desk:a%20secret%3A%20of%20the%20client").decode()
                good = (
                    asked is not None
                    and challenge.rstrip(b"=").decode() == asked["code_challenge"]
                    and form["redirect_uri"] == asked["redirect_uri"]
                    and self.headers["authorization"] == f"Basic {expected}"
                )
                if not good or asked is None:
                    self.tell(400, {"error": "invalid_grant"})
                    return
                self.tell(200, {"access_token": "x", "token_type": "Bearer", "id_token": outer.token(asked["nonce"])})

            def tell(self, status: int, said: dict[str, Any]) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())

            def log_message(self, *_: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "42", "iat": now, "exp": now + 300, "nonce": nonce,
                  "email": ANNA, "email_verified": True} | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.tamper == "none":
            return jwt.encode(claims, None, algorithm="none")
        if self.tamper == "hs256":
            return jwt.encode(claims, SECRET * 2, algorithm="HS256", headers={"kid": "one"})
        key = self.other if self.tamper == "other key" else self.key
        token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "two" if self.tamper == "kid" else "one"})
        if self.tamper == "payload":
            head, body, signature = token.split(".")
            flipped = body[:-2] + ("A" if body[-2] != "A" else "B") + body[-1]
            return f"{head}.{flipped}.{signature}"
        return token

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.stop()


@pytest.fixture
def house(provider: Provider, tmp_path: Path) -> Iterator[House]:
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    (tmp_path / "mailflow.toml").write_text(
        f'[company]\nname = "Huaxing"\n[web]\naddress = "http://127.0.0.1"\n[web.openid]\n'
        f'issuer = "{provider.issuer}"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "file:secret"\nname = "Huaxing ID"\n'
        'people = {"Bert.Braun@huaxing.example" = "bert"}\n',
        encoding="utf-8",
    )
    made = open_house(str(tmp_path / "mailflow.toml"))
    for name in (ANNA, "bert"):
        create_account(made.database, name, "a long enough password", Role.CLERK, by="t", at=made.clock.now())
    yield made
    made.close()


@pytest.fixture
def browser(house: House) -> TestClient:
    return TestClient(create_app(house), base_url="http://127.0.0.1", follow_redirects=False)


def come_back(browser: TestClient, provider: Provider, *, state: str | None = None) -> Any:
    """To the provider, and back with a code."""
    away = browser.get("/sign-in/openid?next=/cases")
    assert away.status_code == 303 and away.headers["location"].startswith(f"{provider.issuer}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    code = f"code-{len(provider.codes)}-{time.monotonic_ns()}"
    provider.codes[code] = asked
    return browser.get(f"/sign-in/openid/back?code={code}&state={state or asked['state']}")


def signed_in(browser: TestClient) -> bool:
    return browser.get("/cases").status_code == 200


def test_a_person_with_a_verified_address_and_an_account_is_signed_in(browser: TestClient, provider: Provider) -> None:
    page = browser.get("/sign-in").text
    assert 'href="/sign-in/openid' in page and "Huaxing ID" in page
    answer = come_back(browser, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert signed_in(browser)


def test_an_address_can_be_another_sign_in_name(browser: TestClient, provider: Provider) -> None:
    provider.claims = {"email": "bert.braun@HUAXING.example"}
    come_back(browser, provider)
    assert signed_in(browser) and "bert" in browser.get("/cases").text


@pytest.mark.parametrize("tamper", ["none", "hs256", "other key", "kid", "payload"])
def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    browser: TestClient, provider: Provider, tamper: str
) -> None:
    provider.tamper = tamper
    assert come_back(browser, provider).status_code == 401
    assert not signed_in(browser)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"}, {"nonce": None}, {"aud": "another program"}, {"iss": "https://evil.example"},
        {"exp": 1}, {"exp": None}, {"email": None}, {"email_verified": False}, {"email_verified": None},
        {"email_verified": "true"}, {"email": "stranger@huaxing.example"}, {"aud": [CLIENT, "other"], "azp": "other"},
    ],
)  # fmt: skip
def test_a_token_that_says_something_else_opens_nothing(
    browser: TestClient, provider: Provider, house: House, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    answer = come_back(browser, provider)
    assert answer.status_code == 401 and not signed_in(browser)
    with house.database.reading() as work:
        assert len(work.people.accounts()) == 2  # nobody is created


def test_an_answer_that_nobody_asked_for_or_twice_opens_nothing(browser: TestClient, provider: Provider) -> None:
    assert browser.get("/sign-in/openid/back?code=x&state=y").status_code == 401
    assert come_back(browser, provider, state="guessed").status_code == 401
    assert not signed_in(browser)
    away = browser.get("/sign-in/openid").headers["location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
    provider.codes["stolen"] = asked | {"code_challenge": "of somebody else"}
    assert browser.get(f"/sign-in/openid/back?code=stolen&state={asked['state']}").status_code == 401
    assert browser.get(f"/sign-in/openid/back?code=stolen&state={asked['state']}").status_code == 401


def test_an_account_that_is_switched_off_stays_out(browser: TestClient, provider: Provider, house: House) -> None:
    change_account(house.database, ANNA, by="t", at=house.clock.now(), active=False)
    assert come_back(browser, provider).status_code == 401 and not signed_in(browser)


def test_where_a_person_goes_afterwards_is_on_this_server(browser: TestClient, provider: Provider) -> None:
    away = browser.get("/sign-in/openid?next=//evil.example/")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["location"]).query).items()}
    provider.codes["c"] = asked
    assert browser.get(f"/sign-in/openid/back?code=c&state={asked['state']}").headers["location"] == "/"


def test_a_provider_that_does_not_answer_leaves_the_password(browser: TestClient, provider: Provider) -> None:
    provider.stop()
    answer = browser.get("/sign-in/openid")
    assert answer.status_code == 401 and 'name="password"' in answer.text


def test_a_provider_in_the_clear_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    for said in ('issuer = "http://login.example"\nclient_id = "x"', 'issuer = "https://login.example"',
                 'issuer = "https://l.example"\nclient_id = "x"\nclient_secret = "in the clear"'):  # fmt: skip
        file.write_text(f'[company]\nname = "H"\n[web.openid]\n{said}\n', encoding="utf-8")
        with pytest.raises(Refusal):
            load(str(file), {})
