"""What one operation of the API is: the table's row, from which requests are served and the description is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from mailflow.bootstrap import House
from mailflow.steps.ports.people import Account, Role

Asked = TypeVar("Asked", bound=BaseModel)
Found = TypeVar("Found")


class Problem(Exception):
    """Ends a request: RFC 9457, ``detail`` one clear sentence for a person. ``errors`` name the fields at fault."""

    def __init__(self, status: int, detail: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors or []


def missing(what: str) -> Problem:
    return Problem(404, f"there is no {what}")


def there(found: Found | None, what: str) -> Found:
    """``found``. Raises :class:`Problem` (404) when there is no such thing."""
    if found is None:
        raise missing(what)
    return found


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is no JSON. It is always handed out as a download of no type."""

    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked: who, the parts of the path, the query and the body as the operation declares them."""

    house: House
    account: Account
    path: dict[str, str]
    query: BaseModel | None = None
    body: BaseModel | None = None

    @property
    def who(self) -> str:
        return self.account.name

    def number(self, name: str) -> int:
        return int(self.path[name])

    def asked(self, kind: type[Asked]) -> Asked:
        assert isinstance(self.query, kind)
        return self.query

    def said(self, kind: type[Asked]) -> Asked:
        assert isinstance(self.body, kind)
        return self.body


@dataclass(frozen=True, slots=True)
class Operation:
    """``path`` is below ``/api``; its parts stand in :data:`mailflow.web.api.gate.PARTS`. ``answer`` None: a file."""

    method: str
    path: str
    role: Role
    group: str
    summary: str
    call: Callable[[Call], Any]
    answer: type[BaseModel] | None
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    notes: str = field(default="")

    @property
    def id(self) -> str:
        words = self.path.replace("{", "").replace("}", "").replace("-", "/").strip("/").split("/")
        return "_".join([self.method.lower(), *words])
