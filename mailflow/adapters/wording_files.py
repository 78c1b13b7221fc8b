"""Reads ``config/wording/<language>.toml``: what a clerk may edit to teach mailflow new phrases."""

from __future__ import annotations

import json
import tomllib
from functools import lru_cache
from pathlib import Path

from mailflow.correspondence.message import Intent
from mailflow.correspondence.second_opinion import SecondOpinion
from mailflow.correspondence.wording import Wording, WordingError, language_wording
from mailflow.refusals import Refusal
from mailflow.resources import config_directory

OPINION_FILE = "second_opinion.json"


def load_wording(directory: Path | None = None) -> Wording:
    """All languages of ``directory`` (default: the shipped ``config/wording``).

    Raises ``Refusal`` naming the file when one cannot be read or holds a group that nothing reads."""
    return _loaded(directory or config_directory() / "wording")


@lru_cache(maxsize=8)
def _loaded(directory: Path) -> Wording:
    languages = {}
    for path in sorted(directory.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Refusal(f"{path} cannot be read: {error}. Mend the file or restore the shipped one.") from error
        meaning = content.get("meaning", {})
        if not isinstance(meaning, dict) or not all(_is_list_of_text(phrases) for phrases in meaning.values()):
            raise Refusal(f"{path}: every group under [meaning] must be a list of phrases in quotes.")
        language = str(content.get("language", path.stem))
        spelling = {str(wrong): str(right) for wrong, right in content.get("spelling", {}).items()}
        try:
            languages[language] = language_wording(language, meaning, content.get("contrast", ()), spelling)
        except WordingError as error:
            raise Refusal(f"{path}: {error}. Mend the file or restore the shipped one.") from error
    if not languages:
        raise Refusal(f"{directory} holds no wording file (<language>.toml). Restore config/wording.")
    return Wording(languages, _opinion(directory / OPINION_FILE))


def _opinion(path: Path) -> SecondOpinion | None:
    """What ``scripts/learn_second_opinion`` wrote; without the file the rules stand alone."""
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        labels, weights = tuple(Intent(name) for name in content["labels"]), content["weights"]
        if set(labels) != set(Intent) or any(len(row) != len(labels) for row in weights.values()):
            raise ValueError("its labels are not those of this version")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(f"{path} cannot be read: {error}. Restore the shipped one, or delete it.") from error

    return SecondOpinion(labels, weights)


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
