"""Every page of the desk and every list of the API in a large house: server time and size.

    PYTHONPATH=. .venv/bin/python bench/desk.py [--parties 5000 --items 200000 --messages 50000] [--keep DIR]

Prints per page the median and 95th percentile in milliseconds, CPU milliseconds (the median, and of the first call)
and kB; the goal is 300 ms and 200 kB. On a machine that does other work too, ``--cpu`` judges by the CPU time of this
process (all of it but the parser's child and PostgreSQL's own). Exit code 1 when a page misses the goal. ``--url``
takes an empty PostgreSQL database instead of SQLite.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from starlette.testclient import TestClient

from bench.desk_house import load
from mailflow.bootstrap import House, open_house
from mailflow.steps.manage_people import issue_token
from mailflow.steps.ports.people import Role
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance

MOST_MS, MOST_KB = 300.0, 200.0
CASE = "SOA-202610-P01234-CNY"
PAGES = [
    "/", "/?page=9", "/cases", "/cases?state=disputed", "/cases?order=balance&page=60", f"/case/{CASE}",
    f"/case/{CASE}/reconcile", "/outbox?page=90",
    "/message/1234", "/statements", "/outbox", "/quarantine", "/adjustments", "/parties", "/party/P01234",
    "/reports/ageing",
    "/reports/responses", "/reports/disputes", "/reports/progress", "/reports/answer_time", "/reports/promises",
    "/reports/dso", "/search?q=INV-0001234", "/search?q=P01234", "/search?q=金额", "/people", "/setup/servers",
    "/setup/ledger", "/setup/letters", "/setup/policies",
]  # fmt: skip
API = [
    "/api/cases", "/api/cases?state=disputed&limit=200", f"/api/cases/{CASE}", f"/api/cases/{CASE}/conversation",
    "/api/tasks", "/api/messages?limit=200", "/api/messages/1234", "/api/documents", "/api/reconciliations",
    "/api/outbox", "/api/statements", "/api/parties?limit=200", "/api/items?limit=200", "/api/items?party=P01234",
    "/api/search?q=INV-0001234", "/api/reports/disputes", "/api/deliveries",
]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--parties", type=int, default=5_000)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--keep", help="a directory where the house stays for the next run")
    parser.add_argument("--url", help="an empty PostgreSQL database")
    parser.add_argument("--cpu", action="store_true", help="judge by CPU time")
    parser.add_argument("--only", help="pages whose address holds this")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(asked.keep or scratch)
        directory.mkdir(parents=True, exist_ok=True)
        database = f'[database]\nurl = "{asked.url}"\n' if asked.url else ""
        settings = f'[company]\nname = "Huaxing"\n[statements]\nschedule = "0 9 1 * *"\n{database}'
        (directory / "mailflow.toml").write_text(settings, encoding="utf-8")
        house = open_house(str(directory / "mailflow.toml"))
        if not house.database.engine.connect().exec_driver_sql("SELECT count(*) FROM cases").scalar_one():
            begun = time.monotonic()
            load(house, asked.parties, asked.items, asked.messages)
            print(f"{asked.parties} parties, {asked.items} items, {asked.messages} messages loaded", end=" ")
            print(f"in {time.monotonic() - begun:.0f} s")
        pages = [page for page in [*PAGES, _coming(house), *API] if not asked.only or asked.only in page]
        missed = _measure(house, pages, asked.rounds, by_cpu=asked.cpu)
        house.close()
    return int(bool(missed))


def _coming(house: House) -> str:
    """The page that draws the first parties of the next run."""
    run = house.schedules.upcoming(house.clock.now(), 60)[0][0]
    return "/statements/coming?" + urlencode({"schedule": run.schedule, "period": run.period.key})


def _measure(house: House, pages: list[str], rounds: int, *, by_cpu: bool) -> list[str]:
    entrance, missed = Entrance(), []
    browser = TestClient(
        create_app(house, entrance), base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False
    )
    browser.get(entrance.link_for("boss"))
    with house.database.reading() as work:
        boss = work.people.account("boss")
    assert boss is not None
    token = issue_token(house.database, boss, "bench", Role.ADMINISTRATOR, days=1, at=house.clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    print(f"{'page':<50} {'median':>8} {'p95':>8} {'CPU':>8} {'first':>8} {'kB':>8}")
    for page in pages:
        walls, cpus, size, status = [], [], 0, 0
        for _ in range(rounds + 1):
            cpu, wall = time.process_time(), time.perf_counter()
            answer = browser.get(page, headers=headers if page.startswith("/api") else {})
            walls.append((time.perf_counter() - wall) * 1000)
            cpus.append((time.process_time() - cpu) * 1000)
            size, status = len(answer.content), answer.status_code
        first, walls, cpus = cpus[0], walls[1:], cpus[1:]  # the first one warms up
        p95 = sorted(walls)[min(len(walls) - 1, round(0.95 * (len(walls) - 1)))]
        judged = statistics.median(cpus if by_cpu else walls)
        bad = "" if judged <= MOST_MS and size / 1000 <= MOST_KB and status in (200, 303) else " !"
        if bad:
            missed.append(page)
        print(
            f"{page:<50} {statistics.median(walls):8.1f} {p95:8.1f} {statistics.median(cpus):8.1f} {first:8.1f}"
            f" {size / 1000:8.1f}"
            f"{bad}{'' if status in (200, 303) else f' {status}'}",
            flush=True,
        )
    print(f"{len(missed)} of {len(pages)} miss {MOST_MS:.0f} ms or {MOST_KB:.0f} kB")
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
