"""Checks everything that a day's work needs and says what to do about each thing that is wrong (doctor, Set-up)."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from mailflow.bootstrap import House
from mailflow.refusals import Refusal, Unreachable
from mailflow.steps.check_templates import check_templates
from mailflow.steps.ports.mailbox import FolderMissing, LoginRefused, MailboxDown
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.sending import Refused, ServerDown

LOW_DISK_BYTES = 1024 * 1024 * 1024
DNS_SECONDS = 5.0


class Verdict(StrEnum):
    GOOD = "good"
    LOOK = "look"  # works, but a person should look
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """``cure`` is what to do, empty when nothing."""

    what: str
    verdict: Verdict
    says: str
    cure: str = ""


def server_checks(house: House) -> list[Callable[[], Iterator[Finding]]]:
    """The mail servers alone: what is asked after a change of the configuration."""
    return [partial(_smtp, house), partial(_mailboxes, house)]


def checks(house: House, *, archive: bool = False) -> list[Callable[[], Iterator[Finding]]]:
    """Each is run when it is iterated; a caller may show what one found before the next begins."""
    every = [_configuration, _database, _archive, _smtp, _mailboxes, _clock, _templates, _fonts, _ocr, _dns]
    made: list[Callable[[], Iterator[Finding]]] = [partial(check, house) for check in every]
    if archive:
        made.append(lambda: _archive_hashes(house))
    return made


def _configuration(house: House) -> Iterator[Finding]:
    yield Finding(
        "configuration", Verdict.GOOD, f"company {house.company.name}, {len(house.settings.mailbox)} mailboxes"
    )
    for warning in house.settings.warnings:
        yield Finding("configuration", Verdict.LOOK, warning, "correct the name of the variable, or unset it")


def _database(house: House) -> Iterator[Finding]:
    try:
        with house.database.reading() as work:
            broken = work.journal.broken_at()
            waiting = work.mailroom.waiting()
    except Unreachable as failure:
        yield Finding("database", Verdict.BROKEN, str(failure), "start it, or correct [database] url")
        return
    kind = house.database.engine.dialect.name
    yield Finding("database", Verdict.GOOD, f"{kind}, {waiting} messages waiting")
    if broken is None:
        yield Finding("journal", Verdict.GOOD, "its hash chain is whole")
    else:
        yield Finding(
            "journal", Verdict.BROKEN, f"its hash chain breaks at entry {broken}",
            "somebody changed the database by hand: compare with the last backup",
        )  # fmt: skip


def _archive(house: House) -> Iterator[Finding]:
    path = house.settings.path(house.settings.archive.path)
    try:
        _ = house.archive
        free = shutil.disk_usage(path).free
    except (Refusal, OSError) as failure:
        yield Finding("archive", Verdict.BROKEN, str(failure), "correct [archive] path or its rights")
        return
    if free < LOW_DISK_BYTES:
        yield Finding(
            "archive",
            Verdict.LOOK,
            f"{free // 1024**2} MB are free on its disk",
            "make room: mail waits when it is full",
        )
    else:
        yield Finding("archive", Verdict.GOOD, f"{path}, {free // 1024**3} GB free")


def _archive_hashes(house: House) -> Iterator[Finding]:
    damaged = list(house.archive.damaged())
    for sha256 in damaged:
        yield Finding("archive", Verdict.BROKEN, f"{sha256} is damaged", "restore this file from a backup")
    with house.database.reading() as work:
        kept = [message for message in work.mailroom.messages() if message.state is not MessageState.ERASED]
    missing = [message.no for message in kept if not house.archive.has(message.sha256)]
    for number in missing:
        yield Finding("archive", Verdict.BROKEN, f"message {number} has lost its bytes", "restore them from a backup")
    if not damaged and not missing:
        yield Finding("archive", Verdict.GOOD, "every file has the bytes that its name says, and none is missing")


def _smtp(house: House) -> Iterator[Finding]:
    smtp = house.settings.smtp
    where = f"{smtp.host}:{smtp.port} ({smtp.security})"

    async def knock() -> None:
        line = await house.transport.open()
        await line.close()

    try:
        asyncio.run(knock())
    except Refused as refused:
        yield Finding(
            "SMTP", Verdict.BROKEN, f"{where}: sign-in refused: {refused}", "check [smtp] username and password"
        )
    except (ServerDown, Refusal) as failure:
        yield Finding("SMTP", Verdict.BROKEN, f"{where}: {failure}", "check [smtp] host, port and security")
    else:
        yield Finding("SMTP", Verdict.GOOD, f"{where}: signed in")


def _mailboxes(house: House) -> Iterator[Finding]:
    for box, mailbox in zip(house.settings.mailbox, house.mailboxes, strict=True):
        what = f"mailbox {box.name}"
        try:
            session = mailbox.connect()
        except LoginRefused as refused:
            yield Finding(
                what, Verdict.BROKEN, str(refused), "check username and password; the provider may want an app password"
            )
            continue
        except (MailboxDown, Refusal) as failure:
            yield Finding(what, Verdict.BROKEN, str(failure), "check host, port and security")
            continue
        try:
            for folder in mailbox.folders:
                try:
                    session.open(folder, writable=False)
                    yield Finding(what, Verdict.GOOD, f"signed in, folder {folder} opens")
                except FolderMissing as missing:
                    yield Finding(what, Verdict.BROKEN, str(missing), "make the folder, or correct its name")
            if not box.trusted_authserv_ids:
                yield Finding(
                    what, Verdict.LOOK, "senders are not verified: trusted_authserv_ids is empty",
                    "put the name that your mail server writes into Authentication-Results there",
                )  # fmt: skip
        except MailboxDown as failure:
            yield Finding(what, Verdict.BROKEN, str(failure), "try again; ask the provider if it stays")
        finally:
            session.close()


def _clock(house: House) -> Iterator[Finding]:
    """Against the database's own clock where it has one, and against the newest entry of the journal."""
    now = house.clock.now()
    try:
        with house.database.reading() as work:
            last = max((entry.at for entry in work.journal.entries()), default=None)
    except Unreachable:
        return
    if last is not None and last > now + dt.timedelta(minutes=1):
        yield Finding(
            "clock",
            Verdict.BROKEN,
            f"{now:%Y-%m-%d %H:%M} UTC is before the journal's last entry ({last:%Y-%m-%d %H:%M})",
            "set the clock; use NTP",
        )
    else:
        yield Finding("clock", Verdict.GOOD, f"{now:%Y-%m-%d %H:%M} UTC, {house.company.timezone} {house.today()}")


def _templates(house: House) -> Iterator[Finding]:
    wrong = check_templates(house.stationery.templates)
    for sentence in wrong:
        yield Finding("letters", Verdict.BROKEN, sentence, "correct the template; nothing is sent with it")
    if not wrong:
        yield Finding("letters", Verdict.GOOD, "every template finds what it asks for")


def _fonts(house: House) -> Iterator[Finding]:
    lacking = house.missing_glyphs("对账单 Statement 貳萬伍仟 €£¥")
    if lacking:
        yield Finding("fonts", Verdict.BROKEN, f"no glyph for {lacking}", "run ./install again: a font file is missing")
    else:
        yield Finding("fonts", Verdict.GOOD, "Chinese and Latin glyphs are there")


def _ocr(house: House) -> Iterator[Finding]:
    if importlib.util.find_spec("rapidocr") and importlib.util.find_spec("onnxruntime"):
        yield Finding("OCR", Verdict.GOOD, "scans can be read")
    else:
        yield Finding("OCR", Verdict.LOOK, "scans cannot be read", "run ./install (the extra 'ocr')")


def _dns(house: House) -> Iterator[Finding]:
    """SPF, DKIM and DMARC of the domain that statements come from: without them they land in the junk folder."""
    domain = house.company.address.rpartition("@")[2]
    if not domain or domain.endswith((".example", ".test", ".invalid", ".localhost")):
        yield Finding("DNS of the sender", Verdict.GOOD, f"{domain or 'no address'}: nothing to look up")
        return
    wanted = [("SPF", domain, "v=spf1"), ("DMARC", f"_dmarc.{domain}", "v=DMARC1")]
    smtp = house.settings.smtp
    if smtp.dkim_selector:
        wanted.append(("DKIM", f"{smtp.dkim_selector}._domainkey.{smtp.dkim_domain or domain}", "p="))
    for name, where, mark in wanted:
        found = _txt(where)
        if found is None:
            yield Finding(name, Verdict.LOOK, f"{where}: no answer from DNS", "look again when the network is there")
        elif any(mark.lower() in record.lower() for record in found):
            yield Finding(name, Verdict.GOOD, f"{where} is published")
        else:
            yield Finding(name, Verdict.LOOK, f"{where}: no {name} record", f"ask who runs {domain} to publish one")


def _txt(name: str) -> list[str] | None:
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=DNS_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException:
        return None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
