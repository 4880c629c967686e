"""A customer's requests, problems and complaints, first on the dossier: what became of them (domain.md, 5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

Json = Any

KINDS: Final = ("request", "problem", "complaint")
"""Interactions of these kinds have a case, made in the same set."""
ENDED: Final = "closed"


class Kept(Protocol):
    """A living record: its type, its id, and its fields."""

    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Json]: ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """One of them: where it is kept, what was said and when, how it stands; `state` None: nobody took it up."""

    record_type: str
    record: str
    kind: str
    at: str
    summary: str
    state: str | None
    resolution: str | None
    satisfaction: int | None
    about_user_id: str | None

    @property
    def is_open(self) -> bool:
        """Whether it has not come to its end."""
        return self.state != ENDED

    def plain(self) -> dict[str, Json]:
        """Return all of it as plain JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def troubles(records: Iterable[Kept]) -> list[Trouble]:
    """Return those of a customer's records: the open ones first, the newest of each first."""
    known = list(records)
    said = {it.id: it.fields for it in known if it.type == "interaction"}
    cases = [it for it in known if it.type == "case"]
    taken_up = {it.fields.get("interaction_id") for it in cases}
    found = [_of(it.type, it.id, said.get(_interaction(it), {}), it.fields) for it in cases]
    found += [
        _of("interaction", key, fields, {})
        for key, fields in said.items()
        if fields.get("kind") in KINDS and key not in taken_up
    ]
    newest_first = sorted(found, key=lambda it: (it.at, it.record), reverse=True)
    return sorted(newest_first, key=lambda it: not it.is_open)


def _interaction(case: Kept) -> str:
    return str(case.fields.get("interaction_id"))


def _of(
    record_type: str, record: str, said: Mapping[str, Json], case: Mapping[str, Json]
) -> Trouble:
    return Trouble(
        record_type=record_type,
        record=record,
        kind=str(case.get("kind") or said.get("kind") or ""),
        at=str(said.get("at") or ""),
        summary=str(said.get("summary") or ""),
        state=case.get("state"),
        resolution=case.get("resolution"),
        satisfaction=case.get("satisfaction"),
        about_user_id=case.get("about_user_id"),
    )
