"""Stage "thread": which conversation and which case a message belongs to, and how far its sender can be believed.

Evidence in the order of the field guide ("mail", 5.2); strong evidence binds, weak evidence suggests:
1. a bounce names our Message-ID   2. our token in an address   3. In-Reply-To, References with our ids
4. our token or statement number in the subject, when the sender belongs to that party
5. the party's only open case (suggestion)   6. nothing: a person places it
A quoted number never pulls a stranger into another party's case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mailflow.cases.case import Case, State, TaskKind
from mailflow.cases.decision import Belief
from mailflow.correspondence import token as tokens
from mailflow.correspondence.message import Address, Authentication
from mailflow.correspondence.sender_grade import Flag, SenderGrade, judge
from mailflow.receivables.party import Party
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.process_messages import Outcome, Results
from mailflow.steps.settle_in_doubt import settled_by_message

# at these anybody can have an address: a colleague there is no colleague
PUBLIC_DOMAINS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.jp icloud.com me.com aol.com "
    "gmx.de gmx.net web.de t-online.de orange.fr free.fr proton.me protonmail.com mail.ru yandex.ru "
    "qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn 21cn.com aliyun.com "
    "vip.qq.com vip.163.com".split()
)


@dataclass(frozen=True, slots=True)
class Placement:
    """``why`` names the evidence; ``bound`` that it is strong. ``version`` is the statement version that is answered,
    None when the message names none."""

    case_id: str | None
    why: str
    bound: bool
    version: int | None = None
    letter: int | None = None


class PlaceMessage:
    name = "thread"

    def __init__(
        self, database: Database, own_addresses: Iterable[str], is_ours: Callable[[str], bool], checks_senders: bool
    ) -> None:
        """``is_ours`` says whether a Message-ID is one that we signed; ``checks_senders`` whether our mail server's
        verdicts on senders are configured (a trusted authserv-id)."""
        self._database, self._is_ours, self._checks = database, is_ours, checks_senders
        self._own = {_plain(address) for address in own_addresses}

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        reading, routing = results["read"]["reading"], results["read"]["routing"]
        sender = reading["from"]["address"].lower()
        with self._database.reading() as work:
            parties = self._parties(work, sender)
            placement = self._placed(work, reading, routing, parties)
            case = work.casefile.get(placement.case_id) if placement.case_id else None
            party = _party_of(case, parties, work)
            same_as = self._same(work, message, reading, results)
        belief, grade = self._graded(reading, routing, party, sender)
        mark = routing.get(
            "loop"
        )  # our own mark on a mail: believed only with our signature, anybody can write a header
        own = _plain(sender) in self._own or bool(mark and self._is_ours(f"<{mark.strip('<> ')}>"))
        result = {
            "case": placement.case_id,
            "why": placement.why,
            "bound": placement.bound,
            "version": placement.version,
            "letter": placement.letter,
            "party": None if party is None else party.id,
            "side": None if party is None else party.side.value,
            "belief": belief.value,
            "because": list(grade.because),
            "flags": [flag.value for flag in grade.flags],
            "own": own,
            "same_as": same_as,
        }
        ids = [one for one in (reading["message_id"], reading["in_reply_to"], *reading["references"]) if one]
        ids += [one for one in routing.get("embedded_ids", []) if self._is_ours(one)]

        def write(work: Work, at: dt.datetime) -> None:
            work.mailroom.join_thread(message.no, ids or [f"sha256:{message.sha256}"])
            work.mailroom.note(message.no, case_id=placement.case_id, same_as=same_as)
            if placement.letter is not None:
                settled_by_message(work, placement.letter, at, message.no, by_id=placement.why != "token")
            if placement.case_id is None and not own and same_as is None and reading["automatic"] == "no":
                work.casefile.raise_task(
                    TaskKind.UNPLACED, case_id=None, message=message.no, at=at, evidence=reading["subject"],
                    facts={"sender": sender},
                )  # fmt: skip

        return Outcome(result, write)

    # which case

    def _placed(self, work: Work, reading: dict[str, Any], routing: dict[str, Any], parties: list[Party]) -> Placement:
        for bounced in (*routing.get("bounces", []), reading["bounce"]):
            letter = _letter(work, [bounced.get("original_message_id")])
            if letter is not None:
                return _by_letter(letter, "bounce")
        addresses = [*routing.get("delivered_to", []), *(one["address"] for one in (*reading["to"], *reading["cc"]))]
        for mark in tokens.find(addresses):
            for letter in work.outbox.by_token(mark):
                return _by_letter(letter, "token")
        letter = _letter(work, [reading["in_reply_to"]])
        if letter is not None:
            return _by_letter(letter, "in_reply_to")
        letter = _letter(work, reversed(reading["references"]))
        if letter is not None:
            return _by_letter(letter, "references")
        known = {party.id for party in parties}
        for mark in tokens.find([reading["subject"], reading["new_text"], reading["quoted_text"] or ""]):
            for letter in work.outbox.by_token(mark):
                case = work.casefile.get(letter.case_id) if letter.case_id else None
                if case is not None and case.party_id in known:
                    return _by_letter(letter, "token")
        return self._by_party(work, reading, parties)

    def _by_party(self, work: Work, reading: dict[str, Any], parties: list[Party]) -> Placement:
        cases = [case for party in parties for case in work.casefile.cases(party_id=party.id)]
        subject = reading["subject"].upper()
        named = [case for case in cases if case.id.upper() in subject]
        if len(named) == 1:
            return Placement(named[0].id, "statement_number", bound=True)
        open_cases = [case for case in cases if case.state is not State.CLOSED]
        newest = [case for case in open_cases if case.as_of == max(one.as_of for one in open_cases)]
        if len(newest) == 1:
            return Placement(newest[0].id, "only_open_case", bound=False)
        return Placement(None, "new", bound=False)

    def _same(self, work: Work, message: StoredMessage, reading: dict[str, Any], results: Results) -> int | None:
        """The earlier message with the same id that also says the same: an alias or a list brought a second copy."""
        if not reading["message_id"]:
            return None
        for number in work.mailroom.same_words(reading["message_id"], message.no):
            earlier = work.mailroom.results(number).get("read")
            if earlier is not None and _words(earlier.result) == _words(results["read"]):
                return number
        return None

    # who wrote it

    def _parties(self, work: Work, sender: str) -> list[Party]:
        exact = work.ledger.parties_at(sender)
        domain = sender.rpartition("@")[2]
        if exact or not domain or domain in PUBLIC_DOMAINS:
            return exact
        return work.ledger.parties_at_domain(domain)

    def _graded(
        self, reading: dict[str, Any], routing: dict[str, Any], party: Party | None, sender: str
    ) -> tuple[Belief, SenderGrade]:
        """What speaks against the sender outranks everything; a look-alike domain is no address of the party."""
        said = reading["authentication"]
        grade = judge(
            Address(reading["from"]["name"], sender),
            Authentication(said["spf"], said["dkim"], said["dmarc"], said["trusted"], said["aligned"]),
            party_contacts=() if party is None else party.emails,
            reply_to=routing.get("reply_to", ()),
            warnings=reading["warnings"],
            own_domains=sorted({address.rpartition("@")[2] for address in self._own}),
        )
        flags = set(grade.flags)
        if Flag.FAILS in flags:
            return Belief.FAILING, grade
        if party is None or not _belongs(sender, party) or Flag.LOOKALIKE in flags:
            return Belief.STRANGER, grade
        if flags - {Flag.FIRST_SEEN}:
            return Belief.UNVERIFIED, grade
        if not self._checks:
            return Belief.CONTACT, grade
        return (Belief.TRUSTED if grade.aligned else Belief.UNVERIFIED), grade


def _belongs(sender: str, party: Party) -> bool:
    """An address of the party, or one in a domain of its own."""
    domain = sender.rpartition("@")[2]
    known = [address.lower() for address in party.emails]
    if sender in known:
        return True
    return bool(domain) and domain not in PUBLIC_DOMAINS and any(one.rpartition("@")[2] == domain for one in known)


def _party_of(case: Case | None, parties: list[Party], work: Work) -> Party | None:
    if case is not None:
        return work.ledger.party(case.party_id, case.side)
    return parties[0] if len(parties) == 1 else None


def _letter(work: Work, ids: Iterable[str | None]) -> Letter | None:
    for one in ids:
        letter = work.outbox.by_message_id(one) if one else None
        if letter is not None:
            return letter
    return None


def _by_letter(letter: Letter, why: str) -> Placement:
    return Placement(letter.case_id, why, bound=True, version=letter.key.version, letter=letter.no)


def _plain(address: str) -> str:
    """Without the plus part that our reply addresses carry."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _words(read: dict[str, Any]) -> tuple[Any, ...]:
    reading = read["reading"]
    return (
        reading["from"],
        reading["subject"],
        reading["date"],
        reading["new_text"],
        [p["sha256"] for p in read["parts"]],
    )
