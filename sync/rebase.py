"""What a device shows and what it keeps: its pending sets on top of a server copy (protocol.md, section 2).

A device has two copies that it never mixes. The *server copy* holds what the server sent and
nothing else (one exception, `Own`, saves bytes). The *view* is the server copy with the pending
sets on top, made anew whenever it is looked at and never written back. Everything here is pure; a
store keeps the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.declare import Field, RecordType, Registry
from schemas.messages import Change
from sync import text
from sync.merge import alone, settle_highest, settle_set

Json = Any
Fields = Mapping[str, Json]


# ------------------------------------------------------------------------------------- the view


@dataclass(frozen=True)
class Held:
    """A record of the server copy. `gone`: the server removed it, and own work on it has no result yet."""

    type: str
    id: str
    customer: str | None
    version: int
    fields: Fields
    gone: bool = False


@dataclass(frozen=True)
class Pending:
    """One change whose effect the server copy does not yet include.

    `seen` has, by path, the texts that the form showed when it was opened: what was typed was typed
    over them, so they are the ancestors when the server copy has moved on.
    """

    number: int
    change: Change
    seen: Fields


@dataclass(frozen=True)
class View:
    """A record as its user sees it.

    Attributes:
        pending: the numbers of the sets that are on top, oldest first.
        removed: the user removed it; `gone`: somebody else did, and the user's work on it is on its way.
    """

    type: str
    id: str
    customer: str | None
    version: int
    fields: Fields
    pending: tuple[int, ...] = ()
    removed: bool = False
    gone: bool = False


def view(held: Held | None, pending: Sequence[Pending], registry: Registry) -> View | None:
    """Return a record with the *pending* changes to it on top, in the order of their numbers.

    None where there is nothing to show: updates of a record that is not (or no longer) on this
    device stand in their sets alone.
    """
    shown = None
    if held is not None:
        shown = View(held.type, held.id, held.customer, held.version, held.fields, gone=held.gone)
    for one in pending:
        shown = _on_top(shown, one, registry)
    return shown


def _on_top(shown: View | None, pending: Pending, registry: Registry) -> View | None:
    change = pending.change
    if shown is None:
        if change.op != "create":
            return None
        shown = View(change.type, change.id, change.customer, 0, {})
    fields = dict(shown.fields)
    declared = registry.get(change.type)
    for path, value in change.set.items():
        field = declared.field(path) if declared else None
        _set(fields, path, _value_on_top(field, fields.get(path), value, pending.seen.get(path)))
    return replace(
        shown,
        fields=fields,
        pending=(*shown.pending, pending.number),
        removed=shown.removed or change.op == "delete",
    )


def not_outlived(held: Pending, later: Iterable[Change], registry: Registry) -> Pending | None:
    """Return what of a set that the server holds is still to be shown; None: nothing.

    It never overwrites what a set of the same device with a greater number has stored (protocol, section
    8), and shows nothing over it either.

    Args:
        later: what such sets, if the server copy includes them, did to the same record.
    """
    edits = [it for it in later if it.op != "delete"]
    declared = registry.get(held.change.type)
    if declared is None or not edits:
        return held
    if held.change.op == "delete":
        return None
    said = {declared.unit(path) for it in edits for path in it.set}
    left = {path: it for path, it in held.change.set.items() if declared.unit(path) not in said}
    return replace(held, change=replace(held.change, set=left))


def _value_on_top(field: Field | None, held: Json, typed: Json, seen: Json) -> Json:
    """Return what is shown for one pending value over the value below it."""
    if field is None:
        return typed
    if field.policy == "text":
        return _text_on_top(held, typed, seen)
    if field.policy == "set":
        edit = {"add": typed} if isinstance(typed, list) else typed  # a new record has a plain list
        return settle_set(alone(held, edit)).value
    if field.policy == "highest":
        return settle_highest(alone(held, typed)).value
    return typed


def _text_on_top(held: Json, typed: Json, seen: Json) -> Json:
    """Return the text as typed; with what came in below it meanwhile, where the two merge."""
    if typed is None or (held or "") == (seen or ""):
        return typed
    merged = text.merge(seen or "", held or "", typed)
    return typed if merged is None else merged


def _set(fields: dict[str, Json], path: str, value: Json) -> None:
    if value is None:
        fields.pop(path, None)
    else:
        fields[path] = value


# --------------------------------------------------------------------------------------- new work


def newest_own(declared: RecordType, pending: Iterable[Pending]) -> dict[str, int]:
    """Return, by unit, the newest own set whose value of it the view shows but the server copy lacks.

    A new edit of such a unit names that number in `over` (protocol, section 3). Rejected sets are
    not
    pending: their values are not in the view, so nothing is made over them.
    """
    return {declared.unit(path): it.number for it in pending for path in it.change.set}


def over_for(declared: RecordType, fields: Fields, newest: Mapping[str, int]) -> dict[str, int]:
    """Return the `over` of a change that sets *fields*, given what `newest_own` said at its base."""
    units = dict.fromkeys(declared.unit(path) for path in fields)
    return {unit: newest[unit] for unit in units if unit in newest}


def texts_seen(declared: RecordType, fields: Fields, shown: Fields) -> dict[str, Json]:
    """Return the texts that stood in the form where *fields* sets texts: see `Pending.seen`."""
    seen: dict[str, Json] = {}
    for path in fields:
        field = declared.field(path)
        if field is not None and field.policy == "text" and shown.get(path) is not None:
            seen[path] = shown[path]
    return seen


# -------------------------------------------------------------------------------- the server copy


@dataclass(frozen=True)
class Drop:
    """Forget a customer and every record under it: it is in `left`."""

    customer: str


@dataclass(frozen=True)
class Merged:
    """A customer in `left` because it was merged into `survivor`; None: who is not in this user's scope."""

    customer: str
    survivor: str | None


@dataclass(frozen=True)
class Own:
    """An own change that was stored as sent; its fields may be missing from the answer."""

    change: Change
    version: int


@dataclass(frozen=True)
class Sent:
    """A record as the answer carries it: delta, whole, or a tombstone."""

    record: Mapping[str, Json]


Step = Drop | Own | Sent


def steps(answer: Mapping[str, Json], own: Mapping[int, Sequence[Change]]) -> list[Step]:
    """Return what an answer does to the server copy, in the order in which it must be done.

    Args:
        answer: the answer to a request; a problem answer has no page and must not come here.
        own: the changes of the sets that this very request carried, by number.
    """
    left = [it["customer"] for it in answer.get("left", ())]
    gone = set(left)
    kept = [it for it in _stored_as_sent(answer, own) if it.change.customer not in gone]
    return [*map(Drop, left), *kept, *map(Sent, answer.get("records", ()))]


def merged(answer: Mapping[str, Json]) -> list[Merged]:
    """Return the customers that an answer says were merged into another one."""
    left = (it for it in answer.get("left", ()) if it.get("reason") == "merged")
    return [Merged(it["customer"], it.get("survivor")) for it in left]


def _stored_as_sent(
    answer: Mapping[str, Json], own: Mapping[int, Sequence[Change]]
) -> Iterable[Own]:
    for result in answer.get("results", ()):
        if result["status"] != "applied" or result.get("repeated", True):
            continue
        changes = own.get(result["number"], ())
        told = result.get("changes", ())
        if len(changes) == len(told):
            for change, one in zip(changes, told, strict=True):
                if change.op != "delete":
                    yield Own(change, one["version"])


def fold(held: Held | None, step: Own | Sent, registry: Registry) -> Held | None:
    """Return the record of the server copy after one step; None: it is not (or no longer) held."""
    return _fold_own(held, step, registry) if isinstance(step, Own) else _fold_sent(held, step)


def _fold_own(held: Held | None, step: Own, registry: Registry) -> Held | None:
    """Take over the fields of an own set that was applied; policy `set` is always sent back whole."""
    change = step.change
    if held is None:
        if change.op != "create":
            return None
        held = Held(change.type, change.id, change.customer, step.version, {})
    fields = dict(held.fields)
    declared = registry.get(change.type)
    for path, value in change.set.items():
        field = declared.field(path) if declared else None
        if field is None or field.policy != "set":
            _set(fields, path, value)
    return replace(held, fields=fields, version=max(held.version, step.version))


def _fold_sent(held: Held | None, step: Sent) -> Held | None:
    record = step.record
    if record.get("removed"):
        return replace(held, version=record["version"], gone=True) if held else None
    known = {} if record["whole"] or held is None or held.gone else dict(held.fields)
    for path, value in record["set"].items():
        _set(known, path, value)
    return Held(record["type"], record["id"], record["customer"], record["version"], known)


# ------------------------------------------------------------------------------------- renumbering


def renumber(
    content: Mapping[str, Json],
    number: int,
    moved: Mapping[int, int],
    restamp: Callable[[str], str],
) -> dict[str, Json]:
    """Return a pending set as a new device sends it: same id and changes, new number and `over`.

    Args:
        content: the set as first stored.
        moved: the new number of each set that is sent along, by its old one; an `over` that names
            another is dropped.
        restamp: gives the stamp in the new device's name.
    """
    changes = [_renumbered(it, moved) for it in content["changes"]]
    clock = content.get("clock")
    stamp = {} if clock is None else {"clock": restamp(clock)}
    return {**content, "number": number, **stamp, "changes": changes}


def _renumbered(change: Mapping[str, Json], moved: Mapping[int, int]) -> dict[str, Json]:
    kept = {key: value for key, value in change.items() if key != "over"}
    over = {unit: moved[it] for unit, it in change.get("over", {}).items() if it in moved}
    return {**kept, **({"over": over} if over else {})}
