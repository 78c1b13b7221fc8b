"""Stored HTML and hostile file names do nothing in the browser: a trap server that all of it names sees no request."""

from __future__ import annotations

import http.server
import smtplib
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest

from mailflow.demo.loop import OUR_ADDRESS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PARTY = "C005"
NAMES = (
    '"><img src=x onerror=window.owned=1>.csv', "../../../../etc/cron.d/owned.csv", "invoice\u202excod.csv",
    "C:\\Windows\\owned.csv", "\u200b.htaccess", "CON.csv", "'; DROP TABLE message;--.csv", "statement.pdf.html",
    "picture.svg", "x" * 240 + ".csv",
)  # fmt: skip


class Trap(http.server.ThreadingHTTPServer):
    """Counts whoever asks it for anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Trapped)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Trapped(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Trap)
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: :attr:`Trap.asked` is what is looked at."""


@pytest.fixture
def trap() -> Iterator[Trap]:
    server = Trap()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def hostile_html(trap: str) -> str:
    return (
        f'<html><head><meta http-equiv="refresh" content="0;url={trap}/refresh"><base href="{trap}/">'
        f'<link rel="stylesheet" href="{trap}/style.css"><link rel="prefetch" href="{trap}/prefetch">'
        f'<style>@import "{trap}/import.css"; body{{background:url({trap}/ground.png)}}</style>'
        f'<script>window.owned=1;fetch("{trap}/script")</script></head>'
        f'<body background="{trap}/body.png" onload="window.owned=1">We object to INV-1: the price is wrong.'
        f'<img src="{trap}/pixel.gif" onerror="window.owned=1"><img src=x srcset="{trap}/set.png 1x">'
        f'<iframe src="{trap}/frame"></iframe><object data="{trap}/object"></object><embed src="{trap}/embed">'
        f'<svg onload="window.owned=1"><image href="{trap}/svg.png"/></svg><video poster="{trap}/p">'
        f'</video><form action="{trap}/form"><input autofocus onfocus="window.owned=1"></form>'
        f'<a href="javascript:window.owned=1">pay here</a></body></html>'
    )


def hostile_mail(trap: str, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f'"<img src={trap}/name.png onerror=window.owned=1>" <{sender}>'
    message["To"] = OUR_ADDRESS
    message["Subject"] = f'Objection <script src="{trap}/subject.js"></script><img src={trap}/subject.png>'
    message["Message-ID"] = make_msgid(domain="trap.example")
    message.set_content(
        f"We object to this statement: the price is wrong.\n<img src={trap}/text.png onerror=window.owned=1>\n"
        f"<script>window.owned=1</script> {trap}/plain [x](javascript:window.owned=1)\n"
    )
    message.add_alternative(hostile_html(trap), subtype="html")
    rows = (
        f'Date,Invoice No,Description,Amount\n2026-09-08,"<img src={trap}/cell.png>","=WEBSERVICE(""{trap}/f"")",5.00\n'
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" onload="window.owned=1"><image href="{trap}/attached.png"/></svg>'
    for name in NAMES:
        content = svg if name.endswith(".svg") else hostile_html(trap) if name.endswith(".html") else rows
        message.add_attachment(content.encode(), maintype="application", subtype="octet-stream", filename=name)
    return message


def test_nothing_that_a_hostile_mail_holds_runs_or_asks_for_anything(
    office: Any, person: Callable[..., Any], trap: Trap
) -> None:
    customer = office.customer(PARTY)
    before = office._messages()
    with smtplib.SMTP("127.0.0.1", office.demo._server.smtp_port, timeout=20) as smtp:
        smtp.login(customer.address, office.demo._password)
        smtp.send_message(hostile_mail(trap.address, customer.address), customer.address, [OUR_ADDRESS])
    office.until(lambda: office._messages() > before and office._waiting() == 0)
    with office.house.database.reading() as work:
        message = work.mailroom.messages()[-1]
        documents = work.documents.of_message(message.no)
    assert "Objection" in message.subject and documents
    page = person("chen")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    paths = ["/", f"/message/{message.no}", f"/party/{PARTY}", "/search?q=Objection", "/quarantine", "/outbox"]
    paths += [f"/message/{message.no}?document={kept.no}" for kept in documents]
    if message.case_id:
        paths += [f"/case/{message.case_id}", f"/case/{message.case_id}?document={documents[0].no}"]
        paths += [f"/case/{message.case_id}/reconcile"]
    for path in paths:
        answer = page.goto(office.address + path, wait_until="load")
        assert answer.status == 200, path
        assert page.evaluate("window.owned") is None, path
        assert page.url.startswith(office.address), path
        theirs = page.evaluate(
            "[...document.querySelectorAll('img,iframe,object,embed,video,link,form,a,image,script')].map("
            "one => one.src?.baseVal ?? one.src ?? one.href?.baseVal ?? one.href ?? one.action ?? '')"
        )
        assert not [one for one in theirs if trap.address in str(one) or str(one).startswith("javascript:")], path
    for kept in documents:
        with page.expect_download() as saved:
            page.evaluate("address => { location.href = address }", f"/document/{kept.no}")
        assert "/" not in saved.value.suggested_filename and ".." not in saved.value.suggested_filename
    page.goto(office.address + "/")
    assert (trap.asked, dialogs) == ([], [])
