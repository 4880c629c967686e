"""What a user decides: how a conflict ends, how a rejected set is mended or given up (protocol, section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from field_client import views
from field_client.actions import Action, Desk, Opened
from field_client.attention import needing_attention
from field_client.faults import NotHereError, NotPossibleError
from field_client.forms import later_work
from field_client.sets import OwnSet
from schemas.messages import Change
from schemas.values import json_equal
from sync.choices import resolution as changes_of
from sync.rebase import View

Json = Any
ONLINE_WAYS = ("reverse_one", "as_amendment")
"""Ways that need a record of another's making; the supervisor's pages offer them."""
ONLINE_KINDS = ("duplicate",)
"""Kinds that need a look into two customers' records, of which a tablet may have one."""


def resolve(
    desk: Desk,
    conflict: View,
    way: str,
    value: Json = None,
    chosen: Mapping[str, Json] | None = None,
    comment: str | None = None,
    survivor: str | None = None,
) -> OwnSet:
    """Settle a conflict: its own update and, unless it keeps, the write to the record, as one set.

    Raises:
        NotPossibleError: it is settled already, it is for someone else, a comment or a choice is missing.
    """
    _check(desk, conflict, way, comment)
    action = desk.begin("resolve")
    try:
        built = changes_of(
            desk.store.registry, conflict.id, conflict.customer, conflict.fields, way, chosen, value,
            comment,
        )  # fmt: skip
    except LookupError as error:
        raise NotPossibleError(reason="which-value") from error
    for change in sorted(built, key=lambda it: it["type"] == "conflict"):
        if change["op"] == "delete":
            action.delete(change["id"], change["reason"])
        else:
            extra = {"survivor": survivor} if survivor and change["type"] == "conflict" else {}
            action.update(change["id"], {**change["set"], **extra}, even_if_same=True)
    saved = action.save()
    assert saved is not None
    return saved


def _check(desk: Desk, conflict: View, way: str, comment: str | None) -> None:
    fields = conflict.fields
    if conflict.type != "conflict":
        raise NotHereError(id=conflict.id)
    if fields.get("status") != "open":
        raise NotPossibleError(reason="already-settled")
    if way in ONLINE_WAYS or fields.get("kind") in ONLINE_KINDS:
        raise NotPossibleError(reason="decided-at-branch")
    authors = [fields["kept"].get("by"), *(it.get("by") for it in fields["others"])]
    if fields.get("sensitive") and desk.store.user_id() in authors:
        raise NotPossibleError(reason="sod-8")
    if (way == "custom" or fields.get("sensitive")) and not (comment or "").strip():
        raise NotPossibleError(reason="comment-needed")


# ----------------------------------------------------------------------------------- rejected sets


def mend(desk: Desk, number: int, values: Mapping[str, Mapping[str, Json]]) -> OwnSet:
    """Send a rejected set again as a new one, with *values* by record id in place of what did not fit.

    A value that is put back to what stands is left out. The new set is made `over` the rejected one
    where nothing newer stands between, so that what others wrote meanwhile meets the words that
    were typed, not only the mended ones.

    Raises:
        NotPossibleError: no such set needs mending.
    """
    old = _rejected(desk, number)
    with desk.store.transaction():
        action = desk.begin("mend")
        for made in old.changes:
            change, _ = desk.store.in_todays_form(old, made)
            _again(desk, action, old, change, values.get(change.id, {}))
        saved = action.save()
        if saved is None:
            raise NotPossibleError(reason="nothing-left", number=number)
        desk.store.settle(old.seq, "mended", saved.number)
        return saved


def _again(
    desk: Desk, action: Action, old: OwnSet, change: Change, values: Mapping[str, Json]
) -> None:
    fields = {**change.set, **values}
    if change.op == "create":
        action.create(change.type, change.customer, fields, change.id)
        return
    if change.op == "delete":
        action.delete(change.id, change.reason or "")
        return
    opened = Opened.of(desk.store, change.id)
    stands = opened.view.fields
    fields = {
        path: value
        for path, value in fields.items()
        if path not in values or not json_equal(stands.get(path), value)
    }
    declared = desk.store.registry[change.type]
    newest = dict(opened.newest)
    for unit in dict.fromkeys(declared.unit(path) for path in fields):
        if unit in newest or old.device != desk.store.identity().id:
            continue
        if unit in _set_since(desk, change.id, old.seq):
            action.go_back_to(old.base, old.epoch)  # its words were typed on what stood there
        else:
            newest[unit] = old.seq
    action.update(Opened(opened.view, newest), fields, even_if_same=True)


def _set_since(desk: Desk, record: str, seq: int) -> set[str]:
    """Return the units of a record that own sets later than *seq* have set and that were not rejected."""
    shown = views.shown(desk.store, record)
    return set(later_work(desk.store, shown, seq)) if shown else set()


def discard(desk: Desk, number: int) -> None:
    """Give a rejected set up; a conflict that its user cannot see any more counts as seen.

    The server keeps it in quarantine all the same.

    Raises:
        NotPossibleError: no such set needs attention, or its conflict must be settled instead.
    """
    found = next((it for it in needing_attention(desk.store) if it.number == number), None)
    if found is None:
        raise NotPossibleError(reason="no-such-set", number=number)
    if any(views.shown(desk.store, it) for it in found.conflicts):
        raise NotPossibleError(reason="settle-conflict", number=number)
    desk.store.settle(found.seq, "discarded")


def _rejected(desk: Desk, number: int) -> OwnSet:
    for one in needing_attention(desk.store):
        if one.number == number and one.status == "rejected" and one.content is not None:
            return one
    raise NotPossibleError(reason="no-such-set", number=number)
