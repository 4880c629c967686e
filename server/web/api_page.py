"""The API, browsable: the OpenAPI document as one page that needs no script (operations.md, "Addresses")."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from flask import render_template

from schemas import export
from schemas.declare import Registry
from server.context import context
from server.web.site import pages

Json = Any
METHODS = ("get", "post", "patch", "put", "delete", "head", "options")


@dataclass(frozen=True)
class Answer:
    """One status: what it is called, and the component that its body is."""

    status: str
    what: str
    body: str | None


@dataclass(frozen=True)
class Operation:
    """One method of one address. `takes`: the component of the body; `given`: parameters by name."""

    method: str
    path: str
    anchor: str
    summary: str
    signed_in: bool
    given: tuple[tuple[str, str, str], ...]
    takes: str | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Shown:
    """All that the page shows: operations by what they are about, and the components as JSON text."""

    version: str
    groups: tuple[tuple[str, tuple[Operation, ...]], ...]
    components: tuple[tuple[str, str], ...]


@pages.get("/api/docs")
def api_docs() -> str:
    """Show the API to whoever writes a client; it holds nothing of the branch."""
    return render_template("api.html", api=_shown(context().registry))


@cache
def _shown(registry: Registry) -> Shown:
    return shown(export.openapi_document(registry, version("xiangxin")))


def shown(document: Mapping[str, Json]) -> Shown:
    """Return an OpenAPI document as the page shows it."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                described = methods[method]
                about = described.get("tags", ["other"])[0]
                groups.setdefault(about, []).append(_operation(document, path, method, described))
    components = {
        name: json.dumps(schema, ensure_ascii=False, indent=2)
        for name, schema in document["components"]["schemas"].items()
    }
    told = tuple((about, tuple(them)) for about, them in groups.items())
    return Shown(document["info"]["version"], told, tuple(sorted(components.items())))


def _operation(
    document: Mapping[str, Json], path: str, method: str, described: Mapping[str, Json]
) -> Operation:
    given = tuple(
        (it["name"], it["in"], _kind(it.get("schema", {})))
        for it in (_resolved(document, one) for one in described.get("parameters", ()))
    )
    body = _resolved(document, described.get("requestBody", {}))
    answers = tuple(
        Answer(status, answered.get("description", ""), _body(answered))
        for status, answered in _answers(document, described["responses"])
    )
    return Operation(
        method.upper(), path, described["operationId"], described.get("summary", ""),
        described.get("security", document.get("security")) != [], given, _body(body), answers,
    )  # fmt: skip


def _answers(
    document: Mapping[str, Json], responses: Mapping[str, Json]
) -> Iterable[tuple[str, Mapping[str, Json]]]:
    return ((status, _resolved(document, it)) for status, it in sorted(responses.items()))


def _resolved(document: Mapping[str, Json], it: Mapping[str, Json]) -> Mapping[str, Json]:
    """Follow one pointer into the document, where *it* is one."""
    pointer = it.get("$ref")
    if pointer is None:
        return it
    found: Json = document
    for step in pointer.removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _body(it: Mapping[str, Json]) -> str | None:
    """Return the first component that a body is, or consists of."""
    contents = it.get("content", {}).values()
    return next((name for one in contents for name in _names(one.get("schema", {}))), None)


def _names(schema: Json) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for it in schema.values():
            yield from _names(it)
    elif isinstance(schema, list):
        for it in schema:
            yield from _names(it)


def _kind(schema: Mapping[str, Json]) -> str:
    """Return what a parameter may be, in a few words."""
    if "enum" in schema:
        return " | ".join(str(it) for it in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "")
