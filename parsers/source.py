"""Where the bytes at hand come from, and what all levels of one delivery may still spend together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from parsers import limits
from parsers.errors import LimitReached
from parsers.profile import Profile


@dataclass(slots=True)
class Budget:
    """What containers inside containers share: a ZIP in a mail in a ZIP spends from the same purse."""

    parts: int = limits.MAX_PARTS
    content: int = limits.MAX_ARCHIVE_BYTES  # bytes after inflating or decoding

    def spend(self, size: int) -> None:
        """One more member of ``size`` bytes. Raises :class:`LimitReached`."""
        self.parts -= 1
        self.content -= size
        if self.parts < 0:
            raise LimitReached("MAX_PARTS", f"more than {limits.MAX_PARTS} parts lie inside each other")
        if self.content < 0:
            raise LimitReached(
                "MAX_ARCHIVE_BYTES", f"the parts hold more than {limits.MAX_ARCHIVE_BYTES} bytes together"
            )


@dataclass(slots=True)
class Wanted:
    """A member that somebody wants to see: containers are opened only to find its bytes, nothing in them is read."""

    member: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """``file`` is the delivery's name, ``member`` the path inside it (``"scans.zip/oct.pdf"``) or None.

    ``recognition`` False means that this process may not spend what OCR costs: a reader that needs it raises
    :class:`parsers.errors.RecognitionNeeded`, and the caller asks again where more is allowed.
    """

    file: str
    member: str | None = None
    password: str | None = None
    depth: int = 0
    recognition: bool = True
    budget: Budget = field(default_factory=Budget)
    wanted: Wanted | None = None
    profile: Profile | None = None  # what a person corrected about this party's documents

    @property
    def name(self) -> str:
        """The name of the bytes at hand: the member's where there is one."""
        return self.member or self.file

    def inside(self, name: str) -> Source:
        """The source of a member called ``name``. Raises :class:`LimitReached` when that is too deep."""
        if self.depth + 1 > limits.MAX_DEPTH:
            raise LimitReached("MAX_DEPTH", f"containers lie more than {limits.MAX_DEPTH} deep inside each other")
        member = f"{self.member}/{name}" if self.member else name
        return replace(self, member=member, depth=self.depth + 1)
