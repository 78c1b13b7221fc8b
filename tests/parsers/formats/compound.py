"""Writes the compound files ([MS-CFB]) that tests need: storages, streams, and the mini stream for small ones."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field

SECTOR, MINI, CUT_OFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass
class Storage:
    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)


def compound(root: Storage) -> bytes:
    """A file of version 3 (sectors of 512 bytes, mini sectors of 64, cut-off 4,096)."""
    entries: list[list[object]] = []  # name, kind, child, right sibling, start, size
    sectors: list[bytes] = []
    chains: list[tuple[int, int]] = []
    mini = bytearray()
    mini_fat: list[int] = []

    def place(content: bytes) -> int:
        start = len(sectors)
        pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\x00") for at in range(0, len(content), SECTOR)]
        sectors.extend(pieces or [bytes(SECTOR)])
        chains.append((start, max(len(pieces), 1)))
        return start

    def place_small(content: bytes) -> int:
        start, count = len(mini_fat), max(-(-len(content) // MINI), 1)
        mini.extend(content.ljust(count * MINI, b"\x00"))
        mini_fat.extend([*range(start + 1, start + count), _END])
        return start

    def add(name: str, kind: int, storage: Storage | None, content: bytes = b"") -> int:
        number = len(entries)
        start = 0 if kind != 2 else place(content) if len(content) >= CUT_OFF else place_small(content)
        entries.append([name, kind, _FREE, _FREE, start, len(content)])
        if storage is not None:
            children = [add(n, 2, None, c) for n, c in storage.streams.items()]
            children += [add(n, 1, s) for n, s in storage.storages.items()]
            # a tree that leans to the right: readers follow it, only its balance is not kept
            children.sort(key=lambda child: (len(str(entries[child][0])), str(entries[child][0]).upper()))
            for left, right in itertools.pairwise(children):
                entries[left][3] = right
            entries[number][2] = children[0] if children else _FREE
        return number

    add("Root Entry", 5, root)
    entries[0][4:] = [place(bytes(mini)), len(mini)]
    table = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    table += b"\xff" * (-len(table) % SECTOR)
    mini_fat_start, mini_fat_sectors = place(table), len(table) // SECTOR
    directory = b"".join(_entry(*entry) for entry in entries)  # type: ignore[arg-type]
    directory_start = place(directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\x00"))
    fat_sectors = 1
    while (len(sectors) + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    fat = [_FREE] * (fat_sectors * SECTOR // 4)
    for start, length in chains:
        fat[start : start + length] = [*range(start + 1, start + length), _END]
    first_fat = len(sectors)
    fat[first_fat : first_fat + fat_sectors] = [_FAT] * fat_sectors
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIII", 0, fat_sectors, directory_start, 0, CUT_OFF)
    header += struct.pack("<IIII", mini_fat_start, mini_fat_sectors, _END, 0)
    header += b"".join(struct.pack("<I", first_fat + n if n < fat_sectors else _FREE) for n in range(109))
    return header.ljust(SECTOR, b"\x00") + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    raw = (name + "\x00").encode("utf-16-le")
    head = raw.ljust(64, b"\x00") + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, right, child)
    return (head + bytes(36) + struct.pack("<IQ", start, size)).ljust(128, b"\x00")
