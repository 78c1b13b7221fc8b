"""Raw correspondences where matters cross: two cases of one party at once, a bookkeeper who writes for two parties,
relays that rewrite ids, forwards of forwards, tokens that differ in one letter, numbers of others quoted, templates.

Written from what mail programs and people do, before the rules that take it apart were read. ``truth`` names for each
message its conversation, its party and the marks by which it can be known (ids it bears or names, the token of its
address): messages of a conversation that marks connect must be found together; what only subject and people tell, may.
"""

import base64
import datetime as dt
import random
from dataclasses import dataclass
from email.header import Header

OUR_DOMAIN = "lanhai-trade.example"
AR = f"ar@{OUR_DOMAIN}"
START = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
BOGUS = "<0.0.0.0@localhost.localdomain>"
ZH = ("您好,余额一致。", "请提供10月发票。", "已付款,请查收。", "金额不对,少了一张红字发票。", "收到,谢谢!")
EN = (
    "The balance agrees.",
    "Please send the invoice again.",
    "Paid on Monday.",
    "One credit note is missing.",
    "Thanks.",
)
FORWARDS = ("转发: ", "Fw: ", "FW: ", "WG: ", "转发：", "TR : ")
REPLIES = {
    "outlook": ("RE: ", "答复: "), "foxmail": ("回复: ", "Re:"), "qq": ("回复：", "回复: 回复："),
    "notes": ("Re: ", "答复："), "phone": ("Re: ", "回复："), "german": ("AW: ", "Antw: "),
}  # fmt: skip
PROGRAMS = tuple(REPLIES)


@dataclass
class Sent:
    key: str
    raw: bytes
    conversation: str
    party: str
    marks: frozenset[str]


@dataclass
class Known:
    """What a writer has before him: the mail he answers."""

    conversation: str
    id: str  # as it arrived with him
    chain: tuple[str, ...]
    subject: str
    sender: str
    to: tuple[str, ...]
    root: bytes
    token: str | None
    raw: bytes


class Crossed:
    def __init__(self, seed: int, parties: int = 12, months: int = 4) -> None:
        self.chance = random.Random(seed)
        self.sent: list[Sent] = []
        self.number = 0
        self.letters: list[tuple[str, str, str, str]] = []  # party, number shown, id, token
        base = "".join(self.chance.choices("abcdefghjkmnpqrstuvwxyz23456789", k=15))
        self.tokens = iter(base[:-2] + a + b for a in "abcdefghjkmnpqrstuvwxyz23456789" for b in "abcdefghjkmnp")
        for number in range(parties):
            self.party(number, months)
        self.chance.shuffle(self.sent)

    # what happens

    def party(self, number: int, months: int) -> None:
        name = f"P{number:03d}"
        domain = f"{self.chance.choice(('nord', 'hua', 'tian', 'acme'))}{number}.example"
        names = self.chance.sample(("finance", "li.wei", "zhang", "j.doe", "ap", "boss"), 3)
        people = [f"{one}@{domain}" for one in names]
        if number % 5 == 1:  # a bookkeeper who also writes for the party before
            people[0] = f"books@bureau{number // 5}.example"
        if number % 5 == 0:
            people[1] = f"books@bureau{number // 5}.example"
        for month in range(months):
            day = START + dt.timedelta(days=30 * month, hours=number)
            cases = 2 if number % 3 == 0 else 1
            subject = self.chance.choice(("对账单", "Statement of account", f"对账单 Statement 2026-{month + 1:02d}"))
            letters = [self.letter(name, month, case, people, subject, day) for case in range(cases)]
            for _, letter in letters:
                self.talk(name, letter, people, day)
            if cases == 2 and self.chance.random() < 0.4:
                self.answers_both(name, letters, people, day + dt.timedelta(days=2))
            if self.chance.random() < 0.5:
                self.own_mail(name, people, day + dt.timedelta(days=9), month)
            if self.chance.random() < 0.3:
                self.template(name, people, day + dt.timedelta(days=12), month)
        if number % 4 == 0:
            self.stranger()

    def letter(self, party, month, case, people, subject, day):
        conversation, token = f"{party}-{month}-{case}", next(self.tokens, None) or self.word(15)
        shown = f"SOA-2026{month + 1:02d}-{party}-{'CNY' if case == 0 else 'USD'}"
        id_ = f"<st.{self.word(22)}@{OUR_DOMAIN}>"
        to = (people[0],)
        extra = [f"Reply-To: ar+{token}@{OUR_DOMAIN}", f"X-Mailflow-Id: {id_}"]
        text = f"对账单 {shown}\n\nRef: {shown} / {token}\n"
        raw = self.mail(AR, to, subject, day, text, id_, extra=extra)
        self.keep(raw, id_, conversation, party, (token,))
        self.letters.append((party, shown, id_, token))
        arrived = id_
        if self.chance.random() < 0.15:  # the relay replaced the id: nobody on our side knows the new one
            relay = self.chance.choice(("eu-west-1.amazonses.example", "PROD.OUTLOOK.example"))
            arrived = f"<{self.word(30).upper()}@{relay}>"
            raw = raw.replace(f"\r\nMessage-ID: {id_}".encode(), f"\r\nMessage-ID: {arrived}".encode())
        if self.chance.random() < 0.06:
            self.bounce(party, conversation, id_, people[0], day)
        return conversation, Known(conversation, arrived, (), subject, AR, to, self.chance.randbytes(22), token, raw)

    def talk(self, party, letter, people, day) -> None:
        at, heap = day, [letter]
        for _ in range(self.chance.randint(0, 5)):
            at += dt.timedelta(hours=self.chance.uniform(1, 90))
            to = self.chance.choice(heap[-2:])
            dice = self.chance.random()
            writer = self.chance.choice(people)
            if to.sender.endswith(OUR_DOMAIN) or dice < 0.2:
                if dice < 0.12:
                    made = self.forward(party, to, writer, at)
                elif dice < 0.22:
                    made = self.unseen_between(party, to, people, at)
                else:
                    made = self.reply(party, to, writer, at)
            else:
                made = self.reply(party, to, AR, at)
            heap.append(made)

    def reply(self, party, to, writer, at, *, also=(), lost=None):
        ours = writer == AR
        program = "outlook" if ours else self.chance.choice(PROGRAMS)
        subject = self.chance.choice(REPLIES[program]) + to.subject
        if self.chance.random() < 0.08:
            subject = self.chance.choice(
                ("新问题", "invoice copies please", f"{subject} - URGENT", f"[外部邮件] {subject}")
            )
        lost = (program == "phone" and not ours and self.chance.random() < 0.35) if lost is None else lost
        address = f"ar+{to.token}@{OUR_DOMAIN}" if to.token and to.sender == AR and self.chance.random() < 0.85 else AR
        receivers = (to.sender,) if ours else (address,)
        if ours and to.sender == AR:
            receivers = to.to
        id_ = f"<{self.word(20)}@{writer.partition('@')[2]}>"
        head = []
        chain = (*to.chain, to.id)
        if not lost:
            if program != "notes":
                head.append(f"In-Reply-To: {self.odd(to.id)}")
            if program not in ("foxmail",) or self.chance.random() < 0.5:
                kept = chain if program != "german" else (chain[0], chain[-1])
                head.append("References: " + "\r\n ".join((*also, *kept)))
        if program == "outlook":
            head.append("Thread-Index: " + base64.b64encode(to.root + self.chance.randbytes(5)).decode())
        words = self.chance.choice(ZH + EN)
        if self.chance.random() < 0.1 and self.letters:  # quotes a number, a token, an id of somebody else
            _, shown, other, token = self.chance.choice(self.letters)
            words += f"\nP.S. {shown} {token} {other}: is that yours?"
            if self.chance.random() < 0.3:
                subject += f" ({shown})"
        quoted = "\n".join("> " + line for line in self.text_of(to.raw).splitlines()[:12])
        marks = [*((to.id, *chain) if not lost else ()), *((to.token,) if address != AR else ())]
        raw = self.mail(writer, receivers, subject, at, f"{words}\n\n{quoted}\n", id_, extra=head)
        self.keep(raw, id_, to.conversation, party, marks)
        chain = () if lost else chain
        return Known(to.conversation, id_, chain, subject, writer, receivers, to.root, to.token if ours else None, raw)

    def unseen_between(self, party, to, people, at):
        """A colleague forwarded it inside; what reaches us answers a mail that we never saw, twice."""
        ghost = f"<{self.word(24)}@{people[1].partition('@')[2]}>"
        seen = Known(
            to.conversation,
            ghost,
            (*to.chain, to.id),
            "FW: " + to.subject,
            people[1],
            (people[2],),
            to.root,
            None,
            to.raw,
        )
        if self.chance.random() < 0.4:  # and forgot where it came from: two answers share only the unseen one
            seen.chain, seen.conversation = (), f"{to.conversation}-{ghost}"
        first = self.answer_of(party, seen, people[2], at)
        if self.chance.random() < 0.6:
            self.answer_of(party, seen, people[1], at + dt.timedelta(hours=3))
        return first

    def answer_of(self, party, seen, writer, at):
        """Where nothing points out of the unseen mail, the answers to it are a conversation of their own."""
        bare = not seen.chain
        id_ = f"<{self.word(20)}@{writer.partition('@')[2]}>"
        chain = (*seen.chain, seen.id)
        subject = "RE: " + seen.subject
        head = [f"In-Reply-To: {seen.id}", "References: " + " ".join(chain)]
        if bare:
            subject = f"内部 {self.word(5)}"
        raw = self.mail(writer, (AR,), subject, at, self.chance.choice(ZH), id_, extra=head)
        self.keep(raw, id_, seen.conversation, party, chain)
        root = self.chance.randbytes(22) if bare else seen.root
        return Known(seen.conversation, id_, chain, subject, writer, (AR,), root, None, raw)

    def forward(self, party, to, writer, at):
        """With the mail inside, no headers of the conversation; half of them as a forward of a forward."""
        inner, subject, marks = to.raw, to.subject, [to.id, to.token or to.id]
        for _ in range(self.chance.choice((1, 1, 2))):
            subject = self.chance.choice(FORWARDS) + subject
            id_ = f"<{self.word(21)}@{writer.partition('@')[2]}>"
            inner = self.mail(writer, (AR,), subject, at, "请处理 / please see below", id_, inside=inner)
            marks.append(id_)
        self.keep(inner, id_, to.conversation, party, marks)
        return Known(to.conversation, id_, (), subject, writer, (AR,), self.chance.randbytes(22), None, inner)

    def answers_both(self, party, letters, people, at) -> None:
        """One mail for two cases: it answers the first, and names the second on the way."""
        (_, first), (_, second) = letters
        if first.id.startswith("<st.") and second.id.startswith("<st."):
            self.reply(party, first, people[1], at, also=(second.id,), lost=False)

    def own_mail(self, party, people, at, month) -> None:
        """A new mail on an old matter: nothing ties it but words and numbers."""
        shown = self.chance.choice(self.letters)[1]
        id_ = f"<{self.word(20)}@{people[0].partition('@')[2]}>"
        subject = self.chance.choice(
            (f"关于 {shown}", f"question on {shown}", f"{month + 1}月 付款通知 {self.word(4)}")
        )
        raw = self.mail(people[0], (AR,), subject, at, self.chance.choice(ZH + EN), id_, extra=[f"References: {BOGUS}"])
        self.keep(raw, id_, f"{party}-own-{id_}", party)
        if self.chance.random() < 0.5:
            known = Known(
                f"{party}-own-{id_}", id_, (), subject, people[0], (AR,), self.chance.randbytes(22), None, raw
            )
            self.reply(party, known, AR, at + dt.timedelta(days=1), lost=False)

    def template(self, party, people, at, month) -> None:
        """The accounting program's monthly mail: always the same subject and the same Thread-Index."""
        id_ = f"<{self.word(20)}@{people[0].partition('@')[2]}>"
        root = base64.b64encode(b"\x01" + b"TEMPLATE-OF-ERP-VENDOR"[:21] + self.chance.randbytes(5)).decode()
        raw = self.mail(
            people[0], (AR,), "Remittance advice 汇款通知", at, "see list", id_, extra=[f"Thread-Index: {root}"]
        )
        self.keep(raw, id_, f"{party}-remit-{month}", party)

    def stranger(self) -> None:
        _, shown, _, token = self.chance.choice(self.letters)
        sender, at = f"x@spam{self.number}.example", START + dt.timedelta(days=self.number % 90)
        id_ = f"<{self.word(20)}@spam{self.number}.example>"
        subject = f"Re: 对账单 {shown} {token}"
        raw = self.mail(sender, (AR,), subject, at, "look at this", id_, extra=[f"References: {BOGUS}"])
        self.keep(raw, id_, f"stranger-{id_}", f"stranger-{id_}")

    def bounce(self, party, conversation, id_, to, day) -> None:
        key = f"<{self.word(20)}@mx.relay.example>"
        boundary = self.word(12)
        raw = "\r\n".join((
            "From: MAILER-DAEMON@mx.relay.example", f"To: {AR}", "Subject: 系统退信 / Undelivered Mail",
            f"Message-ID: {key}", f"Date: {self.date(day + dt.timedelta(minutes=3))}", "MIME-Version: 1.0",
            f"Content-Type: multipart/report; report-type=delivery-status; boundary={boundary}", "",
            f"--{boundary}", "", "failed", f"--{boundary}", "Content-Type: message/delivery-status", "",
            "Reporting-MTA: dns; mx", "", f"Final-Recipient: rfc822; {to}", "Action: failed", "Status: 5.1.1", "",
            f"--{boundary}", "Content-Type: text/rfc822-headers", "", f"From: {AR}", f"To: {to}",
            f"Message-ID: {id_}", "Subject: x", "", f"--{boundary}--", "",
        )).encode()  # fmt: skip
        self.keep(raw, key, conversation, party, (id_,))

    # bytes

    def odd(self, id_: str) -> str:
        dice = self.chance.random()
        if dice < 0.05:
            return f"\r\n {id_}"
        if dice < 0.08:
            return f'"Your message of Monday" {id_}'
        if dice < 0.1:
            return f"=?utf-8?q?{id_.replace('@', '=40')}?="
        return id_

    def mail(self, sender, to, subject, at, text, id_, *, extra=(), inside=None) -> bytes:
        encoded = Header(subject, "utf-8").encode(linesep="\r\n")
        head = [
            f"From: {sender}", "To: " + ", ".join(to), f"Subject: {encoded}",
            f"Date: {self.date(at)}", f"Message-ID: {id_}", *extra, "MIME-Version: 1.0",
        ]  # fmt: skip
        body = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
        plain = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
        top = "\r\n".join(head).encode() + b"\r\n"
        if inside is None:
            return top + plain
        mark = self.word(14).encode()
        return b"\r\n".join((
            top + b"Content-Type: multipart/mixed; boundary=" + mark, b"", b"--" + mark, plain, b"--" + mark,
            b"Content-Type: message/rfc822", b"", inside, b"--" + mark + b"--", b"",
        ))  # fmt: skip

    def text_of(self, raw: bytes) -> str:
        body = raw.partition(b"\r\n\r\n")[2]
        try:
            return base64.b64decode(body).decode()
        except ValueError:
            return "..."

    def date(self, at: dt.datetime) -> str:
        zone = dt.timezone(dt.timedelta(hours=self.chance.choice((8, 1, 0, -5))))
        return at.astimezone(zone).strftime("%a, %d %b %Y %H:%M:%S %z")

    def word(self, length: int) -> str:
        return "".join(self.chance.choices("abcdefghijkmnpqrstuvwxyz23456789", k=length))

    def keep(self, raw, key, conversation, party, marks=()) -> None:
        self.number += 1
        made = Sent(key, raw, conversation, party, frozenset((key, *marks)))
        self.sent += [made] * (2 if self.chance.random() < 0.04 else 1)  # some are delivered twice

    def connected(self) -> list[set[str]]:
        """Keys of the messages that must be found together: of one conversation, connected by marks."""
        groups: dict[str, list[tuple[set[str], set[str]]]] = {}
        for one in {one.key: one for one in self.sent}.values():
            there = groups.setdefault(one.conversation, [])
            keys, marks = {one.key}, set(one.marks)
            for other in [other for other in there if other[1] & marks]:
                there.remove(other)
                keys, marks = keys | other[0], marks | other[1]
            there.append((keys, marks))
        return [keys for there in groups.values() for keys, _ in there]
