"""Sending over real SMTP: what each answer of the server makes of a letter, its case and what a person sees."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest

from mailflow.cases.case import State, TaskKind
from mailflow.receivables.party import Side
from mailflow.steps.ports.outbox import LetterKey, LetterState, NewLetter
from mailflow.steps.ports.sending import Answer, Brake, Claim
from mailflow.steps.send_letters import Pace
from tests.servers.scripted_smtp import DROP, Do, ScriptedSmtp
from tests.servers.sending_office import START, Office, way_out


@pytest.fixture
def office(tmp_path):
    """On SQLite: for what the server says."""
    made = Office(f"sqlite:///{tmp_path}/mailflow.db", tmp_path / "archive")
    yield made
    made.database.engine.dispose()


@pytest.fixture
def either(database_url, tmp_path):
    """On both databases: for what rows do."""
    made = Office(database_url, tmp_path / "archive")
    yield made
    made.database.engine.dispose()


def at(event: str, do: Do, times: int = 10**6, recipient: str | None = None):
    """A script: ``do`` at ``event``, the first ``times``, for one recipient when named."""
    left = [times]

    def script(now: str, session) -> Do | None:
        if now == event and left[0] > 0 and (recipient is None or recipient in session.recipients):
            left[0] -= 1
            return do
        return None

    return script


def test_an_accepted_letter_is_sent_byte_for_byte_once_and_its_case_moves_on(either):
    (no,) = either.queue("li@hengtai.example", body=b".dot\r\n..\r\nend\r\n")
    with ScriptedSmtp() as server:
        report = either.send(server)
        again = either.send(server)
    letter = either.letter(no)
    assert (report.accepted, again.accepted) == ([no], [])
    assert [mail.content for mail in server.mails] == [either.archive.read(letter.sha256)]
    assert (server.mails[0].sender, server.mails[0].recipients) == ("ar@huaxing.example", ["li@hengtai.example"])
    assert (letter.state, letter.code, letter.words) == (LetterState.ACCEPTED, 250, "2.0.0 Ok")
    assert either.case() is State.SENT
    assert either.journal() == ["case.accepted"]
    assert not report.needs_person


def test_each_recipient_has_a_transaction_and_an_outcome_of_their_own(either):
    either.queue("li@hengtai.example", "gone@hengtai.example", "wang@hengtai.example")
    script = at("rcpt", Do("550 5.1.1 no such user"), recipient="gone@hengtai.example")
    with ScriptedSmtp(script) as server:
        either.send(server)
    assert either.states() == ["accepted", "rejected_permanent", "accepted"]
    assert all(len(mail.recipients) == 1 for mail in server.mails) and len(server.mails) == 2
    assert either.case() is State.SENT
    assert either.tasks() == [TaskKind.UNDELIVERABLE]


def test_when_the_last_recipient_is_refused_for_good_the_case_is_undeliverable(either):
    either.queue("a@hengtai.example", "b@hengtai.example")
    with ScriptedSmtp(at("rcpt", Do("550 5.1.1 no such user"))) as server:
        report = either.send(server)
    assert either.states() == ["rejected_permanent"] * 2
    assert either.case() is State.UNDELIVERABLE
    assert server.mails == [] and report.needs_person


@pytest.mark.parametrize("event", ["rcpt", "data", "dot"])
def test_a_temporary_refusal_is_tried_again_later_with_the_same_bytes(either, event):
    (no,) = either.queue("li@hengtai.example")
    with ScriptedSmtp(at(event, Do("450 4.2.0 greylisted, try again"), times=1)) as server:
        first = either.send(server)
        either.clock.pass_by(minutes=4)
        assert either.send(server).accepted == [] and server.mails == []
        either.clock.pass_by(minutes=20)
        second = either.send(server)
    assert first.accepted == [] and second.accepted == [no]
    assert [mail.content for mail in server.mails] == [either.archive.read(either.letter(no).sha256)]


def test_pauses_double_and_after_five_days_a_letter_is_given_up_and_shown(office):
    (no,) = office.queue("li@hengtai.example")
    pauses = []
    with ScriptedSmtp(at("rcpt", Do("450 4.2.0 busy"))) as server:
        while office.letter(no).state is not LetterState.REJECTED_PERMANENT:
            before = office.clock.now()
            office.clock.instant = max(before, office.letter(no).due_at)
            office.send(server)
            pauses.append((office.letter(no).due_at - office.clock.now()).total_seconds())
    assert pauses[:5] == [300, 600, 1200, 2400, 4000] and len(pauses) > 100
    assert "given up after 5 days" in office.letter(no).words and "busy" in office.letter(no).words
    assert office.case() is State.UNDELIVERABLE


@pytest.mark.parametrize(
    ("event", "do", "was_taken"),
    [
        ("body", DROP, False),
        ("dot", DROP, False),
        ("taken", DROP, True),
        ("taken", Do(wait=3), True),
    ],
    ids=["drop inside the body", "drop after the dot", "taken, drop before 250", "250 too late"],
)
def test_what_nobody_can_know_is_in_doubt_shown_and_never_repeated(office, event, do, was_taken):
    (no,) = office.queue("li@hengtai.example")
    with ScriptedSmtp(at(event, do, times=1)) as server:
        report = office.send(way_out(server, content_seconds=1.0))
        for _ in range(3):
            office.clock.pass_by(days=3)
            assert office.send(server).accepted == []
    assert len(server.mails) == int(was_taken)
    assert report.in_doubt == [no] and report.needs_person
    assert office.letter(no).state is LetterState.IN_DOUBT
    assert office.case() is State.QUEUED
    assert office.tasks() == [TaskKind.LETTER_IN_DOUBT]


@pytest.mark.parametrize("do", [DROP, Do("250 fine")], ids=["drop before 354", "an answer that makes no sense"])
def test_before_the_servers_go_ahead_nothing_went_out_and_the_letter_waits(office, do):
    (no,) = office.queue("li@hengtai.example")
    with ScriptedSmtp(at("data", do, times=1)) as server:
        assert office.send(server).deferred == [no]
        office.clock.pass_by(minutes=6)
        assert office.send(server).accepted == [no]
    assert len(server.mails) == 1 and office.tasks() == []


def test_a_connection_that_dies_before_the_content_costs_the_letter_nothing(office):
    (no,) = office.queue("li@hengtai.example")
    with ScriptedSmtp(at("mail", DROP, times=1)) as server:
        assert office.send(server).accepted == [no]
    assert len(server.mails) == 1


def test_a_letter_that_breaks_every_connection_waits_and_the_others_go_out(office):
    office.queue("a@x.example", "poison@x.example", "b@x.example")
    with ScriptedSmtp(at("rcpt", DROP, recipient="poison@x.example")) as server:
        office.send(server, pace=Pace(connections=1))
    assert office.states() == ["accepted", "rejected_temporary", "accepted"]


def test_421_closes_the_connection_and_the_letter_goes_out_later(office):
    (no,) = office.queue("li@hengtai.example")
    with ScriptedSmtp(at("rcpt", Do("421 4.7.0 closing", drop=True), times=1)) as server:
        assert office.send(server).released == [no]
        office.clock.pass_by(minutes=2)
        assert office.send(server).accepted == [no]


def test_a_server_that_is_down_leaves_everything_queued_and_says_so(office):
    office.queue("a@x.example", "b@x.example")
    with ScriptedSmtp() as server:
        pass
    report = office.send(server)
    assert report.down and "127.0.0.1" in report.down
    assert office.states() == ["queued"] * 2
    assert office.letter(1).attempts == 0


@pytest.mark.parametrize(
    ("event", "words", "minutes"),
    [
        ("rcpt", "550 5.7.30 Basic authentication is not supported", 15),
        ("dot", "554 5.2.2 mailbox full; STOREDRV.Submit", 15),
        ("rcpt", "550 Connection frequency limited", 15),
        ("mail", "451 4.7.0 sending rate limit exceeded", 2),
        ("mail", "553 5.7.1 sender address rejected", 15),
    ],
)
def test_a_refusal_of_our_own_account_stops_the_sender_and_never_marks_a_customer(office, event, words, minutes):
    office.queue("a@x.example", "b@x.example", "c@x.example")
    with ScriptedSmtp(at(event, Do(words), times=1)) as server:
        report = office.send(server, pace=Pace(connections=1))
        assert report.brake is not None and words.partition(" ")[2] in report.brake.why
        assert office.states() == ["queued"] * 3
        office.clock.pass_by(minutes=minutes - 0.5)
        assert office.send(server).brake is not None and server.mails == []
        office.clock.pass_by(minutes=1)
        assert len(office.send(server).accepted) == 3
    assert office.case() is State.SENT and office.tasks() == []


def test_a_wrong_password_stops_the_sender_without_hammering(office):
    office.queue("a@x.example", "b@x.example")
    with ScriptedSmtp(login=("ar", "right")) as server:
        report = office.send(way_out(server, username="ar", password=lambda: "wrong"), pace=Pace(connections=1))
        assert report.brake is not None and "535" in report.brake.why
        assert office.send(way_out(server, username="ar", password=lambda: "right")).accepted == []
        office.clock.pass_by(minutes=16)
        assert len(office.send(way_out(server, username="ar", password=lambda: "right")).accepted) == 2
    assert len(server.sessions) <= 6


def test_a_letter_bigger_than_the_server_takes_is_not_even_tried(office):
    office.queue("a@x.example", body=b"x" * 70 + b"\r\n" * 300)
    with ScriptedSmtp(size=200) as server:
        office.send(server)
    assert office.states() == ["rejected_permanent"]
    assert "takes 200 at most" in office.letter(1).words
    assert not any(line.startswith(b"MAIL") for line in server.sessions[0].lines)


def test_words_in_gbk_are_kept_readable_and_break_no_commit(either):
    either.queue("a@x.example")
    with ScriptedSmtp(at("rcpt", Do(b"550 " + "用户不存在".encode("gbk")))) as server:
        either.send(server)
    assert either.letter(1).words == "用户不存在"


def test_the_id_that_a_relay_gives_a_letter_finds_it_too(either):
    (no,) = either.queue("a@x.example")
    with ScriptedSmtp(words="Ok <0100abc@eu-west-1.relay.example>") as server:
        either.send(server)
    with either.database.reading() as work:
        assert work.outbox.by_message_id("<0100abc@eu-west-1.relay.example>").no == no


def test_damaged_bytes_are_not_sent(office):
    office.queue("a@x.example")
    letter = office.letter(1)
    path = next(office.archive._directory.glob(f"*/{letter.sha256}"))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"hello", b"hullo"))
    with ScriptedSmtp() as server:
        office.send(server)
    assert server.mails == [] and office.states() == ["queued"]
    assert "damaged" in office.letter(1).words


def test_connections_are_reused_and_renewed_and_no_more_are_opened_than_allowed(office):
    office.queue(*(f"r{place}@d{place % 7}.example" for place in range(40)))
    with ScriptedSmtp() as server:
        office.send(server, pace=Pace(connections=3, letters_per_connection=10))
    assert office.states() == ["accepted"] * 40
    assert server.most_at_once == 3 and 4 <= len(server.sessions) <= 7


def test_a_server_that_allows_fewer_connections_than_we_want_gets_all_letters_all_the_same(office):
    office.queue(*(f"r{place}@x.example" for place in range(12)))
    server = ScriptedSmtp()
    server.script = lambda event, session: (
        Do("421 4.3.2 too many connections", drop=True) if event == "connect" and server._at_once > 1 else None
    )
    with server:
        report = office.send(server, pace=Pace(connections=4))
    assert office.states() == ["accepted"] * 12 and report.down is None


def test_one_domain_never_gets_more_letters_at_once_than_its_share(office):
    office.queue(*(f"r{place}@slow.example" for place in range(6)), "x@other.example")
    busy, most, lock = [0], [0], threading.Lock()

    def script(event, session):
        slow = session.recipients and session.recipients[0].endswith("@slow.example")
        with lock:
            if event == "data" and slow:
                busy[0] += 1
                most[0] = max(most[0], busy[0])
            if event == "answered" and slow:
                busy[0] -= 1
        return Do(wait=0.02) if event == "taken" else None

    with ScriptedSmtp(script) as server:
        office.send(server, pace=Pace(connections=4, per_domain=2))
    assert most[0] == 2 and len(server.mails) == 7


def test_the_rate_limit_is_shared_by_all_senders(either):
    with either.database.writing() as work:
        interval = dt.timedelta(seconds=2)
        slots = [work.sending.slot(START, interval) for _ in range(3)]
    with either.database.writing() as work:
        slots.append(work.sending.slot(START + dt.timedelta(seconds=1), interval))
    assert [(slot - START).total_seconds() for slot in slots] == [0, 2, 4, 6]


def test_a_brake_put_on_by_a_person_holds_until_it_is_lifted(either):

    either.queue("a@x.example")
    with either.database.writing() as work:
        work.sending.put_brake(Brake("restored from a backup", None, "chen"))
    with ScriptedSmtp() as server:
        either.clock.pass_by(days=30)
        assert either.send(server).brake.why == "restored from a backup"
        with either.database.writing() as work:
            work.sending.lift_brake()
        assert len(either.send(server).accepted) == 1


def test_a_sender_that_is_told_to_stop_finishes_what_is_under_way_and_gives_back_the_rest(office):
    office.queue(*(f"r{place}@x.example" for place in range(10)))
    with ScriptedSmtp() as server:
        report = office.send(server, pace=Pace(connections=1), stopping=lambda: len(server.mails) >= 3)
    assert office.states() == ["accepted"] * 3 + ["queued"] * 7
    assert len(report.accepted) == 3


def test_two_senders_at_once_send_each_letter_once(either):
    either.queue(*(f"r{place}@x.example" for place in range(40)))
    with ScriptedSmtp(at("taken", Do(wait=0.002))) as server:
        threads = [threading.Thread(target=lambda: either.send(server, pace=Pace(batch=5))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert either.states() == ["accepted"] * 40
    assert len(server.ids) == len(set(server.ids)) == 40


def test_a_letter_that_a_dead_sender_left_is_taken_up_or_shown_according_to_how_far_it_was(either):
    either.queue("a@x.example", "b@x.example")
    with either.database.writing() as work:
        claimed = work.sending.claim("dead", START, START + dt.timedelta(minutes=15), 2)

        lost = Claim(claimed[0].no, claimed[0].fence)
        work.sending.start([lost], START, START + dt.timedelta(minutes=15), None)
    with ScriptedSmtp() as server:
        assert either.send(server).accepted == []  # it may still be alive
        report = either.send(server, has_ended=lambda holder: holder == "dead")
    assert (report.doubted, report.accepted) == ([1], [2])
    assert either.states() == ["in_doubt", "accepted"]
    assert either.tasks() == [TaskKind.LETTER_IN_DOUBT]


def test_a_claim_that_was_taken_over_can_write_nothing_any_more(either):

    either.queue("a@x.example")
    with either.database.writing() as work:
        (first,) = work.sending.claim("one", START, START + dt.timedelta(minutes=1), 5)
        assert work.sending.sweep(START + dt.timedelta(minutes=2), lambda holder: False).queued_again == [1]
        (second,) = work.sending.claim("two", START, START + dt.timedelta(minutes=9), 5)
        old, new = Claim(1, first.fence), Claim(1, second.fence)
        assert work.sending.start([old], START, START, None) == set()
        assert work.sending.accepted([(old, START, Answer(250, "Ok"))]) == set()
        assert work.sending.start([new], START, START + dt.timedelta(minutes=9), None) == {1}
        assert work.sending.accepted([(new, START, Answer(250, "Ok"))]) == {1}


def test_a_flood_of_letters_about_one_statement_to_one_address_puts_the_brake_on_and_sends_nothing(office):
    with office.database.writing() as work:
        work.casefile.open(
            case_id="SOA-1", party_id="C001", side=Side.RECEIVABLE, currency="CNY", statement_no="SOA-1", version=1,
            as_of=dt.date(2026, 10, 31), our_balance=Decimal(1), at=office.clock.now(), state=State.QUEUED,
        )  # fmt: skip
        for place in range(4):
            stored = office.archive.store([f"Message-ID: <{place}@huaxing.example>\r\n\r\nx\r\n".encode()])
            work.outbox.queue(
                NewLetter(
                    LetterKey("SOA-1", 1, "a@x.example", f"reminder-{place}"), "SOA-1", "ar@huaxing.example", "x",
                    f"<{place}@huaxing.example>", f"t{place}", stored.sha256, stored.size,
                ),
                office.clock.now(),
            )  # fmt: skip
    with ScriptedSmtp() as server:
        report = office.send(server, pace=Pace(most_a_day_to_one=3))
        assert server.mails == [] and office.states() == ["queued"] * 4
        assert report.brake is not None and "most_a_day_to_one" in report.brake.why and report.brake.until is None
        assert "sending.braked" in office.journal()
        with office.database.writing() as work:
            work.sending.lift_brake()
        assert len(office.send(server, pace=Pace(most_a_day_to_one=4)).accepted) == 4
