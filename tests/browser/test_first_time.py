"""Somebody who never saw the desk finds out why a customer disagrees and answers: a minute, six clicks at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CASE, PARTY = "SOA-202610-C004-GBP", "C004"


def test_why_a_customer_disagrees_is_found_and_answered_in_a_minute_and_six_clicks(
    office: Any, person: Callable[..., Any]
) -> None:
    with office.house.database.reading() as work:
        name = next(one.name for one in work.ledger.parties() if one.id == PARTY)
        (record,) = [one.record for one in work.documents.reconciliations(CASE)]
        before = len(work.outbox.letters(case_id=CASE))
    page, begun, clicks = person("wang"), time.monotonic(), 0
    page.locator('input[name="q"]').click()
    clicks += 1
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=CASE).first.click()
    clicks += 1
    why = page.locator("table.bridge").inner_text()
    for item in record["reconciling_items"]:
        assert item["reference"] in why
    page.get_by_role("button", name="Approve and send").first.click()
    clicks += 1
    page.wait_for_selector(".told")
    assert time.monotonic() - begun < 60 and clicks <= 6
    with office.house.database.reading() as work:
        assert len(work.outbox.letters(case_id=CASE)) == before + 1
    office.deliver()
    letter = office.inbox(PARTY, 2)
    assert all(item["reference"] in letter.text for item in record["reconciling_items"])
