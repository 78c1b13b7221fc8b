"""``mailflow parse FILE --learn``: what a correction would be remembered as, and remembering it for a party.

mailflow parse oct.pdf --learn                                        # how it was read
mailflow parse oct.pdf --learn --set "Wert=amount" --save S001        # corrected, and kept for S001
mailflow parse nov.pdf --profile S001                                 # the next one
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mailflow.adapters.profile_files import as_toml, read_profiles, save_profile, usual_place
from mailflow.refusals import Refusal
from parsers.documents import Document, Trust
from parsers.profile import Profile, ProfileError, header_key

_SETTINGS = ("issuer", "date_order", "decimal_mark", "sign")


def known_profile(file: Path | None, party: str) -> Profile:
    """The party's profile. Raises ``Refusal`` where there is none."""
    path = file or usual_place(Path())
    profiles = read_profiles(path)
    if party not in profiles:
        raise Refusal(f"{path} holds no profile of {party}; make one with: mailflow parse FILE --learn --save {party}")
    return profiles[party]


def learn(arguments: argparse.Namespace, paths: list[Path], password: str | None) -> int:
    """Read with the corrections, say how it went before and after, and show (or keep) the profile. 0: proven or
    plausible with it; 1: still in doubt."""
    from mailflow.cli.parse_command import needs_a_person, parse_files

    if len(paths) != 1:
        raise Refusal("--learn takes one document at a time")
    party = arguments.save or arguments.profile
    path = arguments.profiles or usual_place(Path())
    known = (read_profiles(path).get(party) if party else None) or Profile()
    before = parse_files(paths, password, known)
    corrected = _corrected(known, arguments.set)
    after = parse_files(paths, password, corrected) if corrected != known else before
    shown = max(after, key=lambda document: len(document.lines))
    learnt = _learnt(shown, corrected)
    if corrected != known:
        print(f"# before: {_said(before)}; with this: {_said(after)}", file=sys.stderr)
    else:
        print(f"# {_said(before)}", file=sys.stderr)
    print(as_toml(party or "PARTY", learnt), end="")
    if arguments.save:
        save_profile(path, arguments.save, learnt)
        print(f"# remembered in {path}", file=sys.stderr)
    return 1 if any(map(needs_a_person, after)) else 0


def _corrected(known: Profile, corrections: list[str]) -> Profile:
    told = known.to_mapping()
    for one in corrections:
        name, equals, value = one.rpartition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name or not value:
            raise Refusal(f'--set {one}: write NAME=VALUE, for example --set "Wert=amount" or --set date_order=DMY')
        if name in _SETTINGS:
            told[name] = value
        else:
            told["columns"] = {h: r for h, r in told["columns"].items() if header_key(h) != header_key(name)}
            told["columns"][name] = value
    try:
        return Profile.from_mapping(told)
    except ProfileError as error:
        raise Refusal(f"--set: {error}") from error


def _learnt(document: Document, corrected: Profile) -> Profile:
    """The whole reading of this document as a profile: every column by its header, and what was corrected."""
    columns = {
        header: role
        for header, role in document.layout.get("columns", [])
        if header and role and corrected.role_of(header) is None
    }
    return Profile.from_mapping({**corrected.to_mapping(), "columns": {**columns, **corrected.columns}})


def _said(documents: list[Document]) -> str:
    lines = sum(len(document.lines) for document in documents)
    worst = [
        trust for trust in (Trust.UNPROVEN, Trust.PLAUSIBLE, Trust.PROVEN) if any(d.trust is trust for d in documents)
    ]
    return f"{lines} lines, {worst[0].value if worst else Trust.UNPROVEN.value}"
