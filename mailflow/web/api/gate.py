"""The gate before every operation: whose token, may it, is the question well formed. No cookie counts here, so no other
site's page can speak for a person; every refusal is problem+json (RFC 9457) with one clear sentence.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from mailflow.bootstrap import House
from mailflow.receivables.party import Side
from mailflow.refusals import Refusal, Unreachable
from mailflow.steps.manage_people import bearer
from mailflow.steps.ports.people import Account
from mailflow.web.api import questions as ask
from mailflow.web.api.operation import Call, File, Operation, Problem, missing
from mailflow.web.api.table import OPERATIONS
from mailflow.web.views_read import download

BODY_LIMIT = 256 * 1024
PROBLEM = "application/problem+json"
# what each part of a path may be: the pattern stands in the description too
PARTS: dict[str, str] = {
    "no": r"[1-9][0-9]{0,9}",
    "case": r".{1,120}",
    "number": r".{1,120}",
    "party": r".{1,200}",
    "side": "|".join(Side),
    "report": r"[a-z_]{1,30}",
}
logger = logging.getLogger("mailflow")


def routes(house: House) -> list[BaseRoute]:
    """One route a path; each answers for all its methods, and for those that it does not have."""
    paths: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, []).append(operation)
    made: list[BaseRoute] = []
    for path, operations in paths.items():
        route = Route(f"/api{path}", Gate(house, operations), name=f"/api{path}")
        route.role = min((one.role for one in operations), key=list(type(operations[0].role)).index)  # type: ignore[attr-defined]
        made.append(route)
    return made


class Gate:
    """An ASGI application for one path."""

    def __init__(self, house: House, operations: Sequence[Operation]) -> None:
        self._house = house
        self._operations = {one.method: one for one in operations}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Problem as problem:
            response = told(problem)
        except ClientDisconnect:
            return
        except Unreachable as away:
            response = told(Problem(503, str(away)))
        except Exception:
            mark = secrets.token_hex(4)
            logger.exception("the API failed (%s) at %s %s", mark, request.method, request.url.path)
            response = told(Problem(500, f"something went wrong here; the log explains it under {mark}"))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        operation = self._operations.get(method)
        if operation is None:
            response = told(Problem(405, f"{request.url.path} knows only {' and '.join(self._operations)}"))
            response.headers["Allow"] = ", ".join(self._operations)
            return response
        account = await run_in_threadpool(_account, request, self._house)
        if not account.role.may(operation.role):
            raise Problem(403, f"this needs the role {operation.role.value}; the token has {account.role.value}")
        path = _path(request)
        query = _checked(operation.query, _query(request))
        body = None
        if operation.body is not None:
            body = _checked(operation.body, await _body(request))
        call = Call(self._house, account, path, query, body)
        try:
            made = await run_in_threadpool(operation.call, call)
        except Refusal as refusal:
            raise Problem(409 if operation.method == "POST" else 422, str(refusal)) from None
        return await run_in_threadpool(_made, request, made)


def told(problem: Problem) -> Response:
    phrase = HTTPStatus(problem.status).phrase
    content: dict[str, Any] = {
        "type": "about:blank", "title": phrase, "status": problem.status, "detail": problem.detail
    }  # fmt: skip
    if problem.errors:
        content["errors"] = problem.errors
    headers = {"WWW-Authenticate": 'Bearer realm="mailflow"'} if problem.status == 401 else None
    return Response(json.dumps(content, ensure_ascii=False), problem.status, headers, PROBLEM)


def _made(request: Request, made: Any) -> Response:
    if isinstance(made, File):
        return download(made.content, made.name)
    content = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    response = Response(content, media_type="application/json")
    if request.method in ("GET", "HEAD"):
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        if tag in re.split(r"\s*,\s*", request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers={"ETag": tag})
        response.headers["ETag"] = tag
    return response


def _account(request: Request, house: House) -> Account:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(401, "send the token in the header Authorization: Bearer …; 'mailflow token create' makes one")
    account = bearer(house.database, token.strip(), house.clock.now())
    if account is None:
        raise Problem(401, "this token is not known, has ended, or its account is switched off")
    return account


def _path(request: Request) -> dict[str, str]:
    parts = {name: str(value) for name, value in request.path_params.items()}
    for name, value in parts.items():
        if not re.fullmatch(PARTS[name], value) or not value.isprintable():
            raise missing(f"{name} like this")
        if name == "no" and int(value) > ask.HIGHEST:
            raise missing("such number")
    return parts


def _query(request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise Problem(422, f"{name[:60]} stands there twice")
        values[name] = value
    return values


async def _body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "send JSON (Content-Type: application/json)")
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > BODY_LIMIT:
            raise Problem(413, f"the body is longer than {BODY_LIMIT} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _checked(model: type[BaseModel] | None, given: dict[str, Any] | bytes) -> BaseModel | None:
    """A query is read from texts; a body must have the very types of JSON."""
    if model is None:
        if given:
            raise Problem(422, "nothing may be asked here")
        return None
    try:
        if isinstance(given, bytes):
            return model.model_validate_json(given, strict=True)
        return model.model_validate_strings(given)
    except ValidationError as failure:
        errors = [
            {"field": ".".join(map(str, one["loc"]))[:100], "detail": _words(one["msg"])}
            for one in failure.errors(include_url=False, include_context=False, include_input=False)[:20]
        ]
        first = errors[0]
        where = f"{first['field']}: " if first["field"] else ""
        raise Problem(422, f"{where}{first['detail']}", errors) from None


def _words(message: str) -> str:
    return message.removeprefix("Value error, ")[:300]
