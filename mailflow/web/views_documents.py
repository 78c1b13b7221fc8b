"""Documents that came: their pages as pictures, drawn where documents are read; never anything of theirs as it is."""

from __future__ import annotations

import hashlib

from starlette.responses import Response

from mailflow.refusals import Refusal
from mailflow.web.document_view import PIXELS
from mailflow.web.visit import Visit


def page_picture(visit: Visit) -> Response:
    """A PNG that the parser child drew; the browser may keep it, and asks whether it is still the same."""
    with visit.house.database.reading() as work:
        kept = work.documents.get(visit.number("no"))
    if kept is None:
        raise Refusal(visit.pages.words(visit)["not_found"])
    number, zoom = visit.number("page"), visit.request.query_params.get("zoom", "1")
    pixels = PIXELS[int(zoom)] if zoom in {str(one) for one in PIXELS} else PIXELS[1]
    tag = hashlib.sha256(f"{kept.sha256} {kept.document.member} {number} {pixels}".encode()).hexdigest()[:32]
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if visit.request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    page = visit.house.document_pages.shown(kept.sha256, kept.name, kept.document.member, number, pixels=pixels)
    if not page.picture:
        raise Refusal(page.refused or visit.pages.words(visit)["not_found"])
    return Response(page.picture, media_type="image/png", headers=headers)
