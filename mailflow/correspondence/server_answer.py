"""What a mail server's refusal is about, and whether it is for good.

A refusal has a scope (field guide "mail", 4.6): a wrong password, a full mailbox of ours or "too many mails a minute"
is never the customer's fault, even as a 5xx, and must never mark a customer undeliverable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Where in the conversation the server said it."""

    CONNECT = "connect"
    SIGN_IN = "sign_in"
    SENDER = "sender"  # MAIL FROM
    RECIPIENT = "recipient"  # RCPT TO
    CONTENT = "content"  # DATA, or after the final dot


class Scope(StrEnum):
    """Whom it concerns: this address, this letter, our account (all our letters), or the server as a whole."""

    RECIPIENT = "recipient"
    MESSAGE = "message"
    ACCOUNT = "account"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Judgement:
    scope: Scope
    permanent: bool


# 550 5.7.30: Exchange Online has basic sign-in off; 5.7.60: not allowed to send as this address
_ACCOUNT_STATUS = re.compile(r"\b[45]\.7\.(?:30|60|139|57|0 authentication)\b", re.IGNORECASE)
_ACCOUNT_WORDS = re.compile(
    r"authentication (?:is )?(?:required|unsuccessful|failed|disabled)|must authenticate|not authenticated"
    r"|send ?as ?denied|not (?:allowed|permitted) to send (?:as|from)|sender address (?:rejected|not owned)"
    r"|relay(?:ing)? (?:access )?(?:denied|not (?:allowed|permitted))|unable to relay"
    r"|frequency|frequent|rate.?limit|too many (?:messages|mails|emails|connections)|throttl|sending (?:limit|quota)"
    r"|(?:daily|hourly|message|user|submission) (?:\w+ )?(?:limit|quota)(?: \w+)? exceeded"
    r"|exceeded .{0,40}(?:limit|quota)"
    r"|suspended|account (?:is )?(?:disabled|blocked|locked)|频率|频繁|超过.{0,6}(?:限制|上限)|授权码|登录"
    r"|\bstoredrv\b"  # 554 5.2.2 STOREDRV: our own Exchange mailbox is full
    r"|\b(?:HL|MI|RP):[A-Z]{3}\b",  # NetEase: IP or connection rate, per connection and sender limits
    re.IGNORECASE,
)
_SIZE = re.compile(r"\b[45]\.(?:3\.4|2\.3)\b|too (?:big|large)|exceeds .{0,20}size", re.IGNORECASE)
_CONTENT = re.compile(r"\bDT:[A-Z]{3}\b|\b5\.7\.1\b.{0,80}(?:spam|blocked|policy|content)", re.IGNORECASE)
_CONNECTIONS = re.compile(r"\b4\.3\.2\b|concurrent connections", re.IGNORECASE)  # 432 4.3.2: more than 3 a mailbox


def judge(phase: Phase, code: int, words: str) -> Judgement:
    """``code`` is the three-digit reply (RFC 5321, 4.2); ``words`` the rest, cleaned."""
    permanent = code >= 500
    if phase is Phase.CONNECT or code == 421:  # 421 closes the channel whatever was asked (RFC 5321, 3.8)
        return Judgement(Scope.SERVER, False)
    if phase is Phase.SIGN_IN:  # 454: the server cannot check passwords now (RFC 4954, 6)
        return Judgement(Scope.ACCOUNT, True) if permanent else Judgement(Scope.SERVER, False)
    if _CONNECTIONS.search(words) and not permanent:
        return Judgement(Scope.SERVER, False)
    if code in (530, 534, 535, 538) or _ACCOUNT_STATUS.search(words) or _ACCOUNT_WORDS.search(words):
        return Judgement(Scope.ACCOUNT, permanent)
    if _SIZE.search(words):
        return Judgement(Scope.MESSAGE, permanent)
    if phase is Phase.SENDER:  # the same envelope sender stands on every letter
        return Judgement(Scope.ACCOUNT, permanent)
    if phase is Phase.CONTENT or _CONTENT.search(words):
        return Judgement(Scope.MESSAGE, permanent)
    return Judgement(Scope.RECIPIENT, permanent)


def cleaned(words: str, limit: int = 500) -> str:
    """A server's words on one line, safe to store and to show.

    Texts come in GBK (QQ) with lone surrogates that no database takes: writing them down unread would fail *after* the
    letter was accepted. What is not UTF-8 is read as GB18030 where that gives text, else escaped.
    """
    raw = words.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            text = raw.decode("utf-8", "backslashreplace")
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.split())[:limit]
