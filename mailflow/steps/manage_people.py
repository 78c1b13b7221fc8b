"""Accounts and API tokens. Every change is in the journal; no secret ever is."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets

from mailflow.refusals import Refusal
from mailflow.steps.passwords import NOBODYS, hashed, is_outdated, is_password
from mailflow.steps.ports.people import Account, Role
from mailflow.steps.ports.work import Database, Work

SHORTEST_PASSWORD = 12
_NAME = re.compile(r"[^\W_][\w.@-]{0,58}")


def signed_in(database: Database, name: str, password: str) -> Account | None:
    """The account, or None: after the same work for a name that does not exist."""
    with database.reading() as work:
        account = work.people.account(name)
    right = is_password(password, NOBODYS if account is None else account.password)
    if account is None or not account.active or not right:
        return None
    if is_outdated(account.password):
        with database.writing() as work:
            work.people.keep_password(name, hashed(password))
    return account


def anybody(database: Database) -> bool:
    """Whether there is an account at all; without one the first start makes the administrator."""
    with database.reading() as work:
        return bool(work.people.accounts())


def create_first(database: Database, name: str, password: str, *, at: dt.datetime) -> Account:
    """The administrator of a new installation. Raises :class:`Refusal` when somebody was faster."""
    with database.writing() as work:
        if work.people.accounts():
            raise Refusal("there is an administrator already; sign in, or ask that person")
        return _create(work, name, password, Role.ADMINISTRATOR, by=name, at=at)


def create_account(database: Database, name: str, password: str, role: Role, *, by: str, at: dt.datetime) -> Account:
    with database.writing() as work:
        return _create(work, name, password, role, by=by, at=at)


def change_account(
    database: Database,
    name: str,
    *,
    by: str,
    at: dt.datetime,
    role: Role | None = None,
    active: bool | None = None,
    password: str | None = None,
) -> None:
    """Ends the account's sessions. The last active administrator stays one."""
    with database.writing() as work:
        account = work.people.account(name)
        if account is None:
            raise Refusal(f"there is no account {name!r}")
        admins = [one.name for one in work.people.accounts() if one.active and one.role is Role.ADMINISTRATOR]
        loses = active is False or role not in (None, Role.ADMINISTRATOR)
        if admins == [name] and loses:
            raise Refusal(f"{name} is the only administrator: make another one first")
        work.people.change(
            name, role=role, active=active, password=None if password is None else hashed(_long_enough(password))
        )
        changed = {"role": role, "active": active, "password": "changed" if password else None}
        facts = {what: value for what, value in changed.items() if value is not None}
        work.journal.append(at, by, "account.changed", f"account:{name}", facts)


def issue_token(
    database: Database,
    account: Account,
    label: str,
    role: Role,
    *,
    days: int,
    at: dt.datetime,
    by: str | None = None,
) -> str:
    """The token, shown once; only its hash is kept. ``by`` made it for the account (None: the person itself)."""
    if not account.role.may(role):
        raise Refusal("a token may do no more than the person who makes it")
    if not label.strip() or not 1 <= days <= 366:
        raise Refusal("a token needs a name and ends within a year")
    token = f"mf_{secrets.token_urlsafe(32)}"
    with database.writing() as work:
        work.people.add_token(digest_of(token), account.name, label.strip()[:100], role, at, at + dt.timedelta(days))
        facts = {"label": label.strip()[:100], "role": role, "days": days}
        work.journal.append(at, by or account.name, "token.issued", f"account:{account.name}", facts)
    return token


def forget_token(database: Database, number: int, *, by: str, at: dt.datetime) -> None:
    """It counts no more, at once. Raises :class:`Refusal`."""
    with database.writing() as work:
        found = next((one for one in work.people.tokens() if one.no == number), None)
        if found is None:
            raise Refusal(f"there is no token {number}")
        work.people.forget_token(number)
        facts = {"label": found.label, "account": found.account}
        work.journal.append(at, by, "token.forgotten", f"token:{number}", facts)


def bearer(database: Database, token: str, now: dt.datetime) -> Account | None:
    """Who a token speaks for, with the lesser of both roles."""
    with database.reading() as work:
        kept = work.people.token(digest_of(token))
        account = None if kept is None else work.people.account(kept.account)
    if kept is None or account is None or not account.active or kept.expires_at <= now:
        return None
    role = kept.role if account.role.may(kept.role) else account.role
    return Account(account.name, role, True, account.epoch, "", account.created_at)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _create(work: Work, name: str, password: str, role: Role, *, by: str, at: dt.datetime) -> Account:
    if not _NAME.fullmatch(name):
        raise Refusal("a sign-in name has 1 to 59 letters, digits and . @ - _, and begins with a letter or digit")
    if name.lower() == "mailflow":
        raise Refusal("this name stands for the program itself in the journal; choose another one")
    if not work.people.add(name, role, hashed(_long_enough(password)), at):
        raise Refusal(f"there is an account {name!r} already")
    work.journal.append(at, by, "account.created", f"account:{name}", {"role": role})
    account = work.people.account(name)
    assert account is not None
    return account


def _long_enough(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= 500:
        raise Refusal(f"a password has at least {SHORTEST_PASSWORD} characters")
    return password
