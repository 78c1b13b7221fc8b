"""``profiles.toml``: how the documents of each party are read, as a clerk corrected it; one table a party.

Written by ``mailflow parse FILE --learn --save PARTY``, and meant to be edited by people.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from mailflow.refusals import Refusal
from parsers.profile import Profile, ProfileError

FILE = "profiles.toml"
_HEAD = """\
# How the documents of each party are read: [PARTY], its settings, then [PARTY.columns] with "header" = "role".
# Roles: date, due, reference, other_reference, description, type, debit, credit, amount, gross, paid, open, balance,
# discount, direction, currency, ignored and more. date_order: DMY, MDY, YMD. decimal_mark: "." or ",".
# sign = "turned": the document counts the other way round. issuer: who draws it up.
# A profile changes how print is read; whether a document is proven is still decided by its arithmetic.
"""


class ProfileFile:
    """The profiles in one file, read again whenever it changed: a correction holds from the next document on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._profiles: dict[str, Profile] = {}

    def of(self, party: str | None) -> Profile | None:
        """The party's profile, if it has one. Raises ``Refusal`` naming the file where it cannot be read."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        seen = (stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            self._profiles, self._seen = read_profiles(self._path), seen
        return None if party is None else self._profiles.get(party)


def usual_place(directory: Path) -> Path:
    """Where the profiles of an installation in ``directory`` lie: among its policies, or beside its configuration."""
    return (directory / "config" if (directory / "config").is_dir() else directory) / FILE


def read_profiles(path: Path) -> dict[str, Profile]:
    """All profiles by party; none where the file does not exist. Raises ``Refusal``."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Refusal(f"{path} cannot be read: {error}") from error
    profiles = {}
    for party, told in content.items():
        try:
            if not isinstance(told, dict):
                raise ProfileError("it is no table of settings")
            profiles[party] = Profile.from_mapping(told)
        except ProfileError as error:
            raise Refusal(f"{path}, [{party}]: {error}") from error
    return profiles


def save_profile(path: Path, party: str, profile: Profile) -> None:
    """Write ``party``'s profile into the file; the others stay. Raises ``Refusal`` where it cannot be written."""
    profiles = read_profiles(path) | {party: profile}
    text = _HEAD + "".join(f"\n{as_toml(name, profiles[name])}" for name in sorted(profiles))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".profiles-")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror or error}") from error


def as_toml(party: str, profile: Profile) -> str:
    """One party's table, as it stands in the file."""
    told: dict[str, Any] = profile.to_mapping()
    columns = told.pop("columns")
    lines = [f"[{_key(party)}]", *(f"{name} = {_text(value)}" for name, value in told.items())]
    if columns:
        lines += [f"[{_key(party)}.columns]", *(f"{_text(header)} = {_text(role)}" for header, role in columns.items())]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # a JSON text is a TOML basic string


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if plain else _text(name)
