"""Which lines of the two books share a number, rung by rung: looked up by every pass over numbers, climbed once.

Built when a pass first asks for a rung, from the lines that are free then; later passes only ever see fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mailflow.reconciliation.entry import Entry

Group = tuple[list[Entry], list[Entry]]


def shared(ours: Sequence[Entry], theirs: Sequence[Entry], keys_of: Callable[[Entry], Iterable[str]]) -> list[Group]:
    """The lines of either side under each key that both have, in the order of keys."""
    our_keys = [keys_of(entry) for entry in ours]
    their_keys = [keys_of(entry) for entry in theirs]
    common = set().union(*our_keys) & set().union(*their_keys)
    if not common:
        return []
    found: dict[str, Group] = {key: ([], []) for key in sorted(common)}
    for side, (entries, held) in enumerate(((ours, our_keys), (theirs, their_keys))):
        for entry, own in zip(entries, held, strict=True):
            for key in own:
                group = found.get(key)
                if group is not None:
                    group[side].append(entry)
    return list(found.values())
