#!/usr/bin/env python3
"""Reading any bytes: mails of a foreign collection, mutated mails, and hostile mails, each timed alone (CPU).

    python bench/mime.py FOLDER [--mutations 20000] [--seed 1]

FOLDER holds ``stalwart`` (stalwartlabs/mail-parser, ``resources/eml`` with its expected JSON), read as data from outside
this repository. Counted: exceptions, attachments that the expectation names and we lost, messages over one second.
Without the folder only the hostile mails are read.
"""

# ruff: noqa: E501 (messages are read in one piece)
from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mailflow.correspondence import automatic, mime, quotation
from tests.correspondence.hostile_mails import hostile

SLOW = 1.0  # seconds


def read(raw: bytes) -> tuple[mime.Message | None, float, str]:
    """Everything up to the meaning, timed; (message, seconds, what went wrong)."""
    started = time.process_time()
    try:
        message = mime.read(raw)
        quotation.split(message)
        automatic.classify(message)
        return message, time.process_time() - started, ""
    except Exception as error:
        return None, time.process_time() - started, f"{type(error).__name__}: {error}"


def mutated(raw: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """One of many small damages: bytes, lines, headers, boundaries, line ends, cuts, splices."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        kind = chance.randrange(10)
        at = chance.randrange(len(data) + 1)
        if kind == 0 and data:
            data[at % len(data)] = chance.randrange(256)
        elif kind == 1:
            del data[at : at + chance.randint(1, 40)]
        elif kind == 2:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 20)))
        elif kind == 3:
            data = data[:at] if chance.random() < 0.5 else data
        elif kind == 4:
            other = chance.choice(others)
            cut = chance.randrange(len(other) + 1)
            data[at:at] = other[cut : cut + 400]
        elif kind == 5:
            lines = bytes(data).split(b"\n")
            chance.shuffle(lines) if chance.random() < 0.1 else lines.insert(0, chance.choice(lines))
            data = bytearray(b"\n".join(lines))
        elif kind == 6:
            data = bytearray(bytes(data).replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\n", b"\n "])))
        elif kind == 7:
            data = bytearray(
                bytes(data).replace(b"boundary=", chance.choice([b"boundary", b"boundary==", b'boundary="']))
            )
        elif kind == 8:
            words = [b"utf-8", b"gb2312", b"utf-7", b"x-none", b"utf-16", b"hz", b"iso-2022-jp", b"us-ascii"]
            data = bytearray(bytes(data).replace(b"utf-8", chance.choice(words)))
        else:
            data[at:at] = chance.choice([b"\0", b"=?", b"?=", b"(" * 50, b"<" * 50, b'"', b"--", b";" * 60, b"\n\n"])
    return bytes(data)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="?")
    arguments.add_argument("--mutations", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    failed = 0
    for name, raw in hostile().items():
        _, seconds, error = read(raw)
        failed += bool(error) or seconds > SLOW
        print(f"{name:34}{len(raw):>9} bytes {1000 * seconds:9.1f} ms  {error}")
    if given.folder is None:
        return 1 if failed else 0
    files = sorted((given.folder / "stalwart" / "resources" / "eml").rglob("*.eml"))
    raws = [path.read_bytes() for path in files]
    lost = 0
    for path, raw in zip(files, raws, strict=True):
        message, seconds, error = read(raw)
        failed += bool(error) or seconds > SLOW
        lost += lost_attachments(path, message)
    print(f"{len(files)} mails as they are: {failed} failed or slow, {lost} attachments lost")
    chance = random.Random(given.seed)
    slowest, errors, slow = (0.0, -1), {}, 0
    started = time.process_time()
    for number in range(given.mutations):
        raw = mutated(chance.choice(raws), chance, raws)
        _, seconds, error = read(raw)
        slowest = max(slowest, (seconds, number))
        slow += seconds > SLOW
        if error:
            errors.setdefault(error, []).append(number)
    spent = time.process_time() - started
    print(f"{given.mutations} mutated mails, seed {given.seed}: {sum(map(len, errors.values()))} exceptions, {slow} over "
          f"{SLOW} s, slowest {1000 * slowest[0]:.0f} ms (number {slowest[1]}), {given.mutations / spent:.0f} a second")  # fmt: skip
    for error, numbers in errors.items():
        print(f"  {error}: {numbers[:5]}")
    return 1 if failed or errors or lost or slow else 0


def lost_attachments(path: Path, message: mime.Message | None) -> int:
    """Attachments with content that the expectation names and whose bytes we do not have."""
    beside = path.with_suffix(".json")
    if message is None or not beside.exists():
        return 0
    expected = json.loads(beside.read_text(encoding="utf-8"))
    have = {one.content.replace(b"\r\n", b"\n").strip() for one in message.attachments}
    texts = "".join((message.text + message.html).split())
    lost = 0
    for number in expected["attachments"]:
        content = expected["parts"][number]["body"]
        kind = next(iter(content))
        if kind in ("Binary", "InlineBinary"):
            wanted = bytes(content[kind]).replace(b"\r\n", b"\n").strip()
            there = (
                not wanted or wanted.startswith(b"begin ") or any(wanted in one for one in have)
            )  # we decode uuencode
        elif kind == "Message":
            there = bool(message.embedded)
        else:
            # where an inner multipart lacks its end, their text runs on over the outer boundary; ours stops there
            lines = [one for one in str(content[kind]).split("\n") if not one.startswith(("--", "Content-"))]
            wanted_text = "".join("".join(lines).split())
            everything = texts + "".join("".join(one.decode("utf-8", "replace").split()) for one in have)
            there = (
                not wanted_text or wanted_text in everything or len(message.attachments) >= len(expected["attachments"])
            )
        if not there:
            lost += 1
            print(f"  lost in {path.name}: part {number} ({kind})")
    return lost


if __name__ == "__main__":
    sys.exit(main())
