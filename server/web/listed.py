"""One line about a conflict, as the queue and the summary show it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.conflict import KINDS
from schemas.declare import Registry
from schemas.words import Lang, label_of, pick
from server.web.figures import authors
from server.web.speech import Speech

Json = Any


@dataclass(frozen=True)
class Name:
    """A person's name: the characters, and in Latin letters where that is known."""

    own: str
    latin: str | None = None


@dataclass(frozen=True)
class Item:
    """One conflict in a list."""

    id: str
    customer: Name | None
    what: str
    kind: str
    who: str
    sensitive: bool
    opened_at: str
    settled: bool


def list_items(
    registry: Registry,
    said: Speech,
    me: str,
    rows: Iterable[Any],
    customers: Mapping[str, Any],
    people: Mapping[str, str],
) -> list[Item]:
    """Return what is said of each conflict in *rows*."""
    return [
        Item(
            it.id,
            name_of(customers.get(it.customer)),
            what_of(registry, said.lang, it.fields),
            kind_of(said.lang, it.fields),
            _who(said, me, it.fields, people),
            bool(it.fields.get("sensitive")),
            it.opened_at,
            it.fields["status"] == "resolved",
        )
        for it in rows
    ]


def name_of(customer: Any) -> Name | None:
    """Return the name of a customer's record."""
    if customer is None or not customer.fields.get("name"):
        return None
    return Name(customer.fields["name"], customer.fields.get("name_latin"))


def kind_of(lang: Lang, fields: Mapping[str, Json]) -> str:
    """Return what people call the kind of a conflict."""
    label = KINDS.options.get(fields["kind"])
    return pick(label, lang) if label else str(fields["kind"])


def what_of(registry: Registry, lang: Lang, fields: Mapping[str, Json]) -> str:
    """Return what a conflict is about: the record's type where it is not the customer's, and the field."""
    declared = registry.get(fields["record_type"])
    if declared is None:
        return str(fields["record_type"])
    title = pick(declared.title, lang)
    field = fields.get("field")
    if field is None:
        return title
    label = label_of(declared, field, lang) or field
    if declared.name == "customer":
        return label
    return f"{title} · {label}"


def _who(said: Speech, me: str, fields: Mapping[str, Json], people: Mapping[str, str]) -> str:
    names = [person(said, me, it, people) for it in authors(fields)]
    if len(names) < 2:
        return "".join(names)
    return said.t("between", a=said.t("comma").join(names[:-1]), b=names[-1])


def person(said: Speech, me: str, user: str | None, people: Mapping[str, str]) -> str:
    """Return a person's name, marked where it is the reader's own; the server has no user."""
    if user is None:
        return said.t("system")
    name = people.get(user, said.t("nobody"))
    return said.t("you", name=name) if user == me else name
