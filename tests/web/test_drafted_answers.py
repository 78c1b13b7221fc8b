"""Drafted answers: each reply of a person has one, in their words and thread; approved once, by a person."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from mailflow.bootstrap import House
from mailflow.cases.case import TaskKind
from mailflow.cli.main import main
from mailflow.correspondence.follow_ups import Difference
from mailflow.correspondence.letter_occasions import sheets
from mailflow.receivables.party import Side
from mailflow.refusals import Refusal
from mailflow.steps.render_follow_up import render_explanation

DIFFERS, DISPUTED, PROMISED = "SOA-202610-C004-GBP", "SOA-202610-C003-CNY", "SOA-202610-C006-GBP"
CONFIRMED, BOUNCED, ASKS = "SOA-202610-C002-USD", "SOA-202610-C012-USD", "SOA-202610-C013-EUR"


def the_draft(house: House, case: str):
    (draft,) = house.answers.drafts(case)
    return draft


def sent(house: House, number: int) -> email.message.EmailMessage:
    with house.database.reading() as work:
        letter = work.outbox.letter(number)
    assert letter is not None
    return email.message_from_bytes(house.archive.read(letter.sha256), policy=email.policy.default)


@pytest.mark.parametrize(
    ("case", "kind", "words"),
    [
        (DIFFERS, "explain_differences", "-39,533.68"),
        (DISPUTED, "acknowledge_dispute", "价格不符"),
        (PROMISED, "acknowledge_promise", "15 November"),
        (CONFIRMED, "thanks_confirmation", "Dana Whitfield"),
        ("SOA-202610-C014-CNY", "acknowledge_payment", "款项到账后"),
    ],
)
def test_the_draft_follows_from_what_they_said_in_their_language(
    house: House, case: str, kind: str, words: str
) -> None:
    draft = the_draft(house, case)
    assert (draft.kind, draft.sent) == (kind, None)
    assert words in draft.text
    assert draft.subject.startswith("Re: ")


def test_an_approved_answer_threads_under_their_message_once_and_is_a_persons_letter(house: House) -> None:
    draft = the_draft(house, DIFFERS)
    number = house.answers.send(draft.message, by="li", text=draft.text)
    raw = sent(house, number)
    with house.database.reading() as work:
        theirs = work.mailroom.message(draft.message)
        entries = [one for one in work.journal.entries(f"case:{DIFFERS}") if one.action == "answer.approved"]
    assert theirs is not None
    assert raw["In-Reply-To"] == theirs.message_id
    assert raw["To"].addresses[0].addr_spec == theirs.sender
    assert raw["Auto-Submitted"] is None  # a person approved it
    assert [(one.actor, one.facts["changed"]) for one in entries] == [("li", False)]
    with pytest.raises(Refusal, match="answered already"):
        house.answers.send(draft.message, by="wang")
    assert the_draft(house, DIFFERS).sent == number


def test_a_persons_words_replace_the_draft_and_settle_the_tasks_named(house: House) -> None:
    draft = the_draft(house, ASKS)
    assert draft.kind == "free"
    with pytest.raises(Refusal, match="write the answer"):
        house.answers.send(draft.message, by="li")
    with house.database.reading() as work:
        (task,) = work.casefile.tasks(case_ids=[ASKS])
    number = house.answers.send(draft.message, by="li", text="All,\nthe copies follow. <b>Li</b>", settles=[task.no])
    raw = sent(house, number)
    plain, html = raw.get_body(("plain",)), raw.get_body(("html",))
    assert plain is not None and html is not None
    assert "the copies follow. <b>Li</b>" in plain.get_content()
    assert "&lt;b&gt;Li&lt;/b&gt;" in html.get_content()
    with house.database.reading() as work:
        assert work.casefile.tasks(case_ids=[ASKS]) == []


def test_a_machine_and_a_stranger_are_never_answered(house: House) -> None:
    assert house.answers.drafts(BOUNCED) == []
    with house.database.reading() as work:
        bounce = next(one for one in work.mailroom.messages(case_id=BOUNCED) if one.automatic != "no")
        stranger = next(one for one in work.casefile.tasks() if one.kind is TaskKind.UNPLACED)
    with pytest.raises(Refusal, match="a machine"):
        house.answers.send(bounce.no, by="li", text="hello")
    assert stranger.message is not None
    with pytest.raises(Refusal, match="place it first"):
        house.answers.send(stranger.message, by="li", text="hello")


def test_a_supplier_is_told_how_his_balance_and_our_books_differ_with_the_reconciliation_enclosed(house: House) -> None:
    case = "SUP-202610-S001-CNY"
    draft = the_draft(house, case)
    with house.database.reading() as work:
        (record,) = [one.record for one in work.documents.reconciliations(case)]
    assert (draft.kind, draft.language) == ("explain_differences", "zh-CN")
    assert "贵公司的对账单已收到" in draft.text and "按约定期限支付" not in draft.text
    for figure in (record["our_balance"], record["their_balance"]):
        assert f"{Decimal(figure):,.2f}" in draft.text
    for item in record["reconciling_items"]:
        assert item["reference"] in draft.text
    number = house.answers.send(draft.message, by="li", text=draft.text)
    raw = sent(house, number)
    files = {part.get_filename().rpartition(".")[2]: part.get_content() for part in raw.iter_attachments()}
    assert files["pdf"].startswith(b"%PDF") and files["xlsx"].startswith(b"PK")
    with pytest.raises(Refusal, match="answered already"):
        house.answers.send(draft.message, by="li", text=draft.text)


@pytest.mark.parametrize(
    ("language", "said", "not_said"),
    [("en", "Thank you for your statement", "remain payable"), ("zh-TW", "貴公司的對帳單已收到", "按約定期限支付")],
)
def test_a_supplier_reads_the_explanation_in_his_language(
    house: House, language: str, said: str, not_said: str
) -> None:
    sheet = next(
        one for one in sheets(house.stationery.templates.words(language)) if one.statement.side is Side.PAYABLE
    )
    ours = sheet.statement.closing
    letter = render_explanation(
        house.stationery,
        sheet,
        their_balance=ours + 5,
        differences=[Difference("amount_difference", "A-1", Decimal(5))],
    )
    assert said in letter.text and said in letter.html
    assert not_said not in letter.text and not_said not in letter.html


def test_drafts_are_shown_and_sent_on_the_command_line(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["--config", str(tmp_path / "house" / "mailflow.toml"), "--by", "li"]
    message = the_draft(house, DIFFERS).message
    assert main(["case", *own, "drafts", DIFFERS]) == 0
    assert "explain_differences · not sent" in capsys.readouterr().out
    (tmp_path / "words.txt").write_text("We see it as you do.\n", encoding="utf-8")
    assert main(["case", *own, "answer", str(message), "--text", str(tmp_path / "words.txt")]) == 0
    assert main(["case", *own, "note", DIFFERS, "--why", "called Priya"]) == 0
    assert "noted" in capsys.readouterr().out
    number = the_draft(house, DIFFERS).sent
    assert number is not None and "We see it as you do." in sent(house, number).get_body(("plain",)).get_content()
    assert main(["case", *own, "answer", str(message)]) == 2


def test_a_supplier_whose_statement_agrees_is_thanked(house: House) -> None:
    case = "SUP-202610-S001-CNY"
    with house.database.writing() as work:
        (kept,) = work.documents.reconciliations(case)
        ours = kept.record["our_balance"]
        agrees = kept.record | {"reconciling_items": [], "their_balance": ours}
        work.documents.renew_reconciliation(kept.no, agrees, house.clock.now())
    draft = the_draft(house, case)
    assert draft.kind == "thanks_confirmation"
    assert f"{Decimal(ours):,.2f}" in draft.text
    assert "贵公司的对账单已收到" in draft.text and "贵公司账簿" not in draft.text


def test_a_supplier_is_told_nothing_that_our_ledger_does_not_say_any_more(house: House) -> None:
    case = "SUP-202610-S001-CNY"
    with house.database.writing() as work:
        items = work.ledger.items(party_id="S001")
        moved = [replace(one, amount=one.amount + 1, open_amount=None) if one is items[0] else one for one in items]
        day = dt.date(2026, 10, 31)
        imported = work.ledger.begin_import(
            at=house.clock.now(), as_of=day, sides=[Side.PAYABLE], name="newer.csv", sha256="0" * 64
        )
        work.ledger.put_items(moved, import_no=imported, as_of=day, whole=[Side.PAYABLE])
    draft = the_draft(house, case)
    assert (draft.kind, draft.files) == ("free", ())
