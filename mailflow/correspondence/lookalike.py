"""Domains that look like one we know: letters left out, swapped, doubled, replaced by look-alikes, another ending."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise

# What is read as what: digits, pairs of letters, Cyrillic and Greek letters of the same shape (Unicode TR 39, a part)
_SHAPES = str.maketrans(
    "01345789àáâãäåāăąçćčďèéêëēėęěìíîïīįıłļľñńňòóôõöøōőŕřśšşťùúûüūůűųýÿžźżаеорсухіјѕԁԛԝһіνοαερτυκмтвнгӏ|!$@",
    "oleastbgaaaaaaaaacccdeeeeeeeeiiiiiiilllnnnoooooooorrssstuuuuuuuuyyzzzaeopcyxijsdqwhivoaeptukmtbhrllisa",
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"), ("ii", "u"), ("lj", "y"))
_SECOND_LEVEL = frozenset("com co net org gov edu ac or ne go gob nom".split())


def plain(domain: str) -> str:
    """Lower case, without a final dot, ``xn--`` labels decoded."""
    domain = domain.strip().rstrip(".").lower()
    if "xn--" not in domain:
        return domain
    labels = []
    for label in domain.split("."):
        if label.startswith("xn--") and len(label) <= 63:
            with suppress(UnicodeError, ValueError):
                label = label[4:].encode("ascii").decode("punycode")
        labels.append(label)
    return ".".join(labels)


def registrable(domain: str) -> str:
    """The part that somebody registered: ``mail.buyer.co.uk`` -> ``buyer.co.uk`` (without the public suffix list)."""
    labels = plain(domain).split(".")
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def aligned(domain: str | None, sender: str) -> bool:
    """Relaxed alignment (RFC 7489, 3.1): the same registrable domain."""
    return bool(domain) and bool(sender) and registrable(domain or "") == registrable(sender)


def looks_like(domain: str, known: Iterable[str]) -> str | None:
    """The known domain that ``domain`` imitates; None when it is one of them or resembles none."""
    theirs = plain(domain)
    own = registrable(theirs)
    names = {registrable(one): plain(one) for one in known if one}
    if not own or own in names:
        return None
    label = own.split(".")[0]
    shape = _shape(label)
    for other, full in names.items():
        wanted = other.split(".")[0]
        if len(wanted) >= 4 and (f"{full}." in f"{theirs}." or full.replace(".", "-") in theirs):
            return other  # huaxing.example.evil.com, huaxing-example.com
        if len(wanted) < 3:
            continue
        if label == wanted and len(wanted) >= 5:
            return other  # another ending
        if _shape(wanted) == shape and (label != wanted or len(wanted) >= 5):
            return other
        allowed = 0 if len(wanted) <= 4 else 1 if len(wanted) <= 7 else 2
        if allowed and abs(len(label) - len(wanted)) <= allowed and _distance(label, wanted, allowed) <= allowed:
            return other
    return None


def _shape(label: str) -> str:
    shape = label.translate(_SHAPES).replace("-", "").replace("_", "")
    for pair, one in _PAIRS:
        shape = shape.replace(pair, one)
    return "".join(one for one, after in pairwise(shape + " ") if one != after)  # doubled letters count once


def _distance(left: str, right: str, limit: int) -> int:
    """Edits (with swaps of neighbours) between two short labels; ``limit + 1`` when there are more."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for number, character in enumerate(left, 1):
        older, before = before, row
        row = [number]
        for place, other in enumerate(right, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (character != other))
            if number > 1 and place > 1 and character == right[place - 2] and left[number - 2] == other:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
