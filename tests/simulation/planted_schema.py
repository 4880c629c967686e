"""Faults between schema versions: what is lifted, trimmed, and told once a program knows more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

from schemas import versions
from tests.simulation import pages, server
from tests.simulation.pages import Page
from tests.simulation.planting import planted, swap


@planted
def hidden_fields_never_told() -> AbstractContextManager[object]:
    """A device that has been upgraded is told only of what changes from then on."""
    return swap(versions, "news", lambda *args: versions.NOTHING)


@planted
@contextmanager
def hidden_types_only_for_a_bootstrap() -> Iterator[None]:
    """A device that is upgraded goes on from its cursor, past the records of types new to it."""
    make = pages.make_page

    def made(store: Any, request: Any, answered: Any) -> Page:
        at = request.cursor
        at = at._replace(schema=request.schema) if at else None
        return make(store, replace(request, cursor=at), answered)

    with swap(server, "make_page", made):
        yield


@planted
def untrimmed() -> AbstractContextManager[object]:
    """A device gets fields that its program does not know."""
    return swap(versions, "lower", lambda registry, kind, fields, *rest: fields)


@planted
def older_work_not_lifted() -> AbstractContextManager[object]:
    """What an older device makes lacks what today's schema asks for."""
    return swap(versions, "lift", lambda raw, registry: (raw, []))
