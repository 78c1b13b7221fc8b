"""What an answer encloses, and which answers go without a person."""

from __future__ import annotations

import email
import email.policy
import io
from email.message import EmailMessage

import pytest
from openpyxl import load_workbook

from mailflow.bootstrap import House, open_house
from mailflow.cases.case import TaskKind
from mailflow.steps.ports.outbox import Letter

DIFFERS, PROMISED, CONFIRMED, ASKS = (
    "SOA-202610-C004-GBP",
    "SOA-202610-C006-GBP",
    "SOA-202610-C002-USD",
    "SOA-202610-C013-EUR",
)


def raw(house: House, letter: Letter) -> EmailMessage:
    return email.message_from_bytes(house.archive.read(letter.sha256), policy=email.policy.default)


def sent(house: House, number: int) -> EmailMessage:
    with house.database.reading() as work:
        letter = work.outbox.letter(number)
    assert letter is not None
    return raw(house, letter)


def answers_of(house: House) -> dict[str, Letter]:
    """The answers in the outbox, by case."""
    with house.database.reading() as work:
        return {str(one.case_id): one for one in work.outbox.letters() if one.key.kind.startswith("answer-")}


def with_settings(house: House, text: str) -> House:
    """The same house with more in its configuration."""
    file = house.settings.directory / "mailflow.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    house.close()
    return open_house(str(file))


def with_copies(house: House, *names: str) -> House:
    directory = house.settings.directory / "copies"
    directory.mkdir()
    for name in names:
        (directory / name).write_bytes(b"%PDF-1.7 the copy")
    return with_settings(house, '\n[statements]\ninvoice_copies = "copies"\n')


def names(letter: EmailMessage) -> list[str]:
    return [str(part.get_filename()) for part in letter.iter_attachments()]


def test_an_explained_difference_is_said_in_sentences_and_carries_the_reconciliation_twice(house: House) -> None:
    (draft,) = house.answers.drafts(DIFFERS)
    assert "Our books have" in draft.text or "Your statement lists" in draft.text or "stands at" in draft.text
    letter = sent(house, house.answers.send(draft.message, by="li"))
    assert names(letter) == list(draft.files)
    paper, workbook = letter.iter_attachments()
    assert paper.get_content().startswith(b"%PDF")
    assert load_workbook(io.BytesIO(workbook.get_content())).sheetnames


def test_copies_of_what_their_list_lacks_go_with_the_explanation(house: House) -> None:
    with house.database.reading() as work:
        record = work.documents.reconciliations(DIFFERS)[-1].record
    lacking = [one["reference"] for one in record["reconciling_items"] if one["kind"] == "missing_in_theirs"]
    assert lacking, "the demo's statement lacks an item of ours"
    house = with_copies(house, f"{lacking[0]}.pdf", "INV-0000.pdf")
    (draft,) = house.answers.drafts(DIFFERS)
    letter = sent(house, house.answers.send(draft.message, by="li"))
    assert names(letter)[2:] == [f"{lacking[0]}.pdf"]
    house.close()


def test_a_ledger_that_moved_since_encloses_no_stale_reconciliation(house: House) -> None:
    with house.database.writing() as work:
        (kept,) = work.documents.reconciliations(DIFFERS)
        work.documents.renew_reconciliation(kept.no, kept.record | {"warnings": ["of last week"]}, house.clock.now())
    (draft,) = house.answers.drafts(DIFFERS)
    assert (draft.kind, draft.files) == ("explain_differences", ())


def test_nothing_goes_by_itself_unless_the_owner_said_so(house: House) -> None:
    assert house.answers.send_by_itself([]) == 0
    assert answers_of(house) == {}


def test_harmless_answers_go_by_themselves_once_and_say_that_a_program_wrote_them(house: House) -> None:
    house = with_settings(house, '\n[answers]\nby_itself = ["thanks_confirmation", "acknowledge_promise"]\n')
    assert house.run_due() is True
    sent_by_itself = answers_of(house)
    assert {CONFIRMED, PROMISED} <= sent_by_itself.keys()
    assert DIFFERS not in sent_by_itself
    assert raw(house, sent_by_itself[CONFIRMED])["Auto-Submitted"] == "auto-replied"
    with house.database.reading() as work:
        entries = [one for one in work.journal.entries(f"case:{CONFIRMED}") if one.action == "answer.by_itself"]
    assert [(one.actor, one.facts["kind"]) for one in entries] == [("mailflow", "thanks_confirmation")]
    house.run_due()
    assert answers_of(house).keys() == sent_by_itself.keys()
    house.close()


def test_an_answer_waits_for_a_person_where_the_message_raised_something_else(house: House) -> None:
    (draft,) = house.answers.drafts(PROMISED)
    with house.database.writing() as work:
        work.casefile.raise_task(
            TaskKind.QUESTION, case_id=PROMISED, message=draft.message, at=house.clock.now(), evidence="?", facts={}
        )
    house = with_settings(house, '\n[answers]\nby_itself = ["acknowledge_promise"]\n')
    house.run_due()
    assert PROMISED not in answers_of(house)
    house.close()


@pytest.mark.parametrize("there", [True, False])
def test_the_copies_they_asked_for_are_enclosed_and_the_task_is_done(house: House, there: bool) -> None:
    with house.database.reading() as work:
        (task,) = work.casefile.tasks(case_ids=[ASKS])
        assert task.message is not None
        wanted = work.mailroom.results(task.message)["understand"].result["references"]
    assert task.kind is TaskKind.DOCUMENT_REQUEST and wanted
    house = with_copies(house, *[f"{one}.pdf" for one in wanted if there])
    (draft,) = house.answers.drafts(ASKS)
    assert draft.kind == ("enclosed" if there and wanted else "free")
    if draft.kind == "enclosed":
        house = with_settings(house, '\n[answers]\nby_itself = ["enclosed"]\n')
        house.run_due()
        letter = raw(house, answers_of(house)[ASKS])
        assert names(letter) == [f"{one}.pdf" for one in wanted]
        with house.database.reading() as work:
            assert work.casefile.tasks(case_ids=[ASKS]) == []
    house.close()


def test_the_directory_of_copies_may_be_missing(house: House) -> None:
    house = with_settings(house, '\n[statements]\ninvoice_copies = "nowhere"\n')
    assert [one.kind for one in house.answers.drafts(ASKS)] == ["free"]
    house.close()
