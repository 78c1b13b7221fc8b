"""What a person corrected about one party's documents: which column is what, and what print alone leaves open.

A profile changes how print is read, never what the arithmetic says: ``proven`` is decided by the same checks with it
and without it. Its columns come first, before the words that are known anyway; date order and decimal mark decide only
where the whole document leaves them open; the sign turns the reading that is tried first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

_CUT = re.compile(r"[\s:：]+")
ORDERS = ("DMY", "MDY", "YMD")
MARKS = (".", ",")
SIGNS = ("as_read", "turned")
IGNORED = "ignored"  # a column that says nothing of the line
_LONGEST = 200
_MOST_COLUMNS = 60


class ProfileError(ValueError):
    """What is wrong with a profile, in one sentence."""


def header_key(text: str) -> str:
    """A header as it is looked up: lower case, without spaces and colons."""
    return _CUT.sub("", text).lower()


@dataclass(frozen=True, slots=True)
class Profile:
    """``columns``: header as printed → role (``date``, ``reference``, ``amount``, ``debit``, ``balance`` …,
    ``ignored``). ``sign``: ``turned`` where the document counts the other way round than it is read."""

    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    decimal_mark: str | None = None
    sign: str | None = None
    issuer: str | None = None

    @classmethod
    def from_mapping(cls, told: Mapping[str, Any]) -> Profile:
        """Out of a TOML table or JSON object. Raises :class:`ProfileError`."""
        from parsers.wording.columns import Role

        unknown = sorted(set(told) - {"columns", "date_order", "decimal_mark", "sign", "issuer"})
        if unknown:
            raise ProfileError(f"“{unknown[0]}” is no setting of a profile")
        columns = told.get("columns") or {}
        if not isinstance(columns, Mapping) or len(columns) > _MOST_COLUMNS:
            raise ProfileError(f"columns are up to {_MOST_COLUMNS} lines of “header” = “role”")
        roles = {*(role.value for role in Role), IGNORED}
        for header, role in columns.items():
            if not isinstance(header, str) or len(header) > _LONGEST or role not in roles:
                raise ProfileError(f"column “{header}”: {role!r} is none of {', '.join(sorted(roles))}")
        choices = (("date_order", ORDERS), ("decimal_mark", MARKS), ("sign", SIGNS))
        for name, allowed in choices:
            if told.get(name) is not None and told[name] not in allowed:
                raise ProfileError(f"{name} is {told[name]!r}, none of {', '.join(allowed)}")
        issuer = told.get("issuer")
        if issuer is not None and (not isinstance(issuer, str) or not issuer.strip() or len(issuer) > _LONGEST):
            raise ProfileError("issuer is a name")
        return cls(dict(columns), told.get("date_order"), told.get("decimal_mark"), told.get("sign"), issuer)

    def to_mapping(self) -> dict[str, Any]:
        named = {name: getattr(self, name) for name in ("issuer", "date_order", "decimal_mark", "sign")}
        return {name: value for name, value in named.items() if value is not None} | {"columns": dict(self.columns)}

    def role_of(self, header: str) -> str | None:
        """The role that the profile gives a column of this header, else None."""
        key = header_key(header)
        return next((role for known, role in self.columns.items() if header_key(known) == key), None) if key else None


NONE = Profile()
_current: ContextVar[Profile] = ContextVar("profile", default=NONE)


def current() -> Profile:
    """The profile of the document at hand; an empty one where there is none."""
    return _current.get()


@contextmanager
def used(profile: Profile | None) -> Iterator[None]:
    """Read with ``profile`` inside the block."""
    token = _current.set(profile or NONE)
    try:
        yield
    finally:
        _current.reset(token)
