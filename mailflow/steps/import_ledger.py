"""Takes a ledger and parties that were read from files into the record: all of it in one transaction, or nothing.

Doing it again with the same files changes nothing; what an import changed is told, so that a wrong file is noticed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mailflow.receivables.ledger import Item
from mailflow.receivables.ledger_rows import BadRow, Remark
from mailflow.receivables.party import Party, Side
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.ports.ledger import ItemChanges, PartyChanges
from mailflow.steps.ports.work import Database

MANY_GONE = 20  # items: fewer may well have been cancelled


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read from one file. ``skipped`` are rows left out because the user said so."""

    name: str
    sha256: str
    skipped: tuple[BadRow, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(slots=True)
class ImportReport:
    """``unknown_parties`` have items but stand in no parties file: nothing can be sent to them."""

    as_of: dt.date
    no: int | None = None
    items: ItemChanges = field(default_factory=ItemChanges)
    parties: PartyChanges = field(default_factory=PartyChanges)
    files: tuple[ReadFile, ...] = ()
    unknown_parties: list[str] = field(default_factory=list)

    @property
    def changed_anything(self) -> bool:
        items, parties = self.items, self.parties
        return bool(items.new or items.changed or items.gone or parties.new or parties.changed)

    @property
    def skipped(self) -> tuple[tuple[str, BadRow], ...]:
        return tuple((file.name, row) for file in self.files for row in file.skipped)

    @property
    def remarks(self) -> tuple[tuple[str, Remark], ...]:
        return tuple((file.name, remark) for file in self.files for remark in file.remarks)

    def sentence(self) -> str:
        """One line for a person."""
        items, parties = self.items, self.parties
        if not self.changed_anything:
            what = f"nothing changed ({items.same} items, {parties.same} parties)"
        else:
            counts = [("new", items.new), ("changed", items.changed), ("gone", items.gone), ("unchanged", items.same)]
            what = "items: " + (", ".join(f"{count} {name}" for name, count in counts if count) or "none")
            changed = len({change.party_id for change in parties.changed})
            counts = [("new", len(parties.new)), ("changed", changed), ("unchanged", parties.same)]
            if any(count for _, count in counts):
                what += "; parties: " + ", ".join(f"{count} {name}" for name, count in counts if count)
        return f"ledger as of {self.as_of.isoformat()}: {what}" + (
            f"; {len(self.skipped)} bad rows skipped" if self.skipped else ""
        )

    def to_json(self) -> dict[str, Any]:
        items, parties = self.items, self.parties
        return {
            "as_of": self.as_of.isoformat(),
            "import": self.no,
            "items": {"new": items.new, "changed": items.changed, "gone": items.gone, "unchanged": items.same},
            "parties": {
                "new": len(parties.new),
                "changed": len({change.party_id for change in parties.changed}),
                "unchanged": parties.same,
            },
            "changes": [
                {"item": one.item_id or None, "party": one.party_id, "field": one.field, "before": one.before,
                 "after": one.after}
                for one in (*items.details, *parties.changed)
            ],
            "gone": items.gone_ids,
            "skipped": [
                {"file": file, "line": row.line, "column": row.column, "value": row.value, "reason": row.what}
                for file, row in self.skipped
            ],
            "remarks": [{"file": file, "line": one.line, "remark": one.what} for file, one in self.remarks],
            "unknown_parties": self.unknown_parties,
        }  # fmt: skip


class _TakenBack(Exception):
    """Ends the transaction of a preview."""


def import_ledger(
    database: Database,
    *,
    items: Sequence[Item] | None,
    parties: Sequence[Party] | None,
    files: Sequence[ReadFile],
    as_of: dt.date,
    now: dt.datetime,
    partial: bool = False,
    allow_gone: bool = False,
    actor: str = PROGRAM,
    preview: bool = False,
    bank_as_of: dt.date | None = None,
) -> ImportReport:
    """``as_of``: the day whose end the file's open amounts describe; ``bank_as_of``: the day up to which the bank's
    entries are booked in it. ``preview``: everything is done as it would be, and then taken back.

    The file is taken for the whole ledger of the sides (receivable, payable) that it has rows of: items on record that
    it no longer has are gone. With ``partial`` nothing is gone. Raises :class:`Refusal` when most of what was there
    would be gone (``allow_gone``: it may): then the wrong file was probably chosen.
    """
    report = ImportReport(as_of=as_of, files=tuple(files))
    with contextlib.suppress(_TakenBack), database.writing() as work:
        if parties is not None:
            report.parties = work.ledger.put_parties(parties)
        if items is not None:
            sides = sorted({item.side for item in items})
            named = files[0]
            report.no = work.ledger.begin_import(
                at=now, as_of=as_of, sides=sides, name=named.name, sha256=named.sha256, bank_as_of=bank_as_of
            )
            report.items = work.ledger.put_items(
                items, import_no=report.no, as_of=as_of, whole=() if partial else sides
            )
            _refuse_when_most_is_gone(report.items, allow_gone, named.name)
        known = {(one.id, one.side) for one in work.ledger.parties()}
        report.unknown_parties = sorted(
            {party_id for party_id, side, _ in work.ledger.accounts() if (party_id, Side(side)) not in known}
        )
        if preview:
            report.no = None
            raise _TakenBack
        work.journal.append(
            now, actor, "ledger.imported", f"import:{report.no or 'parties'}",
            {
                "as_of": as_of.isoformat(), "bank_as_of": bank_as_of.isoformat() if bank_as_of else None,
                "files": [{"name": file.name, "sha256": file.sha256, "skipped": len(file.skipped)} for file in files],
                "items": report.to_json()["items"], "parties": report.to_json()["parties"],
            },
        )  # fmt: skip
    return report


def _refuse_when_most_is_gone(changes: ItemChanges, allow_gone: bool, name: str) -> None:
    there = changes.same + changes.changed + changes.gone
    if allow_gone or changes.gone < MANY_GONE or changes.gone * 2 <= there:
        return
    raise Refusal(
        f"{name}: {changes.gone} of the {there} items on record are not in this file, so it is probably not the whole "
        "ledger, and nothing was imported; add --partial to keep them, or --allow-gone if they really are gone"
    )
