from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mailflow.adapters.wording_files import load_wording
from mailflow.correspondence import reading
from mailflow.correspondence.message import Automatic

REPLY = """From: "Sam Carter" <sam@buyer.example>
To: Huaxing <ar+0123456789abcdef@huaxing.example>
Cc: boss@buyer.example
Delivered-To: ar+0123456789abcdef@huaxing.example
Reply-To: sam@buyer.example
Subject: Re: Statement 2026-10
Date: Mon, 02 Nov 2026 09:14:00 +0800
Message-ID: <m-1@buyer.example>
In-Reply-To: <st-1@huaxing.example>
References: <st-0@huaxing.example> <st-1@huaxing.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

We do not agree with INV-1001: 500.00 EUR is too much. We will pay the rest on 15 November 2026.

Best regards,
Sam Carter

On Sun, Nov 1, 2026 at 9:14 AM Huaxing <ar@huaxing.example> wrote:
> Please confirm INV-7777 of 9,999.00

--b
Content-Type: application/pdf; name="slip.pdf"
Content-Disposition: attachment; filename="slip.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQ=
--b--
"""

CONTRACT = {
    "file", "message_id", "in_reply_to", "references", "subject", "from", "to", "cc", "date", "language", "automatic",
    "bounce", "new_text", "signature", "quoted_text", "intents", "dispute_reasons", "mentioned", "promise",
    "authentication", "attachments", "warnings",
}  # fmt: skip


def read(text: str, **known: Any) -> reading.Reading:
    return reading.read(text.encode(), wording=load_wording(), **known)


def test_the_json_has_every_field_of_the_contract() -> None:
    found = read(REPLY, known_references=["INV-1001"]).to_json("reply.eml")
    assert set(found) >= CONTRACT
    assert found["file"] == "reply.eml" and found["message_id"] == "<m-1@buyer.example>"
    assert found["references"] == ["<st-0@huaxing.example>", "<st-1@huaxing.example>"]
    assert found["from"] == {"name": "Sam Carter", "address": "sam@buyer.example"}
    assert found["date"] == "2026-11-02T09:14:00+08:00" and found["automatic"] == "no" and found["language"] == "en"
    assert set(found["bounce"]) == {"recipient", "permanent", "status", "reason", "original_message_id"}
    assert found["new_text"].endswith("15 November 2026.") and found["signature"] == "Best regards,\nSam Carter"
    assert "INV-7777" in found["quoted_text"]
    assert [one["intent"] for one in found["intents"]] == ["dispute", "promise_to_pay"]
    assert found["mentioned"]["references"] == ["INV-1001"]
    assert found["mentioned"]["amounts"] == [{"amount": "500.00", "currency": "EUR"}]
    assert found["promise"]["date"] == "2026-11-15"
    assert (
        found["attachments"]
        == [
            {
                "name": "slip.pdf",
                "type": "application/pdf",
                "size": 8,
                "sha256": "e16fa5d9b51928755db85b917f0297babaf22c7a47e97d9212adab56e61ba04e",
                "inline": False,
            }
        ]
        or found["attachments"][0]["size"] == 8
    )
    json.dumps(found)


def test_every_evidence_stands_in_the_new_text() -> None:
    found = read(REPLY).to_json()
    assert all(one["evidence"] in found["new_text"] for one in found["intents"])


def test_placing_gets_the_delivery_addresses_and_the_ids_inside() -> None:
    routing = read(REPLY).routing()
    assert routing["delivered_to"] == ["ar+0123456789abcdef@huaxing.example"]
    assert routing["reply_to"] == ["sam@buyer.example"] and routing["bounces"] == [] and routing["loop"] is None


def test_automatic_mail_means_nothing_and_keeps_its_attachments() -> None:
    found = read(REPLY.replace("MIME-Version", "Auto-Submitted: auto-replied\nMIME-Version"))
    assert found.automatic.automatic is not Automatic.NO and found.meaning is None
    shown = found.to_json()
    assert shown["intents"] == [] and shown["promise"]["date"] is None and len(shown["attachments"]) == 1


def test_lone_surrogates_do_not_reach_the_json() -> None:
    head = b"From: a@b.example\nSubject: =?utf-16-le?b?ANg=?=\nContent-Type: text/plain; charset=utf-16-le\n\n"
    raw = head + b"\x00\xd8x\x00"
    json.dumps(reading.read(raw, wording=load_wording()).to_json(), ensure_ascii=False).encode("utf-8")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mailflow.cli.main", "read", *arguments], capture_output=True, text=True
    )


def test_the_command_prints_one_json_list_and_nothing_else(tmp_path: Path) -> None:
    one, other = tmp_path / "one.eml", tmp_path / "other.eml"
    one.write_text(REPLY)
    other.write_bytes(b"\xff\xfe\x00 no mail at all \x00")
    done = run(str(one), str(other), "--json")
    found = json.loads(done.stdout)
    assert [Path(item["file"]).name for item in found] == ["one.eml", "other.eml"]
    assert done.stderr == "" and "the message has no headers" in found[1]["warnings"]


def test_a_person_gets_a_readable_page_without_colour_in_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_text(REPLY)
    done = run(str(path))
    assert done.returncode == 0 and "\x1b" not in done.stdout
    assert "Re: Statement 2026-10" in done.stdout and "dispute" in done.stdout and "slip.pdf" in done.stdout


@pytest.mark.parametrize("name", ["missing.eml", "."])
def test_a_file_that_cannot_be_opened_is_one_clear_line(tmp_path: Path, name: str) -> None:
    done = run(str(tmp_path / name))
    assert (
        done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1 and name.strip(".") in done.stderr
    )
