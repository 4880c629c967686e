"""What the oracle knows: what was typed, what was on the screen then, and in which order it arrived.

Time is counted in decided sets: whoever has seen moment 7 has seen what the first seven sets did.
Nothing here is taken from positions, marks or trails of the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.declare import RecordType
from sync.ledger import RecordState
from tests.simulation.typed import Hold, Merge, RecordFacts, Said, Stand, Typed, Unit

Json = Any


@dataclass
class Facts:
    """Everything that happened, as far as an onlooker can know it.

    `epoch` counts up with every restore of the server; `restored` names, for each that this history has
    come through, the epoch before it and the moment that it fell back to.
    """

    moment: int = 0
    today: str = "2026-06-16"
    epoch: int = 0
    restored: tuple[tuple[int, int], ...] = ()
    locked: frozenset[str] = frozenset()
    wiped: frozenset[str] = frozenset()
    records: dict[str, RecordState] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    by_store: dict[str, list[Typed]] = field(default_factory=lambda: defaultdict(list))
    stands: dict[Unit, list[Stand]] = field(default_factory=lambda: defaultdict(list))
    said: dict[Unit, list[Said]] = field(default_factory=lambda: defaultdict(list))
    about: dict[str, RecordFacts] = field(default_factory=dict)
    holds: dict[str, list[Hold]] = field(default_factory=lambda: defaultdict(list))
    sent_by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pairs: set[frozenset[str]] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    merges: dict[str, Merge] = field(default_factory=dict)
    joined: dict[str, int] = field(default_factory=dict)
    deletions: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    refused_creates: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def copy(self) -> Facts:
        """Return what is known now, to go on from; what was typed stays the same for both."""
        return replace(
            self,
            records=dict(self.records),
            stands=_lists(self.stands),
            said=_lists(self.said),
            about={key: replace(it, changes=list(it.changes)) for key, it in self.about.items()},
            holds=_lists(self.holds),
            sent_by=defaultdict(set, {key: set(it) for key, it in self.sent_by.items()}),
            pairs=set(self.pairs),
            waiting=set(self.waiting),
            merges=dict(self.merges),
            joined=dict(self.joined),
            deletions=dict(self.deletions),
            refused_creates=defaultdict(
                set, {key: set(it) for key, it in self.refused_creates.items()}
            ),
        )

    def lowest(self, seen: int, epoch: int) -> int:
        """Return what is left of a view of an earlier epoch after the restores since (section 3)."""
        moments = [seen]
        for before, moment in reversed(self.restored if epoch != self.epoch else ()):
            moments.append(moment)
            if before == epoch:
                break
        return min(moments)

    # -------------------------------------------------------------------------------------- units

    def is_own(self, device: str, of: str, set_id: str) -> bool:
        """Tell whether what *of* did counts as the work of *device*: its own, or sent again by it."""
        return of == device or set_id in self.sent_by[device]

    def value_at(self, unit: Unit, seen: int, now: Json) -> Json:
        """Return the value that a unit had at a moment; *now* is the one that it has."""
        later = (it for it in self.stands.get(unit, ()) if it.moment > seen)
        first = next(later, None)
        return now if first is None else first.before

    def since(self, unit: Unit, seen: int) -> list[Stand]:
        """Return what came to stand in a unit after a moment."""
        return [it for it in self.stands.get(unit, ()) if it.moment > seen]

    def changed_by_other(self, record: str, device: str, seen: int) -> bool:
        """Tell whether another device changed a record after a moment."""
        known = self.about.get(record)
        return known is not None and any(
            moment > seen and not self.is_own(device, of, set_id)
            for moment, of, set_id in known.changes
        )

    def would_make(self, typed: Typed) -> set[str]:
        """Return the records that only sets which are held at the same store would make."""
        mine = (self.typed[it] for it in self.waiting if self.typed[it].store == typed.store)
        made = {it.id for one in mine for it in one.deeds if it.op == "create"}
        return {it for it in made if it not in self.records}

    def said_later(self, typed: Typed) -> set[str]:
        """Return the sets of the same device that came after one which was held, and were decided before it."""
        if typed.id not in self.waiting:
            return set()
        sent = [ids for ids in self.sent_by.values() if typed.id in ids]
        return {
            it.id for it in self.by_store[typed.store]
            if it.serial > typed.serial and it.moment and any(it.id in ids for ids in sent)
        }  # fmt: skip

    # -------------------------------------------------------------------------------------- scope

    def holds_now(self, user: str | None, customer: str | None) -> bool:
        """Tell whether a user holds a customer."""
        mine = self.holds.get(customer or "", ())
        return any(it.user == user and it.until is None for it in mine)

    def survivor(self, record: str) -> str:
        """Return who stands for a customer: himself, or whom he was merged into."""
        merge = self.merges.get(record)
        return merge.survivor if merge else record

    def family(self, record: str) -> set[str]:
        """Return the ids of all who became one with a customer, or just a record's own."""
        stays = self.survivor(record)
        return {stays, record, *(it for it, one in self.merges.items() if one.survivor == stays)}

    def standing(self, typed: Typed, device: str, customer: str, via: str | None = None) -> str:
        """Tell how somebody stands to a customer for work made on his view: in, late, out, never.

        *via*: the absorbed customer by whose id he was named; without the survivor, the merge is the
        move out of that one.
        """
        found = self._standing(typed, device, customer)
        if found == "in" or via is None:
            return found
        absorbed = self._standing(typed, device, via)
        if "late" in (found, absorbed):
            return "late"
        return absorbed if found == "never" else found

    def _standing(self, typed: Typed, device: str, customer: str) -> str:
        if typed.whole_branch or self.holds_now(typed.user, customer):
            return "in" if customer in self.records else "never"
        past = [it for it in self.holds.get(customer, ()) if it.user == typed.user]
        if not past:
            return "never"
        known = self.about.get(customer)
        mine = known is not None and self.is_own(device, known.made_on, known.made_by_set)
        seen = typed.seen
        late = any((mine or it.since <= seen) and seen < (it.until or 0) for it in past)
        return "late" if late else "out"

    def in_scope(
        self, user: str | None, of: RecordState, reference: Mapping[str, RecordType]
    ) -> bool:
        """Tell whether a record is in the scope of a user now."""
        if of.type == "conflict" and of.customer is None:
            about = self.records.get(of.fields["record"])
            return about is not None and self.in_scope(user, about, reference)
        if of.customer is not None:
            return self.holds_now(user, of.customer)
        declared = reference[of.type]
        if declared.reference == "user":
            return any(of.fields.get(name) == user for name in declared.users)
        return declared.reference == "branch"

    def scope(self, user: str, types: Mapping[str, RecordType]) -> Iterator[RecordState]:
        """Yield the live records in the scope of a user."""
        for state in self.records.values():
            if not state.deleted and self.in_scope(user, state, types):
                yield state

    # ------------------------------------------------------------------------------------ own work

    def newest(
        self,
        store: str,
        types: Mapping[str, RecordType],
        after: int,
        skip: Iterable[str],
        covered: Iterable[str] = (),
    ) -> dict[Unit, str]:
        """Return, by unit, the newest set of a store above a serial that typed into it, but for *skip*.

        Not where that one is *covered*: the server's word, and none before it, is then what stands.
        """
        passed, below = set(skip), set(covered)
        found: dict[Unit, str] = {}
        for typed in self.by_store.get(store, ()):
            if typed.serial <= after or typed.id in passed or typed.lost:
                continue
            for deed in typed.deeds:
                declared = types.get(deed.type)
                if declared is not None:
                    for unit in dict.fromkeys(map(declared.unit, deed.fields)):
                        found[deed.id, unit] = typed.id
                        if typed.id in below:
                            del found[deed.id, unit]
        return found


def _lists(of: Mapping[Any, list[Any]]) -> defaultdict[Any, list[Any]]:
    return defaultdict(list, {key: list(it) for key, it in of.items()})
