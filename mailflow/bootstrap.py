"""Joins the settings with every adapter: the only place that knows them all. Faces get a :class:`House`."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from mailflow import settings as configuration
from mailflow.adapters.archive import FileArchive
from mailflow.adapters.clock import SystemClock
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.imap import ImapMailbox
from mailflow.adapters.ledger_files import read_ledger, read_parties
from mailflow.adapters.private_file import private_key
from mailflow.receivables.company import Company
from mailflow.refusals import Refusal
from mailflow.settings import Settings
from mailflow.steps.import_ledger import ImportReport, ReadFile, import_ledger
from mailflow.steps.ports.clock import Clock


@dataclass
class House:
    """Everything that a step may need, made when it is first asked for."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def company(self) -> Company:
        return self.settings.company_profile()

    @cached_property
    def database(self) -> SqlDatabase:
        url = self.settings.database.url
        prefix = "sqlite:///"
        if url.startswith(prefix) and not url.startswith("sqlite:////"):
            url = prefix + str(self.settings.path(url[len(prefix) :]))
        engine = open_engine(url)
        bring_up_to_date(engine)
        return SqlDatabase(engine)

    @cached_property
    def archive(self) -> FileArchive:
        return FileArchive(self.settings.path(self.settings.archive.path))

    @cached_property
    def token_key(self) -> bytes:
        """Signs reply tokens; lies beside the archive so that a backup of the archive holds it."""
        return private_key(self.settings.path(self.settings.archive.path) / "token.key")

    @cached_property
    def mailboxes(self) -> list[ImapMailbox]:
        if not self.settings.mailbox:
            raise Refusal("the configuration names no [[mailbox]]; add one (see config/mailflow.example.toml)")
        directory = self.settings.directory
        return [
            ImapMailbox(
                account=box.name, address=box.address, host=box.host, port=box.port, username=box.username,
                password=lambda box=box: box.secret(directory).get_secret_value(),  # type: ignore[misc]
                security=box.security, folders=(box.folder, *box.more_folders),
                processed_folder=box.processed_folder or None, quarantine_folder=box.quarantine_folder or None,
            )
            for box in self.settings.mailbox
        ]  # fmt: skip

    def import_ledger(
        self,
        ledger: bytes | None,
        ledger_name: str,
        parties: bytes | None,
        parties_name: str,
        as_of: dt.date,
        *,
        skip_bad_rows: bool = False,
        partial: bool = False,
        allow_gone: bool = False,
    ) -> ImportReport:
        """Reads both files, then takes them in together. Raises :class:`Refusal`; then nothing is imported."""
        items = None if ledger is None else read_ledger(ledger, ledger_name, skip_bad_rows=skip_bad_rows)
        people = None if parties is None else read_parties(parties, parties_name, skip_bad_rows=skip_bad_rows)
        files = [
            ReadFile(name, hashlib.sha256(data).hexdigest(), found.skipped, found.remarks)
            for name, data, found in ((ledger_name, ledger, items), (parties_name, parties, people))
            if data is not None and found is not None
        ]
        return import_ledger(
            self.database,
            items=None if items is None else items.items,
            parties=None if people is None else people.parties,
            files=files,
            as_of=as_of,
            now=self.clock.now(),
            partial=partial,
            allow_gone=allow_gone,
        )

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.engine.dispose()


def open_house(config: str | None = None) -> House:
    """The house of the configuration ``config`` (or of the default places). Raises :class:`Refusal`."""
    return House(configuration.load(config))
