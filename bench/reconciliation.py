#!/usr/bin/env python3
"""Reconciling two large books: mailflow, a plain hash join as the floor, record-linkage libraries, on the same data.

    python bench/reconciliation.py [--lines 100000] [--scale 10000,100000,1000000] [--peers PYTHON]

Every contestant runs in a process of its own and reads the same two CSV files; seconds are wall time from the first
byte read to finished links, without importing libraries, ``cpu`` what it used of all cores in that time, memory the
process's peak until then. PYTHON is the interpreter of an environment with any of polars, duckdb, rapidfuzz,
recordlinkage, splink, dedupe; what is missing there is left out and said so. ``auto`` is the precision of the links
that mailflow would accept by itself; others make no such difference.

The physical floor is the polars join: both files read and equal keys joined in native code on all cores, no sentence
written. The dict join is the same idea in the same language; the ratio to it depends least on the machine. On a machine
that does other things as well, compare ``cpu``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Set
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
Links = Set[tuple[str, int]]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--lines", type=int, default=100_000)
    arguments.add_argument("--scale", default="10000,100000,1000000", help="sizes for mailflow alone; empty: none")
    arguments.add_argument("--peers", type=Path, help="interpreter of an environment that has the other libraries")
    arguments.add_argument("--only", default="", help="contestants, separated by commas; default: all")
    arguments.add_argument("--one", help=argparse.SUPPRESS)
    arguments.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.one:
        return _child(chosen.one, chosen.folder)
    import reconciliation_data

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        want = reconciliation_data.write(folder, chosen.lines)
        (folder / "truth.json").write_text(json.dumps(sorted(want)))
        print(f"{chosen.lines} × {chosen.lines} lines, {len(want)} true links, {os.cpu_count()} cores\n")
        print(f"{'':26} seconds     cpu  peak MB  recall  precision    auto  auto share")
        for name in CONTESTANTS:
            own = name.startswith(("mailflow", "dict"))
            if (own or chosen.peers) and (not chosen.only or name in chosen.only.split(",")):
                _report(name, folder, want, Path(sys.executable) if own else chosen.peers)
    for size in filter(None, chosen.scale.split(",")):
        with tempfile.TemporaryDirectory() as place:
            want = reconciliation_data.write(Path(place), int(size))
            _report("mailflow", Path(place), want, Path(sys.executable), f"mailflow {int(size):,}")
    return 0


def _report(name: str, folder: Path, want: Links, python: Path, title: str = "") -> None:
    result = folder / "links.json"
    result.unlink(missing_ok=True)
    started = time.monotonic()
    command = [str(python), str(Path(__file__).resolve()), "--one", name, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - started
    if not result.exists():
        print(f"{title or name:26} not run: {(done.stderr.strip().splitlines() or ['no answer'])[-1][:90]}")
        return
    told = json.loads(result.read_text())
    have = {(o, t) for o, t in told["links"]}
    sure = {(o, t) for o, t in told["auto"]}
    wanted = {(o, t) for o, t in want if t <= told["sample"]} if told["sample"] else want

    def share(part: int, whole: int) -> str:
        return f"{100 * part / whole:7.3f}%" if whole else "      – "

    hits, certain = len(have & wanted), len(sure & wanted)
    print(
        f"{title or name:26} {told['seconds'] or seconds:7.2f} {told['cpu']:7.2f} "
        f" {told['peak'] / 1024:7.0f}  {share(hits, len(wanted))}"
        f"   {share(hits, len(have))} {share(certain, len(sure))}   {share(certain, len(wanted))}  {told['note']}",
        flush=True,
    )


def _child(name: str, folder: Path) -> int:
    answer = CONTESTANTS[name](folder)
    told = {
        "cpu": answer.used.cpu,
        "links": sorted(answer.links),
        "auto": sorted(answer.auto),
        "note": answer.note,
        "seconds": answer.used.seconds,
        "sample": answer.sample,
        "peak": answer.used.peak,
    }
    (folder / "links.json").write_text(json.dumps(told))
    return 0


class Used(NamedTuple):
    """Since the start of the clock: wall seconds, CPU seconds of all cores and children; peak memory in kB."""

    seconds: float
    cpu: float
    peak: int


class Answer(NamedTuple):
    """``auto``: the links that need no person. ``sample``: how many of their lines were looked at (0: all)."""

    links: Links
    used: Used
    note: str = ""
    auto: Links = frozenset()
    sample: int = 0


def _clock() -> Callable[[], Used]:
    """Starts a clock; calling it reads it."""

    def cpu() -> float:
        both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in both)

    started, spent = time.monotonic(), cpu()
    return lambda: Used(time.monotonic() - started, cpu() - spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def mailflow_command(folder: Path) -> Answer:
    """The whole command: both files read, everything matched and explained, JSON written to a file."""
    from mailflow.cli import reconcile_command  # noqa: F401
    from mailflow.cli.main import main as command

    out = folder / "out.json"
    read = _clock()
    kept = os.dup(1)
    with out.open("w") as file:
        os.dup2(file.fileno(), 1)
        command(["reconcile", str(folder / "statement.csv"), "--ledger", str(folder / "ledger.csv"), "--json"])
        sys.stdout.flush()
        os.dup2(kept, 1)
    used = read()
    told = json.loads(out.read_text())
    every = {(o, t) for m in told["matches"] for o in m["ours"] for t in m["theirs"]}
    sure = {(o, t) for m in told["matches"] if m["automatic"] for o in m["ours"] for t in m["theirs"]}
    identity = "identity holds" if told["proof"]["unexplained"] == "0.00" else "IDENTITY BROKEN"
    return Answer(every, used, identity, sure)


def dict_join(folder: Path) -> Answer:
    """Equal reference and amount with Python dicts: the floor in the same language."""
    read = _clock()
    theirs: dict[tuple[str, str], list[int]] = {}
    for no, row in enumerate(_rows(folder / "statement.csv"), 1):
        if row[5]:
            theirs.setdefault((row[5], row[11]), []).append(no)
    links = set()
    for row in _rows(folder / "ledger.csv"):
        found = theirs.get((row[5], row[11]))
        if found:
            links.add((row[0], found.pop()))
            if not found:
                del theirs[(row[5], row[11])]
    return Answer(links, read())


def _rows(path: Path) -> Iterator[list[str]]:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def polars_join(folder: Path) -> Answer:
    import polars as pl

    read = _clock()
    theirs = pl.read_csv(folder / "statement.csv", infer_schema=False).with_row_index("no", offset=1)
    ours = pl.read_csv(folder / "ledger.csv", infer_schema=False)
    joined = ours.join(theirs, on=["reference", "amount"]).select("id", "no")
    links = {(o, int(t)) for o, t in joined.rows()}
    return Answer(links, read(), "number and amount equal")


def duckdb_join(folder: Path) -> Answer:
    import duckdb

    read = _clock()
    rows = duckdb.sql(
        f"""with t as (select row_number() over () as no, * from read_csv('{folder}/statement.csv', all_varchar=true)),
        o as (select * from read_csv('{folder}/ledger.csv', all_varchar=true))
        select o.id, t.no from o join t on o.reference = t.reference and o.amount = t.amount and o.date = t.date"""
    ).fetchall()
    links = {(o, int(t)) for o, t in rows}
    return Answer(links, read(), "number, amount and date equal")


def recordlinkage_ecm(folder: Path) -> Answer:
    import pandas as pd
    import recordlinkage

    read = _clock()
    ours, theirs = _frames(folder, pd)
    index = recordlinkage.Index()
    index.block("amount")
    index.block("reference")
    pairs = index.index(ours, theirs)
    compare = recordlinkage.Compare()
    compare.exact("amount", "amount", label="amount")
    compare.string("reference", "reference", method="jarowinkler", threshold=0.85, label="reference")
    compare.numeric("day", "day", offset=1, scale=3, label="day")
    features = (compare.compute(pairs, ours, theirs) > 0.5).astype(int)
    found = recordlinkage.ECMClassifier().fit_predict(features)
    ids, numbers = ours["id"].to_dict(), theirs["no"].to_dict()
    links = {(ids[o], int(numbers[t])) for o, t in found}
    return Answer(links, read(), "ECM")


def splink_links(folder: Path) -> Answer:
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    read = _clock()
    ours, theirs = _frames(folder, pd)
    ours["unique_id"], theirs["unique_id"] = ours["id"], theirs["no"].astype(str)
    columns = ["unique_id", "reference", "amount", "day"]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.LevenshteinAtThresholds("reference", [1, 2, 4]),
            cl.ExactMatch("amount"),
            cl.CustomComparison(
                output_column_name="day",
                comparison_levels=[
                    {
                        "sql_condition": "day_l IS NULL OR day_r IS NULL",
                        "label_for_charts": "null",
                        "is_null_level": True,
                    },
                    {"sql_condition": "abs(day_l - day_r) <= 1", "label_for_charts": "1"},
                    {"sql_condition": "abs(day_l - day_r) <= 5", "label_for_charts": "5"},
                    {"sql_condition": "ELSE", "label_for_charts": "else"},
                ],
            ),
        ],
        blocking_rules_to_generate_predictions=[block_on("amount"), block_on("reference")],
    )
    database = DuckDBAPI()
    linker = Linker([database.register(ours[columns]), database.register(theirs[columns])], settings)
    linker.training.estimate_probability_two_random_records_match([block_on("reference", "amount")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("amount"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("reference"))
    frame = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    links: Links = set()
    used: set[str] = set()
    for row in frame.sort_values("match_probability", ascending=False).itertuples():
        one, other = (row.unique_id_l, row.unique_id_r)
        if not one.startswith("L"):
            one, other = other, one
        if one not in used and other not in used:
            used |= {one, other}
            links.add((one, int(other)))
    return Answer(links, read(), "probability ≥ 0.5, one to one")


def dedupe_sample(folder: Path) -> Answer:
    """Trained on 300 true pairs and 300 others, on the first 5,000 lines: it needs minutes and gigabytes beyond."""
    import random

    import dedupe

    sample = 5_000
    ours, theirs = ({}, {})
    for no, row in zip(range(sample), _rows(folder / "ledger.csv"), strict=False):
        ours[row[0]] = {"reference": row[5] or None, "amount": row[11], "date": row[8], "no": no}
    for no, row in enumerate(_rows(folder / "statement.csv"), 1):
        if no <= sample:
            theirs[no] = {"reference": row[5] or None, "amount": row[11], "date": row[8], "no": no}
    true = {(o, t) for o, t in map(tuple, json.loads((folder / "truth.json").read_text())) if o in ours and t in theirs}
    read = _clock()
    linker = dedupe.RecordLink(
        [dedupe.variables.String("reference", has_missing=True), dedupe.variables.Exact("amount"),
         dedupe.variables.String("date")]
    )  # fmt: skip
    r = random.Random(1)
    linker.prepare_training(ours, theirs, sample_size=3_000)
    some = sorted(true)
    r.shuffle(some)
    apart = [(ours[r.choice(list(ours))], theirs[r.choice(list(theirs))]) for _ in range(300)]
    linker.mark_pairs({"match": [(ours[o], theirs[t]) for o, t in some[:300]], "distinct": apart})
    linker.train(recall=0.95)
    found = linker.join(ours, theirs, threshold=0.5, constraint="one-to-one")
    links = {(pair[0], pair[1]) for pair, _ in found}
    used = read()
    note = f"first {sample} lines of each file; recall of {len(true)} links that lie in both"
    return Answer(links, used, note, sample=sample)


def rapidfuzz_sample(folder: Path) -> Answer:
    """The best WRatio ≥ 85 of every number against every number, on the first lines only: it is quadratic."""
    from rapidfuzz import fuzz, process

    sample = 1_000
    read = _clock()
    theirs = [row[5] for _, row in zip(range(sample), _rows(folder / "statement.csv"), strict=False)]
    ours = [(row[0], row[5]) for row in _rows(folder / "ledger.csv")]
    texts = [reference for _, reference in ours]
    links = set()
    for no, reference in enumerate(theirs, 1):
        best = process.extractOne(reference, texts, scorer=fuzz.WRatio, score_cutoff=85) if reference else None
        if best:
            links.add((ours[best[2]][0], no))
    note = f"first {sample} of their lines; all would take {len(ours) / sample:.0f} times as long"
    return Answer(links, read(), note, sample=sample)


def _frames(folder: Path, pd):
    ours = pd.read_csv(folder / "ledger.csv", dtype=str, keep_default_na=False)
    theirs = pd.read_csv(folder / "statement.csv", dtype=str, keep_default_na=False)
    theirs["no"] = range(1, len(theirs) + 1)
    for frame in (ours, theirs):
        frame["day"] = pd.to_datetime(frame["date"]).astype("int64") // (86_400 * 10**9)
        frame["reference"] = frame["reference"].where(frame["reference"] != "", None)
    return ours, theirs


CONTESTANTS = {
    "mailflow": mailflow_command,
    "dict join": dict_join,
    "polars join": polars_join,
    "duckdb join": duckdb_join,
    "splink": splink_links,
    "recordlinkage": recordlinkage_ecm,
    "rapidfuzz": rapidfuzz_sample,
    "dedupe": dedupe_sample,
}

if __name__ == "__main__":
    sys.exit(main())
