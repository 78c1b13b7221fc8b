"""``mailflow init``: asks what only the owner of the mailbox knows, then writes a commented configuration."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from mailflow.bootstrap import open_house
from mailflow.cli.sign_in import sign_in
from mailflow.refusals import Refusal
from mailflow.resources import config_directory

# (section, key, question, what is offered)
QUESTIONS = (
    ("company", "name", "Name of your company / 公司名称", "华星贸易有限公司"),
    ("company", "language", "Language of your letters (zh-CN, zh-TW, en) / 信函语言", "zh-CN"),
    ("company", "timezone", "Time zone / 时区", "Asia/Shanghai"),
    ("smtp", "host", "Outgoing mail server (SMTP) / 发信服务器", "127.0.0.1"),
    ("smtp", "port", "its port / 端口", 465),
    ("smtp", "username", "its user name / 用户名", ""),
    ("mailbox", "address", "Address of the finance mailbox / 财务邮箱地址", "ar@huaxing.example"),
    ("mailbox", "host", "Incoming mail server (IMAP) / 收信服务器", "127.0.0.1"),
    ("mailbox", "port", "its port / 端口", 993),
    ("mailbox", "username", "its user name / 用户名", ""),
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="ask nothing, take what is offered")
    parser.add_argument("--out", default="mailflow.toml", metavar="FILE")


def run(arguments: argparse.Namespace) -> int:
    """Never overwrites a file. Passwords are not asked for: the file only says where they are."""
    out = Path(arguments.out)
    if out.exists():
        raise Refusal(f"{out} is there already; edit it, or name another file with --out")
    signs_in = False
    text = (config_directory() / "mailflow.example.toml").read_text(encoding="utf-8")
    if not arguments.yes:
        if not sys.stdin.isatty():
            raise Refusal("init asks questions and there is nobody to answer; use --yes and edit the file")
        for section, key, question, offered in QUESTIONS:
            answer = input(f"{question} [{offered}]: ").strip()
            text = _set(text, section, key, _typed(answer, offered) if answer else offered)
        for section in ("smtp", "mailbox"):
            text = _set(text, section, "security", _security(text, section))
        text, signs_in = _oauth(text)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise Refusal(f"{out} cannot be written: {failure.strerror}") from None
    if signs_in:
        house = open_house(str(out))
        try:
            return sign_in(house.sign_ins.providers())
        finally:
            house.close()
    print(
        f"{out} written. Put the passwords into the environment (SMTP_PASSWORD, IMAP_PASSWORD), then: mailflow doctor"
    )
    return 0


def _oauth(text: str) -> tuple[str, bool]:
    """Sign-in without a password, where the provider wants it so (Microsoft 365, Gmail)."""
    chosen = input("Sign in by microsoft365 or gmail instead of a password? / 登录方式 []: ").strip().lower()
    if not chosen:
        return text, False
    if chosen not in ("microsoft365", "gmail"):
        raise Refusal(f"{chosen!r} is no way to sign in; write microsoft365, gmail or nothing; begin again")
    client = input("Id of the application that you registered there / 应用程序(客户端)ID: ").strip()
    lines = f'\noauth = "{chosen}"\noauth_client_id = "{client}"'
    return re.sub(r'(?m)^password = "env:(?:SMTP|IMAP)_PASSWORD".*$', lambda found: found[0] + lines, text), True


def _typed(answer: str, offered: Any) -> Any:
    if isinstance(offered, int):
        if not answer.isdigit():
            raise Refusal(f"{answer!r} is no port number; begin again")
        return int(answer)
    return answer


def _set(text: str, section: str, key: str, value: Any) -> str:
    """``text`` with the value of one key of one section replaced; comments stay."""
    shown = str(value) if isinstance(value, int) else '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    header = re.escape(f"[[{section}]]" if section == "mailbox" else f"[{section}]")
    pattern = re.compile(rf"({header}\n(?:(?!\[).*\n)*?{key} *= *)(\"[^\"]*\"|\d+)")
    return pattern.sub(lambda found: found.group(1) + shown, text, count=1)


def _security(text: str, section: str) -> str:
    """TLS, but on this machine."""
    header = "[[mailbox]]" if section == "mailbox" else "[smtp]"
    part = text[text.index(header) :]
    host = re.search(r'host *= *"([^"]*)"', part)
    return "none" if host is not None and host.group(1) in ("127.0.0.1", "localhost", "::1") else "tls"
