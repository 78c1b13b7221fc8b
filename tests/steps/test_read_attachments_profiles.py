"""Attachments of a party are read with what a clerk corrected about its documents; a correction holds at once."""

from __future__ import annotations

from pathlib import Path

from mailflow.adapters.parser_child import ParserChild
from mailflow.adapters.profile_files import ProfileFile, save_profile
from mailflow.steps.read_attachments import ReadAttachments
from parsers.documents import Document, Trust, unreadable
from parsers.profile import Profile

CONTENT = (
    b"Kontoblatt;;;\nWann;Kennung X;Zeug;Bleibt\n01.02.2026;RE-1001;1.500,00;1.500,00\n"
    b"03.02.2026;RE-1002;250,00;1.750,00\n04.02.2026;ZE-0007;-500,00;1.250,00\n"
)
COLUMNS = {"Wann": "date", "Kennung X": "reference", "Zeug": "amount", "Bleibt": "balance"}


class OneFile:
    """An archive that holds one content."""

    def read(self, sha256: str) -> bytes:
        return CONTENT


def read(stage: ReadAttachments, party: str | None) -> Document:
    """The one attachment, of a message of ``party``."""
    [found] = stage._read([[("a" * 64, "oct.csv", "a" * 64)]], [stage._profile_of(party)])
    return found[0][2] if found else unreadable("oct.csv", "csv", "nothing was found in it")


def test_the_partys_own_profile_is_used_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "profiles.toml"
    with ParserChild(1) as parsing:
        stage = ReadAttachments(OneFile(), parsing, ProfileFile(file).of)  # type: ignore[arg-type]
        assert read(stage, "S-7").trust is not Trust.PROVEN
        save_profile(file, "S-7", Profile(columns=COLUMNS))
        assert read(stage, "S-7").trust is Trust.PROVEN
        assert read(stage, "S-8").trust is not Trust.PROVEN
        assert read(stage, None).trust is not Trust.PROVEN
