"""Whatever the bytes are: an answer, no exception, and time that grows with the size and no faster."""

from __future__ import annotations

import random
import time

import pytest

from mailflow.correspondence import authentication, automatic, mime, quotation
from tests.correspondence.hostile_mails import hostile
from tests.correspondence.mail_programs import PROGRAMS, SIGNATURES, mail

SMALL, LARGE = hostile(60_000), hostile(240_000)


def read(raw: bytes) -> float:
    """CPU seconds for everything up to the meaning."""
    started = time.process_time()
    message = mime.read(raw)
    quotation.split(message)
    automatic.classify(message)
    authentication.read(message, ["mx.example"])
    return time.process_time() - started


@pytest.mark.long  # measures time, which a busy machine distorts
@pytest.mark.parametrize("name", LARGE)
def test_a_hostile_mail_takes_under_a_second_and_linear_time(name: str) -> None:
    large = min(read(LARGE[name]) for _ in range(2))
    assert large < 1.0
    if large > 0.05:
        small = min(read(SMALL[name]) for _ in range(3))
        assert large < 4 * 2.2 * max(small, 0.005), (small, large)


def test_a_long_honest_thread_is_quick() -> None:
    level = (
        "On Mon, Nov 2, 2026 at 9:14 AM Huaxing <ar@huaxing.example> wrote:\n\n"
        + "Some words that were said before.\n" * 80
    )
    raw = b"From: a@b.example\nContent-Type: text/plain\n\nWe agree.\n\n" + (level * 100)[:287_000].encode()
    message = mime.read(raw)
    assert quotation.split(message).new_text == "We agree."
    assert min(read(raw) for _ in range(3)) < 1.5


def damaged(raw: bytes, chance: random.Random) -> bytes:
    data = bytearray(raw)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            del data[at : at + chance.randint(1, 60)]
        elif kind == 1:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 30)))
        elif kind == 2:
            data = data[: max(at, 10)]
        elif kind == 3:
            data = bytearray(bytes(data).replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\n"])))
        elif kind == 4:
            data[at:at] = chance.choice(
                [b"\0", b"=?utf-8?b?", b"?=", b"(" * 40, b"<" * 40, b'"', b"--b", b"\n\n", b"\xff\xfe"]
            )
        else:
            data = bytearray(
                bytes(data).replace(b"utf-8", chance.choice([b"utf-7", b"hz", b"x", b"utf-16", b"gb2312"]))
            )
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_mails_are_read(seed: int) -> None:
    chance = random.Random(seed)
    programs = list(PROGRAMS)
    for _ in range(150):
        program = chance.choice(programs)
        raw = mail(program, "We agree with INV-1001.", chance.choice(SIGNATURES["en"]), chance)
        assert read(damaged(raw, chance)) < 1.0


def test_random_bytes_are_read() -> None:
    chance = random.Random(9)
    for size in (0, 1, 2, 10, 100, 1000, 20_000):
        for _ in range(10):
            read(bytes(chance.randrange(256) for _ in range(size)))
