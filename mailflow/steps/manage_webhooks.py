"""Webhooks are made and switched off by an administrator (API, command line) or stand in the configuration.

The signing secret is never kept: it is made from a random salt, which is, and the house's key, which is a file.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from mailflow.refusals import Refusal
from mailflow.steps.ports.webhooks import Subject, Webhook
from mailflow.steps.ports.work import Database, Work

PROGRAM = "mailflow"
MOST_WEBHOOKS = 50
LOOPBACK_NAMES = ("localhost",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One ``[[webhook]]`` of the configuration."""

    name: str
    url: str
    subjects: frozenset[Subject]


def secret_of(key: bytes, salt: str) -> str:
    """In the form of Standard Webhooks: ``whsec_`` and Base64 of 32 bytes."""
    made = hmac.new(key, b"mailflow webhook\x00" + salt.encode(), hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(made).decode()


def checked_url(url: str) -> str:
    """An address that may be told anything at all; which machine it leads to is checked at every delivery.

    Raises :class:`Refusal`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refusal(f"{url[:100]!r} is no address") from None
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        raise Refusal(f"{url[:100]!r} is no address; write it like https://erp.example/mailflow")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refusal("an address of a webhook has no user, password or #fragment; the signature proves who calls")
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return url
    raise Refusal(f"{url[:100]!r}: only https:// leaves this machine (http:// is for 127.0.0.1 and localhost)")


def is_loopback(host: str) -> bool:
    """By its own spelling: a name that merely leads here is none."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def make_webhook(
    database: Database, key: bytes, name: str, url: str, subjects: Collection[Subject], *, by: str, at: dt.datetime
) -> tuple[Webhook, str]:
    """It hears what happens from now on. The secret is shown this once. Raises :class:`Refusal`."""
    name = name.strip()
    if not name or not subjects:
        raise Refusal("a webhook needs a name and at least one event")
    with database.writing() as work:
        if len(work.webhooks.all()) >= MOST_WEBHOOKS:
            raise Refusal(f"there are {MOST_WEBHOOKS} webhooks already")
        made = _add(work, Wanted(name, checked_url(url), frozenset(subjects)), by=by, at=at, from_settings=False)
        if made is None:
            raise Refusal(f"there is a webhook {name!r} already")
    return made, secret_of(key, made.salt)


def switch_webhook(database: Database, number: int, *, active: bool, by: str, at: dt.datetime, why: str = "") -> None:
    """Off: nothing is recorded or sent. On again: it hears what happens from then on. Raises :class:`Refusal`."""
    with database.writing() as work:
        found = work.webhooks.get(number)
        if found is None:
            raise Refusal(f"there is no webhook {number}")
        if found.active is active:
            raise Refusal(f"webhook {number} is {'on' if active else 'off'} already")
        if active:
            work.webhooks.saw(number, work.browse.marks())
        work.webhooks.change(number, active=active)
        action = "webhook.switched_on" if active else "webhook.switched_off"
        work.journal.append(at, by, action, f"webhook:{number}", {"name": found.name, "why": why})


def send_again(database: Database, number: int, *, by: str, at: dt.datetime) -> None:
    """A delivery is tried anew, with the same id. Raises :class:`Refusal`."""
    with database.writing() as work:
        found = work.webhooks.delivery(number)
        if found is None:
            raise Refusal(f"there is no delivery {number}")
        work.webhooks.again(number, at)
        facts = {"delivery": number, "event": found.event}
        work.journal.append(at, by, "webhook.sent_again", f"webhook:{found.webhook}", facts)


def follow_settings(database: Database, wanted: Iterable[Wanted], at: dt.datetime) -> None:
    """Makes the webhooks of the configuration what it says; one that it no longer names is switched off."""
    named = {one.name: one for one in wanted}
    with database.reading() as work:
        known = {one.name: one for one in work.webhooks.all()}
    if all(
        name in known and known[name].active and known[name].url == one.url and known[name].subjects == one.subjects
        for name, one in named.items()
    ) and not any(one.from_settings and one.active and one.name not in named for one in known.values()):
        return
    with database.writing() as work:
        known = {one.name: one for one in work.webhooks.all()}
        for name, one in named.items():
            kept = known.get(name)
            if kept is None:
                _add(work, one, by=PROGRAM, at=at, from_settings=True)
                continue
            if not kept.active:
                work.webhooks.saw(kept.no, work.browse.marks())
            work.webhooks.change(kept.no, url=one.url, subjects=one.subjects, active=True)
        for kept in known.values():
            if kept.from_settings and kept.active and kept.name not in named:
                work.webhooks.change(kept.no, active=False)
                facts = {"name": kept.name, "why": "no longer in the configuration"}
                work.journal.append(at, PROGRAM, "webhook.switched_off", f"webhook:{kept.no}", facts)


def _add(work: Work, one: Wanted, *, by: str, at: dt.datetime, from_settings: bool) -> Webhook | None:
    number = work.webhooks.add(
        one.name, one.url, one.subjects, secrets.token_hex(16), by=by, at=at, seen=work.browse.marks(),
        from_settings=from_settings,
    )  # fmt: skip
    if number is None:
        return None
    facts = {"name": one.name, "url": one.url, "events": sorted(one.subjects)}
    work.journal.append(at, by, "webhook.made", f"webhook:{number}", facts)
    return work.webhooks.get(number)
