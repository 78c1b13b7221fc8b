"""Who works here: accounts of people, and tokens of programs that act for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """Each may do what the ones before it may."""

    VIEWER = "viewer"  # reads
    CLERK = "clerk"  # decides about cases
    APPROVER = "approver"  # lets letters and statements out
    ADMINISTRATOR = "administrator"  # accounts

    def may(self, needed: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Account:
    """``epoch`` grows with every change of role or password: sessions of an older one have ended."""

    name: str
    role: Role
    active: bool
    epoch: int
    password: str = field(repr=False)  # see mailflow.steps.passwords
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """Only its SHA-256 is kept. It may do what its account may, never more than ``role``."""

    no: int
    account: str
    label: str
    role: Role
    created_at: dt.datetime
    expires_at: dt.datetime


class People(Protocol):
    def add(self, name: str, role: Role, password: str, at: dt.datetime) -> bool:
        """False when the name is taken."""
        ...

    def account(self, name: str) -> Account | None: ...

    def accounts(self) -> list[Account]: ...

    def change(
        self, name: str, *, role: Role | None = None, active: bool | None = None, password: str | None = None
    ) -> None:
        """Ends the account's sessions."""
        ...

    def keep_password(self, name: str, password: str) -> None:
        """The same password kept in another way: sessions go on."""
        ...

    def add_token(
        self, digest: str, account: str, label: str, role: Role, at: dt.datetime, expires_at: dt.datetime
    ) -> None: ...

    def token(self, digest: str) -> ApiToken | None: ...

    def tokens(self) -> list[ApiToken]: ...

    def forget_token(self, no: int) -> None: ...
