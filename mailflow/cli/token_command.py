"""``mailflow token``: tokens with which programs use the API. Each speaks for an account, with a role of its own."""

from __future__ import annotations

import argparse
import getpass

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.refusals import Refusal
from mailflow.steps.manage_people import forget_token, issue_token
from mailflow.steps.ports.people import Role


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make one; it is shown this once")
    create.add_argument("account", metavar="ACCOUNT", help="whose name stands in the journal for what it does")
    create.add_argument("--label", required=True, help="what it is for")
    create.add_argument("--role", choices=list(Role), default=Role.VIEWER, help="the most it may do (default: viewer)")
    create.add_argument("--days", type=int, default=90, help="until it ends (default: 90, at most 366)")
    add_json(actions.add_parser("list", help="all, without their secrets"))
    revoke = actions.add_parser("revoke", help="it counts no more, at once")
    revoke.add_argument("number", type=int, metavar="TOKEN")


def run(arguments: argparse.Namespace) -> int:
    house = open_house(arguments.config)
    if arguments.action == "create":
        with house.database.reading() as work:
            account = work.people.account(arguments.account)
        if account is None:
            raise Refusal(f"there is no account {arguments.account!r}; the console's page People makes one")
        print(
            issue_token(
                house.database, account, arguments.label, Role(arguments.role), days=arguments.days,
                at=house.clock.now(), by=getpass.getuser(),
            )
        )  # fmt: skip
        return 0
    if arguments.action == "revoke":
        forget_token(house.database, arguments.number, by=getpass.getuser(), at=house.clock.now())
        print(f"token {arguments.number} counts no more")
        return 0
    with house.database.reading() as work:
        found = work.people.tokens()
    if arguments.json:
        print_json(
            [
                {"no": one.no, "account": one.account, "label": one.label, "role": one.role.value,
                 "created_at": one.created_at.isoformat(), "expires_at": one.expires_at.isoformat()}
                for one in found
            ]
        )  # fmt: skip
        return 0
    rows = [(str(one.no), one.account, one.role.value, f"{one.expires_at:%Y-%m-%d}", one.label) for one in found]
    console().print(table(("no", "account", "role", "ends", "for"), rows, right=(0,)))
    return 0
