"""The policies of ``config/`` in the hands of an administrator: the text in force, and a new one that reads well.

A part of bootstrap: it knows where the files lie and which reader each has. A text that its reader refuses never takes
the place of the one in force.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mailflow.adapters.policy_files import read_policy
from mailflow.adapters.receivables_policies import read_adjustment_policy, read_ageing_policy, read_review_policy
from mailflow.refusals import Refusal
from mailflow.resources import config_directory

READERS: dict[str, Callable[[Path], object]] = {
    "review.toml": read_review_policy,
    "matching.toml": read_policy,
    "ageing.toml": read_ageing_policy,
    "adjustments.toml": read_adjustment_policy,
}
MOST_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class PolicyText:
    """``own``: the owner's file; else the one that ships, which is never written to."""

    name: str
    text: str
    own: bool


class PolicyFiles:
    """``changed`` is called after a new text is in force."""

    def __init__(self, directory: Path, changed: Callable[[], None]) -> None:
        self._directory, self._changed = directory, changed

    def every(self) -> list[PolicyText]:
        return [self.get(name) for name in READERS]

    def get(self, name: str) -> PolicyText:
        """Raises :class:`Refusal` for a name that is no policy's."""
        if name not in READERS:
            raise Refusal(f"there is no policy {name[:40]!r}")
        own = self._own(name)
        path = own or config_directory() / name
        try:
            return PolicyText(name, path.read_bytes().decode("utf-8-sig"), own is not None)
        except (OSError, UnicodeDecodeError) as failure:
            raise Refusal(f"{path} cannot be read: {failure}") from None

    def change(self, name: str, text: str) -> str:
        """Puts ``text`` in force and gives back what is different, line by line. Raises :class:`Refusal` with the
        reader's own sentence; then the old text is in force."""
        before = self.get(name)
        text = text.replace("\r\n", "\n")
        if len(text) > MOST_CHARACTERS:
            raise Refusal(f"{name}: more than {MOST_CHARACTERS} characters are no policy")
        target = self._own(name) or self._directory / "config" / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".policy-") as place:
                tried = Path(place) / name
                tried.write_text(text, encoding="utf-8")
                try:
                    READERS[name](tried)
                except Refusal as wrong:
                    raise Refusal(str(wrong).replace(str(tried), name)) from None
                os.replace(tried, target)
        except OSError as failure:
            raise Refusal(f"{target} cannot be written: {failure.strerror}") from None
        self._changed()
        lines = difflib.unified_diff(before.text.splitlines(), text.splitlines(), "before", "after", lineterm="", n=1)
        return "\n".join(lines)

    def _own(self, name: str) -> Path | None:
        places = (self._directory / "config" / name, self._directory / name)
        return next((place for place in places if place.is_file()), None)
