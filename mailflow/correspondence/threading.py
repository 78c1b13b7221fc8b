"""Which messages belong together: conversations out of a heap of mail, the same for any order of the heap.

Two steps (field guide "mail", section 5). First the reply graph: a union over In-Reply-To and References, with ghosts
for ids that no message has; bounces join by the id of the letter that they return. Then what the headers lost: a token
of ours (in the address or in brackets in the subject), Outlook's thread index, and as the last and weakest the subject.

Nothing joins two of our own letters that open a conversation: a message that points to both belongs to the stronger
pointer. Parties are kept apart too, but for who answers with the very id of a message: nobody guesses it, so a
bookkeeper who writes for a customer is in his conversation. A token or number quoted by a stranger, or by somebody of
another party, joins nothing; who points to one conversation is not put into another one by his subject.
Links are made in an order that depends on the messages alone (strength, then date and hash), never on the heap.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mailflow.correspondence.disjoint import Sets

INDEX_ROOT_BYTES = 22  # Outlook's Thread-Index: the conversation; each answer adds 5 bytes behind
INDEX_DAYS, SUBJECT_DAYS = 30, 14
SHARED_ID_SENDERS = 3  # an id that more senders claim as their own, or more parties point to, is no identity

_STRENGTHS = (
    ("returned", "references"), ("in_reply_to", "in_reply_to"), ("last", "references"), ("rest", "references"),
)  # fmt: skip

PUBLIC_DOMAINS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.jp icloud.com me.com aol.com "
    "gmx.de gmx.net web.de t-online.de orange.fr free.fr proton.me protonmail.com mail.ru yandex.ru "
    "qq.com foxmail.com vip.qq.com 163.com vip.163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn "
    "21cn.com aliyun.com".split()
)
"""At these anybody can have an address: two addresses there have nothing in common."""

_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|antw|antwort|sv|vs|odp|r|rif|rv|ynt|res|fw|fwd|wg|tr|enc|i|vl|ref|回复|答复|转发|回覆|答覆|轉寄|轉發|自动回复|自動回覆"
    r"|automatic reply|out of office)(?:\s*[\[(（]\d+[\])）])?\s*[:：]|\[(?:external|extern|ext|外部|list|spam)\])\s*",
    re.IGNORECASE,
)
# what stands in brackets and looks like a mark: letters and digits with a hyphen, or our [#TOKEN]
_MARK = re.compile(r"[\[［【]\s*#?\s*([0-9A-Za-z][0-9A-Za-z_./-]{4,60}?)\s*[\]］】]")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What threading needs of one message. ``key`` names it in the answer: its Message-ID, or ``sha256:…``.

    ``sender``, ``to`` are lower-case addresses; ``returned`` is the Message-ID of the letter that a bounce returns;
    ``embedded`` are ids that messages attached to it bear or name; ``automatic`` says that a machine wrote it; answers
    go to ``reply_to``; ``own_id`` is the X-Mailflow-Id, which stays where a relay replaces the Message-ID.
    """

    key: str
    digest: str
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    subject: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    date: dt.datetime | None = None
    thread_index: str | None = None
    returned: str | None = None
    embedded: tuple[str, ...] = ()
    automatic: bool = False
    reply_to: tuple[str, ...] = ()
    own_id: str | None = None


@dataclass(slots=True)
class Thread:
    """``messages`` are keys in reading order, each with the evidence that put it here (contract, ``why``)."""

    name: str
    subject: str
    participants: list[str]
    messages: list[str]
    why: dict[str, str] = field(default_factory=dict)


def base_subject(subject: str) -> str:
    """Without reply and forward prefixes of many languages (RFC 5256, 2.1, knows English ones only), folded."""
    text = unicodedata.normalize("NFKC", subject).strip()
    while True:
        shorter = _PREFIX.sub("", text, count=1)
        if shorter == text:
            return " ".join(text.split()).casefold()
        text = shorter


def folded_subject(subject: str) -> str:
    """The subject folded as :func:`base_subject` folds it, prefixes kept."""
    return " ".join(unicodedata.normalize("NFKC", subject).split()).casefold()


def _answering(subject: str) -> bool:
    return base_subject(subject) != folded_subject(subject)


def marks(envelope: Envelope) -> list[str]:
    """Tokens that the message carries: after the plus in an address that it or its answers go to, in its subject."""
    addresses = (*envelope.to, *envelope.reply_to)
    found = [local.partition("+")[2] for local in (one.rpartition("@")[0] for one in addresses) if "+" in local]
    for mark in _MARK.findall(envelope.subject):
        if any(character.isdigit() for character in mark) and not mark.isdigit():
            found.append(mark.lower())
    return list(dict.fromkeys(mark for mark in found if len(mark) >= 5))


def threads(envelopes: Iterable[Envelope]) -> list[Thread]:
    """Conversations in the order of their first message; every message in exactly one, messages in reading order."""
    return _Builder(list(envelopes)).build()


class _Builder:
    def __init__(self, envelopes: list[Envelope]) -> None:
        self.all = sorted(envelopes, key=lambda one: (_when(one), one.digest))
        self.why = ["new"] * len(self.all)
        self.own = _own_addresses(self.all)
        self.sets = Sets(len(self.all))
        self.by_id = self._ids()
        self.ghosts: dict[str, int] = {}
        self.nobodys = self._nobodys()
        for number, one in enumerate(self.all):
            self.sets.parties[number] = self._outside(one)
            if self._opens(one):
                self.sets.rivals[number] = frozenset([one.digest])
        self.holders: dict[str, list[int]] = defaultdict(list)  # who carries a mark, and which of them are our letters
        for number, one in enumerate(self.all):
            for mark in marks(one):
                self.holders[mark].append(number)
        self.letters = {
            mark: ours
            for mark, numbers in self.holders.items()
            if (ours := [number for number in numbers if self._ours(self.all[number].sender)])
        }
        self.written_to = frozenset().union(*(self._outside(one) for one in self.all if self._opens(one)))
        self.astray: set[int] = set()  # they point to what nothing may join with them

    def build(self) -> list[Thread]:
        self._reply_graph()
        self._tokens()
        self._thread_index()
        self._subjects()
        return self._threads()

    # who is who

    def _outside(self, one: Envelope) -> frozenset[str]:
        """The parties that a message is between us and: domains, or addresses where a domain says nothing."""
        if one.returned is not None or _is_daemon(one.sender):
            return frozenset()  # a bounce comes from a machine between the parties
        if not self.own:  # nobody stands out as the owner of this mail: everybody who takes part counts
            people = [one.sender, *one.to]
        else:
            people = [one.sender] if not self._ours(one.sender) else list(one.to)
        return frozenset(_party(address) for address in people if address and not self._ours(address))

    def _ours(self, address: str) -> bool:
        return _plain(address) in self.own or _party(address) in self.own

    def _opens(self, one: Envelope) -> bool:
        """A letter of ours that answers nothing: it opens a conversation, and no two of them are one."""
        return self._ours(one.sender) and one.in_reply_to is None and not one.references

    def _ids(self) -> dict[str, int]:
        """Message-ID -> the message that it names. The same bytes under one id in two places are one message twice."""
        claimed: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(self.all):
            if one.message_id:
                claimed[one.message_id].append(number)
        ids = {}
        for message_id, numbers in claimed.items():
            if len({self.all[number].sender for number in numbers}) > SHARED_ID_SENDERS:
                continue
            ids[message_id] = numbers[0]
            for number in numbers[1:]:
                if self.all[number].sender == self.all[numbers[0]].sender and self.sets.join(numbers[0], number):
                    self.why[number] = "references"
        for number, one in enumerate(self.all):
            if one.own_id and self._ours(one.sender):
                ids.setdefault(one.own_id, number)
        return ids

    def _nobodys(self) -> frozenset[str]:
        """Ids of no message to which more parties point than can have seen one: constants of a program."""
        pointing: dict[str, set[str]] = defaultdict(set)
        for one in self.all:
            for target in {one.in_reply_to, *one.references} - {None}:
                if target not in self.by_id:
                    pointing[str(target)] |= self._outside(one)
        return frozenset(target for target, parties in pointing.items() if len(parties) > SHARED_ID_SENDERS)

    # strong evidence

    def _reply_graph(self) -> None:
        """Until nothing more joins: what one pointer connects shows who takes part, where another one was in doubt."""
        before = -1
        while before != self.sets.joined:
            before = self.sets.joined
            self.astray = set()
            for strength, why in _STRENGTHS:
                for number, one in enumerate(self.all):
                    for target in _pointers(one, strength):
                        self._follow(number, target, strength, why)
            for number, one in enumerate(self.all):
                self._look_inside(number, one.embedded)

    def _follow(self, number: int, target: str, strength: str, why: str) -> None:
        one = self.all[number]
        if target in (one.message_id, one.own_id) or target in self.nobodys:
            return
        place = self._place(target)
        if self.sets.join(number, place, kin=self._answers(number, target, strength)):
            self._because(number, why)
        elif self.why[number] == "new":
            self.astray.add(number)

    def _place(self, message_id: str) -> int:
        if message_id in self.by_id:
            return self.by_id[message_id]
        if message_id not in self.ghosts:
            self.ghosts[message_id] = self.sets.add()
        return self.ghosts[message_id]

    def _look_inside(self, number: int, embedded: Sequence[str]) -> None:
        """A forwarded mail is evidence, but not in the hands of another party."""
        for target in embedded:
            known = self.by_id.get(target, self.ghosts.get(target))
            if known is None or self.sets.find(known) == self.sets.find(number):
                continue
            kin = known < len(self.all) and self._had_it(number, known)
            if (kin or self._related(number, known)) and self.sets.join(number, known, kin=kin):
                self._because(number, "references")

    def _because(self, number: int, why: str) -> None:
        if self.why[number] == "new":
            self.why[number] = why

    def _answers(self, number: int, target: str, strength: str) -> bool:
        """Whether this pointer alone puts the two together. Our own programs point to what we answer."""
        if target not in self.by_id or strength == "returned":
            return False
        if self._ours(self.all[number].sender):
            return strength == "in_reply_to"
        return self._had_it(number, self.by_id[target])

    def _had_it(self, number: int, known: int) -> bool:
        """Whether the writer of a message had that other one, which he names by its id, before him, although it went to
        another party: he gets no letters of his own; or something more says the same, its subject, the address that
        its answers go to, or a second message of that conversation that he names."""
        one = self.all[number]
        if not self._outside(one) & self.written_to:
            return True
        if base_subject(one.subject) == base_subject(self.all[known].subject):
            return True
        there = self.sets.find(known)
        addressed = {mark for mark in marks(one) if any(f"+{mark}@" in address for address in one.to)}
        if any(self.sets.find(letter) == there for mark in addressed for letter in self.letters.get(mark, ())):
            return True
        named = {self.by_id[one] for one in _all_pointers(one) if one in self.by_id}
        return sum(self.sets.find(each) == there for each in named) > 1

    def _tokens(self) -> None:
        for number, one in enumerate(self.all):
            if self._placed(number):
                continue
            for mark in marks(one):
                in_address = any(f"+{mark}@" in address for address in one.to)
                if self._join_by_mark(number, self.letters.get(mark) or self.holders[mark], in_address):
                    break

    def _join_by_mark(self, number: int, others: Sequence[int], in_address: bool) -> bool:
        one = self.all[number]
        if self._opens(one) or _is_daemon(one.sender):
            return False
        targets = {self.sets.find(other): other for other in reversed(others) if other != number}
        mine = self.sets.parties[number]
        related = [other for other in targets.values() if self.sets.parties[self.sets.find(other)] & mine]
        forwarded = not related and in_address  # nobody guesses an address with a token: a forwarded letter is answered
        if forwarded:
            asked = base_subject(one.subject)
            related = [
                other for other in targets.values()
                if not mine & self.written_to or base_subject(self.all[other].subject) == asked
            ]  # fmt: skip
        if len({self.sets.find(other) for other in related}) != 1:
            return False
        if not self.sets.join(number, related[0], kin=forwarded):
            return False
        self.why[number] = "token"
        return True

    def _placed(self, number: int) -> bool:
        """Its conversation has the letter that opens it, or is no answer to anything unknown."""
        found = self.sets.find(number)
        return self.why[number] != "new" and bool(self.sets.rivals[found] or not self.own)

    # weak evidence: only over finished threads, only with exactly one candidate

    def _thread_index(self) -> None:
        roots: dict[bytes, list[int]] = defaultdict(list)
        for number, one in enumerate(self.all):
            root = _index_root(one.thread_index)
            if root is not None:
                roots[root].append(number)
        for number, one in enumerate(self.all):
            root = _index_root(one.thread_index)
            if self.why[number] == "new" and number not in self.astray and root is not None:
                self._join_weakly(number, roots[root], INDEX_DAYS, "thread_index")

    def _subjects(self) -> None:
        subjects: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(self.all):
            subjects[base_subject(one.subject)].append(number)
        for number, one in enumerate(self.all):
            subject = base_subject(one.subject)
            answers = _answering(one.subject)  # without a prefix it is a mail of its own
            if self.why[number] == "new" and number not in self.astray and answers and len(subject) >= 4:
                self._join_weakly(number, subjects[subject], SUBJECT_DAYS, "subject_and_participants")

    def _join_weakly(self, number: int, others: Sequence[int], days: int, why: str) -> None:
        one = self.all[number]
        if self._opens(one) or one.date is None:
            return
        candidates = {}
        for other in others:
            date = self.all[other].date
            if date is None or self.sets.find(other) == self.sets.find(number):
                continue
            if folded_subject(one.subject) == folded_subject(self.all[other].subject) and not _answering(one.subject):
                continue  # the same mail again, made from a template
            if dt.timedelta(0) <= one.date - date <= dt.timedelta(days=days) and self._related(number, other):
                candidates[self.sets.find(other)] = other
        if len(candidates) == 1:
            [other] = candidates.values()
            if self.sets.join(number, other):
                self.why[number] = why

    def _related(self, number: int, other: int) -> bool:
        mine = self.sets.parties[number]
        return bool(mine & self.sets.parties[self.sets.find(other)])

    # the answer

    def _threads(self) -> list[Thread]:
        groups: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self.all)):
            groups[self.sets.find(number)].append(number)
        made = []
        ordered = sorted(groups.values(), key=lambda numbers: numbers[0])
        for place, numbers in enumerate(ordered, start=1):
            first = self.all[numbers[0]]
            people = {_plain(a) for number in numbers for a in (self.all[number].sender, *self.all[number].to) if a}
            messages = list(dict.fromkeys(self.all[number].key for number in numbers))
            why: dict[str, str] = {}
            for number in numbers:
                why.setdefault(self.all[number].key, self.why[number])
            if first.key in why and len(numbers) > 1 and why[first.key] != "new" and first.in_reply_to is None:
                why[first.key] = "new" if not first.references and first.returned is None else why[first.key]
            made.append(Thread(f"t{place}", first.subject, sorted(people), messages, why))
        return made


def _pointers(one: Envelope, strength: str) -> Iterator[str]:
    if strength == "returned" and one.returned:
        yield one.returned
    elif strength == "in_reply_to" and one.in_reply_to:
        yield one.in_reply_to
    elif strength == "last" and one.references:
        yield one.references[-1]
    elif strength == "rest":
        yield from reversed(one.references[:-1])


def _all_pointers(one: Envelope) -> Iterator[str]:
    for strength in ("returned", "in_reply_to", "last", "rest"):
        yield from _pointers(one, strength)
    yield from one.embedded


def _own_addresses(envelopes: Sequence[Envelope]) -> frozenset[str]:
    """Whose mailbox this is: the addresses that carry tokens, and the one that stands in most messages; with its domain
    where that is not a public one. Empty when nobody stands out."""
    seen: Counter[str] = Counter()
    own: set[str] = set()
    for one in envelopes:
        own.update(_plain(address) for address in one.to if "+" in address and len(address.partition("+")[2]) > 8)
        seen.update({_plain(address) for address in (one.sender, *one.to) if address})
    if not own:
        most = seen.most_common(2)
        if len(most) == 1 or (len(most) == 2 and most[0][1] > most[1][1]):
            own.add(most[0][0])
    domains = {address.rpartition("@")[2] for address in own}
    return frozenset(own | {domain for domain in domains if domain not in PUBLIC_DOMAINS})


def _party(address: str) -> str:
    domain = address.rpartition("@")[2]
    return _plain(address) if domain in PUBLIC_DOMAINS or not domain else domain


def _plain(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _is_daemon(sender: str) -> bool:
    return sender.partition("@")[0] in ("", "mailer-daemon", "postmaster", "mail-daemon", "maildaemon")


def _index_root(value: str | None) -> bytes | None:
    if not value:
        return None
    try:
        decoded = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded[:INDEX_ROOT_BYTES] if len(decoded) >= INDEX_ROOT_BYTES else None


def _when(one: Envelope) -> dt.datetime:
    return one.date or dt.datetime.max.replace(tzinfo=dt.UTC)
