"""``mailflow webhook``: programs that hear what happens, and what became of each delivery."""

from __future__ import annotations

import argparse
import getpass

from mailflow.bootstrap import House, open_house
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.steps.manage_webhooks import make_webhook, send_again, switch_webhook
from mailflow.steps.ports.webhooks import Delivery, DeliveryState, Subject, Webhook


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="tell a program from now on; its signing secret is shown this once")
    add.add_argument("name", metavar="NAME")
    add.add_argument("url", metavar="URL", help="https://…; http:// on this machine only")
    add.add_argument(
        "--event", action="append", choices=list(Subject), metavar="EVENT",
        help=f"about what (again for more; default: all): {', '.join(Subject)}",
    )  # fmt: skip
    add_json(actions.add_parser("list", help="all, with how many deliveries wait, went out, were given up"))
    for name, says in (("on", "tell it again, from now on"), ("off", "tell it nothing any more")):
        actions.add_parser(name, help=says).add_argument("number", type=int, metavar="WEBHOOK")
    deliveries = actions.add_parser("deliveries", help="what waits or was given up, with the last answer")
    deliveries.add_argument("--all", action="store_true", help="those that were taken, too")
    add_json(deliveries)
    again = actions.add_parser("again", help="send a delivery again, under the same id")
    again.add_argument("number", type=int, metavar="DELIVERY")
    actions.add_parser("send", help="record and send what is due now, then end")


def run(arguments: argparse.Namespace) -> int:
    """1 when something could not be delivered."""
    house = open_house(arguments.config)
    by, now = getpass.getuser(), house.clock.now()
    if arguments.action == "add":
        subjects = {Subject(one) for one in arguments.event or list(Subject)}
        made, secret = make_webhook(
            house.database, house.token_key, arguments.name, arguments.url, subjects, by=by, at=now
        )
        print(f"webhook {made.no} hears {', '.join(sorted(made.subjects))}; it checks signatures with\n{secret}")
        return 0
    if arguments.action in ("on", "off"):
        switch_webhook(house.database, arguments.number, active=arguments.action == "on", by=by, at=now)
        print(f"webhook {arguments.number} is {arguments.action}")
        return 0
    if arguments.action == "again":
        send_again(house.database, arguments.number, by=by, at=now)
        print(f"delivery {arguments.number} is sent again (mailflow run, or mailflow webhook send)")
        return 0
    if arguments.action == "send":
        return _send(house)
    return _show_deliveries(house, arguments) if arguments.action == "deliveries" else _show(house, arguments)


def _send(house: House) -> int:
    told = house.tell_webhooks()
    print(f"{told.delivered} delivered, {len(told.failed)} to be tried again, {len(told.given_up)} given up")
    for line in (*told.failed, *told.given_up):
        print(f"  {line}")
    return int(bool(told.failed or told.given_up))


def _show(house: House, arguments: argparse.Namespace) -> int:
    with house.database.reading() as work:
        found, counts = work.webhooks.all(), work.webhooks.counts()

    def counted(one: Webhook) -> dict[str, int]:
        return {state.value: counts.get((one.no, state), 0) for state in DeliveryState}

    if arguments.json:
        print_json(
            [
                {"no": one.no, "name": one.name, "url": one.url, "events": sorted(one.subjects), "active": one.active,
                 "from_settings": one.from_settings, **counted(one)}
                for one in found
            ]
        )  # fmt: skip
        return 0
    rows = [
        (str(one.no), one.name, "on" if one.active else "off", one.url, *map(str, counted(one).values()))
        for one in found
    ]
    columns = ("no", "name", "", "address", *(state.value.replace("_", " ") for state in DeliveryState))
    console().print(table(columns, rows, right=(0, 4, 5, 6)))
    return 0


def _show_deliveries(house: House, arguments: argparse.Namespace) -> int:
    wanted = list(DeliveryState) if arguments.all else [DeliveryState.WAITING, DeliveryState.GIVEN_UP]
    with house.database.reading() as work:
        found: list[Delivery] = sorted(
            (one for state in wanted for one in work.webhooks.deliveries(state=state, limit=500)),
            key=lambda one: one.no,
        )
    if arguments.json:
        print_json(
            [
                {"no": one.no, "webhook": one.webhook, "event": one.event, "subject": one.subject.value,
                 "state": one.state.value, "attempts": one.attempts, "code": one.code, "words": one.words,
                 "due_at": one.due_at.isoformat()}
                for one in found
            ]
        )  # fmt: skip
        return 0
    rows = [(str(one.no), one.subject.value, one.state.value, str(one.attempts), one.words) for one in found]
    console().print(table(("no", "event", "state", "tries", "last answer"), rows, right=(0, 3)))
    return 0
