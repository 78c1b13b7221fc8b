"""Generated correspondences with their truth: several clients, lost headers, edited subjects, quoted tokens of others.

Everything follows from the seed. ``truth`` maps a message's key to (conversation, party, how it can be found).
"""

import base64
import datetime as dt
import hashlib
import random

from mailflow.correspondence.threading import Envelope

OURS = "ar@huaxing.example"
PREFIXES = ("Re: ", "RE: ", "回复: ", "回复：", "AW: ", "答复: ", "Re: Re: ", "SV: ", "R: ")
TEMPLATES = ("对账单 {year}年{month:02d}月", "Statement of account {year}-{month:02d}", "Statement of account")


class Mailbox:
    def __init__(self, seed: int, parties: int = 20, months: int = 6) -> None:
        self.chance = random.Random(seed)
        self.envelopes: list[Envelope] = []
        self.truth: dict[str, tuple[str, int, str]] = {}
        self._count = 0
        self.tokens: list[tuple[int, str]] = []
        for party in range(parties):
            self._domain = f"kunde{party}.example" if self.chance.random() < 0.8 else "qq.com"
            self._person = f"ap{party}@{self._domain}"
            for month in range(months):
                self._conversation(party, month)
        self.chance.shuffle(self.envelopes)

    def _add(self, conversation: str, party: int, how: str, **facts) -> Envelope:
        self._count += 1
        sender = facts["sender"]
        message_id = f"<{self._count}.{self.chance.getrandbits(48):x}@{sender.rpartition('@')[2]}>"
        if facts.pop("nameless", False):
            message_id = None
        digest = hashlib.sha256(f"{self._count}{facts}".encode()).hexdigest()
        one = Envelope(key=message_id or f"sha256:{digest}", digest=digest, message_id=message_id, **facts)
        self.envelopes.append(one)
        self.truth[one.key] = (conversation, party, how)
        if self.chance.random() < 0.03:
            self.envelopes.append(one)  # delivered twice
        return one

    def _conversation(self, party: int, month: int) -> None:
        chance, conversation = self.chance, f"{party}-{month}"
        token = f"st-2026-{month + 1:02d}-c{party:03d}-{chance.getrandbits(24):06x}"
        at = dt.datetime(2026, month + 1, 2, 9, chance.randint(0, 59), tzinfo=dt.UTC)
        template = chance.choice(TEMPLATES).format(year=2026, month=month + 1)
        subject = f"{template} [{token.upper()}]" if chance.random() < 0.9 else template
        index = base64.b64encode(bytes(chance.getrandbits(8) for _ in range(22))).decode()
        letter = self._add(
            conversation, party, "new", sender=OURS, to=(self._person,), subject=subject, date=at, thread_index=index
        )
        chain = [letter]
        for _ in range(chance.randint(0, 6)):
            at += dt.timedelta(hours=chance.randint(1, 30))
            chain.append(self._next(conversation, party, chain, token, subject, at, index))
        if chance.random() < 0.15:
            self._bounce(conversation, party, letter, at)
        if self.tokens and chance.random() < 0.3:
            self._quotes_another(party, at)
        self.tokens.append((party, token))

    def _next(self, conversation, party, chain, token, subject, at, index) -> Envelope:
        chance, parent = self.chance, self.chance.choice(chain)
        ids = tuple(one.message_id for one in chain if one.message_id)
        theirs = {"sender": self._person, "to": (OURS,), "date": at}
        reply = chance.choice(PREFIXES) + subject
        kind = chance.random()
        if kind < 0.3:
            return self._add(
                conversation,
                party,
                "references",
                subject=reply,
                references=ids,
                in_reply_to=parent.message_id,
                **theirs,
            )
        if kind < 0.45:
            return self._add(conversation, party, "in_reply_to", subject=reply, in_reply_to=parent.message_id, **theirs)
        if kind < 0.6:  # we remind
            root = chain[0].message_id
            return self._add(
                conversation, party, "references", sender=OURS, to=(self._person,), date=at,
                subject=f"Reminder: {subject}", references=(root,), in_reply_to=root,
            )  # fmt: skip
        if kind < 0.72:  # a new mail to the address of the letter, another subject, no headers
            address = OURS.replace("@", f"+{token}@")
            return self._add(
                conversation, party, "token", sender=self._person, to=(address,), date=at,
                subject=chance.choice(("询问", "query", "invoice copy please")), nameless=chance.random() < 0.1,
            )  # fmt: skip
        if kind < 0.82 and "[" in subject:  # a new mail that names the token
            return self._add(conversation, party, "token", subject=f"关于 [{token.upper()}]", **theirs)
        if kind < 0.9:  # an answer to a mail that never reached us, which answered ours
            ghost = f"<ghost{self._count}@elsewhere.example>"
            return self._add(
                conversation, party, "references", subject="changed subject", references=(*ids, ghost),
                in_reply_to=ghost, **theirs,
            )  # fmt: skip
        tail = base64.b64encode(base64.b64decode(index) + bytes(5)).decode()
        return self._add(conversation, party, "weak", subject=reply, thread_index=tail, **theirs)

    def _bounce(self, conversation, party, letter, at) -> None:
        self._add(
            conversation, party, "bounce", sender="mailer-daemon@mx.huaxing.example", to=(OURS,), date=at,
            subject="Undelivered Mail", returned=letter.message_id, automatic=True,
        )  # fmt: skip

    def _quotes_another(self, party, at) -> None:
        """A mail of its own that names a token of another party: it belongs to nobody's conversation but its own."""
        other, token = self.chance.choice(self.tokens)
        if other == party:
            return
        self._add(
            f"alone-{self._count}", party, "new", sender=self._person, to=(OURS,), date=at,
            subject=f"is this ours? [{token.upper()}] no {self._count}",
        )  # fmt: skip
