"""The description of the API (OpenAPI 3.1), written from the table that serves it."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mailflow.web.api import shapes
from mailflow.web.api.events import EVENTS
from mailflow.web.api.gate import PARTS, PROBLEM
from mailflow.web.api.operation import Operation
from mailflow.web.api.table import OPERATIONS

_REFERENCE = "#/components/schemas/{model}"
_ABOUT = (
    "The same cases, conversations, documents, reconciliations and statements as on the desk, and the same decisions: "
    "by the same steps, with the same roles, in the same journal. Money is a decimal string, never a float. A list is "
    "a page: `next` says where the next one is. Every refusal is problem+json with one sentence in `detail`."
)
_WHEN = {
    "304": "It is as the `If-None-Match` says.",
    "401": "No token, or one that does not count.",
    "403": "The token's role is not enough.",
    "404": "There is no such thing.",
    "409": "The step refuses; `detail` says why.",
    "413": "The body is too long.",
    "415": "The body is not JSON.",
    "422": "The question is not well formed.",
    "503": "The database does not answer.",
}


@cache
def description() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "mailflow", "version": _version(), "description": _ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": "/api"}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in dict.fromkeys(one.group for one in OPERATIONS)],
        "paths": paths,
        "webhooks": {
            subject.value: {
                "post": {
                    "operationId": f"webhook_{subject.value.replace('.', '_')}",
                    "summary": model.__doc__,
                    "parameters": [
                        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
                        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
                    ],
                    "requestBody": {"required": True, "content": _json(model)},
                    "responses": {"2XX": {"description": "It is taken; anything else is tried again."}},
                    "security": [],
                }
            }
            for subject, model in EVENTS.items()
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http", "scheme": "bearer",
                    "description": "Made by an administrator: `mailflow token create`, or on the page People.",
                }
            },
        },
    }  # fmt: skip


def _operation(one: Operation) -> dict[str, Any]:
    content = (
        {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        if one.answer is None
        else _json(one.answer)
    )
    headers = {"ETag": {"schema": {"type": "string"}}} if one.method == "GET" and one.answer is not None else {}
    wrong = ["401", "403", "404", "422", "503"]
    if one.method == "POST":
        wrong += ["409", "413", "415"]
    responses: dict[str, Any] = {"200": {"description": "Done.", "content": content, "headers": headers}}
    if headers:
        responses["304"] = {"description": _WHEN["304"]}
    for status in sorted(wrong):
        responses[status] = {
            "description": _WHEN[status],
            "content": {PROBLEM: {"schema": {"$ref": _REFERENCE.format(model="ProblemShape")}}},
        }
    said: dict[str, Any] = {
        "operationId": one.id,
        "summary": one.summary,
        "description": f"{one.notes} Role: {one.role.value}.".strip(),
        "tags": [one.group],
        "parameters": [*_in_path(one), *_in_query(one)],
        "responses": responses,
        "x-role": one.role.value,
    }
    if one.body is not None:
        said["requestBody"] = {"required": True, "content": _json(one.body)}
    return said


def _in_path(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True,
         "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1} if name == "no"
         else {"type": "string", "pattern": f"^(?:{PARTS[name]})$"}}
        for name in re.findall(r"{(\w+)}", one.path)
    ]  # fmt: skip


def _in_query(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    schema = one.query.model_json_schema(ref_template=_REFERENCE)
    required = schema.get("required", [])
    made = []
    for name, about in schema.get("properties", {}).items():
        about = _without_null(dict(about))
        words = about.pop("description", None)
        parameter = {"name": name, "in": "query", "required": name in required, "schema": about}
        made.append(parameter | ({"description": words} if words else {}))
    return made


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query has no null: what may be left out is left out."""
    choices = [one for one in schema.pop("anyOf", []) if one.get("type") != "null"]
    if schema.get("default", 0) is None:
        del schema["default"]
    return schema | (choices[0] if choices else {})


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}}}


def _schemas() -> dict[str, Any]:
    wanted: dict[type[BaseModel], Literal["validation", "serialization"]] = {shapes.ProblemShape: "serialization"}
    for model in EVENTS.values():
        wanted[model] = "serialization"
    for one in OPERATIONS:
        if one.answer is not None:
            wanted[one.answer] = "serialization"
        for asked in (one.body, one.query):
            if asked is not None:
                wanted[asked] = "validation"
    _, made = models_json_schema(list(wanted.items()), ref_template=_REFERENCE)
    found: dict[str, Any] = made["$defs"]
    return found


def _version() -> str:
    try:
        return version("mailflow")
    except PackageNotFoundError:
        return "0"
