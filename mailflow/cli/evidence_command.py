"""``mailflow evidence CASE --out FILE.zip`` and ``mailflow evidence --verify FILE.zip``."""

from __future__ import annotations

import argparse
import contextlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from mailflow.cli.output import add_config, add_json, print_json
from mailflow.refusals import Refusal
from mailflow.steps.pack_evidence import MANIFEST, Pack, pack, verify

INDEXES = ("index.html", "index.pdf")
MOST_BYTES = 2 * 1024 * 1024 * 1024  # of a pack that is verified


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("case", nargs="?", metavar="CASE")
    parser.add_argument("--out", metavar="FILE.zip")
    parser.add_argument("--verify", metavar="FILE.zip", help="find any change in a pack; needs no configuration")


def run(arguments: argparse.Namespace) -> int:
    """0: made, or unchanged. 1: the pack was changed."""
    if arguments.verify:
        return _verify(Path(arguments.verify), arguments.json)
    if not arguments.case or not arguments.out:
        raise Refusal("name the case and the file: mailflow evidence CASE --out FILE.zip")
    out = Path(arguments.out)
    if out.exists():
        raise Refusal(f"{out} is there already; evidence is never overwritten")
    from mailflow.bootstrap import open_house

    house = open_house(arguments.config)
    try:
        made = pack(house.database, house.archive, arguments.case, house.clock.now(), house.company.language)
    except LookupError as missing:
        raise Refusal(str(missing)) from None
    made = made.sealed(house.evidence_index(made))
    _write(out, made, house.archive.read)
    if arguments.json:
        print_json({"case": made.case_id, "file": str(out), "head": made.head, "records": len(made.records)})
    else:
        print(f"{out}: {len(made.records)} records; head of the chain {made.head}")
    return 0


def _write(out: Path, made: Pack, read: Callable[[str], bytes]) -> None:
    """Whole or not at all: written beside and renamed."""
    half = out.with_name(out.name + ".part")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(MANIFEST, made.manifest())
            for name, content in made.inline.items():
                file.writestr(name, content)
            for name, sha256 in made.files.items():
                file.writestr(name, read(sha256))
        os.replace(half, out)
    except OSError as failure:
        with contextlib.suppress(OSError):
            half.unlink()
        raise Refusal(f"{out} cannot be written: {failure.strerror}") from None


def _verify(path: Path, as_json: bool) -> int:
    try:
        with zipfile.ZipFile(path) as file:
            names = file.namelist()
            if sum(entry.file_size for entry in file.infolist()) > MOST_BYTES:
                raise Refusal(f"{path} unpacks to more than {MOST_BYTES} bytes; it is not one of ours")
            read = {name: file.read(name) for name in names}
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as failure:
        raise Refusal(f"{path} cannot be read as a ZIP file: {failure}") from None
    manifest = read.pop(MANIFEST, None)
    wrong = [f"{MANIFEST} is missing"] if manifest is None else verify(manifest, read, INDEXES)
    if len(names) != len(set(names)):
        wrong.append("a name stands in it twice")
    if as_json:
        print_json({"file": str(path), "unchanged": not wrong, "problems": wrong})
    else:
        print(f"{path}: unchanged" if not wrong else f"{path}: CHANGED\n" + "\n".join(f"  {line}" for line in wrong))
    return int(bool(wrong))
