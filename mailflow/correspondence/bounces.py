"""Non-delivery reports: which recipients failed, for good or not, why, and of which mail of ours (RFC 3464).

Machine-readable reports. Little more than half of real bounces have one (field guide "mail", 6.3): what mail systems
say in words is read by :mod:`mailflow.correspondence.bounce_texts`.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.html_text import text_of
from mailflow.correspondence.message import Bounce, Message

MAX_TEXT = 60_000  # characters of a report's text that are looked at
MAX_RECIPIENTS = 200

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
SMTP_CODE = re.compile(r"(?<![\d.:-])([45])\d\d(?=[ -](?:[#<\w]|\d\.))")
_SENDER = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|mdaemon|mail[._-]?delivery|mail-?system|mailsystem|bounces?|noreply-bounce|mmdf|uucp"
    r"|mailerdaemon|smtp|maildeliverysystem|system ?(?:attendant|administrator)|\w{0,40}smtp_?(?:mail|gateway)\w{0,20}|\w{0,20}antivirus_for_smtp\w{0,20}|imss|interscan|microsoftexchange[\w-]*|maiser|bounce[-+=].*|.*-bounces?|null|mail-?admin(?:istrator)?)(?:@|$|\b)",
    re.IGNORECASE,
)
_SENDER_NAME = re.compile(
    r"mail delivery (?:sub)?system|mail(?:er)? ?-?daemon|post ?master|mail (?:system|administrator|router)|system administrator|退信|系统退信|邮件系统|microsoft outlook$|delivery subsystem",
    re.IGNORECASE,
)
TEMPORARY = re.compile(
    r"delay|not (?:yet )?(?:been )?(?:delivered|sent) (?:yet|after|for|within|in the last)|still (?:trying|being|in the queue|retry|queued)|will (?:be )?(?:keep|continue|retr|try|tried)|keep trying|retry|warning message only|you do not need to resend|do not need to resend|temporar|deferred|will be (?:re)?tried|queued for"
    r"|verzögert|wird (?:weiterhin|erneut) versucht|retard|en attente|retrasad|延迟|暂时|将继续|稍后重试|重试|延遲",
    re.IGNORECASE,
)
GAVE_UP = re.compile(
    r"giving up|given up|did not receive (?:your|the|this) (?:message|mail)|was undeliverable|gave up|permanent|fatal|will not (?:be )?(?:retr|try)|no further|has been (?:removed|deleted) from the queue|not be re-?tried|retry timeout exceeded|queue too long|expired",
    re.IGNORECASE,
)
COPIED_ID = re.compile(
    r"^[ >*|\t]{0,8}(?:message-id|x-mailflow-id)\s?:\s{0,5}<?([^<>\s]{1,400}@[^<>\s]{1,200})>?",
    re.IGNORECASE | re.MULTILINE,
)


def status_blocks(message: Message) -> list[list[tuple[str, str]]]:
    """The delivery-status blocks of the report, also where a gateway wrapped the whole report once more."""
    if message.delivery_status or not from_mail_system(message):
        return message.delivery_status
    return next((inner.delivery_status for inner in message.embedded if inner.delivery_status), [])


def report_bounces(message: Message) -> tuple[list[Bounce], list[str]]:
    """(one bounce for each recipient whose delivery failed or is delayed, the actions of the others)."""
    original = original_id(message)
    bounces: list[Bounce] = []
    others: list[str] = []
    for block in status_blocks(message)[: MAX_RECIPIENTS + 1]:
        fields = dict(reversed(block))
        recipient = _recipient(fields)
        action = fields.get("action", "").split("(")[0].strip().lower()
        if recipient is None and not action:
            continue  # the fields of the message as a whole
        status = status_of(fields.get("status", "")) or status_of(fields.get("diagnostic-code", ""))
        if action in ("delivered", "relayed", "expanded") or (not action and status is not None and status[0] == "2"):
            others.append(action or "delivered")
            continue
        diagnostic = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
        permanent = _permanent(action, status, diagnostic or fields.get("status", ""))
        bounces.append(
            Bounce(recipient, permanent, status, short(diagnostic) or short(fields.get("status", "")), original)
        )
    unique: dict[str | None, Bounce] = {}
    for bounce in bounces:
        unique.setdefault((bounce.recipient or "").lower(), bounce)
    return list(unique.values()), others


def _recipient(fields: dict[str, str]) -> str | None:
    """The address that was written to; where the final one differs in letter case only, that is how it was spelt."""
    original, final = _address_in(fields, "original-recipient"), _address_in(fields, "final-recipient")
    if original and final and original.lower() == final.lower():
        return final
    return original or final or _address_in(fields, "x-actual-recipient", "x-original-recipient")


def _address_in(fields: dict[str, str], *names: str) -> str | None:
    for name in names:
        value = fields.get(name, "")
        kind, semicolon, address = value.partition(";")
        address = (address if semicolon else kind).strip().strip("<>").strip()
        found = ADDRESS.search(address)
        if found is not None and kind.strip().lower() not in ("x400", "x500"):
            return found[0]
    return None


def status_of(text: str) -> str | None:
    found = _STATUS.search(text)
    return found[0] if found is not None else None


def _permanent(action: str, status: str | None, diagnostic: str) -> bool | None:
    """Hard or soft: "delayed" is never hard; then the enhanced code's class, the SMTP code, the words, the action.

    A full mailbox may be emptied; 4.4.7 in a failed report is hard: the server gave up after days, nothing will be tried again.
    """
    if action == "delayed":
        return False
    if (GAVE_UP.search(diagnostic) and status != "4.2.2") or (action == "failed" and status == "4.4.7"):
        return True
    if status is not None and status[0] in "45" and status not in ("5.0.0", "4.0.0"):
        return status[0] == "5"
    found = SMTP_CODE.search(diagnostic)
    if found is not None:
        return found[1] == "5"
    if status is not None and status[0] in "45":
        return status[0] == "5"
    if TEMPORARY.search(diagnostic):
        return False
    return True if action == "failed" or diagnostic else None


def short(text: str) -> str | None:
    text = " ".join(text.split())
    return text[:300] or None


def original_id(message: Message) -> str | None:
    """The Message-ID of the mail that bounced: embedded, among its pasted headers, or what the report answers."""
    for embedded in message.embedded:
        for name in ("x-mailflow-id", "message-id"):
            value = embedded.header(name)
            if value and "@" in value:
                found = re.search(r"[^<>\s]{1,400}@[^<>\s]{1,200}", value)
                if found is not None:
                    return f"<{found[0]}>"
    for attachment in message.attachments:
        if (
            attachment.type.startswith(("text/", "application/octet-stream", "message/"))
            and len(attachment.content) < 200_000
        ):
            found = COPIED_ID.search(attachment.content[:20_000].decode("utf-8", "replace"))
            if found is not None:
                return f"<{found[1]}>"
    found = COPIED_ID.search(body_text(message))
    if found is not None:
        return f"<{found[1]}>"
    if message.in_reply_to:
        return message.in_reply_to
    return message.references[-1] if message.references else None


def body_text(message: Message) -> str:
    if message.text.strip():
        return message.text[:MAX_TEXT]
    if message.html:
        return text_of(message.html[: 4 * MAX_TEXT])[:MAX_TEXT]
    for embedded in message.embedded[:1]:
        return embedded.text[:MAX_TEXT]
    return ""


def from_mail_system(message: Message) -> bool:
    """Whether a mail system's own address sent it."""
    local = message.sender.address.rpartition("@")[0] or message.sender.address or message.sender.name
    local = local.strip('"')
    if not local and message.header("from") is not None:
        return True  # From: <>
    return bool(_SENDER.match(local) or _SENDER_NAME.search(message.sender.name))
