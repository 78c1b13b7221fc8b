"""An open page tells quietly that something is new; it changes only when its reader asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mailflow.cases.case import TaskKind

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.mark.parametrize(("language", "words"), [("en", "2 new"), ("zh", "2 条新动态")])
def test_two_new_tasks_are_told_in_a_corner_and_the_page_stays_until_r_is_pressed(
    office: Any, person: Callable[..., Any], language: str, words: str
) -> None:
    page = person("mei", language=language)
    page.goto(office.address + "/cases?order=party")
    notice = page.locator("[data-live]")
    page.wait_for_timeout(1500)  # the line is up, and nothing is new
    assert notice.is_hidden()
    before = page.locator("main").inner_text()
    with office.house.database.writing() as work:
        for number in range(2):
            work.casefile.raise_task(
                TaskKind.CALL, case_id="SOA-202610-C002-CNY" if work.casefile.get("SOA-202610-C002-CNY") else None,
                message=None, at=office.house.clock.now(), key=f"{language}{number}",
            )  # fmt: skip
    notice.wait_for(state="visible", timeout=10_000)
    assert words in notice.inner_text()
    assert page.locator("main").inner_text() == before
    page.keyboard.press("r")
    page.wait_for_load_state()
    assert page.url.endswith("/cases?order=party")
    assert page.locator("[data-live]").is_hidden()
