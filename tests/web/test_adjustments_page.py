"""Adjustments at the desk: differences become proposals, another person approves, the books get a journal."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.steps.adjust import adjustments
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.people import Role
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance

CASE = "SOA-202610-C004-GBP"
PAGE = f"/adjustments?case={CASE}"


@pytest.fixture
def desk(house: House):
    entrance = Entrance()
    for name in ("li", "wang"):
        create_account(house.database, name, "a long enough password", Role.APPROVER, by="test", at=house.clock.now())
    app = create_app(house, entrance)

    def browser(name: str) -> TestClient:
        client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=True)
        client.get(entrance.link_for(name))
        return client

    return browser


def send(client: TestClient, page: str, path: str, **form: str):
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return client.post(path, data={"csrf": found[1], "back": page, **form})


def test_a_difference_is_proposed_approved_by_another_and_handed_over(house: House, desk) -> None:
    li, wang = desk("li"), desk("wang")
    page = li.get(PAGE).text
    assert 'value="INV-00215"' in page and 'value="-250.00"' in page
    assert 'value="INV-00227"' not in page  # theirs to book: nothing of ours is wrong
    form = {"case": CASE, "kind": "credit_note", "reference": "INV-00215", "amount": "-250.00", "date": "2026-11-02"}
    send(li, PAGE, "/adjustments/propose", why="price agreed", **form)
    (one,) = adjustments(house.database)
    assert 'value="INV-00215"' not in li.get(PAGE).text
    assert "second person" in send(li, PAGE, f"/adjustments/{one.no}", verdict="approve").text
    send(wang, PAGE, f"/adjustments/{one.no}", verdict="approve")
    send(wang, "/adjustments", "/adjustments/export")
    book = load_workbook(io.BytesIO(wang.get("/adjustments/journal/1.xlsx").content))
    assert [cell.value for cell in book.active[2]][:3] == ["MF-000001", book.active["B2"].value, "C004"]
    assert b"MF-000001" in wang.get("/adjustments/journal/1.csv").content
    assert wang.get("/adjustments/journal/2.csv").status_code == 404


def test_a_slip_in_the_form_is_said_on_the_page(house: House, desk) -> None:
    li = desk("li")
    form = {"case": CASE, "kind": "credit_note", "reference": "X", "date": "2026-11-02", "why": "w"}
    assert "is no amount" in send(li, PAGE, "/adjustments/propose", **form, amount="two").text
    assert "minus" in send(li, PAGE, "/adjustments/propose", **form, amount="2").text
    assert adjustments(house.database) == []
