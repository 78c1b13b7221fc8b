"""The sample company's customers: each waits for the letter in their own mailbox and answers it with their own mail
program. What they write stands in ``company/replies.toml``; what they quote is the letter that really arrived.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.headerregistry
import email.policy
import html
import mimetypes
import select
import smtplib
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from importlib.resources import files
from importlib.resources.abc import Traversable

import imapclient

HOST = "127.0.0.1"
COMPANY = files("mailflow.demo") / "company"
WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Script:
    """One answer (``program`` says whose mail program writes it) or one mail of their own (``letter`` False)."""

    party: str
    name: str
    text: str
    program: str = "plain"
    subject: str | None = None
    attachments: tuple[str, ...] = ()
    answers_letter: bool = True


@dataclass(slots=True)
class Letter:
    """What arrived in the customer's mailbox."""

    message_id: str
    subject: str
    sender_name: str
    sender: str
    reply_to: str
    to: str
    date: dt.datetime
    text: str
    references: list[str] = field(default_factory=list)


def scripts() -> list[Script]:
    """The answers and mails of ``replies.toml``, in its order."""
    data = tomllib.loads((COMPANY / "replies.toml").read_text(encoding="utf-8"))
    answers = [_script(entry, answers_letter=True) for entry in data["reply"]]
    return answers + [_script(entry, answers_letter=False) for entry in data["mail"]]


def attachment(name: str) -> Traversable:
    return COMPANY / "attachments" / name


def _script(entry: dict[str, object], *, answers_letter: bool) -> Script:
    return Script(
        party=str(entry["party"]),
        name=str(entry["name"]),
        text=str(entry["text"]).strip("\n") + "\n",
        program=str(entry.get("program", "plain")),
        subject=None if entry.get("subject") is None else str(entry["subject"]),
        attachments=tuple(str(name) for name in entry.get("attachments", ())),  # type: ignore[attr-defined]
        answers_letter=answers_letter,
    )


class Customer:
    """One customer's mailbox on the demo's server."""

    def __init__(self, address: str, password: str, imap_port: int, smtp_port: int) -> None:
        self.address, self._password = address, password
        self._imap_port, self._smtp_port = imap_port, smtp_port

    def wait_for_letter(self, seconds: float) -> Letter | None:
        """The newest letter in the inbox, waiting for it (IMAP IDLE); None when none came in time."""
        with self._inbox() as inbox:
            deadline = time.monotonic() + seconds
            while True:
                found = inbox.search("ALL")
                if found:
                    return _letter(inbox.fetch(found[-1:], ["BODY.PEEK[]"])[found[-1]][b"BODY[]"])
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                inbox.idle()
                poller = select.poll()
                poller.register(inbox.socket(), select.POLLIN)
                poller.poll(min(left, 5) * 1000)
                inbox.idle_done()

    def send(self, script: Script, now: dt.datetime, to: str, letter: Letter | None = None) -> str:
        """Sends the answer (or the mail of their own) over SMTP; gives its Message-ID."""
        message = compose(script, self.address, now, to, letter)
        with smtplib.SMTP(HOST, self._smtp_port, timeout=20) as smtp:
            smtp.login(self.address, self._password)
            smtp.send_message(message, from_addr=self.address, to_addrs=[letter.reply_to if letter else to])
        return str(message["Message-ID"])

    @contextlib.contextmanager
    def _inbox(self) -> Iterator[imapclient.IMAPClient]:
        client = imapclient.IMAPClient(HOST, port=self._imap_port, ssl=False, timeout=20)
        try:
            client.login(self.address, self._password)
            client.select_folder("INBOX", readonly=True)
            yield client
        finally:
            with contextlib.suppress(Exception):
                client.logout()


def compose(script: Script, address: str, now: dt.datetime, to: str, letter: Letter | None) -> EmailMessage:
    """The mail as the customer's program writes it: its quote, its subject prefix, its headers."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = email.headerregistry.Address(script.name, addr_spec=address)
    message["To"] = letter.reply_to if letter else to
    prefix = "Re: "
    if script.program in ("qq", "163", "foxmail") and letter is not None:
        prefix = "回复: " if script.program != "163" else "Re:"
    subject = script.subject or (prefix + letter.subject if letter else "")
    message["Subject"] = subject.format(subject=letter.subject if letter else "")
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    if letter is not None:
        message["In-Reply-To"] = letter.message_id
        message["References"] = " ".join([*letter.references, letter.message_id])
    if script.program == "automatic":
        message["Auto-Submitted"] = "auto-replied"
        message.set_content(script.text)
        return message
    quote = QUOTES[script.program](letter) if letter is not None and script.program in QUOTES else ""
    message.set_content(script.text + quote)
    if script.program == "gmail" and letter is not None:
        message.add_alternative(_gmail_html(script, letter), subtype="html")
    for name in script.attachments:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(attachment(name).read_bytes(), maintype=maintype, subtype=subtype, filename=name)
    return message


def _zh_time(moment: dt.datetime) -> str:
    half = "上午" if moment.hour < 12 else "下午"
    day = f"{moment.year}年{moment.month}月{moment.day}日(星期{WEEKDAYS_ZH[moment.weekday()]})"
    return f"{day} {half}{(moment.hour - 1) % 12 + 1}:{moment.minute:02d}"


def _prefixed(text: str) -> str:
    return "".join(f"> {line}\n" if line else ">\n" for line in text.splitlines())


def _attribution(letter: Letter) -> str:
    when = f"{letter.date:%a, %b} {letter.date.day}, {letter.date.year} at {letter.date:%H:%M}"
    return f"On {when}, {letter.sender_name} <{letter.sender}> wrote:"


def _gmail(letter: Letter) -> str:
    return f"\n{_attribution(letter)}\n\n{_prefixed(letter.text)}"


def _qq(letter: Letter) -> str:
    return (
        "\n\n------------------ 原始邮件 ------------------\n"
        f'发件人: "{letter.sender_name}" <{letter.sender}>;\n发送时间: {_zh_time(letter.date)}\n'
        f"收件人: <{letter.to}>;\n主题: {letter.subject}\n\n{letter.text}"
    )


def _netease(letter: Letter) -> str:
    return f'\n\n\n在 {letter.date:%Y-%m-%d %H:%M:%S},"{letter.sender_name}" <{letter.sender}> 写道:\n\n{letter.text}'


def _foxmail(letter: Letter) -> str:
    return (
        f"\n\n \n发件人: {letter.sender_name}\n发送时间: {letter.date:%Y-%m-%d %H:%M}\n收件人: {letter.to}\n"
        f"主题: {letter.subject}\n{letter.text}"
    )


def _outlook(letter: Letter) -> str:
    return (
        f"\n\n________________________________\nFrom: {letter.sender_name} <{letter.sender}>\n"
        f"Sent: {letter.date:%A, %B} {letter.date.day}, {letter.date.year} {letter.date:%I:%M %p}\nTo: {letter.to}\n"
        f"Subject: {letter.subject}\n\n{letter.text}"
    )


def _apple(letter: Letter) -> str:
    return f"\nSent from my iPhone\n\n> {_attribution(letter)}\n> \n{_prefixed(letter.text)}"


QUOTES = {"gmail": _gmail, "qq": _qq, "163": _netease, "foxmail": _foxmail, "outlook": _outlook, "apple": _apple}


def _gmail_html(script: Script, letter: Letter) -> str:
    said = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in script.text.splitlines())
    quoted = html.escape(letter.text).replace("\n", "<br>\n")
    return (
        f'<div dir="ltr">{said}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f"{html.escape(_attribution(letter))}<br></div>"
        f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{quoted}</blockquote></div>'
    )


def _letter(raw: bytes) -> Letter:
    """The letter that arrived: ours, so the standard library's modern parser may read it."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    name, address = parseaddr(str(message["From"]))
    body = message.get_body(("plain",))
    return Letter(
        message_id=str(message["Message-ID"]).strip(),
        subject=str(message["Subject"]),
        sender_name=name,
        sender=address,
        reply_to=parseaddr(str(message["Reply-To"] or message["From"]))[1],
        to=parseaddr(str(message["To"]))[1],
        date=message["Date"].datetime,
        text="" if body is None else str(body.get_content()).replace("\r\n", "\n"),
        references=str(message["References"] or "").split(),
    )
