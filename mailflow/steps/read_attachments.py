"""Stage "attachments": each attachment to typed documents, in the parser child, whoever or whatever sent the mail.

A machine's mail gets no answer, but what it brings is read: many remittance advices come from an ERP's no-reply.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.parsing import Parsing
from mailflow.steps.ports.work import Work
from mailflow.steps.stage import Outcome, Results, Traveller
from parsers.documents import Document, Kind
from parsers.profile import Profile

MAX_DOCUMENTS = 50  # of one message; a person looks at the rest
SMALL_PICTURE_BYTES = 20_000  # logos in signatures are not documents
_FIGURE = re.compile(r"[\w./-]*\d[\d.,]+")
_TALKING = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "application/pgp-signature"})
_SIGNED = ("application/pkcs7-signature", "application/x-pkcs7-signature")


class ReadAttachments:
    name = "attachments"

    def __init__(
        self, archive: Archive, parsing: Parsing, profile_of: Callable[[str | None], Profile | None] = lambda _: None
    ) -> None:
        """``profile_of``: what a person corrected about the documents of a party."""
        self._archive, self._parsing, self._profile_of = archive, parsing, profile_of

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        [outcome] = self.ahead([Traveller(message, dict(results))])
        return outcome

    def ahead(self, travellers: Sequence[Traveller]) -> list[Outcome]:
        wanted, skipped = [], []
        for one in travellers:
            its_wanted, its_skipped = self._wanted(one.results)
            wanted.append(its_wanted)
            skipped.append(its_skipped)
        profiles = [self._profile_of(one.results["thread"].get("party")) for one in travellers]
        found = self._read([[(sha256, name, sha256) for sha256, name in parts] for parts in wanted], profiles)
        bodies = [
            [(one.message.sha256, "message.eml", one.message.sha256)]
            if not documents and _silent(one.results) is None
            and _holds_lines(one.results["read"]["reading"]["new_text"])
            else []
            for one, documents in zip(travellers, found, strict=True)
        ]  # fmt: skip
        for documents, written in zip(found, self._read(bodies, profiles), strict=True):
            # a remittance advice written into the mail itself; only what is clearly one counts
            documents += [
                one for one in written
                if one[2].kind in (Kind.REMITTANCE_ADVICE, Kind.STATEMENT) and len(one[2].lines) >= 2
            ]  # fmt: skip
        return [
            _outcome(one.message.no, one.results["thread"]["case"], documents[:MAX_DOCUMENTS], its_skipped)
            for one, documents, its_skipped in zip(travellers, found, skipped, strict=True)
        ]

    def alone(self, message: StoredMessage, results: Results) -> bool:
        """What may take long, or much, does not keep others waiting."""
        sizes = [part["size"] for part in results["read"]["parts"]]
        return _silent(results) is None and sum(sizes) > 0

    def _wanted(self, results: Results) -> tuple[list[tuple[str, str]], list[str]]:
        """The attachments to read (hash, name), and the names of those that are not."""
        if _silent(results) is not None:
            return [], []
        own = results.get("understand", {}).get("own_documents", [])  # ours, sent back: not theirs
        wanted: list[tuple[str, str]] = []
        skipped: list[str] = []
        for part in results["read"]["parts"]:
            if part["sha256"] in own or not _worth_reading(part) or len(wanted) >= MAX_DOCUMENTS:
                skipped.append(part["name"])
            else:
                wanted.append((part["sha256"], part["name"]))
        return wanted, skipped

    def _read(
        self, wanted: Sequence[Sequence[tuple[str, str, str]]], profiles: Sequence[Profile | None]
    ) -> list[list[tuple[str, str, Document]]]:
        """The documents in the contents named (hash, name, hash in the archive) of each message; those of a party with
        a profile are read with it, each alone."""
        asked = [
            (self._archive.read(where), name, profile)
            for each, profile in zip(wanted, profiles, strict=True)
            for _, name, where in each
        ]
        plain = [(content, name) for content, name, profile in asked if profile is None]
        together = iter(self._parsing.parse_documents(plain) if plain else ())
        answers = iter(
            [
                next(together) if profile is None else self._parsing.parse_document(content, name, profile=profile)
                for content, name, profile in asked
            ]
        )
        return [
            [
                (sha256, name, document)
                for sha256, name, _ in each
                for document in next(answers)
                if document.kind is not Kind.UNKNOWN or document.lines
            ]
            for each in wanted
        ]


def _silent(results: Results) -> str | None:
    """Why nothing that this message brings is read; None: it is."""
    if results["thread"]["own"]:
        return "ours"
    return "the same came before" if results["thread"]["same_as"] is not None else None


def _outcome(
    number: int, case_id: str | None, found: Sequence[tuple[str, str, Document]], skipped: list[str]
) -> Outcome:
    result = {"documents": len(found), "skipped": skipped}
    if not found:
        return Outcome(result)

    def write(work: Work, at: dt.datetime) -> None:
        for position, (sha256, name, document) in enumerate(found):
            work.documents.keep(number, position, sha256, name, document, at)
        work.documents.assign(number, case_id)

    return Outcome(result, write)


def _holds_lines(new_text: str) -> bool:
    """Whether the words may be a table of documents paid: two lines with a reference and an amount, or a column of
    figures. Reading a mail as a document costs as much as all the rest of its way, and most mails are a sentence."""
    rows = column = 0
    for line in new_text.splitlines():
        figures = len(_FIGURE.findall(line))
        rows += figures >= 2
        column = column + 1 if figures else 0
        if rows >= 2 or column >= 4:
            return True
    return False


def _worth_reading(part: dict[str, object]) -> bool:
    kind, size = str(part["type"]).lower(), int(str(part["size"]))
    if kind in _TALKING or kind in _SIGNED or kind.startswith(("audio/", "video/")):
        return False
    return not (kind.startswith("image/") and part["inline"] and size < SMALL_PICTURE_BYTES)
