"""A clerk's days: each journey ends in the database and in the mail that really went out, not on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mailflow.cases.case import Settled, State, TaskKind
from mailflow.demo import customers
from mailflow.demo.customers import Script
from mailflow.receivables.party import Side
from mailflow.steps import letter_outcomes
from mailflow.steps.decide_matches import decisions_of_case
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.outbox import LetterState

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Person = Callable[..., Any]
STATEMENT = """\
Delta Freight Services Ltd,,,,
Statement of account,,,,
Customer:,Huaxing Trading Co. Ltd,,,
Statement date:,2026-10-31,,,
Currency:,USD,,,
Date,Invoice No,Description,Amount,Balance
2026-09-08,DF000568,Freight,12890.94,12890.94
2026-09-10,DF000572,Freight,1694.90,14585.84
2026-09-10,DF000572,Freight,1694.90,16280.74
2026-09-15,DF000578,Freight,17768.00,34048.74
2026-09-22,DF000582,Freight,38231.92,72280.66
2026-10-20,DF000591,Freight,27506.88,99787.54
2026-10-25,DF000599,Freight,4500.00,104287.54
2026-10-28,LF-0077,Late payment interest,120.00,104407.54
,,Closing balance,,104407.54
"""


def told(page: Any) -> str:
    return str(page.locator(".told").inner_text())


def test_a_confirmation_is_answered_and_the_case_is_closed_by_keyboard_alone(office: Any, person: Person) -> None:
    case = "SOA-202610-C001-CNY"
    page = person("chen")
    keys = page.keyboard
    keys.press("/")
    keys.type(case)
    keys.press("Enter")
    page.wait_for_url(f"**/case/{case}")
    assert office.case(case).state is State.CONFIRMED

    def tab_to(words: str, most: int = 90) -> None:
        for _ in range(most):
            keys.press("Tab")
            if words in page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"):
                return
        raise AssertionError(f"{words!r} is not reached by Tab")

    tab_to("Approve and send")
    keys.press("Enter")
    page.wait_for_selector(".told")
    office.deliver()
    letter = office.inbox("C001", 2)
    assert letter.subject.startswith("Re: ") and "198,109.10" in letter.text
    tab_to("Close the case")
    keys.press("Enter")
    tab_to("confirmed_by")
    keys.type("李会计")
    tab_to("Close the case")
    keys.press("Enter")
    page.wait_for_selector(".told")
    assert office.case(case).state is State.CLOSED
    with office.house.database.reading() as work:
        closed = [one for one in work.journal.entries(f"case:{case}") if one.action == "case.closed"][-1]
    assert (closed.actor, closed.facts["confirmed_by"], closed.facts["balance"]) == ("chen", "李会计", "198109.10")


def test_a_dispute_is_answered_and_settled_on_a_phone(office: Any, person: Person) -> None:
    case = "SOA-202610-C003-CNY"
    page = person("wang", width=390, height=844, language="zh", has_touch=True)
    page.get_by_role("link", name="杭州启航科技有限公司").tap()
    page.wait_for_url(f"**/case/{case}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="批准并发送").first.tap()
    page.wait_for_selector(".told")
    office.deliver()
    letter = office.inbox("C003", 2)
    assert "XS20260189" in letter.text
    page.locator("#h-disputes ~ ul input[name=why]").first.fill("已开红字发票")
    page.get_by_role("button", name="已解决").first.tap()
    page.wait_for_selector(".told")
    with office.house.database.reading() as work:
        disputes = [one for _, one in work.casefile.disputes(case_ids=[case])]
        entry = [one for one in work.journal.entries(f"case:{case}") if one.action == "dispute.settled"][-1]
    assert [one.settled for one in disputes] == [Settled.DONE]
    assert (entry.actor, entry.facts["why"]) == ("wang", "已开红字发票")
    assert office.case(case).state is State.RESOLVED


def test_a_promise_is_acknowledged_with_its_day_and_amount_by_keyboard_alone(office: Any, person: Person) -> None:
    case = "SOA-202610-C006-GBP"
    page = person("wang")
    keys = page.keyboard
    page.goto(f"{office.address}/cases?state=promised")
    for _ in range(60):
        keys.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Harrow & Finch Ltd":
            break
    keys.press("Enter")
    page.wait_for_url(f"**/case/{case}")
    assert "2026-11-15" in page.locator("#h-promise ~ p").inner_text()
    for _ in range(90):
        keys.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Approve and send":
            break
    keys.press("Enter")
    page.wait_for_selector(".told")
    office.deliver()
    letter = office.inbox("C006", 2)
    assert "15 November 2026" in letter.text
    with office.house.database.reading() as work:
        (found,) = [one for _, one in work.casefile.promises(case_ids=[case])]
    assert found.date == dt.date(2026, 11, 15)
    assert office.case(case).state is State.PROMISED


def test_a_suppliers_statement_with_five_kinds_of_difference_is_worked_through(
    office: Any, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = "SUP-202610-S002-USD"
    (tmp_path / "delta_2026-10.csv").write_text(STATEMENT, encoding="utf-8")
    monkeypatch.setattr(customers, "attachment", lambda name: tmp_path / name)
    words = "Dear all,\n\nour October statement is attached, please check it.\n\nKind regards\nDelta Freight\n"
    office.write("S002", Script("S002", "Delta Freight", words, subject="Statement of account October 2026",
                                attachments=("delta_2026-10.csv",), answers_letter=False))  # fmt: skip
    page = person("wang")
    page.goto(f"{office.address}/case/{case}")
    kinds = set(page.locator("table.bridge tbody tr:not(.total) td:first-child").all_inner_texts())
    found = {kind.split("\n")[0] for kind in kinds}
    assert {"Different amount", "Entered twice", "Not in their books", "Not in our books"} <= found
    assert len(found) >= 5
    page.get_by_role("link", name="DF000578").first.click()
    assert page.locator("#mark-4:target").count() == 1
    page.locator("#line-4 a").hover()
    assert page.locator("#mark-4.lit").count() == 1
    page.get_by_role("link", name="Both books side by side").first.click()
    with office.house.database.reading() as work:
        (record,) = [one.record for one in work.documents.reconciliations(case)]
    before = Decimal(record["proof"]["their_balance"])
    page.get_by_label("DF000588").check()
    page.get_by_label("DF000599").check()
    assert page.locator("[data-sum=difference]").inner_text() == "-27,792.03"
    page.get_by_role("button", name="Link what is ticked").click()
    page.wait_for_selector(".told")
    with office.house.database.reading() as work:
        (record,) = [one.record for one in work.documents.reconciliations(case)]
    assert Decimal(record["proof"]["their_balance"]) == before
    assert record["proof"]["unexplained"] == "0.00"
    (made,) = decisions_of_case(office.house.database, case)
    assert (made.decision.ours, made.decision.by) == (("S002-009",), "wang")
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_selector(".told")
    assert not [one for one in decisions_of_case(office.house.database, case) if one.stands]
    page.goto(f"{office.address}/case/{case}")
    page.locator("form.draft textarea").first.fill(
        "Dear all,\n\nDF000578 is 17,678.00 on our books, DF000572 stands twice on yours, DF000588 is lacking; please "
        "send us a copy of DF000599.\n\nHuaxing Trading"
    )
    page.get_by_label("Settle the explained differences with them").check()
    page.get_by_role("button", name="Approve and send").first.click()
    page.wait_for_selector(".told")
    office.deliver()
    letter = office.inbox("S002", 1)
    assert "DF000572 stands twice" in letter.text and letter.subject.startswith("Re: ")
    with office.house.database.reading() as work:
        tasks = work.casefile.tasks(case_ids=[case], open_only=False)
    assert [one.settled for one in tasks if one.kind is TaskKind.DIFFERENCES] == [Settled.DONE]


def test_a_letter_in_doubt_is_sent_again_once_by_the_person_who_asked(office: Any, person: Person) -> None:
    page = person("chen")
    page.goto(f"{office.address}/case/SOA-202610-C013-EUR")
    box = page.locator("form.draft textarea").first
    box.fill("Dear Astrid,\n\nThe copy of INV-00435 follows by post.\n\nHuaxing Trading")
    page.get_by_role("button", name="Approve and send").first.click()
    page.wait_for_selector(".told")
    now = office.house.clock.now()
    with office.house.database.writing() as work:
        (letter,) = work.outbox.letters(states=[LetterState.QUEUED])
        (held,) = work.sending.doubt_waiting([letter.no], "the line was cut after the text")
        letter_outcomes.doubted(work, held, "the line was cut after the text", now)
    page.goto(office.address + "/")
    page.get_by_role("link", name="letters are in doubt").or_(page.locator("p.alert a[href='/outbox']")).first.click()
    page.get_by_role("button", name="send it again").or_(page.locator("button[value=resend]")).first.click()
    page.wait_for_selector(".told")
    with office.house.database.reading() as work:
        assert work.outbox.letter(letter.no).state is LetterState.QUEUED
    office.deliver()
    assert "follows by post" in office.inbox("C013", 2).text
    with office.customer("C013")._inbox() as inbox:
        assert len(inbox.search("ALL")) == 2
    with office.house.database.reading() as work:
        assert work.outbox.letter(letter.no).state is LetterState.ACCEPTED
        assert not [one for one in work.casefile.tasks() if one.kind is TaskKind.LETTER_IN_DOUBT]


def test_a_quarantined_mail_is_tried_again_and_finds_its_case(office: Any, person: Person) -> None:
    with office.house.database.writing() as work:
        message = next(one for one in work.mailroom.messages(case_id="SOA-202610-C011-CNY"))
        work.mailroom.failed(message.no, "attachments", "the reader was lost", office.house.clock.now(), None)
    page = person("mei")
    page.locator("p.alert a[href='/quarantine']").click()
    page.get_by_role("button", name="Try again").or_(page.locator("button[value=replay]")).first.click()
    page.wait_for_selector(".told")
    with office.house.database.reading() as work:
        again = work.mailroom.message(message.no)
        entry = next(one for one in work.journal.recent(50) if one.action == "message.replayed")
    assert again is not None and again.state is not MessageState.QUARANTINED
    assert again.case_id == "SOA-202610-C011-CNY"
    assert entry.actor == "mei"
    assert page.get_by_text("is empty").or_(page.locator(".empty")).count() == 1


def test_new_bank_details_need_two_people_who_called_and_change_nothing(office: Any, person: Person) -> None:
    with office.house.database.reading() as work:
        task = next(one for one in work.casefile.tasks() if one.kind is TaskKind.BANK_DETAILS_CHANGE)
        before = work.ledger.party("S002", Side.PAYABLE)
        letters = len(work.outbox.letters())
    first, second = person("chen"), person("wang")
    for page, name in ((first, "chen"), (second, "wang")):
        page.goto(f"{office.address}/message/{task.message}#task-{task.no}")
        assert page.get_by_role("alert").first.inner_text().startswith("Bank")
        form = page.locator(f"#task-{task.no} form")
        form.get_by_label("Who").or_(form.locator("[name=called]")).first.fill("Ms Delta, accounts")
        form.locator("[name=phone]").fill("+1 555 0100")
        form.locator("[name=why]").fill(f"{name}: they know of no new account")
        form.locator("button[value=fraud]").click()
        page.wait_for_selector(".told")
        with office.house.database.reading() as work:
            state = work.casefile.task(task.no).settled
        assert state is (Settled.OPEN if name == "chen" else Settled.DONE) or state is Settled.DISMISSED
    with office.house.database.reading() as work:
        calls = [one for one in work.journal.recent(200) if one.action == "bank_details.called_back"]
        assert {one.actor for one in calls} == {"chen", "wang"}
        assert work.ledger.party("S002", Side.PAYABLE) == before
        assert len(work.outbox.letters()) == letters


def test_the_month_is_closed_with_every_balance_confirmed_explained_or_openly_waiting(
    office: Any, person: Person
) -> None:
    page = person("wang")
    page.goto(office.address + "/statements")
    held = page.locator("li.task", has_text="Tanaka Seiki")
    held.get_by_role("button").click()
    page.wait_for_selector(".told")
    office.deliver()
    assert "JPY" in office.inbox("C016", 1).subject
    assert office.case("SOA-202610-C016-JPY").state is State.SENT
    case = "SOA-202610-C002-USD"
    page.goto(f"{office.address}/case/{case}")
    page.locator("details", has_text="Close the case").locator("summary").click()
    form = page.locator(f"form[action='/case/{case}/close']")
    form.locator("[name=confirmed_by]").fill("Dana Whitfield")
    form.get_by_role("button").click()
    page.wait_for_selector(".told")
    assert office.case(case).state is State.CLOSED
    page.goto(office.address + "/reports/progress")
    counted = page.locator("svg.bar").first.get_attribute("aria-label")
    with office.house.database.reading() as work:
        out = [one for one in work.casefile.cases() if one.state not in (State.HELD, State.DRAFT, State.QUEUED)]
    assert sum(int(word) for word in counted.replace(",", " ").split() if word.isdigit()) == len(out)
    with page.expect_download() as saved:
        page.get_by_role("link", name="XLSX").click()
    assert saved.value.suggested_filename == "progress.xlsx"
    with office.house.database.reading() as work:
        assert work.journal.broken_at() is None
