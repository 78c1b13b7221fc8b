"""``mailflow read FILE...``: received messages in, what they say out (contract, "Offline commands")."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.text import Text

from mailflow.adapters.wording_files import load_wording
from mailflow.cli.output import add_json, console, print_json
from mailflow.correspondence import reading
from mailflow.correspondence.wording import Wording
from mailflow.refusals import Refusal

MAX_BYTES = 25 * 1024 * 1024  # of one message (field guide "mail", 3); what lies behind is not read, and that is said
_INTENT_STYLES = {
    "confirm": "green", "dispute": "red", "bank_details_change": "bold red", "stop": "red", "promise_to_pay": "cyan",
    "payment_made": "cyan", "remittance": "cyan", "other": "dim",
}  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="MESSAGE.eml", help="received messages as they came (RFC 5322)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0: read; 1: a person should look at one (its text may be cut wrongly); 2: no such file."""
    wording = load_wording()
    found = [read_file(Path(name), wording) for name in arguments.files]
    if arguments.json:
        print_json(found)
    else:
        for number, one in enumerate(found):
            if number:
                console().print()
            _show(one)
    return 1 if any(one["doubtful"] for one in found) else 0


def read_file(path: Path, wording: Wording) -> dict[str, Any]:
    """The contract's object for one file. Raises ``Refusal`` when the file itself cannot be opened."""
    if path.is_dir():
        raise Refusal(f"{path} is a folder; name the messages in it")
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refusal(f"{path}: {(error.strerror or str(error)).lower()}") from error
    result = reading.read(raw[:MAX_BYTES], wording=wording).to_json(str(path))
    if len(raw) > MAX_BYTES:
        result["warnings"].append(f"only the first {MAX_BYTES} bytes are read (MAX_BYTES)")
        result["doubtful"] = True
    return result


def _show(one: dict[str, Any]) -> None:
    out = console()
    sender = one["from"]
    out.print(Text(one["subject"] or "(no subject)", style="bold"))
    out.print(Text(f"  from      {sender['name']} <{sender['address']}>".replace(" <>", "")))
    facts = [
        ("date", one["date"] or ""),
        ("file", one["file"]),
        ("automatic", "" if one["automatic"] == "no" else f"{one['automatic']} ({one['automatic_because']})"),
        ("back on", one["return_date"] or ""),
        ("bounce", _bounce(one["bounce"]) if one["automatic"] == "bounce" else ""),
        ("believed", _authentication(one["authentication"])),
    ]
    for label, value in facts:
        if value:
            out.print(Text(f"  {label:<10}") + Text(value))
    if one["new_text"]:
        out.print()
        for line in one["new_text"].split("\n"):
            out.print(Text(f"  │ {line}"), soft_wrap=True)
        out.print()
    for intent in one["intents"]:
        style = _INTENT_STYLES.get(intent["intent"], "yellow")
        name = intent["intent"].replace("_", " ")
        about = f"  [{', '.join(intent['references'])}]" if intent["references"] else ""
        out.print(
            Text(f"  {name:<20}", style=style) + Text(f"{intent['confidence']:.2f}  “{intent['evidence']}”{about}")
        )
    mentioned, promise = one["mentioned"], one["promise"]
    amounts = [f"{amount['amount']} {amount['currency'] or ''}".strip() for amount in mentioned["amounts"]]
    attached = [f"{part['name'] or part['type']} ({part['size']} bytes)" for part in one["attachments"]]
    said = [
        ("reasons", ", ".join(one["dispute_reasons"]).replace("_", " ")),
        ("items", ", ".join(mentioned["references"])),
        ("amounts", ", ".join(amounts)),
        ("dates", ", ".join(mentioned["dates"])),
        ("promise", " ".join(filter(None, (promise["date"], promise["amount"], promise["currency"])))),
        ("attached", ", ".join(attached)),
    ]
    for label, value in said:
        if value:
            out.print(Text(f"  {label:<10}") + Text(value))
    if one["quoted_text"]:
        out.print(Text(f"  quoted    {len(one['quoted_text'].splitlines())} lines taken away", style="dim"))
    for warning in one["warnings"]:
        out.print(Text(f"  ! {warning}", style="yellow"))


def _bounce(bounce: dict[str, Any]) -> str:
    how = {True: "for good", False: "for now", None: "unclear whether for good"}[bounce["permanent"]]
    words = [bounce["recipient"] or "recipient not named", how, bounce["status"] or "", bounce["reason"] or ""]
    return ", ".join(filter(None, words))


def _authentication(found: dict[str, Any]) -> str:
    verdicts = [f"{method} {found[method]}" for method in ("spf", "dkim", "dmarc") if found[method]]
    if not verdicts:
        return ""
    return ", ".join(verdicts) + (
        "" if found["trusted"] else " (the message's own claim, from no server that we trust)"
    )
