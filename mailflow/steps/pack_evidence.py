"""The evidence of a case: every raw message, letter, document, reconciliation and decision, chained by hashes.

    record 1 ─digest─► record 2 ─digest─► … ─► head          digest = SHA-256(previous digest, canonical record)

Each record names its file and the file's SHA-256. Changing, dropping, adding or reordering anything breaks the chain;
changing everything consistently changes the head, which can be anchored outside (printed, mailed, time-stamped).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.work import Database
from mailflow.steps.show_cases import Conversation, HeardMessage, conversation

GENESIS = "0" * 64
MANIFEST = "manifest.json"
FORMAT = "mailflow evidence 1"


@dataclass(frozen=True, slots=True)
class Record:
    """One link. ``file`` is its name inside the pack, None for what is a record only."""

    no: int
    at: str
    kind: str
    about: str
    file: str | None
    sha256: str | None
    facts: dict[str, Any]
    digest: str = ""

    def canonical(self) -> str:
        content = {"no": self.no, "at": self.at, "kind": self.kind, "about": self.about, "file": self.file,
                   "sha256": self.sha256, "facts": self.facts}  # fmt: skip
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Pack:
    """``records`` in order; ``read`` gives a file's bytes; ``told`` is what the readable index is written from."""

    case_id: str
    made_at: dt.datetime
    records: list[Record]
    told: Conversation
    files: Mapping[str, str]  # name inside the pack -> hash in the archive
    inline: Mapping[str, bytes]  # what is made for the pack: JSON of documents and reconciliations

    def sealed(self, indexes: Mapping[str, bytes]) -> Pack:
        """With the readable index, which shows the records and the head so far, as the last links of the chain."""
        records = list(self.records)
        for name, content in indexes.items():
            digest = hashlib.sha256(content).hexdigest()
            record = Record(
                len(records) + 1, self.made_at.astimezone(dt.UTC).isoformat(), "index", "", name, digest, {}
            )
            records.append(_linked(record, records[-1].digest if records else GENESIS))
        return replace(self, records=records, inline={**self.inline, **indexes})

    @property
    def head(self) -> str:
        return self.records[-1].digest if self.records else GENESIS

    def manifest(self) -> bytes:
        content = {
            "format": FORMAT,
            "case": self.case_id,
            "made_at": self.made_at.isoformat(),
            "head": self.head,
            "records": [{**json.loads(record.canonical()), "digest": record.digest} for record in self.records],
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode()


def pack(database: Database, archive: Archive, case_id: str, now: dt.datetime, language: str) -> Pack:
    """Raises ``LookupError`` when there is no such case."""
    told = conversation(database, case_id, language)
    with database.reading() as work:
        versions = work.statements.versions(told.view.case.statement_no)
    files: dict[str, str] = {}
    inline: dict[str, bytes] = {}
    records: list[Record] = []

    def add(
        at: dt.datetime, kind: str, about: str, facts: dict[str, Any], name: str | None, sha256: str | None
    ) -> None:
        record = Record(len(records) + 1, at.astimezone(dt.UTC).isoformat(), kind, about, name, sha256, facts)
        previous = records[-1].digest if records else GENESIS
        records.append(_linked(record, previous))

    for at, what in told.history():
        if isinstance(what, Letter):
            name = f"letters/{what.no:06d}-{_safe(what.key.kind)}-v{what.key.version}.eml"
            files[name] = what.sha256
            facts = {"to": what.key.recipient, "message_id": what.message_id, "state": what.state.value,
                     "server": what.words}  # fmt: skip
            add(at, "letter", what.subject, facts, name, what.sha256)
        elif isinstance(what, HeardMessage):
            for record in _message_records(what, files, inline):
                add(at, *record)
        else:
            add(at, "decision", what.action, {"actor": what.actor, "journal": what.digest, **what.facts}, None, None)
    for version in versions:
        frozen = version.statement
        name = f"statements/{_safe(frozen.number)}-v{frozen.version}.json"
        inline[name] = json.dumps(asdict(frozen), ensure_ascii=False, indent=1, default=str).encode()
        by = {"content": version.content_hash, "released_by": version.released_by, "standing": version.standing.value}
        add(version.drawn_at, "statement", frozen.number, by, name, hashlib.sha256(inline[name]).hexdigest())
    for kept in told.reconciliations:
        name = f"reconciliations/{kept.no:06d}.json"
        inline[name] = json.dumps(kept.record, ensure_ascii=False, indent=1).encode()
        of = {"document": kept.document, "version": kept.version}
        add(kept.at, "reconciliation", name, of, name, hashlib.sha256(inline[name]).hexdigest())
    for name, sha256 in files.items():
        if not archive.has(sha256):
            raise LookupError(f"the archive has lost {name} ({sha256}); restore it from a backup ('mailflow doctor')")
    return Pack(case_id, now, records, told, files, inline)


def _message_records(
    what: HeardMessage, files: dict[str, str], inline: dict[str, bytes]
) -> Iterator[tuple[str, str, dict[str, Any], str | None, str | None]]:
    message = what.message
    if message.state is MessageState.ERASED:
        facts = {"message_id": message.message_id, "sha256": message.sha256, "size": message.size}
        yield "message kept long enough and erased", "", facts, None, None
        return
    name = f"messages/{message.no:06d}.eml"
    files[name] = message.sha256
    placed = what.stages["thread"].result if "thread" in what.stages else {}
    facts = {"from": message.sender, "message_id": message.message_id, "placed_by": placed.get("why"),
             "belief": placed.get("belief"), "automatic": message.automatic}  # fmt: skip
    yield "message", message.subject, facts, name, message.sha256
    for kept in what.documents:
        name = f"documents/{kept.no:06d}-{_safe(kept.name)}"
        files[name] = kept.sha256
        yield "document", kept.name, {"message": message.no, "trust": kept.document.trust.value}, name, kept.sha256
        reading = f"documents/{kept.no:06d}.json"
        inline[reading] = json.dumps(kept.document.to_json(), ensure_ascii=False, indent=1).encode()
        yield "reading", kept.name, {"document": kept.no}, reading, hashlib.sha256(inline[reading]).hexdigest()


def _linked(record: Record, previous: str) -> Record:
    digest = hashlib.sha256(previous.encode() + b"\n" + record.canonical().encode()).hexdigest()
    return Record(record.no, record.at, record.kind, record.about, record.file, record.sha256, record.facts, digest)


def _safe(name: str) -> str:
    """A name that means nothing to any file system but itself: the sender's word is data, never a path."""
    cleaned = re.sub(r"[^\w.-]+", "_", name, flags=re.UNICODE).strip("._")
    return cleaned[-80:] or "unnamed"


def verify(manifest: bytes, read: Mapping[str, bytes], ignored: Sequence[str] = ()) -> list[str]:
    """What is wrong with a pack, in sentences; empty when it is as it was made. ``read`` holds every file of the pack
    but the manifest; ``ignored`` names a readable index that may be in no record (packs of before it was)."""
    wrong: list[str] = []
    try:
        content = json.loads(manifest)
        if content["format"] != FORMAT:
            return [f"the format {content['format']!r} is not known"]
        records = [Record(**record) for record in content["records"]]
        head = str(content["head"])
    except (ValueError, KeyError, TypeError) as failure:
        return [f"{MANIFEST} cannot be read: {failure}"]
    previous = GENESIS
    named = set(ignored)
    for place, record in enumerate(records, start=1):
        if record.no != place:
            wrong.append(f"record {record.no} stands where record {place} belongs")
        if _linked(record, previous).digest != record.digest:
            wrong.append(f"record {record.no} ({record.kind}) does not follow from the one before it")
        previous = record.digest
        if record.file is not None:
            named.add(record.file)
            content_of = read.get(record.file)
            if content_of is None:
                wrong.append(f"{record.file} is missing")
            elif hashlib.sha256(content_of).hexdigest() != record.sha256:
                wrong.append(f"{record.file} is not what it was")
    if head != previous:
        wrong.append("the head is not the digest of the last record")
    wrong += [f"{name} belongs to no record" for name in sorted(set(read) - named)]
    return wrong


def entry_words(entry: Entry) -> str:
    """A decision in a few words, for the index."""
    return entry.action.replace(".", " ").replace("_", " ")
