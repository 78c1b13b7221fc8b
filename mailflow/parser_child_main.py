"""Entry of the process behind :mod:`mailflow.adapters.parser_child`: documents and messages, read where it may die."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from parsers.child import parse_job, serve

if TYPE_CHECKING:
    from mailflow.correspondence.reading import Reading


def envelopes_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """``{"sizes"}`` and that many messages behind one another in; the JSON of their envelopes out."""
    from mailflow.correspondence import envelope

    found, start = [], 0
    for size in header["sizes"]:
        found.append(envelope.to_json(envelope.envelope(content[start : start + size])))
        start += size
    return found, b""


def read_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """``{"known_references", "trusted"}`` and a message in; what it says out, its attachments behind one another."""
    from mailflow.adapters.wording_files import load_wording
    from mailflow.correspondence import reading

    read = reading.read(
        content,
        wording=load_wording(),
        known_references=header.get("known_references", ()),
        trusted_authserv_ids=header.get("trusted", ()),
        own_addresses=header.get("own", ()),
    )
    return _told(read)


def read_many_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """``{"sizes", "trusted", "own"}`` and that many messages behind one another in; a list of what they say out,
    without their meaning, which depends on who the sender is to us; the attachments of all behind one another."""
    from mailflow.correspondence import reading, search_words

    found, blobs, start = [], [], 0
    for size in header["sizes"]:
        read = reading.read(
            content[start : start + size],
            wording=None,
            trusted_authserv_ids=header.get("trusted", ()),
            own_addresses=header.get("own", ()),
        )
        start += size
        value, blob = _told(read)
        for of_the_meaning in ("intents", "dispute_reasons", "mentioned", "promise"):
            del value["reading"][of_the_meaning]
        value["words"] = search_words.words("\n".join(search_words.texts(value["reading"])))
        found.append(value)
        blobs.append(blob)
    return found, b"".join(blobs)


def _told(read: Reading) -> tuple[dict[str, Any], bytes]:
    told = read.to_json()
    parts = [{key: part[key] for key in ("name", "type", "size", "inline")} for part in told["attachments"]]
    blob = b"".join(one.content for one in read.message.attachments)
    return {"reading": told, "routing": read.routing(), "parts": parts}, blob


def understand_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """``{"said": [{"text", "subject", "sent", "known", "attachments"}], "known": [[reference, …], …]}`` in, where
    ``known`` of a text is a place in the list; the meanings out."""
    from mailflow.adapters.wording_files import load_wording
    from mailflow.correspondence import meaning_json
    from mailflow.correspondence.intent import understand

    wording = load_wording()
    country = header.get("country")

    def after(day: dt.date, count: int) -> dt.date:
        from mailflow.receivables.working_days import working_days  # slow to import, and seldom asked

        return working_days(country).after(day, count)

    return [
        meaning_json.to_json(
            understand(
                one["text"],
                subject=one["subject"],
                sent=None if one["sent"] is None else dt.datetime.fromisoformat(one["sent"]),
                known_references=header["known"][one["known"]],
                wording=wording,
                attachment_names=one["attachments"],
                working_days=after if country else None,
            )
        )
        for one in header["said"]
    ], b""


def parse_many_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """``{"names", "sizes"}`` and that many documents behind one another in; for each what :func:`parse_job` gives."""
    found, start = [], 0
    for name, size in zip(header["names"], header["sizes"], strict=True):
        value, _ = parse_job({"name": name}, content[start : start + size])
        found.append(value)
        start += size
    return found, b""


@lru_cache(maxsize=1)
def prepare_reading() -> None:
    """Wording and compiled patterns, once for all children: a message costs a second without them, a few ms with."""
    for said in ("We confirm the balance of 1,200.00 EUR.", "余额无误，已付款，请查收。"):
        read_job({}, f"From: a@b.example\r\nSubject: Re: statement\r\n\r\n{said}\r\n".encode())


@lru_cache(maxsize=1)
def prepare_envelopes() -> None:
    message = b"From: a@b.example\r\n\r\n"
    envelopes_job({"sizes": [len(message)]}, message)


def dkim_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """A message and its keys (``{"keys": {name: text}, "domain"}``) in; the domain that signed out, or None."""
    from mailflow.correspondence.authentication import verify_dkim

    keys = {str(name): str(key).encode("latin-1") for name, key in header["keys"].items()}
    result = verify_dkim(content, lambda name: keys.get(name.rstrip(".").lower()), str(header["domain"]))
    return {"domain": result.domain if result.verdict == "pass" else None}, b""


def glance_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """A document in; its words, the cells of its first sheet (dates as ``{"date": …}``) and the codes of a slip of
    ours out, with the ink around them."""
    from mailflow.correspondence import slip_layout, token
    from parsers.formats.glance import glance
    from parsers.formats.marked_codes import marked_codes, pictured

    found = glance(content)
    codes = []
    if found.cells is None and (token.find(found.text) or pictured(content)):
        codes = [
            {"text": code.text, "dark": dict(code.dark), "red": dict(code.red)}
            for code in marked_codes(content, slip_layout.regions())
        ]
    cells: list[list[Any]] | None = None
    if found.cells is not None:
        cells = [[{"date": one.isoformat()} if isinstance(one, dt.date) else one for one in row] for row in found.cells]
    return {"text": found.text, "cells": cells, "codes": codes}, b""


def show_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """A document in; one page of it as a person sees it out: measures or rows, and the picture behind them."""
    from parsers.errors import LimitReached
    from parsers.errors import Unreadable as Refused
    from parsers.formats.showing import show

    asked = {name: header[name] for name in ("member", "number", "pixels", "first")}
    try:
        shown = show(content, header["name"], **asked)
    except (Refused, LimitReached) as refusal:
        return {"refused": str(refusal)}, b""
    return shown.to_json(), shown.picture


@lru_cache(maxsize=1)
def prepare_showing() -> None:
    """The imports behind a picture, once for all children: 0.3 s."""
    import numpy
    import PIL.Image
    import PIL.PngImagePlugin
    import pypdfium2

    from parsers.formats import pdf, showing

    _ = numpy, PIL, pypdfium2, pdf, showing


def main() -> None:
    serve(
        {
            "parse": parse_job, "parse_many": parse_many_job, "envelopes": envelopes_job, "read": read_job,
            "read_many": read_many_job, "understand": understand_job, "glance": glance_job, "dkim": dkim_job,
            "show": show_job,
        },
        {
            "envelopes": prepare_envelopes, "read": prepare_reading, "read_many": prepare_reading,
            "understand": prepare_reading, "show": prepare_showing,
        },
    )  # fmt: skip


if __name__ == "__main__":
    main()
