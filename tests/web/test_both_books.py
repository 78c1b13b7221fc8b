"""The document beside the conversation, and both books side by side: what is shown, decided, remembered, undone."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.steps.decide_matches import decisions_of_case
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.people import Role
from mailflow.steps.show_comparison import comparison
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance

PICTURED, SHEET, SUGGESTED = "SOA-202610-C004-GBP", "SOA-202610-C007-CNY", "SOA-202610-C009-CNY"


@pytest.fixture
def desk(house: House) -> TestClient:
    return signed_in(house, Role.CLERK)


def signed_in(house: House, role: Role) -> TestClient:
    create_account(house.database, role.value, "a long enough password", role, by="test", at=house.clock.now())
    entrance = Entrance()
    client = TestClient(create_app(house, entrance), base_url="http://127.0.0.1", follow_redirects=False)
    client.get(entrance.link_for(role.value))
    client.cookies.set("language", "en")
    return client


def post(desk: TestClient, path: str, **fields: object) -> None:
    page = desk.get(path.rpartition("/")[0]).text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    answer = desk.post(path, data={"csrf": token[1], "back": "/", **fields})
    assert answer.status_code == 303, answer.text
    told = desk.get(answer.headers["location"]).text
    assert 'class="told"' in told, re.search(r'class="alert"[^>]*>([^<]*)', told)


def ties(house: House, case: str) -> None:
    shown = comparison(house.database, case)
    assert shown is not None
    for total in (shown.our_total, shown.their_total):
        assert total.linked + total.alone + total.beside == total.balance
    differences = sum((one.amount for one in shown.differences), Decimal(0))
    assert shown.our_total.balance + differences == shown.their_total.balance


def test_every_line_of_a_pdf_is_marked_on_its_picture_and_linked_both_ways(desk: TestClient) -> None:
    page = desk.get(f"/case/{PICTURED}").text
    marks = set(re.findall(r'<rect id="mark-(\d+)"', page))
    assert marks == set(re.findall(r'<tr id="line-(\d+)"', page))
    assert len(marks) == 6
    for no in marks:
        assert f'href="#line-{no}"' in page
        assert f'href="#mark-{no}"' in page
    picture = re.search(r'src="(/document/\d+/page/1\.png\?zoom=1)"', page)
    assert picture is not None
    answer = desk.get(picture[1])
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert desk.get(picture[1], headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert desk.get(picture[1].replace("page/1", "page/9")).status_code == 404


def test_the_rows_of_a_workbook_are_shown_with_what_became_of_them(desk: TestClient) -> None:
    page = desk.get(f"/case/{SHEET}").text
    assert re.search(r'<tr id="mark-2" class="mark differs" data-line="2"><th scope="row">.*?9</th>', page)
    assert re.search(r'<tr id="mark-5" class="mark alone"', page)


def test_an_address_with_nonsense_shows_the_first_page(desk: TestClient) -> None:
    for asked in ("page=0&zoom=9&row=x", "document=999&page=-1", "page=٣", "zoom=99999999999999"):
        assert desk.get(f"/case/{PICTURED}?{asked}").status_code == 200


def test_the_reasons_are_told_in_the_readers_language(desk: TestClient) -> None:
    desk.cookies.set("language", "zh-CN")
    for path in (f"/case/{SHEET}", f"/case/{SUGGESTED}/reconcile"):
        page = desk.get(path).text
        for english in ("Only on ours", "Their payment", "fits as well", "every cent explained", "same number"):
            assert english not in page, path


def test_a_proposed_link_is_accepted_remembered_and_undone(desk: TestClient, house: House) -> None:
    shown = comparison(house.database, SUGGESTED)
    assert shown is not None
    (link,) = shown.suggested
    base = f"/case/{SUGGESTED}/reconcile/{shown.kept.no}"
    named = {"ours": [row.key for row in link.ours], "theirs": [row.key for row in link.theirs]}
    post(desk, f"{base}/accept", why="seen on the delivery note", **named)
    ties(house, SUGGESTED)
    (made,) = decisions_of_case(house.database, SUGGESTED)
    assert (made.decision.by, made.decision.why, made.stands) == ("clerk", "seen on the delivery note", True)
    after = comparison(house.database, SUGGESTED)
    assert after is not None
    assert not after.suggested
    post(desk, f"{base}/undo", decision=made.no)
    ties(house, SUGGESTED)
    undone = comparison(house.database, SUGGESTED)
    assert undone is not None
    assert len(undone.suggested) == 1
    (made,) = decisions_of_case(house.database, SUGGESTED)
    assert made.withdrawn_by == "clerk"


def test_a_link_is_taken_apart_and_made_by_hand(desk: TestClient, house: House) -> None:
    shown = comparison(house.database, PICTURED)
    assert shown is not None
    link = next(one for one in shown.settled if one.theirs and one.theirs[0].reference == "INV-00212")
    base = f"/case/{PICTURED}/reconcile/{shown.kept.no}"
    named = {"ours": [row.key for row in link.ours], "theirs": [row.key for row in link.theirs]}
    post(desk, f"{base}/split", **named)
    ties(house, PICTURED)
    apart = comparison(house.database, PICTURED)
    assert apart is not None
    assert "INV-00212" in [row.reference for row in apart.unlinked_ours]
    assert "INV-00212" in [row.reference for row in apart.unlinked_theirs]
    post(desk, f"{base}/link", why="it is the same after all", **named)
    ties(house, PICTURED)
    again = comparison(house.database, PICTURED)
    assert again is not None
    made = next(one for one in again.settled if one.decision is not None)
    assert [row.reference for row in made.theirs] == ["INV-00212"]


def test_ticking_nothing_is_refused_in_words_and_changes_nothing(desk: TestClient, house: House) -> None:
    shown = comparison(house.database, PICTURED)
    assert shown is not None
    base = f"/case/{PICTURED}/reconcile/{shown.kept.no}"
    token = re.search(r'name="csrf" value="([^"]+)"', desk.get(base).text)
    assert token is not None
    for fields in ({}, {"theirs": ["1"]}, {"ours": ["nobody's"], "theirs": ["1"]}, {"theirs": ["1; drop"]}):
        answer = desk.post(f"{base}/link", data={"csrf": token[1], "back": base, **fields})
        assert answer.headers["location"] == base
        assert 'class="alert"' in desk.get(base).text
    assert decisions_of_case(house.database, PICTURED) == []


def test_who_may_only_read_sees_no_button(house: House) -> None:
    viewer = signed_in(house, Role.VIEWER)
    page = viewer.get(f"/case/{SUGGESTED}/reconcile").text
    assert "<button>" not in page
    assert 'type="checkbox"' not in page
    assert viewer.get("/case/SOA-202610-C001-CNY/reconcile").status_code == 404
