"""What the server's store loads for a request, and no more: does the engine decide the same over it?

The rule is that of `server/push.py` and `server/store.py`: the records that new sets name, what is
about them or they about, and their history above the lowest base that counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.messages import Change, ChangeSet
from schemas.values import is_record_id
from sync.ledger import Decided, Entry, Ledger, RecordState
from sync.scope import Actor, standing
from tests.simulation.store import Store, creates_of

Json = Any
SUBJECTS = {"conflict": "record", "assignment": "customer_id"}


@dataclass
class Wanted:
    """What new sets touch: ids, those made, those from which something is taken away, the lowest base.

    `earlier`: one of them was made in an earlier epoch.
    """

    lowest: int
    ids: set[str] = field(default_factory=set)
    created: set[str] = field(default_factory=set)
    quiet: set[str] = field(default_factory=set)
    deletes: bool = False
    earlier: bool = False

    def add(self, change: Change, base: int, ledger: Ledger) -> None:
        """Note what one change touches."""
        self.ids |= {change.id, *_named(change)}
        self.deletes = self.deletes or change.op == "delete"
        self.lowest = min([self.lowest, base, *_inherited(ledger, change)])
        if change.op == "create":
            self.created.add(change.id)
        elif any(
            it is None or (isinstance(it, dict) and "remove" in it) for it in change.set.values()
        ):
            self.quiet.add(change.id)

    def floor(self, record: str) -> int:
        """Return the position above which a record's history counts."""
        return 0 if record in self.created else self.lowest


def sliced(
    store: Store,
    actor: Actor,
    numbers: Sequence[int],
    new: Sequence[ChangeSet],
    customers: set[str],
    again: Mapping[int, Decided],
) -> tuple[Ledger, set[str]]:
    """Return the ledger that a server loads, and the ids of sets in it that the device sent again.

    *new*: the sets not known yet that can be read; *customers*: those that unreadable ones name;
    *again*: those that come a second time, under the numbers that they have now: what new sets
    inherit of them reaches as far down as what they inherit of any other.
    """
    mine = store.sets.get(actor.device, {})
    named = [number for one in new for it in one.changes for number in it.over.values()]
    lowest = min([numbers[0] - 1, *named])
    decided = {n: it.decided for n, it in mine.items() if n >= lowest}
    ledger = Ledger(store.head, decided={**again, **decided})
    wanted = Wanted(store.head, set(customers))
    for one in new:
        wanted.earlier = wanted.earlier or one.epoch not in (None, store.epoch)
        for change in one.changes:
            wanted.add(change, one.base, ledger)
            wanted.ids |= _namesakes(store, change)
    resent = _load(store, ledger, actor, wanted) if wanted.ids else set()
    missing = {it for it in wanted.ids if not _in_sight(ledger, actor, it)}
    if missing - wanted.created:
        for row in mine.values():
            made = set(creates_of(row.raw)) & missing
            if row.result["status"] == "rejected":
                ledger.rejected_creates |= made
            elif row.result["status"] == "held":
                ledger.held_creates |= made
    return ledger, resent


def _namesakes(store: Store, change: Change) -> set[str]:
    """Return the records that are the same person as the one that a change is about."""
    declared = store.registry.get(change.type)
    identity = declared.identity if declared else None
    value = change.set.get(identity) if identity else None
    found = (it for it in store.records.values() if it.type == change.type)
    return {it.id for it in found if value is not None and it.fields.get(identity or "") == value}


def _load(store: Store, ledger: Ledger, actor: Actor, wanted: Wanted) -> set[str]:
    ids = wanted.ids
    near = set(ids)
    for state in store.records.values():
        subject = _subject(state)
        if subject in ids:
            near.add(state.id)
        if state.id in ids and subject is not None:
            near.add(subject)
        if state.id in ids and state.customer is not None and wanted.earlier:
            near.add(state.customer)
        if wanted.deletes and _parent(store, state) in ids:
            near.add(state.id)
    states = [it for it in store.records.values() if it.id in near]
    ledger.load(states)
    resent: set[str] = set()
    sent = {it.set_id for it in store.sets.get(actor.device, {}).values()}
    for state in states:
        if parent := _parent(store, state):
            ledger.children[parent].append(state.id)
        elsewhere = actor.user == state.created_by and actor.device != state.created_device
        again = elsewhere and actor.user and state.id in ids
        floor = 0 if again else wanted.floor(state.id)
        if state.version > floor or state.id in wanted.quiet:
            entries = [it for it in store.history.get(state.id, ()) if it.position > floor]
            ledger.history[state.id].extend(entries)
            resent |= set(_theirs(entries, actor)) & sent if actor.user else set()
    return resent


def _theirs(entries: Iterable[Entry], actor: Actor) -> Iterator[str]:
    """Yield the sets that another device of the same user brought."""
    return (it.set_id for it in entries if it.user == actor.user and it.device != actor.device)


def _subject(state: RecordState) -> str | None:
    found = state.fields.get(SUBJECTS.get(state.type, ""))
    return str(found) if found else None


def _parent(store: Store, state: RecordState) -> str | None:
    declared = store.registry[state.type]
    return state.fields.get(declared.parent[1]) if declared.parent else None


def _in_sight(ledger: Ledger, actor: Actor, record: str) -> bool:
    state = ledger.records.get(record)
    if state is None or state.customer is None or actor.whole_branch:
        return state is not None
    return standing(ledger.records.get(state.customer), actor, ledger.head) == "in"


def _inherited(ledger: Ledger, change: Change) -> Iterator[int]:
    for number in change.over.values():
        earlier = ledger.decided.get(number)
        if earlier is not None:
            yield min([earlier.base, *(it.base for it in earlier.trails.values())])


def _named(change: Change) -> set[str]:
    found = {change.customer} if change.customer else set()
    for value in change.set.values():
        several = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            several = [*value.get("add", ()), *value.values()]
        found |= {it for it in several if is_record_id(it)}
    return found
