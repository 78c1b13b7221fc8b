"""Stage "attachments": each attachment to typed documents, in the parser child, whoever or whatever sent the mail.

A machine's mail gets no answer, but what it brings is read: many remittance advices come from an ERP's no-reply.
"""

from __future__ import annotations

import datetime as dt
import re

from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.parsing import Parsing
from mailflow.steps.ports.work import Work
from mailflow.steps.process_messages import Outcome, Results
from parsers.documents import Document, Kind

MAX_DOCUMENTS = 50  # of one message; a person looks at the rest
SMALL_PICTURE_BYTES = 20_000  # logos in signatures are not documents
_AMOUNT = re.compile(r"\d[.,]\d{2}\b|\d{2,}")
_TALKING = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "application/pgp-signature"})
_SIGNED = ("application/pkcs7-signature", "application/x-pkcs7-signature")


class ReadAttachments:
    name = "attachments"

    def __init__(self, archive: Archive, parsing: Parsing) -> None:
        self._archive, self._parsing = archive, parsing

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        if results["thread"]["own"] or results["thread"]["same_as"] is not None:
            return Outcome({"documents": 0, "skipped": []})
        found: list[tuple[str, str, Document]] = []
        skipped: list[str] = []
        own = results.get("understand", {}).get("own_documents", [])  # ours, sent back: not theirs
        for part in results["read"]["parts"]:
            if part["sha256"] in own or not _worth_reading(part) or len(found) >= MAX_DOCUMENTS:
                skipped.append(part["name"])
                continue
            content = self._archive.read(part["sha256"])
            for document in self._parsing.parse_document(content, part["name"]):
                if document.kind is not Kind.UNKNOWN or document.lines:
                    found.append((part["sha256"], part["name"], document))
        if not found and _holds_lines(results["read"]["reading"]["new_text"]):
            found = self._body(message)

        def write(work: Work, at: dt.datetime) -> None:
            for position, (sha256, name, document) in enumerate(found[:MAX_DOCUMENTS]):
                work.documents.keep(message.no, position, sha256, name, document, at)
            work.documents.assign(message.no, results["thread"]["case"])

        return Outcome({"documents": len(found[:MAX_DOCUMENTS]), "skipped": skipped}, write)

    def _body(self, message: StoredMessage) -> list[tuple[str, str, Document]]:
        """A remittance advice written into the mail itself; only what is clearly one counts."""
        raw = self._archive.read(message.sha256)
        kinds = (Kind.REMITTANCE_ADVICE, Kind.STATEMENT)
        return [
            (message.sha256, "message.eml", document)
            for document in self._parsing.parse_document(raw, "message.eml")
            if document.kind in kinds and len(document.lines) >= 2
        ]


def _holds_lines(new_text: str) -> bool:
    """Whether the words may be a table of documents paid: two lines with an amount. Reading a mail as a document costs
    as much as all the rest of its way, and most mails are a sentence."""
    return sum(1 for line in new_text.splitlines() if _AMOUNT.search(line)) >= 2


def _worth_reading(part: dict[str, object]) -> bool:
    kind, size = str(part["type"]).lower(), int(str(part["size"]))
    if kind in _TALKING or kind in _SIGNED or kind.startswith(("audio/", "video/")):
        return False
    return not (kind.startswith("image/") and part["inline"] and size < SMALL_PICTURE_BYTES)
