#!/usr/bin/env python3
"""Bounces: recall and permanence on the data of flufl.bounce, and false alarms on mails that people wrote.

    python bench/bounces.py FOLDER [--details]

FOLDER holds ``flufl`` (the source of flufl.bounce: ``flufl/bounce/tests/data`` and its table of expectations) and
``talon`` (mailgun/talon); both are read as data from outside this repository.
"""

# ruff: noqa: E501 (patterns and their messages are read in one piece)
from __future__ import annotations

import argparse
import ast
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mailflow.correspondence import automatic, mime
from mailflow.correspondence.message import Automatic


def expectations(root: Path) -> list[tuple[str, set[str], bool]]:
    """(file, addresses, permanent) out of the literal table in its tests."""
    table = next(path for path in root.rglob("detectors.py") if path.parent.name == "tests")
    tree = ast.parse(table.read_text(encoding="utf-8"))
    rows: dict[str, tuple[set[str], bool]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DATA":
            for row in ast.literal_eval(node.value):
                addresses = {address.decode().lower() for address in row[2]}
                if addresses:
                    known = rows.setdefault(row[1], (set(), len(row) == 3))
                    known[0].update(addresses)
    return [(name, addresses, permanent) for name, (addresses, permanent) in sorted(rows.items())]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--details", action="store_true")
    given = arguments.parse_args()
    data = next((path for path in (given.folder / "flufl").rglob("data") if path.is_dir()), None)
    if data is not None:
        called = found = right = exact = 0
        rows = expectations(given.folder / "flufl")
        for name, wanted, permanent in rows:
            verdict = automatic.classify(mime.read((data / name).read_bytes()))
            got = {(bounce.recipient or "").lower(): bounce.permanent for bounce in verdict.bounces}
            called += verdict.automatic is Automatic.BOUNCE
            hit = wanted <= set(got)
            found += hit
            good = hit and all(bool(got[address]) is permanent for address in wanted)
            right += good
            exact += good and wanted == set(got)
            if given.details and not (good and wanted == set(got)):
                print(
                    f"{name}: wanted {sorted(wanted)} {'permanent' if permanent else 'temporary'}, got {verdict.automatic} {got}"
                )
        total = len(rows)
        print(f"flufl.bounce, {total} mails: called bounce {called}, every address {found}, and right permanence {right} "
              f"({100 * right / total:.1f} %), nothing else named {exact}")  # fmt: skip
    else:
        print(f"no flufl data in {given.folder}, left out")
    people = sorted((given.folder / "talon").rglob("*.eml")) + sorted(
        (given.folder / "talon").glob("tests/fixtures/signature/emails/P/*_body")
    )
    wrong = []
    for path in people:
        verdict = automatic.classify(mime.read(path.read_bytes()))
        if verdict.automatic is not Automatic.NO:
            wrong.append((path.name, verdict.automatic, verdict.because))
    print(f"talon, {len(people)} mails of people: called automatic {len(wrong)} {wrong or ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
