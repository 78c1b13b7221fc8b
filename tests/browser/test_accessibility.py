"""axe-core finds nothing serious on any page, in both languages, light and dark, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AXE = Path(__file__).parent / "axe" / "axe.min.js"
PAGES = (
    "/", "/cases", "/case/SOA-202610-C004-GBP", "/case/SOA-202610-C007-CNY?zoom=2", "/case/SUP-202610-S001-CNY",
    "/case/SOA-202610-C009-CNY/reconcile", "/case/SOA-202610-C014-CNY/reconcile", "/message/1", "/statements",
    "/statements/look/SOA-202610-C007-CNY", "/outbox", "/quarantine", "/adjustments", "/parties", "/party/C007",
    "/search?q=2026", "/reports/ageing", "/reports/progress",
    "/reports/responses", "/reports/answer_time", "/reports/disputes", "/reports/promises", "/reports/dso",
    "/setup/servers", "/setup/ledger", "/setup/letters", "/setup/policies", "/people",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1280), ("zh", "dark", 1280), ("zh", "light", 390)]
)
def test_no_page_has_a_serious_obstacle(
    office: Any, person: Callable[..., Any], language: str, scheme: str, width: int
) -> None:
    page = person("chen", width=width, language=language, color_scheme=scheme)
    source = AXE.read_text(encoding="utf-8")
    found = []
    for path in PAGES:
        answer = page.goto(office.address + path)
        assert answer.status == 200, path
        if width == 390 and page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path}: wider than the phone")
        page.evaluate(source)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for one in result["violations"]:
            if one["impact"] in ("serious", "critical"):
                where = "; ".join(node["html"][:140] for node in one["nodes"][:3])
                found.append(f"{path}: {one['id']} ({one['help']}) {len(one['nodes'])}x: {where}")
    assert not found, "\n".join(found)
