"""What the console says, in its languages: one TOML file each under ``wording/``."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh-CN")


@functools.cache
def words(language: str) -> dict[str, Any]:
    """The wording of one of :data:`LANGUAGES`; groups such as ``states`` are dictionaries of their own."""
    text = (files("mailflow.web") / "wording" / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def language_of(accepted: str | None, chosen: str | None = None) -> str:
    """What the person chose, else the first of ``Accept-Language`` that we have, else English."""
    for tag in [chosen or "", *(part.split(";")[0].strip() for part in (accepted or "").split(","))]:
        for language in LANGUAGES:
            if tag.lower().startswith(language[:2]):
                return language
    return "en"
