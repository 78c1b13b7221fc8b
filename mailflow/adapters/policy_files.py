"""Reads the matching policy: a TOML file of the user's, over the one that ships as ``config/matching.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from mailflow.reconciliation.policy import Policy
from mailflow.refusals import Refusal
from mailflow.resources import config_directory


def read_policy(path: Path | None = None) -> Policy:
    """The shipped policy with the settings of ``path`` in place. Raises :class:`Refusal` naming file and setting."""
    shipped = config_directory() / "matching.toml"
    data = _read(shipped) if shipped.is_file() else {}
    if path is None:
        return Policy.of(data, str(shipped))
    return Policy.of(_over(data, _read(path)), str(path))


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as failure:
        raise Refusal(f"{path}: {failure.strerror or failure}") from None
    except UnicodeDecodeError:
        raise Refusal(f"{path}: the policy must be saved as UTF-8") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise Refusal(f"{path}: no valid TOML ({failure})") from None


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        known = merged.get(name)
        merged[name] = _over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged
