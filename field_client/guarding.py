"""The rules over several records, asked before a set is stored: what they forbid is said at once (domain.md, 4 and 6).

Only what this device knows counts; the server asks again, with everything that it knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from field_client import views
from field_client.faults import InvalidInputError
from field_client.sets import change_of
from field_client.store import Store
from schemas.derived.troubles import KINDS as TROUBLE_KINDS
from schemas.messages import Change, Fault
from sync.guards import on_device
from sync.ledger import RecordState
from sync.rebase import Pending, View, view
from sync.scope import Actor

if TYPE_CHECKING:
    from field_client.actions import Action

Json = Any
NEWEST = 2**53
"""Where own work lies that no log has yet: behind everything that has a position."""


def open_cases(action: Action) -> None:
    """Make, in the set that tells of a request, a problem or a complaint, the case that follows it up (5.6)."""
    told = [
        it
        for it in action.changes
        if it["op"] == "create"
        and it["type"] == "interaction"
        and it["set"].get("kind") in TROUBLE_KINDS
    ]
    named = {it["set"].get("interaction_id") for it in action.changes if it["type"] == "case"}
    for it in told:
        if it["id"] not in named:
            fields = {"interaction_id": it["id"], "kind": it["set"]["kind"]}
            fields["owner_id"] = action.desk.store.user_id()
            action.create("case", it["customer"], fields)


def lock_surveys(action: Action) -> None:
    """Lock, in the set that submits an application, the survey on which it rests (6.9)."""
    sent = [
        it["id"]
        for it in action.changes
        if it["type"] == "loan_application"
        and it["op"] == "update"
        and it["set"].get("state") == "submitted"
    ]
    named = {it["id"] for it in action.changes}
    for survey in views.records(action.desk.store, "cashflow_survey") if sent else ():
        fields = survey.fields
        if (
            fields.get("application_id") in sent
            and fields.get("state") == "draft"
            and survey.id not in named
        ):
            action.update(survey.id, {"state": "locked"})


def check(action: Action) -> None:
    """Refuse a set of changes that a rule forbids, as far as this device can tell.

    Raises:
        InvalidInputError: with the rule and the reason.
    """
    store, registry = action.desk.store, action.desk.store.registry
    changes = [change_of(it) for it in action.changes]
    if not on_device.is_asked(registry, changes):
        return
    user = store.identity().user or {}
    actor = Actor(store.user_id(), str(user["role"]), store.identity().id)
    shown = {it.id: found for it in changes if (found := views.shown(store, it.id)) is not None}
    left = {it.id: found for it in changes if (found := _left(store, action, changes, it.id))}
    known = {it.id: it for it in _known(store, changes, on_device.needed(registry, changes))}
    today = action.desk.today().isoformat()
    states = [_state(store, it) for it in {**known, **left}.values() if not it.gone]
    before: Mapping[str, Mapping[str, Json]] = {key: it.fields for key, it in shown.items()}
    refused = on_device.refusal(registry, actor, changes, before, states, today)
    if refused is not None:
        place, why = refused
        fault = Fault(None, why.field, why.code, why.reason, why.rule)
        raise InvalidInputError(changes[place].type, [fault])


def _left(store: Store, action: Action, changes: Sequence[Change], record: str) -> View | None:
    """Return a record as the set leaves it."""
    number, seen = store.last_number() + 1, action.seen.get(record, {})
    mine = [Pending(number, it, seen) for it in changes if it.id == record]
    return view(store.held(record), [*store.pending_of(record), *mine], store.registry)


def _known(store: Store, changes: Sequence[Change], types: frozenset[str]) -> Iterator[View]:
    """Yield the records of *types* that a rule may look at: the customers' of the set, and of those near them."""
    circle = {it.customer for it in changes if it.customer}
    for it in [*views.records(store, "relationship"), *views.records(store, "guarantor")]:
        other = it.fields.get("to_customer_id") or it.fields.get("guarantor_customer_id")
        if {it.customer, other} & circle:
            circle |= {str(one) for one in (it.customer, other) if one}
    for name in sorted(types):
        if store.registry[name].reference is not None or name in ("relationship", "guarantor"):
            yield from views.records(store, name)
        else:
            for customer in sorted(circle):
                yield from views.records(store, name, customer)


def _state(store: Store, one: View) -> RecordState:
    position = NEWEST if one.pending or not one.version else one.version
    state = RecordState(
        one.type, one.id, one.customer, one.version, dict(one.fields),
        created_position=position, created_by=None, deleted=one.removed,
    )  # fmt: skip
    if one.type == "inspection_note":
        held = store.held(one.id)
        if on_device.signed_by_all(state, held.fields if held else {}):
            state.fields["state"] = "signed"
    return state
