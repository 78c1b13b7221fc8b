"""``/unsubscribe/TOKEN``: what a mail program's own button calls (RFC 8058), and a page for those who follow the link.

Open to everybody, without a session or a cookie: a GET changes nothing, because mail scanners follow links.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from mailflow.bootstrap import House
from mailflow.steps.stop_letters import stop_letters
from mailflow.web.visit import OPEN

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="/static/console.css"><main class="door"><h1>{title}</h1>{body}</main>
</html>"""
_ASK = """<p>Stop automatic reminders to you? / 不再接收自动提醒?</p>
<form method="post"><button type="submit">Stop / 停止</button></form>"""
_DONE = "<p>Done: a person will look at it. / 已登记,将由专人处理。</p>"


def unsubscribe(house: House) -> Route:
    async def answer(request: Request) -> Response:
        title = house.company.name.replace("&", "&amp;").replace("<", "&lt;")
        if request.method == "GET":
            return HTMLResponse(_PAGE.format(title=title, body=_ASK))
        token = str(request.path_params["token"])[:64]
        known = await run_in_threadpool(stop_letters, house.database, token, house.clock.now())
        if not known:
            return PlainTextResponse("unknown\n", status_code=404)
        return HTMLResponse(_PAGE.format(title=title, body=_DONE))

    route = Route("/unsubscribe/{token}", answer, methods=["GET", "POST"], name="unsubscribe")
    route.role = OPEN  # type: ignore[attr-defined]
    return route
