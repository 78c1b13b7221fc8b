"""Search reaches messages, our letters, documents and decisions, and shows where a message says so."""

from __future__ import annotations

from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.people import Role
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance


def test_one_search_reaches_parties_cases_messages_letters_documents_and_decisions(house: House) -> None:
    create_account(house.database, "reader", "a long enough password", Role.VIEWER, by="test", at=house.clock.now())
    entrance = Entrance()
    client = TestClient(create_app(house, entrance), base_url="http://127.0.0.1", follow_redirects=False)
    client.get(entrance.link_for("reader"))
    with house.database.reading() as work:
        kept = next(one for message in work.mailroom.messages() for one in work.documents.of_message(message.no))
        message = work.mailroom.message(kept.message)
        letter = work.outbox.letters()[0]
    assert message is not None and message.case_id is not None
    by_case = client.get("/search", params={"q": f'"{message.case_id[:-4]}"'}).text
    assert "Our letters" in by_case and "Decisions and events" in by_case
    by_file = client.get("/search", params={"q": f'"{kept.name}"'}).text
    assert "Documents" in by_file and f"?document={kept.no}#document" in by_file
    by_subject = client.get("/search", params={"q": f'"{letter.subject}"'}).text
    assert "Our letters" in by_subject
    assert "<q class" in client.get("/search", params={"q": message.sender}).text
    for nothing in ("", "   ", "§§", "zzzzunheard"):
        page = client.get("/search", params={"q": nothing})
        assert page.status_code == 200 and "Nothing found" in page.text
