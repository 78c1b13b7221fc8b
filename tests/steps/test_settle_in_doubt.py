"""Letters in doubt become certain by evidence, or wait for a person; nothing else repeats them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.cases.case import State, TaskKind
from mailflow.refusals import Refusal
from mailflow.steps.file_sent_copies import file_sent_copies
from mailflow.steps.ports.outbox import LetterState, NewLetter, SentCopy
from mailflow.steps.settle_in_doubt import settle_by_person, settle_in_doubt, settled_by_message
from tests.servers.scripted_smtp import DROP, Do, ScriptedSmtp
from tests.servers.sending_office import Office, SentTwin


@pytest.fixture
def office(tmp_path):
    made = Office(f"sqlite:///{tmp_path}/mailflow.db", tmp_path / "archive")
    yield made
    made.database.engine.dispose()


@pytest.fixture
def sent():
    return SentTwin()


def in_doubt(office: Office, sent: SentTwin, *, taken: bool) -> int:
    """Sends a letter whose answer is lost; ``taken`` says whether the server has it."""
    (no,) = office.queue("li@hengtai.example")
    event = "taken" if taken else "dot"
    with ScriptedSmtp(lambda now, session: DROP if now == event else None) as server:
        assert office.send(server, sent_folder=sent).in_doubt == [no]
    if taken:
        sent.arrive(office.letter(no).message_id)
    return no


def ask(office: Office, sent: SentTwin | None):
    return settle_in_doubt(office.database, sent, office.clock)


def server_files(office: Office, it_does: bool) -> None:
    with office.database.writing() as work:
        work.sending.learn_server_files_copies(it_does)


def test_a_letter_that_sent_shows_went_out(office, sent):
    no = in_doubt(office, sent, taken=True)
    assert ask(office, sent).accepted == [no]
    assert office.letter(no).state is LetterState.ACCEPTED
    assert office.case() is State.SENT and office.tasks() == []


def test_a_copy_under_another_id_is_found_by_our_own_mark_and_answers_to_it_find_the_letter(office, sent):
    no = in_doubt(office, sent, taken=False)
    sent.arrive("<changed@exchange.example>", office.letter(no).message_id)
    assert ask(office, sent).accepted == [no]
    with office.database.reading() as work:
        assert work.outbox.by_message_id("<changed@exchange.example>").no == no


def test_where_the_server_files_copies_three_looks_without_one_send_the_same_bytes_again(office, sent):
    server_files(office, True)
    no = in_doubt(office, sent, taken=False)
    looks = []
    for _ in range(40):
        office.clock.pass_by(minutes=1)
        report = ask(office, sent)
        if report.sent_again:
            break
        looks.append(office.letter(no).asked)
    assert (looks.index(1), looks.index(2), len(looks)) == (1, 9, 29)
    with ScriptedSmtp() as server:
        assert office.send(server).accepted == [no]
    assert server.ids == [office.letter(no).message_id]
    assert [mail.content for mail in server.mails] == [office.archive.read(office.letter(no).sha256)]
    assert office.tasks() == []


@pytest.mark.parametrize("habit", [None, False])
def test_where_nobody_else_files_copies_an_absence_proves_nothing(office, sent, habit):
    if habit is not None:
        server_files(office, habit)
    no = in_doubt(office, sent, taken=False)
    for _ in range(5):
        office.clock.pass_by(hours=1)
        assert ask(office, sent).open == [no]
    assert office.letter(no).asked == 0 and office.tasks() == [TaskKind.LETTER_IN_DOUBT]


def test_a_folder_that_began_a_new_life_proves_no_absence_but_still_a_presence(office, sent):
    server_files(office, True)
    no = in_doubt(office, sent, taken=False)
    sent.uidvalidity = 2
    for _ in range(5):
        office.clock.pass_by(hours=1)
        assert ask(office, sent).open == [no]
    sent.arrive(office.letter(no).message_id)
    assert ask(office, sent).accepted == [no]


def test_a_mailbox_that_cannot_be_asked_settles_nothing(office, sent):
    server_files(office, True)
    no = in_doubt(office, sent, taken=False)
    sent.down = True
    for _ in range(5):
        office.clock.pass_by(hours=1)
        report = ask(office, sent)
        assert report.open == [no] and report.unreachable
    assert ask(office, None).open == [no]
    assert office.letter(no).asked == 0


def test_an_answer_to_it_proves_that_it_went_out(office, sent):
    no = in_doubt(office, sent, taken=True)
    with office.database.writing() as work:
        assert settled_by_message(work, no, office.clock.now(), 7, by_id=True)
        assert not settled_by_message(work, no, office.clock.now(), 8, by_id=True)
    assert office.case() is State.SENT and office.tasks() == []


def test_a_token_proves_a_letter_only_where_no_other_letter_carried_it(office, sent):
    no = in_doubt(office, sent, taken=True)
    letter = office.letter(no)
    with office.database.writing() as work:
        key = replace(letter.key, kind="reminder-1")
        new = NewLetter(key, letter.case_id, letter.sender, "", "<r@x>", letter.token, letter.sha256, letter.size)
        reminder = work.outbox.queue(new, office.clock.now())
        assert not settled_by_message(work, no, office.clock.now(), 7, by_id=False)
        assert reminder is not None and not settled_by_message(work, reminder, office.clock.now(), 7, by_id=True)


def test_a_person_says_that_it_went_out(office, sent):
    no = in_doubt(office, sent, taken=True)
    settled = settle_by_person(office.database, no, was_sent=True, by="chen", at=office.clock.now())
    assert (settled.state, settled.settled_by) == (LetterState.ACCEPTED, "chen")
    with office.database.reading() as work:
        *_, last = work.journal.entries("case:SOA-202610-C001-CNY")
    assert (last.action, last.actor, last.facts["words"]) == (
        "case.accepted", "chen", "a person says that it went out",
    )  # fmt: skip


def test_a_person_has_it_sent_again_with_the_same_bytes(office, sent):
    no = in_doubt(office, sent, taken=False)
    settle_by_person(office.database, no, was_sent=False, by="chen", at=office.clock.now())
    with ScriptedSmtp() as server:
        office.send(server)
    assert [mail.content for mail in server.mails] == [office.archive.read(office.letter(no).sha256)]
    assert office.case() is State.SENT


def test_what_is_not_in_doubt_cannot_be_settled(office):
    (no,) = office.queue("a@x.example")
    with pytest.raises(Refusal, match="queued, not in doubt"):
        settle_by_person(office.database, no, was_sent=True, by="chen", at=office.clock.now())
    with pytest.raises(Refusal, match="no letter 99"):
        settle_by_person(office.database, 99, was_sent=True, by="chen", at=office.clock.now())


def copies(office: Office, sent: SentTwin):
    return file_sent_copies(office.database, office.archive, sent, office.clock)


def accepted(office: Office, sent: SentTwin, recipient: str, *, server_files_it: bool) -> int:
    (no,) = office.queue(recipient)
    with ScriptedSmtp() as server:
        assert office.send(server, sent_folder=sent).accepted == [no]
    if server_files_it:
        sent.arrive(office.letter(no).message_id)
    return no


def test_a_server_that_files_copies_is_never_given_a_second_one(office, sent):
    first = accepted(office, sent, "a@x.example", server_files_it=True)
    assert copies(office, sent).found == 1
    late = accepted(office, sent, "b@x.example", server_files_it=False)
    office.clock.pass_by(minutes=10)
    assert copies(office, sent).waiting == 1
    office.clock.pass_by(minutes=30)
    assert copies(office, sent).missing == 1
    assert sent.filed == []
    assert (office.letter(first).sent_copy, office.letter(late).sent_copy) == (SentCopy.SERVER, SentCopy.MISSING)


def test_a_server_that_files_none_is_found_out_in_two_minutes_and_then_we_file_at_once(office, sent):
    first = accepted(office, sent, "a@x.example", server_files_it=False)
    assert copies(office, sent).waiting == 1
    office.clock.pass_by(minutes=2)
    assert copies(office, sent).filed == 1
    second = accepted(office, sent, "b@x.example", server_files_it=False)
    assert copies(office, sent).filed == 1
    assert copies(office, sent).filed == 0
    assert sent.filed == [office.archive.read(office.letter(no).sha256) for no in (first, second)]


def test_a_crash_between_filing_and_writing_it_down_files_no_second_copy_and_teaches_nothing_wrong(office, sent):
    no = accepted(office, sent, "a@x.example", server_files_it=False)
    with office.database.writing() as work:
        work.sending.copy_filed(no, SentCopy.FILING)
    sent.arrive(office.letter(no).message_id)
    copies(office, sent)
    assert sent.filed == [] and office.letter(no).sent_copy is SentCopy.OURS
    with office.database.reading() as work:
        assert work.sending.server_files_copies() is None


def test_a_late_answer_of_a_sender_that_was_thought_dead_makes_the_letter_certain(office, sent):
    (no,) = office.queue("a@x.example")
    with ScriptedSmtp(lambda now, session: Do(wait=0.5) if now == "taken" else None) as server:
        import threading

        slow = threading.Thread(target=lambda: office.send(server))
        slow.start()
        while not server.mails:
            pass
        with ScriptedSmtp() as other:
            assert office.send(other, has_ended=lambda holder: True).doubted == [no]
        slow.join()
    assert office.letter(no).state is LetterState.ACCEPTED and other.mails == []
