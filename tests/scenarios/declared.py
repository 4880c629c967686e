"""The record types that a scenario speaks of, declared as its `fields`, `groups` and steps say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from schemas.assignment import ASSIGNMENT
from schemas.conflict import CONFLICT
from schemas.declare import (
    Field,
    KeyedMap,
    Kind,
    Label,
    RecordType,
    Ref,
    Registry,
    SetOf,
    States,
    Text,
    Transition,
)
from schemas.device import DEVICE
from schemas.org_unit import ORG_UNIT
from schemas.user import USER
from schemas.values import derived_id

Json = Any
Step = Mapping[str, Json]
ROLES = ("officer", "supervisor")
SERVERS_OWN = (ORG_UNIT, USER, DEVICE, ASSIGNMENT, CONFLICT)
MOVES = (("open", "started"), ("open", "done"), ("open", "cancelled"), ("started", "done"))
PARENT = "parent_id"


def ident(name: str) -> str:
    """Return the id of the record or user that goes by *name* in a scenario."""
    return derived_id("scenario", name)


def meant(value: Json) -> Json:
    """Return a value of a scenario as it travels: a text that begins with `@` is an id."""
    if isinstance(value, str) and value.startswith("@"):
        return ident(value[1:])
    if isinstance(value, list):
        return [meant(it) for it in value]
    return {key: meant(it) for key, it in value.items()} if isinstance(value, dict) else value


def every_step(steps: Sequence[Json]) -> Iterator[Step]:
    """Yield every step, and every change within one, however deep it lies."""
    for step in steps:
        if isinstance(step, list):
            yield from every_step(step)
            continue
        yield step
        for inner in ("steps", "changes"):
            yield from every_step(step.get(inner, ()))
        for changes in step.get("content", {}).values():
            yield from every_step(changes)
        if "edit_before_response" in step:
            yield from every_step([step["edit_before_response"]])


@dataclass(frozen=True)
class Known:
    """What a scenario says of a record: its type, and the names of its customer and parent."""

    name: str
    type: str
    customer: str
    parent: str | None = None


@dataclass
class Declared:
    """The types and records of one scenario."""

    scenario: Mapping[str, Json]
    known: dict[str, Known] = field(init=False)

    def __post_init__(self) -> None:
        made = [it for it in every_step(self.scenario["steps"]) if it["do"] == "create"]
        self.known = {it["record"]: _known(it) for it in [*self.scenario["given"], *made]}

    @cached_property
    def registry(self) -> Registry:
        """Return the scenario's types, with those that the server itself writes."""
        names = ["customer", *(it.type for it in self.known.values())]
        types = [self._type(it) for it in dict.fromkeys(names)]
        return Registry([*SERVERS_OWN, *types])

    def _type(self, name: str) -> RecordType:
        policies = self._policies(name)
        fields = [*self._fields(name, policies)]
        parent = self._parent(name)
        if parent is not None:
            fields.append(Field(PARENT, Label(PARENT, PARENT), Ref(parent), "latest"))
        return RecordType(
            name,
            Label(name, name),
            tuple(fields),
            made_by=ROLES,
            parent=(parent, PARENT) if parent else None,
            create_only="append" in policies.values(),
            deletable=name in self._types_of("delete"),
            late_fact=name in self._types_of("create"),
            states=_machine(policies),
        )

    def _policies(self, name: str) -> dict[str, str]:
        """Return the policy of every declared field of a type, by its path (`*` for a key)."""
        said = {
            path.partition(".")[2]: policy
            for path, policy in self.scenario["fields"].items()
            if path.startswith(f"{name}.")
        }
        seen = [
            path
            for record, fields in self._states()
            if record in self.known and self.known[record].type == name
            for path in fields
            if path != "customer"
        ]
        rest = {it: "latest" for it in seen if it not in said and not _in_map(it, said)}
        return {**said, **rest}

    def _states(self) -> Iterator[tuple[str, Mapping[str, Json]]]:
        for one in self.scenario["given"]:
            yield one["record"], one["set"]
        for record, fields in self.scenario["expected"].get("server", {}).items():
            yield record, fields or {}

    def _fields(self, name: str, policies: Mapping[str, str]) -> Iterator[Field | KeyedMap]:
        groups = {
            member: group.partition(".")[2]
            for group, members in self.scenario.get("groups", {}).items()
            if group.startswith(f"{name}.")
            for member in members
        }
        leaves: dict[str, dict[str, Field]] = {}
        for path, policy in policies.items():
            key, star, leaf = path.partition(".*")
            kind = self._kind(name, path, policy)
            if star:
                leaf = leaf.removeprefix(".")
                leaves.setdefault(key, {})[leaf] = _field(leaf, policy, kind)
            else:
                yield _field(path, policy, kind, groups.get(path))
        for key, inner in leaves.items():
            yield KeyedMap(key, Label(key, key), inner)

    def _kind(self, name: str, path: str, policy: str) -> Kind:
        if policy == "set":
            return SetOf(Text())
        wide = f"{name}.{path}" in self.scenario.get("branch_wide", ())
        written = [*self.scenario["given"], *every_step(self.scenario["steps"])]
        values = [
            it["set"][path]
            for it in written
            if isinstance(it.get("set"), dict)
            and path in it["set"]
            and it["record"] in self.known
            and self.known[it["record"]].type == name
        ]
        if any(isinstance(it, str) and it.startswith("@") for it in values):
            return Ref(scope="branch" if wide else None)
        return Text()

    def _parent(self, name: str) -> str | None:
        parents = [it.parent for it in self.known.values() if it.type == name and it.parent]
        return self.known[parents[0]].type if parents else None

    def _types_of(self, deed: str) -> set[str]:
        steps = every_step(self.scenario["steps"])
        return {self.known[it["record"]].type for it in steps if it["do"] == deed}


def _known(it: Step) -> Known:
    return Known(it["record"], it["type"], it.get("customer") or it["record"], it.get("parent"))


def _in_map(path: str, said: Mapping[str, str]) -> bool:
    return any(path.startswith(it.partition("*")[0]) for it in said if "*" in it)


def _field(path: str, policy: str, kind: Kind, group: str | None = None) -> Field:
    word, _, role = policy.partition(":")
    ranks: tuple[str, ...] = (role,) if role else ()
    if word == "once":
        ranks = ("supervisor",)
    write = ranks if word == "authority" else ROLES
    label = Label(path, path)
    return Field(path, label, kind, word, write=write, authority=ranks, group=group)  # type: ignore[arg-type]


def _machine(policies: Mapping[str, str]) -> States | None:
    for path, policy in policies.items():
        if policy == "state":
            moves = [Transition(f"{a}-{b}", (a,), b, ROLES, offline=True) for a, b in MOVES]
            return States(path, ("open",), tuple(moves))
    return None
