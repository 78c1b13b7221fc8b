"""A second generator of correspondences, of raw mails this time, with other habits than :mod:`.conversations`.

Clients that send In-Reply-To alone, with a phrase around the id, or two ids; ids folded over lines; ticket systems that
open a thread of their own for our letter and then answer under their number; gateways that mark subjects; colleagues
who forward inside the company and answer from there; people who answer last month's mail about this month; absences and
bounces; copies over an alias; clients whose every mail has the same id; mail without date or id; strangers and other
customers who quote a token or a number that is not theirs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header

US, OUR_BOX = "accounts.example", "receivables@accounts.example"
MONTHS = ("July", "August", "September", "October", "November", "December")
TOPICS = ("discount", "delivery note", "bank charge", "price list", "旧发票", "运费差额")


@dataclass
class Made:
    """``conversation`` and ``party`` are the truth; ``weak`` where nobody could know from the mail alone."""

    raw: bytes
    key: str
    conversation: str
    party: str
    weak: bool


class Correspondence:
    def __init__(self, seed: int, parties: int = 14, months: int = 6) -> None:
        self.chance = random.Random(f"other-{seed}")
        self.mails: list[Made] = []
        self._serial = 0
        self._tokens: list[tuple[str, str]] = []
        for number in range(parties):
            self._party(f"firm{number}-{seed}.example", months)

    # one party's half year

    def _party(self, domain: str, months: int) -> None:
        chance, people = self.chance, [f"{name}@{domain}" for name in ("ap", "lin", "meier", "o.neil")]
        zh = chance.random() < 0.4
        last: tuple[str, str, str] | None = None
        for month in range(months):
            day = dt.datetime(2026, 7 + month, 1, 8, tzinfo=dt.UTC) + dt.timedelta(minutes=chance.randint(0, 9_000))
            talk = f"{domain}/{month}"
            token = "".join(chance.choices("abcdefghjkmnpqrstvwxyz23456789", k=12))
            title = f"{2026}年{7 + month}月对账单" if zh else f"Statement of account {MONTHS[month]} 2026"
            subject = f"{title} [#{token.upper()}]"
            box = f"receivables+{token}@{US}"
            root = self._mail(talk, domain, OUR_BOX, people[0], subject, day, reply_to=box)
            self._tokens.append((token, domain))
            self._talk(talk, domain, people, subject, root, box, day, zh)
            if (
                last is not None and chance.random() < 0.15
            ):  # last month's mail answered about this month: the graph stays
                old_talk, old_subject, old_root = last
                self._mail(old_talk, domain, people[1], OUR_BOX, f"Re: {old_subject}", day, answers=[old_root])
            if chance.random() < 0.3:
                self._own_matter(domain, people, day, month)
            last = (talk, subject, root)

    def _talk(
        self, talk: str, domain: str, people: list[str], subject: str, root: str, box: str, day: dt.datetime, zh: bool
    ) -> None:
        chance = self.chance
        chain, at, shown = [root], day, subject
        for _ in range(chance.randint(0, 5)):
            at += dt.timedelta(hours=chance.uniform(1, 60))
            who = chance.choice(people)
            prefix = chance.choice(("回复：", "答复: ") if zh else ("Re: ", "AW: ", "RE: [EXTERNAL] ", "Antw: "))
            habit = chance.choice(("whole", "only", "phrase", "two", "folded", "token", "ticket", "forward", "absence"))
            text = prefix + shown
            if habit == "absence":
                self._mail(talk, domain, who, OUR_BOX, f"Automatic reply: {subject}", at, answers=chain[-1:],
                           extra="Auto-Submitted: auto-replied\r\n")  # fmt: skip
                continue
            if habit == "token":  # headers lost, but it goes to our address with the token
                made = self._mail(talk, domain, who, box, text, at)
            elif habit == "ticket":  # their system takes our letter in, and answers under its own number
                number = chance.randint(10_000, 99_999)
                inner = f"<ticket.{number}.{self._serial}@desk.{domain}>"
                made = self._mail(talk, domain, f"desk@{domain}", OUR_BOX, f"[Ticket {number}] {shown}", at,
                                  answers=[chain[-1], inner])  # fmt: skip
                chain.append(inner)
            elif habit == "forward":  # a colleague forwards it inside (we never see that) and a second one answers
                inside = f"<inside-{self._serial}@{domain}>"
                made = self._mail(talk, domain, chance.choice(people), OUR_BOX, f"Re: Fwd: {shown}", at,
                                  answers=[*chain, inside])  # fmt: skip
                chain.append(inside)
            else:
                made = self._mail(talk, domain, who, OUR_BOX, text, at, answers=chain, habit=habit)
            chain.append(made)
            if chance.random() < 0.5:
                at += dt.timedelta(hours=chance.uniform(1, 20))
                chain.append(self._mail(talk, domain, OUR_BOX, who, f"Re: {shown}", at, answers=chain))
            if chance.random() < 0.15:
                shown = chance.choice(TOPICS) + " " + shown
            if chance.random() < 0.1:
                self._stranger(at)
        if chance.random() < 0.12:
            self._mail(talk, domain, f"mailer-daemon@{domain}", OUR_BOX, "Undelivered Mail Returned to Sender", at,
                       bounced=root)  # fmt: skip

    def _own_matter(self, domain: str, people: list[str], day: dt.datetime, month: int) -> None:
        """A mail of theirs out of the blue, and what follows; no date, or no id, now and then."""
        chance = self.chance
        talk = f"{domain}/own/{month}"
        subject = f"{chance.choice(TOPICS)} {chance.randint(100, 999)}"
        at = day + dt.timedelta(days=chance.uniform(1, 9))
        without = chance.choice(("", "", "id", "date"))
        first = self._mail(talk, domain, people[2], OUR_BOX, subject, at, without=without)
        if without == "id":
            return
        answer = self._mail(
            talk, domain, OUR_BOX, people[2], f"Re: {subject}", at + dt.timedelta(hours=4), answers=[first]
        )
        if chance.random() < 0.5:  # a client that keeps nothing but the subject: nobody can be sure
            self._mail(talk, domain, people[2], OUR_BOX, f"Re: {subject}", at + dt.timedelta(hours=9), weak=True)
        else:
            self._mail(talk, domain, people[3], OUR_BOX, f"Re: {subject}", at + dt.timedelta(hours=9), answers=[answer])

    def _stranger(self, at: dt.datetime) -> None:
        """Somebody who quotes a token that he has seen somewhere, in a subject: it is another party's conversation."""
        token, _ = self.chance.choice(self._tokens)
        domain = f"stranger{self._serial}.example"
        self._mail(domain, domain, f"info@{domain}", OUR_BOX, f"your statement [#{token.upper()}]", at)

    # bytes

    def _mail(
        self, talk: str, party: str, sender: str, to: str, subject: str, at: dt.datetime, *,
        answers: Sequence[str] = (),
        habit: str = "whole", reply_to: str = "", extra: str = "", bounced: str = "", without: str = "",
        weak: bool = False,
    ) -> str:  # fmt: skip
        chance = self.chance
        self._serial += 1
        host = ("mx." if chance.random() < 0.5 else "") + sender.partition("@")[2]
        message_id = f"<{self._serial}.{chance.getrandbits(40):x}@{host}>"
        lines = [f"From: {sender}", f"To: {to}", f"Subject: {Header(subject, 'utf-8', maxlinelen=75).encode()}"]
        if without != "date":
            lines.append(f"Date: {at:%a, %d %b %Y %H:%M:%S +0000}")
        if without != "id":
            lines.append(f"Message-ID: {message_id}")
        if reply_to:
            lines.append(f"Reply-To: {reply_to}")
        if answers:
            lines += {
                "only": [f"In-Reply-To: {answers[-1]}"],
                "phrase": [
                    f"In-Reply-To: Your message of Monday {answers[-1]} (from me)",
                    f"References: {answers[-1]}",
                ],
                "two": [f"In-Reply-To: {answers[-1]} {answers[0]}"],
                "folded": [f"In-Reply-To:\r\n {answers[-1]}", "References:\r\n\t" + "\r\n\t".join(answers)],
            }.get(habit, [f"In-Reply-To: {answers[-1]}", f"References: {' '.join(answers)}"])
        text = f"mail {self._serial}, {chance.getrandbits(60)}"
        if bounced:
            lines.append('Content-Type: multipart/report; report-type=delivery-status; boundary="r"')
            status = f"Final-Recipient: rfc822; ap@{party}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            body = (
                f"--r\r\nContent-Type: text/plain\r\n\r\nno such user {text}\r\n--r\r\n"
                f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
                f"{status}\r\n--r\r\n"
                f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {bounced}\r\nSubject: x\r\n\r\nold\r\n--r--\r\n"
            )
        else:
            lines.append("Content-Type: text/plain; charset=utf-8")
            body = f"{text}\r\n"
        raw = ("\r\n".join(lines) + "\r\n" + extra + "\r\n" + body).encode()
        self._keep(raw, message_id if without != "id" else "", talk, party, weak)
        if not bounced and chance.random() < 0.06:  # the same over an alias: another copy with another trace
            self._keep(b"Delivered-To: ar-all@accounts.example\r\n" + raw, message_id, talk, party, weak)
        return message_id

    def _keep(self, raw: bytes, message_id: str, talk: str, party: str, weak: bool) -> None:
        key = message_id or f"sha256:{hashlib.sha256(raw).hexdigest()}"
        self.mails.append(Made(raw, key, talk, party, weak))
