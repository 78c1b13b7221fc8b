"""Stage "thread": which conversation and which case a message belongs to, and how far its sender can be believed.

Evidence in the order of the field guide ("mail", 5.2); strong evidence binds, weak evidence suggests:
1. a bounce names our Message-ID   2. our token in an address   3. In-Reply-To, References with our ids
4. our token or statement number in the subject, when the sender belongs to that party
5. the party's only open case (suggestion)   6. nothing: a person places it
A quoted number never pulls a stranger into another party's case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from mailflow.cases.case import Case, State, TaskKind
from mailflow.cases.decision import Belief
from mailflow.correspondence import token as tokens
from mailflow.correspondence.message import Address, Authentication
from mailflow.correspondence.sender_grade import Flag, SenderGrade, judge
from mailflow.correspondence.threading import PUBLIC_DOMAINS
from mailflow.receivables.party import Party
from mailflow.steps.arrange_conversations import keep_rulings, pointers
from mailflow.steps.looked_up import LookedUp
from mailflow.steps.ports.casefile import RaisedTask
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.settle_in_doubt import settled_by_message
from mailflow.steps.stage import Outcome, Results, Traveller

_ANY_NUMBER = 2**62


@dataclass(frozen=True, slots=True)
class Placement:
    """``why`` names the evidence; ``bound`` that it is strong. ``version`` is the statement version that is answered,
    None when the message names none."""

    case_id: str | None
    why: str
    bound: bool
    version: int | None = None
    letter: int | None = None
    in_doubt: bool = False  # whether that letter went out was not known


@dataclass(frozen=True, slots=True)
class _Placed:
    """What is to be written about one message. ``unplaced``: subject and sender, when a person has to place it.
    ``in_doubt``: whether the letter that it answers went out was not known. ``learnt``: an id that our letter seems to
    have been given on its way."""

    message: int
    placement: Placement
    result: dict[str, Any]
    facts: dict[str, Any]
    ids: list[str]
    unplaced: tuple[str, str] | None
    in_doubt: bool
    learnt: str | None


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
        with self._database.reading() as work:
            placed = self._place(LookedUp(work), message, results, {})
        return Outcome(placed.result, partial(_write, [placed]), facts=placed.facts)

    def within(self, work: Work, at: dt.datetime, travellers: Sequence[Traveller]) -> list[Outcome]:
        known = LookedUp(work)
        readings = [one.results["read"]["reading"] for one in travellers]
        known.prepare(
            (one for said in readings for one in (said["in_reply_to"], *said["references"]) if one),
            (said["from"]["address"].lower() for said in readings),
            (said["message_id"] for said in readings if said["message_id"]),
            (one.message.no for one in travellers),
        )
        beside = {one.message.no: one.results["read"] for one in travellers}
        placed = [self._place(known, one.message, one.results, beside) for one in travellers]
        _write(placed, work, at)
        return [Outcome(one.result, facts=one.facts) for one in placed]

    def _place(
        self, known: LookedUp, message: StoredMessage, results: Results, beside: Mapping[int, dict[str, Any]]
    ) -> _Placed:
        """``beside``: what was read in messages that travel together with this one."""
        reading, routing = results["read"]["reading"], results["read"]["routing"]
        sender = reading["from"]["address"].lower()
        parties = self._parties(known, sender)
        placed_by_person = known.placed_by_person(message.no)
        if placed_by_person is not None:  # whatever the headers say, and however often it is worked on again
            placement = Placement(placed_by_person, "person", bound=True)
        else:
            placement = self._placed(known, reading, routing, parties)
        case = known.case(placement.case_id) if placement.case_id else None
        party = _party_of(case, parties, known)
        same_as = self._same(known, message, reading, results, beside)
        belief, grade = self._graded(reading, routing, party, sender)
        # our own mark on a mail: believed only with our signature, anybody can write a header
        mark = routing.get("loop")
        own = _plain(sender) in self._own or bool(mark and self._is_ours(f"<{mark.strip('<> ')}>"))
        ids = pointers(reading, routing.get("embedded_ids", []), self._is_ours) or [f"sha256:{message.sha256}"]
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
            "ids": ids,
        }
        unplaced = placement.case_id is None and not own and same_as is None and reading["automatic"] == "no"
        return _Placed(
            message=message.no,
            placement=placement,
            result=result,
            facts={"case_id": placement.case_id, "same_as": same_as},
            ids=ids,
            unplaced=(reading["subject"], sender) if unplaced else None,
            in_doubt=placement.in_doubt,
            learnt=_learnt(known, reading, placement, party, sender),
        )

    # which case

    def _placed(
        self, known: LookedUp, reading: dict[str, Any], routing: dict[str, Any], parties: list[Party]
    ) -> Placement:
        for bounced in (*routing.get("bounces", []), reading["bounce"]):
            letter = _letter(known, [bounced.get("original_message_id")])
            if letter is not None:
                return _by_letter(letter, "bounce")
        addresses = [*routing.get("delivered_to", []), *(one["address"] for one in (*reading["to"], *reading["cc"]))]
        for mark in tokens.find(addresses):
            for letter in known.letters_of(mark):
                return _by_letter(letter, "token")
        letter = _letter(known, [reading["in_reply_to"]])
        if letter is not None:
            return _by_letter(letter, "in_reply_to")
        letter = _letter(known, reversed(reading["references"]))
        if letter is not None:
            return _by_letter(letter, "references")
        senders = {party.id for party in parties}
        for mark in tokens.find([reading["subject"], reading["new_text"], reading["quoted_text"] or ""]):
            for letter in known.letters_of(mark):
                case = known.case(letter.case_id) if letter.case_id else None
                if case is not None and case.party_id in senders:
                    return _by_letter(letter, "token")
        return self._by_party(known, reading, parties)

    def _by_party(self, known: LookedUp, reading: dict[str, Any], parties: list[Party]) -> Placement:
        cases = [case for party in parties for case in known.cases_of(party.id)]
        subject = reading["subject"].upper()
        named = [case for case in cases if case.id.upper() in subject]
        if len(named) == 1:
            return Placement(named[0].id, "statement_number", bound=True)
        open_cases = [case for case in cases if case.state is not State.CLOSED]
        newest = [case for case in open_cases if case.as_of == max(one.as_of for one in open_cases)]
        if len(newest) == 1:
            return Placement(newest[0].id, "only_open_case", bound=False)
        return Placement(None, "new", bound=False)

    def _same(
        self,
        known: LookedUp,
        message: StoredMessage,
        reading: dict[str, Any],
        results: Results,
        beside: Mapping[int, dict[str, Any]],
    ) -> int | None:
        """The earlier message with the same id that also says the same: an alias or a list brought a second copy."""
        if not reading["message_id"]:
            return None
        for number in known.named_before(reading["message_id"][:1000], message.no):
            earlier = beside.get(number) or known.read_of(number)
            if earlier is not None and _words(earlier) == _words(results["read"]):
                return number
        return None

    # who wrote it

    def _parties(self, known: LookedUp, sender: str) -> list[Party]:
        exact = known.parties_at(sender)
        domain = sender.rpartition("@")[2]
        if exact or not domain or domain in PUBLIC_DOMAINS:
            return exact
        return known.parties_at_domain(domain)

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
            signed_domain=routing.get("signed_by"),
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


def _write(placed: Sequence[_Placed], work: Work, at: dt.datetime) -> None:
    work.mailroom.join_threads([(one.message, one.ids) for one in placed])
    keep_rulings(work, {one.message: one.ids for one in placed})
    for one in placed:
        if one.in_doubt and one.placement.letter is not None:
            settled_by_message(work, one.placement.letter, at, one.message, by_id=one.placement.why != "token")
        if one.learnt is not None and one.placement.letter is not None:
            work.outbox.add_alias(one.placement.letter, one.learnt)
    work.casefile.raise_many(
        [
            RaisedTask(
                TaskKind.UNPLACED, case_id=None, message=one.message, evidence=one.unplaced[0],
                facts={"sender": one.unplaced[1]},
            )
            for one in placed
            if one.unplaced is not None
        ],
        at,
    )  # fmt: skip


def _learnt(
    known: LookedUp, reading: dict[str, Any], placement: Placement, party: Party | None, sender: str
) -> str | None:
    """The id under which our letter travelled, where its relay replaced ours (Exchange Online, Amazon SES): the reply
    came to our token, answers an id that no message has, and is from the party that the letter went to."""
    answered = reading["in_reply_to"]
    if placement.why != "token" or placement.letter is None or not answered or known.letter(answered) is not None:
        return None
    if party is None or not _belongs(sender, party) or known.named_before(answered[:1000], _ANY_NUMBER):
        return None
    return str(answered)


def _belongs(sender: str, party: Party) -> bool:
    """An address of the party, or one in a domain of its own."""
    domain = sender.rpartition("@")[2]
    known = [address.lower() for address in party.emails]
    if sender in known:
        return True
    return bool(domain) and domain not in PUBLIC_DOMAINS and any(one.rpartition("@")[2] == domain for one in known)


def _party_of(case: Case | None, parties: list[Party], known: LookedUp) -> Party | None:
    if case is not None:
        return known.party(case.party_id, case.side)
    return parties[0] if len(parties) == 1 else None


def _letter(known: LookedUp, ids: Iterable[str | None]) -> Letter | None:
    for one in ids:
        letter = known.letter(one) if one else None
        if letter is not None:
            return letter
    return None


def _by_letter(letter: Letter, why: str) -> Placement:
    return Placement(
        letter.case_id,
        why,
        bound=True,
        version=letter.key.version,
        letter=letter.no,
        in_doubt=letter.state is LetterState.IN_DOUBT,
    )


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
