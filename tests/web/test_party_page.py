"""A party's page: who it is, what is open, what was said in all its cases, its conversations, legal holds."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from mailflow.bootstrap import House

PARTY, CASE = "C007", "SOA-202610-C007-CNY"


def csrf(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found is not None
    return found[1]


def threads(house: House, numbers: list[int]) -> list[int | None]:
    with house.database.reading() as work:
        return [one.thread for one in work.mailroom.some(numbers)]


def test_contacts_terms_balance_and_the_whole_history_stand_on_one_page(desk, house: House) -> None:
    page = desk("viewer").get(f"/party/{PARTY}").text
    with house.database.reading() as work:
        party = next(one for one in work.ledger.parties() if one.id == PARTY)
        case = work.casefile.get(CASE)
        messages = work.mailroom.messages(case_id=CASE)
        letters = work.outbox.letters(case_id=CASE)
        kept = work.statements.get(CASE)
    assert case is not None and kept is not None and messages and letters
    assert party.emails[0] in page and (party.payment_terms or "–") in page
    assert f"{kept.statement.closing:,.2f}" in page and f"{kept.statement.overdue:,.2f}" in page
    said = [page.rindex(letters[0].key.recipient), page.index(f"/message/{messages[0].no}/raw")]
    assert page.index("h-history") < min(said)
    assert CASE in page and "next" in page
    assert 'name="why"' not in page  # who may only read gets no form
    assert desk("viewer").get("/party/NOBODY").status_code == 404


def test_who_waits_for_an_answer_sees_when_each_reminder_goes(desk, house: House) -> None:
    with house.database.reading() as work:
        waiting = next(case for case in work.casefile.cases() if case.state.value == "sent")
    page = desk("viewer").get(f"/party/{waiting.party_id}").text
    assert page.count("Reminder 1") == 1 and "Any answer ends the plan" in page


def test_conversations_are_merged_and_split_from_the_page_and_it_is_taken_back(desk, house: House) -> None:
    client = desk("clerk")
    with house.database.reading() as work:
        of_cases = [work.mailroom.messages(case_id=case) for case in (CASE, "SOA-202610-C004-GBP")]
    one, other = of_cases[0][0].no, of_cases[1][0].no
    assert len(set(threads(house, [one, other]))) == 2
    form = {"csrf": csrf(client), "message": [str(one), str(other)], "verdict": "merge", "why": "the same matter"}
    answer = client.post(f"/party/{PARTY}/conversations", data=form)
    assert answer.status_code == 303
    assert len(set(threads(house, [one, other]))) == 1
    page = client.get(f"/party/{PARTY}").text
    assert "the same matter" in page and "conversations merged" in page
    undo = re.search(r'action="(/conversations/\d+/undo)"', page)
    assert undo is not None
    client.post(undo[1], data={"csrf": csrf(client)})
    assert len(set(threads(house, [one, other]))) == 2
    nothing = client.post(f"/party/{PARTY}/conversations", data={"csrf": csrf(client), "verdict": "split"})
    assert nothing.status_code == 303
    refused = desk("viewer")
    assert refused.post(f"/party/{PARTY}/conversations", data={"csrf": csrf(refused)}).status_code == 403


def test_a_legal_hold_is_placed_seen_and_lifted_by_an_approver(desk, house: House) -> None:
    client, clerk = desk("approver"), desk("clerk")
    assert clerk.post(f"/party/{PARTY}/hold", data={"csrf": csrf(clerk), "why": "x"}).status_code == 403
    client.post(f"/party/{PARTY}/hold", data={"csrf": csrf(client), "why": ""})
    client.post(f"/party/{PARTY}/hold", data={"csrf": csrf(client), "why": "lawsuit 7"})
    with house.database.reading() as work:
        (hold,) = work.retention.holds()
    assert (hold.party_id, hold.by, hold.why) == (PARTY, "approver", "lawsuit 7")
    page = clerk.get(f"/party/{PARTY}").text
    assert "lawsuit 7" in page and "legal hold placed" in page and f"/hold/{hold.no}/lift" not in page
    client.post(f"/hold/{hold.no}/lift", data={"csrf": csrf(client)})
    with house.database.reading() as work:
        assert work.retention.holds() == []
