"""Webhooks, for administrators. Accounts and tokens are made by people, at the console or the command line."""

from __future__ import annotations

from typing import Any

from mailflow.steps import manage_webhooks
from mailflow.steps.ports.webhooks import Webhook
from mailflow.web.api import entries
from mailflow.web.api import questions as ask
from mailflow.web.api.operation import Call, missing, there
from mailflow.web.api.reading import cut


def webhooks(call: Call) -> dict[str, Any]:
    with call.house.database.reading() as work:
        counts = work.webhooks.counts()
        return {"webhooks": [entries.webhook(one, counts) for one in work.webhooks.all()]}


def make_webhook(call: Call) -> dict[str, Any]:
    said, house = call.said(ask.WebhookSaid), call.house
    made, secret = manage_webhooks.make_webhook(
        house.database, house.token_key, said.name, said.url, said.events, by=call.who, at=house.clock.now()
    )
    return {"webhook": entries.webhook(made, {}), "secret": secret}


def switch_on(call: Call) -> dict[str, Any]:
    return _switched(call, True)


def switch_off(call: Call) -> dict[str, Any]:
    return _switched(call, False)


def _switched(call: Call, active: bool) -> dict[str, Any]:
    number, house = _webhook(call).no, call.house
    manage_webhooks.switch_webhook(house.database, number, active=active, by=call.who, at=house.clock.now())
    with house.database.reading() as work:
        found = work.webhooks.get(number)
        assert found is not None
        return entries.webhook(found, work.webhooks.counts())


def deliveries(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.DeliveriesAsked)
    behind = asked.behind(int)
    with call.house.database.reading() as work:
        found = work.webhooks.deliveries(
            webhook=asked.webhook, state=asked.state, after=int(behind[0]) if behind else 0, limit=asked.limit + 1
        )
    shown, onward = cut("deliveries", asked, found, lambda one: (one.no,))
    return {"deliveries": list(map(entries.delivery, shown)), "next": onward}


def send_again(call: Call) -> dict[str, Any]:
    number, house = call.number("no"), call.house
    with house.database.reading() as work:
        if work.webhooks.delivery(number) is None:
            raise missing("such delivery")
    manage_webhooks.send_again(house.database, number, by=call.who, at=house.clock.now())
    with house.database.reading() as work:
        found = work.webhooks.delivery(number)
    assert found is not None
    return entries.delivery(found)


def _webhook(call: Call) -> Webhook:
    with call.house.database.reading() as work:
        return there(work.webhooks.get(call.number("no")), "such webhook")
