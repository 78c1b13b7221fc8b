"""Passwords are kept as Argon2id; the older way is understood and renewed at the next sign-in."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.steps import passwords
from mailflow.steps.manage_people import create_account, signed_in
from mailflow.steps.ports.people import Role

NOW = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    kept = passwords.hashed("对账 is quiet work")
    assert kept.startswith("$argon2id$v=19$m=")
    assert passwords.is_password("对账 is quiet work", kept)
    assert not passwords.is_password("对账 is quiet work ", kept)
    assert passwords.hashed("对账 is quiet work") != kept


def test_the_cost_outside_of_tests_is_what_owasp_asks_for() -> None:
    assert passwords.Cost().kept() == "$argon2id$v=19$m=19456,t=2,p=1$"


def test_nobodys_password_is_wrong_for_every_word() -> None:
    assert not passwords.is_password("", passwords.NOBODYS)
    assert not passwords.is_password("a long enough password", passwords.NOBODYS)


def kept_by_scrypt(password: str) -> str:
    salt = b"0123456789abcdef"
    digest = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
    return f"scrypt${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def test_a_password_kept_in_the_older_way_opens_the_door_and_is_kept_anew(database_url: str) -> None:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    database = SqlDatabase(engine)
    create_account(database, "li", "a long enough password", Role.CLERK, by="test", at=NOW)
    with database.writing() as work:
        work.people.keep_password("li", kept_by_scrypt("a long enough password"))
    assert signed_in(database, "li", "another password") is None
    before = signed_in(database, "li", "a long enough password")
    with database.reading() as work:
        after = work.people.account("li")
    assert after.password.startswith("$argon2id$") and after.epoch == before.epoch
    assert signed_in(database, "li", "a long enough password") is not None
