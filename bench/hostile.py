#!/usr/bin/env python3
"""Whether every hostile file ends in a result: bench/hostile.py [--count 10000] [--seed 1] FILE_OR_FOLDER ...

Every file is asked as it is, with entities in its XML (as oxml_xxe does), then damaged ones by seed: bytes flipped, cut
or doubled, numbers blown up, members of an archive damaged and packed again. Each goes through the warm process and its
child, as in the service. Printed: how many ended in which way, the slowest, how far this process' memory grew.
Good material: qpdf's fuzz set and tests, oxml_xxe's samples, one's own documents.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import resource
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from parsers.child import needs_recognition  # noqa: E402
from parsers.containment import Containment, NoAnswer  # noqa: E402
from parsers.documents import Kind  # noqa: E402
from parsers.long import from_wire  # noqa: E402

MOST = 400_000  # bytes of a file that is damaged: larger ones only cost time
SECONDS = 20.0  # none may take longer
ENTITIES = (
    '<!DOCTYPE r PUBLIC "-//X//EN" "http://127.0.0.1:9/x">',
    '<!DOCTYPE r [<!ENTITY xxe "there">]>',
    '<!DOCTYPE r [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE r [<!ENTITY b "there"><!ENTITY xxe "&b;&b;&b;&b;">]>',
    '<!DOCTYPE r [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>',
    '<!DOCTYPE r [<!ENTITY % f SYSTEM "file:///etc/passwd"><!ENTITY % d SYSTEM "http://127.0.0.1:9/d">%d;]>',
    "<!DOCTYPE r [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    + '<!ENTITY xxe "&e9;">]>',
)  # fmt: skip
TOKENS = (
    b"", b"\x00", b"\xff" * 8, b"<", b">", b"%PDF-", b"PK\x03\x04", b"9" * 300, b"\n" * 50, b"&xxe;", b"1e999", b"-1",
    b"4294967295", b"2147483648", b"<<", b">>", b"[" * 200, b" 0 R ", b"/Kids", b"stream\n", b"endobj", b"\xe2\x80\xae",
    b"%s%n", b"\r\n\r\n", b"=?utf-8?q?a?=", b"--b\r\n", b'"', b"," * 300, b"<table>" * 20, b"</w:t>",
)  # fmt: skip
_NUMBER = re.compile(rb"\d{1,9}")


def material(places: list[Path]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        found += [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    return [p for p in found if p.stat().st_size and p.suffix not in (".py", ".cc", ".sh", ".cmake")]


def packed_again(data: bytes, change: object) -> bytes | None:
    """The archive with one or all members changed; None where it is none."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for member in old.infolist()[:60]:
                new.writestr(member.filename, change(member.filename, old.read(member)))  # type: ignore[operator]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None
    return out.getvalue()


def with_entities(data: bytes) -> Iterator[bytes]:
    """The file with each of :data:`ENTITIES` behind its XML declaration(s), and one entity used."""
    for told in ENTITIES:

        def put(name: str, content: bytes, told: str = told) -> bytes:
            if not content.lstrip().startswith(b"<"):
                return content
            head = re.match(rb"\s*<\?xml[^>]*\?>", content)
            cut = head.end() if head else 0
            body = re.sub(rb">([^<>]{1,40})<", rb">&xxe;<", content[cut:], count=3)
            return content[:cut] + told.encode() + body

        if data[:2] == b"PK":
            again = packed_again(data, put)
            if again is not None:
                yield again
        elif data.lstrip()[:1] == b"<":
            yield put("", data)


def damaged(rng: random.Random, data: bytes) -> bytes:
    if data[:2] == b"PK" and rng.random() < 0.6:
        share = rng.choice([0.1, 0.3, 1.0])
        again = packed_again(data, lambda _, content: hurt(rng, content) if rng.random() < share else content)
        if again is not None:
            return again
    return hurt(rng, data)


def hurt(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 3, 8, 30])):
        place = rng.randrange(len(out) + 1)
        how = rng.randrange(7)
        if how == 0 and out:
            out[place % len(out)] ^= 1 << rng.randrange(8)
        elif how == 1:
            out[place : place + rng.choice([1, 4, 64, 1024])] = b""
        elif how == 2:
            out[place:place] = out[place : place + rng.choice([8, 256, 4096])] * rng.choice([1, 2, 20])
        elif how == 3 and (found := _NUMBER.search(out, place)):
            out[found.start() : found.end()] = rng.choice([b"0", b"-1", b"999999999", b"65536", b"2147483647", b"1e9"])
        elif how == 4:
            del out[max(1, place) :]
        else:
            out[place : place + rng.choice([0, 0, 3])] = rng.choice(TOKENS)
    return bytes(out)


def questions(files: list[Path], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    asked = 0
    for path in files:
        data = path.read_bytes()
        for n, one in enumerate([data, *with_entities(data)]):
            yield f"{path.name} {n}", one
            asked += 1
    rng = random.Random(seed)
    small = [path for path in files if path.stat().st_size <= MOST]
    while asked < count:
        path = rng.choice(small)
        yield f"{path.name} ~{asked}", damaged(rng, path.read_bytes())
        asked += 1


def asked(containment: Containment, data: bytes, ocr: bool) -> tuple[str, str]:
    """How it ended and the reason given. Scans, which may take minutes, are only read with ``ocr``."""
    try:
        value, _ = containment.ask({"job": "parse", "name": "hostile"}, data)
        if needs_recognition(value):
            if not ocr:
                return "asks for text recognition", ""
            value, _ = containment.ask({"job": "parse", "name": "hostile", "ocr": True, "recognition": True}, data)
        documents = [from_wire(document) for document in value]
        assert documents
    except NoAnswer as failure:
        limit = re.search(r"limit (\w+)|(crashed|lost)", str(failure))
        return limit.group() if limit else "no answer", str(failure)
    reason = next((d.reason or "" for d in documents if d.kind is Kind.UNREADABLE), "")
    return ("unreadable, with a reason" if reason else "read"), reason


def memory() -> int:
    """kB that this process has in memory."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[0])


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("places", nargs="+", type=Path)
    ap.add_argument("--count", type=int, default=10_000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--ocr", action="store_true", help="read scans too (limits of OCR instead of 20 s)")
    ap.add_argument("--keep", type=Path, help="folder for what took longer than 5 s")
    a = ap.parse_args()
    ended: Counter[str] = Counter()
    slowest: list[tuple[float, str, str]] = []
    peak = begun = 0
    with Containment() as containment:
        for number, (name, data) in enumerate(questions(material(a.places), a.count, a.seed), 1):
            started = time.monotonic()
            how, reason = asked(containment, data, a.ocr)
            took = time.monotonic() - started
            ended[how] += 1
            slowest = sorted([*slowest, (took, name, reason)], reverse=True)[:8]
            if a.keep and took > 5:
                (a.keep / re.sub(r"\W+", "_", name)).write_bytes(data)
            begun = begun or memory()
            peak = max(peak, memory())
            if number % 1000 == 0:
                print(f"{number} … slowest {slowest[0][0]:.1f} s, memory +{(peak - begun) / 1024:.0f} MB", flush=True)
    print(f"{ended.total()} files")
    for how, times in ended.most_common():
        print(f"  {times:7} {how}")
    for took, name, reason in slowest:
        print(f"  {took:6.2f} s  {name}  {reason}")
    late = sum(took > SECONDS and not a.ocr for took, _, _ in slowest)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"memory of this process +{(peak - begun) / 1024:.0f} MB; children {used.ru_utime + used.ru_stime:.0f} s CPU")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
