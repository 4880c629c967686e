"""What the page of one conflict shows: the versions, the choices, and who may make them; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from schemas.declare import RecordType, Registry, Value
from schemas.values import json_equal, parse_instant
from server.web.duplicate_page import Take, Twin, rows, takes
from server.web.entered import Input, inputs
from server.web.figures import authors
from server.web.listed import person
from server.web.shown import Shown, rows_of
from server.web.speech import Speech
from sync.resolutions import REOPEN_WITHIN
from sync.text import Block, merge, merge_view

Json = Any
Standing = Literal["decide", "reader", "sod8", "settled"]
DECIDING_ROLES = ("supervisor", "reviewer")


@dataclass(frozen=True)
class Facts:
    """What was read from the database about one conflict.

    `now_value` is what stands in the record at this moment; `names` are of people and other records;
    `pair` are the customers whom a duplicate is about, its own one first.
    """

    fields: Mapping[str, Json]
    now_value: Json
    people: Mapping[str, str]
    names: Mapping[str, str]
    tablets: Mapping[str, str]
    server_device: str
    changed_at: str
    pair: Sequence[Twin] = ()


@dataclass(frozen=True)
class Version:
    """One version side by side with the others; `choice` is what the form sends to take it."""

    title: str
    who: str
    when: str | None
    device: str
    rows: Sequence[Shown]
    choice: str | None = None
    choice_label: str = ""
    stands: bool = False
    mine: bool = False


@dataclass(frozen=True)
class Joined:
    """Two texts of one base joined for reading: blocks by author."""

    theirs: str
    mine: str
    blocks: Sequence[Block]

    @property
    def text(self) -> str:
        """The joined text as a whole."""
        return "".join(it.text for it in self.blocks)


@dataclass(frozen=True)
class Own:
    """The inputs for a value of one's own."""

    label: str
    what: str
    inputs: Sequence[Input]


@dataclass(frozen=True)
class Page:
    """Everything that the template of one conflict needs."""

    versions: Sequence[Version]
    joined: Sequence[Joined]
    own: Own | None
    needs_comment: bool
    moved_on: bool
    takes: Sequence[Take] = ()


def page_of(
    registry: Registry, said: Speech, me: str, facts: Facts, typed: Mapping[str, str]
) -> Page:
    """Return what to show of a conflict to *me*; *typed* is what a refused form held."""
    fields = facts.fields
    declared = registry.get(fields["record_type"])
    if fields["kind"] == "duplicate" and declared is not None:
        two = _twins(declared, said, me, facts)
        return Page(two, (), None, False, False, takes(declared, said, facts.pair))
    return Page(
        _versions(registry, said, me, facts),
        _joined(said, me, facts) if fields["kind"] == "text" else (),
        _own(registry, said, facts, typed),
        bool(fields.get("sensitive")),
        _standing_entry(facts) is not fields["kept"],
    )


# ------------------------------------------------------------------------------------- versions


def _versions(registry: Registry, said: Speech, me: str, facts: Facts) -> list[Version]:
    fields, kept = facts.fields, facts.fields["kept"]
    declared, unit = registry.get(fields["record_type"]), fields.get("field")

    def lines(value: Json) -> list[Shown]:
        return rows_of(declared, said, unit, value, facts.names)

    found: list[Version] = []
    if unit is not None:
        before = lines(fields.get("base_value"))
        found.append(Version(said.t("before"), said.t("before.what"), None, "", before))
    entries = [("kept", kept), *((f"other-{at}", it) for at, it in enumerate(fields["others"]))]
    standing = _standing_entry(facts)
    if standing is None:
        found.append(
            Version(
                said.t("stands"), "", facts.changed_at, "", lines(facts.now_value),
                "keep", said.t(_keep_key(fields)), stands=True,
            )
        )  # fmt: skip
    takes_other = fields["kind"] != "possible_double"
    for key, it in entries:
        choice = "keep" if it is standing else key if takes_other else None
        label = _keep_key(fields) if it is standing else _take_key(fields, it["value"])
        shown = lines(it["value"])
        found.append(
            _entry(said, me, facts, it, shown, choice, said.t(label), stands=it is standing)
        )
    return sorted(found, key=lambda it: not it.stands and it.choice is not None)


def _twins(declared: RecordType, said: Speech, me: str, facts: Facts) -> list[Version]:
    """Return the two customers of a duplicate side by side; who stays is chosen, not shown as standing."""
    entries = (facts.fields["kept"], *facts.fields["others"])
    stays = facts.fields.get("survivor")
    return [
        Version(
            str(it.fields.get(declared.title_field or "") or said.t("record-unknown")),
            said.t(
                "twins.by",
                name=person(said, me, entry.get("by"), facts.people),
                officer=it.officer or said.t("twins.nobody"),
            ),
            entry.get("made_at"), _device(said, facts, entry),
            rows(declared, said, facts.pair, at, facts.names),
            f"merge-{at}", said.t("decide.stays"), stands=stays == it.id,
        )
        for at, (it, entry) in enumerate(zip(facts.pair, entries, strict=False))
    ]  # fmt: skip


def _standing_entry(facts: Facts) -> Mapping[str, Json] | None:
    """Return the entry whose value stands in the record now; None where something else does."""
    fields = facts.fields
    if fields.get("field") is None:
        return _entry_taken(fields)
    entries = (fields["kept"], *fields["others"])
    return next((it for it in entries if json_equal(it["value"], facts.now_value)), None)


def _entry_taken(fields: Mapping[str, Json]) -> Mapping[str, Json] | None:
    settled = fields["status"] == "resolved" and fields.get("resolution") == "other"
    kept: Mapping[str, Json] = fields["kept"]
    return settled_by_entry(fields) if settled else kept


def _keep_key(fields: Mapping[str, Json]) -> str:
    if fields["kind"] == "possible_double":
        return "decide.both-count"
    if fields["kind"] == "delete":
        return "decide.undelete"
    return "decide.keep"


def _take_key(fields: Mapping[str, Json], value: Json) -> str:
    if fields["kind"] == "after_signature":
        return "decide.amend"
    deleted = isinstance(value, dict) and value.get("deleted") is True
    return "decide.delete" if deleted else "decide.take"


def _entry(
    said: Speech,
    me: str,
    facts: Facts,
    entry: Mapping[str, Json],
    rows: Sequence[Shown],
    choice: str | None,
    label: str,
    *,
    stands: bool = False,
) -> Version:
    who = person(said, me, entry.get("by"), facts.people)
    title = said.t("stands") if stands else who
    return Version(
        title, who if stands else "", entry.get("made_at"), _device(said, facts, entry),
        rows, choice, label, stands, entry.get("by") == me,
    )  # fmt: skip


def _device(said: Speech, facts: Facts, entry: Mapping[str, Json]) -> str:
    device = str(entry.get("device") or "")
    if device in facts.tablets:
        return said.t("device.tablet", code=facts.tablets[device])
    if device in (facts.server_device, "server", ""):
        return said.t("device.server")
    return said.t("device.web")


# ----------------------------------------------------------------------------------------- text


def _joined(said: Speech, me: str, facts: Facts) -> list[Joined]:
    base, stands = facts.fields.get("base_value") or "", facts.now_value or ""
    standing = person(said, me, facts.fields["kept"].get("by"), facts.people)
    return [
        Joined(
            standing, person(said, me, it.get("by"), facts.people),
            merge_view(base, it["value"] or "", stands),
        )
        for it in facts.fields["others"]
    ]  # fmt: skip


def proposal(fields: Mapping[str, Json], now_value: Json) -> str:
    """Return all versions of a text in one, to be read and mended before it is stored."""
    base, text = fields.get("base_value") or "", now_value or ""
    for it in fields["others"]:
        value = it["value"] or ""
        merged = merge(base, text, value)
        shown = "".join(block.text for block in merge_view(base, value, text))
        text = shown if merged is None else merged
    return text


def _own(registry: Registry, said: Speech, facts: Facts, typed: Mapping[str, str]) -> Own | None:
    fields = facts.fields
    unit, declared = fields.get("field"), registry.get(fields["record_type"])
    if unit is None or declared is None or fields["kind"] not in ("field", "text"):
        return None
    field = declared.field(unit)
    values = [fields["kept"]["value"], *(it["value"] for it in fields["others"])]
    if field and isinstance(field.kind, Value) and any(isinstance(it, list) for it in values):
        return None
    if fields["kind"] == "text":
        typed = {f"value-{unit}": proposal(fields, facts.now_value), **typed}
        asked = inputs(declared, said, unit, typed, facts.now_value)
        return Own(said.t("decide.join"), said.t("decide.join.what"), asked) if asked else None
    asked = inputs(declared, said, unit, typed, facts.now_value)
    return Own(said.t("decide.custom"), said.t("decide.custom.what"), asked) if asked else None


# ------------------------------------------------------------------------------------ who decides


def standing_of(fields: Mapping[str, Json], me: str, decides: bool) -> Standing:
    """Tell whether *me* may settle a conflict now, and if not, why (rule SOD-8)."""
    if fields["status"] == "resolved":
        return "settled"
    if not decides:
        return "reader"
    if fields.get("sensitive") and me in authors(fields):
        return "sod8"
    return "decide"


def may_decide(fields: Mapping[str, Json], people: Sequence[Any]) -> list[str]:
    """Return the names of those who wrote neither side, supervisors first."""
    wrote = set(authors(fields))
    free = [it for it in people if it.id not in wrote]
    return [it.name for it in sorted(free, key=lambda it: it.role != "supervisor")]


def reopen_until(changed_at: str) -> datetime:
    """Return until when a settled conflict may be opened again."""
    return parse_instant(changed_at) + REOPEN_WITHIN


def choice_of(fields: Mapping[str, Json], choice: str) -> tuple[str, dict[str, Json] | None] | None:
    """Return the resolution and the chosen entry that a choice of the form means, or None."""
    if choice == "keep":
        return ("both_count" if fields["kind"] == "possible_double" else "keep"), None
    if choice == "custom":
        return "custom", None
    others = fields["others"]
    entry = fields["kept"] if choice == "kept" else None
    index = choice.removeprefix("other-")
    if entry is None and choice.startswith("other-") and index.isascii() and index.isdigit():
        entry = others[int(index)] if len(index) < 6 and int(index) < len(others) else None
    if entry is None:
        return None
    if fields["kind"] == "after_signature":
        return "as_amendment", None
    return "other", {"device": entry["device"], "number": entry["number"]}


def settled_by_entry(fields: Mapping[str, Json]) -> Mapping[str, Json] | None:
    """Return the entry that was taken, where one was."""
    chosen = fields.get("chosen") or {}
    key = (chosen.get("device"), chosen.get("number"))
    entries = (*fields["others"], fields["kept"])
    return next((it for it in entries if (it["device"], it["number"]) == key), None)
