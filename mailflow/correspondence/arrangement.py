"""Conversations out of a handful of messages under what persons have decided: split, merged.

The reply graph of :mod:`mailflow.correspondence.threading` for messages that are stored already, with two more kinds of
evidence, which outrank every header: messages that a person put *together*, and messages that a person set *apart*.
The newer decision wins over the older. The same messages and decisions give the same conversations, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """``no`` is the message's number; ``ids`` are its own id and those it points to, the strongest first."""

    no: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision. ``one`` and ``other`` are messages that belong together, or that never meet."""

    no: int
    together: bool
    one: frozenset[int]
    other: frozenset[int]


@dataclass(slots=True)
class Group:
    """One conversation: its messages, ascending, and the ids that lead into it."""

    messages: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


class _Sets:
    def __init__(self) -> None:
        self._parent: dict[object, object] = {}
        self._sides: dict[object, frozenset[tuple[int, bool]]] = {}

    def find(self, one: object) -> object:
        parent = self._parent.setdefault(one, one)
        while parent != one:
            one, parent = parent, self._parent[parent]
        return one

    def bar(self, one: object, side: tuple[int, bool]) -> None:
        root = self.find(one)
        self._sides[root] = self._sides.get(root, frozenset()) | {side}

    def barred(self, one: object, side: tuple[int, bool]) -> bool:
        return side in self._sides.get(self.find(one), frozenset())

    def join(self, one: object, other: object) -> bool:
        first, second = self.find(one), self.find(other)
        if first == second:
            return True
        mine, theirs = self._sides.get(first, frozenset()), self._sides.get(second, frozenset())
        if any((number, not side) in theirs for number, side in mine):
            return False
        self._parent[second] = first
        self._sides[first] = mine | theirs
        return True


def arrange(members: Iterable[Member], rulings: Sequence[Ruling]) -> list[Group]:
    """In the order of each group's first message. An id that two groups share leads into that of the stronger pointer,
    then of the earlier message."""
    ordered = sorted(members, key=lambda one: one.no)
    here = {one.no for one in ordered}
    sets = _Sets()
    for ruling in sorted(rulings, key=lambda one: -one.no):  # the newest first: an older one that contradicts it yields
        if ruling.together:
            both = sorted((ruling.one | ruling.other) & here)
            for number in both[1:]:
                sets.join(both[0], number)
            continue
        sides = ((ruling.one & here, True), (ruling.other & here, False))
        if {sets.find(number) for number in sides[0][0]} & {sets.find(number) for number in sides[1][0]}:
            continue
        for numbers, side in sides:
            for number in numbers:
                sets.bar(number, (ruling.no, side))
    deepest = max((len(one.ids) for one in ordered), default=0)
    for strength in range(deepest):
        for one in ordered:
            if strength < len(one.ids):
                sets.join(one.no, one.ids[strength])
    groups: dict[object, Group] = {}
    for one in ordered:
        groups.setdefault(sets.find(one.no), Group()).messages.append(one.no)
    for message_id in sorted({message_id for one in ordered for message_id in one.ids}):
        group = groups.get(sets.find(message_id))
        if group is not None:
            group.ids.append(message_id)
    return sorted(groups.values(), key=lambda group: group.messages[0])
