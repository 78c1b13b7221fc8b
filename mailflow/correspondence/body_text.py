"""A text/plain body as its sender saw it: flowed lines joined, uuencoded files taken out, PGP cleartext opened."""

from __future__ import annotations

import re

from mailflow.correspondence.mime_parts import uudecoded

MAX_UU_FILES = 20

_UU = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,255})$", re.MULTILINE)


def lines_unified(text: str) -> str:
    """LF line ends, no NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def unflowed(text: str, delete_space: bool) -> str:
    """``format=flowed`` (RFC 3676): a line that ends in a blank goes on in the next one of the same quote depth."""
    out: list[str] = []
    flowing_depth = -1
    paragraph: list[str] = []

    def close() -> None:
        if paragraph:
            mark = ">" * flowing_depth + (" " if flowing_depth else "")
            out.append(mark + "".join(paragraph))
            paragraph.clear()

    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        if content.startswith(" "):
            content = content[1:]  # space-stuffed
        signature = content in ("-- ", "--")
        if paragraph and (depth != flowing_depth or signature):
            close()
        soft = content.endswith(" ") and not signature
        flowing_depth = depth
        paragraph.append(content[:-1] if soft and delete_space else content)
        if not soft:
            close()
    close()
    return "\n".join(out)


def uuencoded_files(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without the files that stand uuencoded in it, and those files as (name, content)."""
    if "\nbegin " not in text and not text.startswith("begin "):
        return text, []
    files: list[tuple[str, bytes]] = []
    kept: list[str] = []
    place = 0
    for found in _UU.finditer(text):
        if found.start() < place or len(files) >= MAX_UU_FILES:
            continue
        end = text.find("\nend", found.end())
        if end < 0:
            break
        block = text[found.end() + 1 : end]
        first = block.split("\n", 1)[0]
        if not first or not first.isascii() or not 32 <= ord(first[0]) <= 96:
            continue
        content = uudecoded(block.encode("ascii", "replace"))
        if content:
            files.append((found[1].strip(), content))
            kept.append(text[place : found.start()])
            place = end + 4
    kept.append(text[place:])
    return "".join(kept), files
