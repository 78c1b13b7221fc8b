"""Who wrote it: a person, or a machine? Decided before any meaning is read (field guides "replies" 9, "mail" 6).

Order: our own mail coming back, machine-readable reports, bounces by text, lists, automatic answers by header, by the
leading words of the subject, by the body. The harmful error is a machine read as a person who agrees; the other harmful
error is a payment advice from a customer's system thrown away as "automatic", so content is kept content.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from mailflow.correspondence.automatic_words import (
    ACKNOWLEDGES,
    ACKNOWLEDGING_SUBJECT,
    ADVICE,
    AUTO_SUBJECT,
    AWAY,
    AWAY_SUBJECT,
    BUSINESS,
    CHALLENGE,
    CONTENT,
    MAYBE_AWAY_SUBJECT,
    RECEIPT_SUBJECT,
    SAYS_AUTOMATIC,
)
from mailflow.correspondence.bounce_texts import text_bounces
from mailflow.correspondence.bounces import from_mail_system, report_bounces, status_blocks
from mailflow.correspondence.folding import fold
from mailflow.correspondence.html_text import text_of
from mailflow.correspondence.mail_dates import MailDates
from mailflow.correspondence.message import Automatic, AutomaticVerdict, Bounce, Message

FEEDBACK_REPORT = "feedback report"
# RFC 8098, 3.2.6, and the older RFC 3798
_DISPOSITIONS = (("deleted", "deleted unread"), ("denied", "read receipt refused"), ("failed", "read receipt failed"))
MAX_LOOKED_AT = 4_000  # characters of the body

_QUOTE = re.compile(
    r"(?m)^(?:>|[-_]{5,}|[ \t]{0,3}(?:from|von|de|发件人|寄件者) ?[:：]|(?:on|am|le|el|在) [^\n]{5,200}(?:wrote|schrieb|écrit|escribió|写道|寫道)[^\n]{0,40}:?[ \t]*$)",
    re.IGNORECASE,
)
_PUBLIC_LIST_PRECEDENCE = ("bulk", "list", "junk")


def classify(
    message: Message, *, own_addresses: Collection[str] = (), own_marks: Collection[str] = ()
) -> AutomaticVerdict:
    """Machine or person, with the evidence. ``own_addresses`` are ours without a plus part, ``own_marks`` values of our
    X-Mailflow-Id or Message-ID that prove a mail to be our own. Never raises."""
    if _our_own(message, own_addresses, own_marks):
        return AutomaticVerdict(
            Automatic.AUTO_REPLY, "our own mail coming back", warnings=("our own mail came back (loop)",)
        )
    reported = _by_report(message)
    if reported is not None:
        return reported
    bounces, evidence = text_bounces(message)
    if bounces:
        return AutomaticVerdict(Automatic.BOUNCE, evidence, _first(bounces), tuple(bounces))
    body = _body(message)
    return _by_headers(message, body) or _by_words(message, body) or AutomaticVerdict(Automatic.NO)


def _our_own(message: Message, own_addresses: Collection[str], own_marks: Collection[str]) -> bool:
    """We are its author: our address as sender with our mark on it. A reply quotes marks, it does not carry them."""
    mark = message.header("x-mailflow-id")
    if own_marks and (message.message_id in own_marks or (mark and f"<{mark.strip().strip('<>')}>" in own_marks)):
        return True
    local, _, domain = message.sender.address.lower().rpartition("@")
    ours = f"{local.partition('+')[0]}@{domain}" in {address.lower() for address in own_addresses}
    return bool(mark) and (ours or not own_addresses)


def _by_report(message: Message) -> AutomaticVerdict | None:
    if status_blocks(message):
        bounces, others = report_bounces(message)
        if bounces:
            return AutomaticVerdict(Automatic.BOUNCE, "delivery status report", _first(bounces), tuple(bounces))
        if others:
            return AutomaticVerdict(Automatic.AUTO_REPLY, f"delivery receipt ({others[0]})")
    for kind, text in message.reports:
        if "feedback-report" in kind:
            warning = "the recipient's provider reports our mail as unwanted (feedback report)"
            return AutomaticVerdict(Automatic.AUTO_REPLY, FEEDBACK_REPORT, warnings=(warning,))
        if "disposition-notification" in kind:
            how = next((says for mark, says in _DISPOSITIONS if mark in text.lower()), "read receipt")
            return AutomaticVerdict(Automatic.AUTO_REPLY, how)
    kind = message.header("content-type") or ""
    if message.content_type == "multipart/report" and "disposition-notification" in kind:
        return AutomaticVerdict(Automatic.AUTO_REPLY, "read receipt")
    if message.content_type == "multipart/report" and "feedback-report" not in kind:
        bounces, evidence = text_bounces(message)
        if not bounces and from_mail_system(message):
            bounces = [Bounce()]
        if bounces:
            return AutomaticVerdict(Automatic.BOUNCE, evidence or "multipart/report", _first(bounces), tuple(bounces))
    return None


def _first(bounces: list[Bounce]) -> Bounce:
    """The one that matters most: what failed for good before what is delayed."""
    return next((bounce for bounce in bounces if bounce.permanent), bounces[0])


def _by_headers(message: Message, body: str) -> AutomaticVerdict | None:
    submitted = (message.header("auto-submitted") or "").split(";")[0].split("(")[0].strip().lower()
    precedence = (message.header("precedence") or "").strip().lower()
    listed = message.header("list-id") or message.header("list-post")
    away_subject = _absent_by_subject(message, body)
    evidence = ""
    if submitted and submitted != "no":
        evidence = f"Auto-Submitted: {submitted}"
    for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autogenerated", "x-ooo", "x-vacation"):
        value = message.header(name)
        if value is not None and value.strip().lower() not in ("no", "false", "0"):
            evidence = evidence or f"{name}: {value.strip()[:40]}"
    if (message.header("x-apple-action") or "").strip().upper() == "RESPOND":
        evidence = evidence or "X-Apple-Action"
    if precedence in ("auto_reply", "auto-reply", "autoreply"):
        evidence = evidence or f"Precedence: {precedence}"
    if message.header("x-autoreply-from") or message.header("x-mail-autoreply"):
        evidence = evidence or "X-Autoreply-From"
    if evidence:
        if submitted.startswith("auto-generated") and _is_content(message, body) and not away_subject:
            return AutomaticVerdict(
                Automatic.NO, evidence, warnings=("written by a machine; read in full, never answered automatically",)
            )
        return _answer(message, body, evidence)
    if listed:
        return AutomaticVerdict(Automatic.MAILING_LIST, f"list {listed.strip()[:80]}")
    if precedence in _PUBLIC_LIST_PRECEDENCE:
        if away_subject or AUTO_SUBJECT.match(message.subject):
            return _answer(message, body, f"Precedence: {precedence}")
        if _is_content(message, body):
            return AutomaticVerdict(
                Automatic.NO,
                f"Precedence: {precedence}",
                warnings=("written by a machine; read in full, never answered automatically",),
            )
        return AutomaticVerdict(Automatic.MAILING_LIST, f"Precedence: {precedence}")
    return None


def _is_content(message: Message, body: str) -> bool:
    """A payment advice or document that a system sends: its marks say "automatic", its content is the customer's."""
    if AUTO_SUBJECT.match(message.subject) or _absent_by_subject(message, body):
        return False
    if ACKNOWLEDGES.search(body[:600]) and not message.attachments:
        return False
    about = ADVICE.search(message.subject) is not None and not message.in_reply_to
    return about or (
        bool(message.attachments) and CONTENT.search(body[:1_500]) is not None and not AWAY.search(body[:600])
    )


def _by_words(message: Message, body: str) -> AutomaticVerdict | None:
    subject = message.subject
    if AUTO_SUBJECT.match(subject) or _absent_by_subject(message, body):
        return _answer(message, body, f"subject: {subject[:80]}")
    if RECEIPT_SUBJECT.match(subject) and len(body) < 1_500:
        return AutomaticVerdict(Automatic.AUTO_REPLY, f"receipt: {subject[:80]}")
    if SAYS_AUTOMATIC.search(body[:1_000]) and not _is_content(message, body):
        return _answer(message, body, "the body says that it is an automatic answer")
    path = message.header("return-path")
    null_path = path is not None and path.replace(" ", "") == "<>"
    if null_path:
        return _answer(message, body, "empty return path")
    if CHALLENGE.search(body[:1_500]):
        return AutomaticVerdict(
            Automatic.AUTO_REPLY, "challenge", warnings=("the recipient's spam filter wants the sender confirmed",)
        )
    if ACKNOWLEDGING_SUBJECT.match(subject) and ACKNOWLEDGES.search(body[:800]) and not message.attachments:
        return AutomaticVerdict(Automatic.AUTO_REPLY, f"acknowledgement: {subject[:80]}")
    if _robot(message.sender.address) and ACKNOWLEDGES.search(body[:800]) and not _is_content(message, body):
        return AutomaticVerdict(Automatic.AUTO_REPLY, f"acknowledgement from {message.sender.address}")
    return None


def _absent_by_subject(message: Message, body: str) -> bool:
    if AWAY_SUBJECT.match(message.subject):
        return True
    if not MAYBE_AWAY_SUBJECT.match(message.subject):
        return False
    return AWAY.search(body[:600]) is not None and not BUSINESS.search(body[:600])


def _robot(address: str) -> bool:
    local = re.sub(r"[._-]", "", address.lower().rpartition("@")[0])
    return local.startswith(("noreply", "donotreply", "nepasrepondre", "autoreply", "autoresponder"))


def _answer(message: Message, body: str, evidence: str) -> AutomaticVerdict:
    """An automatic answer: an absence, or a mere receipt."""
    away = AWAY.search(body[:MAX_LOOKED_AT]) is not None or _absent_by_subject(message, body)
    if not away:
        away = re.search(r"\bout of office\b|假期自动|休假|外出|出差", message.subject, re.IGNORECASE) is not None
    if not away:
        return AutomaticVerdict(Automatic.AUTO_REPLY, evidence)
    back = return_date(f"{message.subject}\n{body[:MAX_LOOKED_AT]}", message.date.date() if message.date else None)
    return AutomaticVerdict(Automatic.OUT_OF_OFFICE, evidence, return_date=back)


def _body(message: Message) -> str:
    """What its author wrote, roughly: a quoted acknowledgement of somebody else says nothing about this mail."""
    text = message.text[: 2 * MAX_LOOKED_AT]
    if not text.strip() and message.html:
        text = text_of(message.html[: 40 * MAX_LOOKED_AT])[: 2 * MAX_LOOKED_AT]
    quote = _QUOTE.search(text)
    return text if quote is None or not text[: quote.start()].strip() else text[: quote.start()]


_UNTIL = re.compile(
    r"until|till|through|back|return|to\b|bis\b|zurück|wieder|jusqu|retour|hasta|regres|de vuelta|fino|rientr|tot\b|terug|至|到|返回|回来|恢复|上班|结束|back on|-|–|~|after|ab\b|à partir|之后|后\b|from .{0,30} on"
)
_SINCE = re.compile(
    r"\b(?:from|since|as of|starting|ab|vom|von|seit|du|depuis|desde|dal|van|vanaf)\s{1,2}(?:the |le |dem |el )?$|(?:从|自|由)\s?$"
)


def return_date(text: str, sent: dt.date | None) -> dt.date | None:
    """The day until which, or on which, the person is back: the last date of a clause that speaks of an end."""
    best: dt.date | None = None
    folded = re.sub(r"(?<=\d) de ([a-zç]{3,12})(?: de (?=\d{4}))?", r" \1 ", fold(text))
    folded = re.sub(r" {2,}", " ", folded)
    language = "de" if re.search(r"\b(?:ich|bin|bis|zurück)\b", folded) else ""
    for found in MailDates(sent, dotted=bool(language)).find(folded):
        day = found.coming or found.gone
        if found.gone is not None and sent is not None and (sent - found.gone).days <= 60:
            day = found.gone  # "from 2 November to 13 November": the first day has just gone by
        if day is None or (sent is not None and (day < sent or (day - sent).days > 400)):
            continue
        before = folded[max(0, found.start - 40) : found.start]
        if _SINCE.search(before):
            continue
        around = before + folded[found.end : found.end + 24]
        if _UNTIL.search(around) and (best is None or day > best):
            best = day
    return best
