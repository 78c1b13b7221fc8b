"""All routes below ``/api``: the operations, their description, a page that shows it, and an answer for every other."""

from __future__ import annotations

import html
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from mailflow.bootstrap import House
from mailflow.web.api.gate import routes, told
from mailflow.web.api.openapi import description
from mailflow.web.api.operation import Problem
from mailflow.web.visit import OPEN


def api(house: House) -> list[BaseRoute]:
    """What is said about the API is no secret; every operation needs a token."""
    made: list[BaseRoute] = [
        Route("/api/openapi.json", _description, name="/api/openapi.json"),
        Route("/api/docs", _page, name="/api/docs"),
        *routes(house),
        Route("/api", _Nowhere(), name="/api"),
        Route("/api/{rest:path}", _Nowhere(), name="/api/…"),
    ]
    for route in made:
        if not hasattr(route, "role"):
            route.role = OPEN  # type: ignore[attr-defined]
    return made


class _Nowhere:
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await told(Problem(404, "there is nothing here; /api/docs shows what there is"))(scope, receive, send)


async def _description(request: Request) -> Response:
    return Response(json.dumps(description(), ensure_ascii=False), media_type="application/json")


async def _page(request: Request) -> Response:
    return HTMLResponse(_reading())


def _reading() -> str:
    """The description for people: one file, no script, nothing from elsewhere."""
    said = description()
    groups: dict[str, list[str]] = {}
    for path, methods in said["paths"].items():
        for method, one in methods.items():
            groups.setdefault(one["tags"][0], []).append(_shown(method.upper(), path, one, said))
    text = html.escape
    links = [f'<a href="#{text(name)}">{text(name)}</a>' for name in [*groups, "events"]]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>mailflow: API</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<link rel="stylesheet" href="/static/console.css"></head><body><main>',
        f"<h1>API</h1><p>{text(said['info']['description'])}</p>",
        '<p><a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1)</p>',
        f"<nav><p>{' · '.join(links)}</p></nav>",
    ]
    for name, shown in groups.items():
        parts.append(f'<h2 id="{text(name)}">{text(name)}</h2>{"".join(shown)}')
    parts.append('<h2 id="events">events</h2>')
    for name, event in said["webhooks"].items():
        schema = event["post"]["requestBody"]["content"]["application/json"]["schema"]
        parts.append(f"<h3><code>{text(name)}</code></h3><p>{text(event['post']['summary'])}</p>{_type(schema, said)}")
    parts.append("</main></body></html>")
    return "".join(parts)


def _shown(method: str, path: str, one: dict[str, Any], said: dict[str, Any]) -> str:
    text = html.escape
    rows = "".join(
        f"<tr><td><code>{text(asked['name'])}</code></td><td>{text(asked['in'])}</td>"
        f"<td>{text(_words(asked['schema']))}</td><td>{text(asked.get('description', ''))}</td></tr>"
        for asked in one["parameters"]
    )
    asked = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    body = ""
    if "requestBody" in one:
        body = "<p>Body:</p>" + _type(one["requestBody"]["content"]["application/json"]["schema"], said)
    answer = one["responses"]["200"]["content"].get("application/json", {}).get("schema")
    gives = "<p>Answer: a file.</p>" if answer is None else "<p>Answer:</p>" + _type(answer, said)
    return (
        f"<details><summary><code>{method} /api{text(path)}</code> {text(one['summary'])}</summary>"
        f"<p>{text(one['description'])}</p>{asked}{body}{gives}</details>"
    )


def _type(schema: dict[str, Any], said: dict[str, Any]) -> str:
    """The fields of an object, one a row."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    fields = said["components"]["schemas"].get(name, {}).get("properties", {})
    text = html.escape
    rows = "".join(
        f"<tr><td><code>{text(field)}</code></td><td>{text(_words(about))}</td>"
        f"<td>{text(about.get('description', ''))}</td></tr>"
        for field, about in fields.items()
    )
    return f"<p><code>{text(name)}</code></p><table><tbody>{rows}</tbody></table>"


def _words(schema: dict[str, Any]) -> str:
    """A type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_words(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {_words(schema.get('items', {}))}"
    return f"{kind} ({schema['format']})" if "format" in schema else kind
