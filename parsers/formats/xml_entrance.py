"""The one entrance for XML: a document type is refused in any encoding, nothing is fetched, size and depth are bound.

Refused before parsing (the bytes, also as UTF-16 and UTF-32, and UTF-7 which PhpSpreadsheet missed: CVE-2018-19277)
and again after it (``docinfo``), so neither entity bombs nor external entities have a way in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parsers import limits
from parsers.errors import LimitReached, Unreadable

_REFUSED = "the XML declares a document type, which is refused (entities can read files and swallow memory)"


def parse(data: bytes) -> Any:
    """The root element. Raises :class:`Unreadable`, or :class:`LimitReached` for size and depth."""
    from lxml import etree

    if len(data) > limits.MAX_XML_BYTES:
        raise LimitReached("MAX_XML_BYTES", f"the XML has {len(data)} bytes, {limits.MAX_XML_BYTES} are read")
    plain = data.replace(b"\x00", b"")  # UTF-16 and UTF-32 are their ASCII between zeros
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain or b"+ADwAIQ" in plain:
        raise Unreadable(_REFUSED)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"the XML is damaged: {str(error)[:160]}") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable(_REFUSED)
    _check_depth(root)
    return root


def _check_depth(root: Any) -> None:
    depth, element = 0, root
    from lxml import etree

    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.MAX_XML_DEPTH:
            raise LimitReached("MAX_XML_DEPTH", f"elements lie more than {limits.MAX_XML_DEPTH} deep, at {element.tag}")


def name(element: Any) -> str:
    """The local name, without its namespace: versions of one format differ in nothing else that is read here."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Any, local: str) -> Iterator[Any]:
    return (child for child in element if name(child) == local)


def child(element: Any, *path: str) -> Any | None:
    """The first element at the end of ``path``, or None."""
    for local in path:
        if element is None:
            return None
        element = next(children(element, local), None)
    return element


def text(element: Any, *path: str) -> str | None:
    """The text at the end of ``path``, None when it is absent or blank."""
    found = child(element, *path)
    if found is None:
        return None
    return " ".join("".join(found.itertext()).split()) or None


def descendants(element: Any, local: str) -> Iterator[Any]:
    return (found for found in element.iter() if name(found) == local)


def attribute(element: Any, local: str) -> str | None:
    """The attribute of that local name, whatever its namespace."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == local), None)
