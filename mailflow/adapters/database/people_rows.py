"""Accounts and API tokens."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_once
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.steps.ports.people import Account, ApiToken, Role

account = sa.Table(
    "account",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("password", sa.String(200), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

api_token = sa.Table(
    "api_token",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("account", sa.String(60), sa.ForeignKey("account.name"), nullable=False),
    sa.Column("label", sa.String(100), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)


class PeopleRows:
    """``mailflow.steps.ports.people.People``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, role: Role, password: str, at: dt.datetime) -> bool:
        return insert_once(
            self._connection, account,
            name=name, role=role.value, active=True, epoch=1, password=password, created_at=at,
        )  # fmt: skip

    def account(self, name: str) -> Account | None:
        row = self._connection.execute(sa.select(account).where(account.c.name == name)).first()
        return None if row is None else _account(row)

    def accounts(self) -> list[Account]:
        return [_account(row) for row in self._connection.execute(sa.select(account).order_by(account.c.name))]

    def change(
        self, name: str, *, role: Role | None = None, active: bool | None = None, password: str | None = None
    ) -> None:
        asked = {"role": None if role is None else role.value, "active": active, "password": password}
        values: dict[str, Any] = {column: value for column, value in asked.items() if value is not None}
        values["epoch"] = account.c.epoch + 1
        self._connection.execute(account.update().where(account.c.name == name).values(**values))

    def keep_password(self, name: str, password: str) -> None:
        self._connection.execute(account.update().where(account.c.name == name).values(password=password))

    def add_token(
        self, digest: str, account: str, label: str, role: Role, at: dt.datetime, expires_at: dt.datetime
    ) -> None:
        self._connection.execute(
            api_token.insert().values(
                digest=digest, account=account, label=label, role=role.value, created_at=at, expires_at=expires_at
            )
        )

    def token(self, digest: str) -> ApiToken | None:
        row = self._connection.execute(sa.select(api_token).where(api_token.c.digest == digest)).first()
        return None if row is None else _token(row)

    def tokens(self) -> list[ApiToken]:
        return [_token(row) for row in self._connection.execute(sa.select(api_token).order_by(api_token.c.no))]

    def forget_token(self, no: int) -> None:
        self._connection.execute(api_token.delete().where(api_token.c.no == no))


def _account(row: Any) -> Account:
    return Account(row.name, Role(row.role), bool(row.active), row.epoch, row.password, row.created_at)


def _token(row: Any) -> ApiToken:
    return ApiToken(row.no, row.account, row.label, Role(row.role), row.created_at, row.expires_at)
