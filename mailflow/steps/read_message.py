"""Stage "read": raw bytes to what the message says, in the parser child; attachments go to the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from mailflow.correspondence.authentication import KeyLookup, key_names
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.parsing import Parsing, Unreadable
from mailflow.steps.ports.parsing import ReadMessage as Read
from mailflow.steps.stage import Hopeless, Outcome, Results, Traveller

MAX_READ_BYTES = 25 * 1024 * 1024  # a larger one is kept whole in the archive and shown to a person
SMALL_BYTES = 256 * 1024  # up to this a message is read together with others
TOGETHER_BYTES = 4 * 1024 * 1024  # of which a child gets so many at once


class ReadMessage:
    name = "read"

    def __init__(self, archive: Archive, parsing: Parsing, keys: KeyLookup | None = None) -> None:
        """``keys`` asks DNS for DKIM keys; without it only the mailbox's own server is asked who wrote."""
        self._archive, self._parsing, self._keys = archive, parsing, keys

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        if message.size > MAX_READ_BYTES:
            limit = MAX_READ_BYTES // (1024 * 1024)
            raise Hopeless(f"the message has {message.size} bytes; more than {limit} MiB are not read, a person must")
        [outcome] = self._read([self._archive.read(message.sha256)])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def ahead(self, travellers: Sequence[Traveller]) -> list[Outcome | Exception]:
        outcomes: list[Outcome | Exception] = []
        raws: list[bytes] = []
        for one in travellers:
            raws.append(self._archive.read(one.message.sha256))
            if sum(map(len, raws)) >= TOGETHER_BYTES:
                outcomes += self._read(raws)
                raws = []
        return outcomes + self._read(raws)

    def alone(self, message: StoredMessage, results: Results) -> bool:
        return message.size > SMALL_BYTES

    def _read(self, raws: Sequence[bytes]) -> list[Outcome | Exception]:
        read = self._parsing.read_messages(raws)
        if self._keys is not None:
            for raw, one in zip(raws, read, strict=True):
                if not isinstance(one, Unreadable):
                    one.routing["signed_by"] = self._signed_by(raw, one.reading["from"]["address"])
        return self._kept(read)

    def _signed_by(self, raw: bytes, sender: str) -> str | None:
        """The domain whose signature we checked ourselves; None also where no name server answers."""
        assert self._keys is not None
        found: dict[str, bytes] = {}
        for name in key_names(raw):
            try:
                key = self._keys(name)
            except OSError:
                continue
            if key is not None:
                found[name] = key
        return self._parsing.verify_dkim(raw, found, sender.rpartition("@")[2].lower()) if found else None

    def _kept(self, read: Sequence[Read | Unreadable]) -> list[Outcome | Exception]:
        contents = [part.content for one in read if not isinstance(one, Unreadable) for part in one.parts]
        stored = iter(self._archive.store_many(contents) if contents else ())
        outcomes: list[Outcome | Exception] = []
        for one in read:
            if isinstance(one, Unreadable):
                outcomes.append(Hopeless(f"the message cannot be read: {one}"))
                continue
            parts = [
                {
                    "name": part.name,
                    "type": part.type,
                    "sha256": next(stored).sha256,
                    "size": len(part.content),
                    "inline": part.inline,
                }
                for part in one.parts
            ]
            result = {"reading": one.reading, "routing": one.routing, "parts": parts}
            outcomes.append(Outcome(result, facts=_facts(one.reading), words=one.words))
        return outcomes


def _facts(reading: dict[str, Any]) -> dict[str, Any]:
    return {
        "message_id": (reading["message_id"] or None) and reading["message_id"][:1000],
        "subject": reading["subject"][:2000],
        "sender": (reading["from"]["address"] or reading["from"]["name"] or "")[:400],
        "sent_at": _instant(reading["date"]),
        "automatic": reading["automatic"],
    }


def _instant(text: str | None) -> dt.datetime | None:
    """A sender's date may be anything: what our columns cannot hold is no date."""
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
