"""Disjoint sets of messages that become conversations, and what must not meet in one of them."""

from __future__ import annotations


class Sets:
    """Of message numbers and ghosts. ``rivals`` are letters that each open a conversation, ``parties`` who takes part;
    a set has one of the former, and of the latter those that belong together."""

    def __init__(self, size: int) -> None:
        self.joined = 0  # how often two sets became one
        self.parent = list(range(size))
        self.rivals: list[frozenset[str]] = [frozenset()] * size
        self.parties: list[frozenset[str]] = [frozenset()] * size

    def add(self) -> int:
        self.parent.append(len(self.parent))
        self.rivals.append(frozenset())
        self.parties.append(frozenset())
        return len(self.parent) - 1

    def find(self, one: int) -> int:
        while self.parent[one] != one:
            self.parent[one] = self.parent[self.parent[one]]
            one = self.parent[one]
        return one

    def may_join(self, one: int, other: int, *, kin: bool = False) -> bool:
        """Not two letters that each open a conversation, and not two parties."""
        first, second = self.find(one), self.find(other)
        if first == second:
            return True
        if self.rivals[first] and self.rivals[second] and self.rivals[first] != self.rivals[second]:
            return False
        both = self.parties[first] and self.parties[second]
        return bool(kin or not both or self.parties[first] & self.parties[second])

    def join(self, one: int, other: int, *, kin: bool = False) -> bool:
        """``kin``: it is known that both belong together, whoever wrote them."""
        if not self.may_join(one, other, kin=kin):
            return False
        first, second = sorted((self.find(one), self.find(other)))
        if first != second:
            self.joined += 1
            self.parent[second] = first
            self.rivals[first] |= self.rivals[second]
            self.parties[first] |= self.parties[second]
        return True
