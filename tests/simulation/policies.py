"""What may become of one typed value, told from what was on the screen: the oracle's naive rules.

Written from protocol.md, section 4, for onlookers who keep every value for ever. A rule says how
the value came out (`Way`), or breaks with what should have been.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from schemas.declare import SERVER, Field, States
from tests.simulation import texts
from tests.simulation.typed import Broken, Said, Stand

Json = Any
Way = Literal["stored", "merged", "outranked", "conflict"]


@dataclass(frozen=True)
class Case:
    """One typed value and everything that it met.

    Attributes:
        before, after: what stood in the unit before the set and stands after it; typed: as sent.
        ancestor: the value that it was typed over; first: nothing stood there on that view.
        above: what came to stand since that view, by anyone; others: of it, what other devices did.
        said: what other devices sent about it since.
        in_conflict: it lies in a conflict that the result names; asks: in one that is not settled by it.
    """

    record: str
    unit: str
    field: Field
    before: Json
    typed: Json
    after: Json
    ancestor: Json
    first: bool
    above: Sequence[Stand]
    others: Sequence[Stand]
    said: Sequence[Said]
    in_conflict: bool
    asks: bool
    device: str
    role: str
    made_ms: int
    steady: bool
    machine: States | None = None
    chained: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether its value went into a conflict, and not only lay in the one that its set settles."""
        return self.asks or (self.in_conflict and self.after == self.before != self.typed)

    def demand(self, good: bool, promise: str) -> None:
        """Break unless *good*."""
        if not good:
            raise Broken(
                "settled",
                f"{self.unit} of {self.record}: {promise}; stood {self.before!r}, typed {self.typed!r} "
                f"over {self.ancestor!r}, stands {self.after!r}"
                f"{', in a conflict' if self.in_conflict else ''}, "
                f"unseen: {[it.value for it in self.others]!r}",
            )

    def stands(self) -> Way:
        """The typed value must stand as it is."""
        self.demand(self.after == self.typed, "the typed value stands")
        self.demand(not self.asks, "what stands needs no conflict")
        return "stored"

    def waits(self) -> Way:
        """What stood must still stand, and the typed value wait in a conflict."""
        self.demand(self.after == self.before, "what stood still stands")
        self.demand(self.in_conflict, "the other value is in a conflict")
        return "conflict"

    def yields(self) -> Way:
        """What stood must still stand, by policy: nobody is asked."""
        self.demand(self.after == self.before, "what stood still stands by its policy")
        self.demand(not self.asks, "nobody need be asked")
        return "outranked"


def judge(case: Case) -> Way:
    """Return how a typed value came out, or break."""
    policy = case.field.policy
    if policy == "set":
        return _set(case)
    if case.before == case.typed and not case.chained:
        return case.stands()
    if policy == "authority":
        return _authority(case)
    if policy == "once":
        return _manual(case) if case.first else _authority(case)
    return _RULES[policy](case)


def _manual(case: Case) -> Way:
    return case.waits() if case.others else case.stands()


def _latest(case: Case) -> Way:
    if not case.others:
        return case.stands()
    holder = case.above[-1]
    same = [it for it in case.said if it.value == case.before and it.moment >= holder.moment]
    times = [(holder.made_ms, holder.device), *((it.made_ms, it.device) for it in same)]
    steady = case.steady and holder.steady and all(it.steady for it in same)
    if steady:
        later = (case.made_ms, case.device) >= max(times)
        case.demand((case.after == case.typed) == later, "the later of the two stands")
    case.demand(case.after in (case.typed, case.before), "one of the two stands")
    case.demand(not case.asks, "time decides, nobody is asked")
    return "merged" if case.after == case.typed else "outranked"


def _authority(case: Case) -> Way:
    if not case.others:
        return case.stands()
    mine, theirs = _rank(case, case.role), _rank(case, case.above[-1].role)
    if mine == theirs:
        return case.waits()
    if mine > theirs:
        return case.yields()
    case.stands()
    return "merged"


def _rank(case: Case, role: str) -> int:
    ranks = case.field.authority
    return -1 if role == SERVER else ranks.index(role) if role in ranks else len(ranks)


def _highest(case: Case) -> Way:
    if case.before is None or (case.typed is not None and case.typed > case.before):
        return case.stands()
    return case.yields()


def _set(case: Case) -> Way:
    """Every added element is there; a removed one is gone unless another device added it unseen."""
    held = list(case.before or ())
    typed = case.typed
    if isinstance(typed, list):
        add, remove = list(typed), []
    elif typed is None:
        add, remove = [], held
    else:
        add, remove = list(typed.get("add", ())), list(typed.get("remove", ()))
    stored = {it for one in case.said if one.stored for it in _added(one.value)}
    waiting = {it for one in case.said for it in _added(one.value)} - stored
    after = list(case.after or ())
    kept = {it for it in remove if it in stored or (it in waiting and it in after)}
    wanted = sorted({*(it for it in held if it not in remove or it in kept), *add})
    case.demand(after == wanted, f"the elements are {wanted!r}")
    case.demand(not case.asks, "a set has no conflict")
    return "merged" if kept & set(held) else "stored"


def _added(value: Json) -> list[Json]:
    if isinstance(value, list):
        return value
    return list(value.get("add", ())) if isinstance(value, dict) else []


def _text(case: Case) -> Way:
    if case.before == case.ancestor:
        return case.stands()
    overlaps = texts.overlap(case.ancestor, case.before, case.typed)
    if case.is_waiting:
        case.demand(overlaps is not False, "nothing overlaps")
        return case.waits()
    case.demand(not overlaps, "what overlaps is a conflict")
    for promise in texts.promises(case.ancestor, case.before, case.typed, case.after):
        case.demand(False, promise)
    return "stored" if case.after == case.typed else "merged"


# ------------------------------------------------------------------------------------------ states


def _state(case: Case) -> Way:
    assert case.machine is not None
    if case.before == case.typed:
        return case.stands()
    people = [it for it in case.others if not it.timer]
    if people or case.chained:
        if case.is_waiting:
            return case.waits()
        case.demand(case.chained, "a move that met another unseen is a conflict")
    case.demand(
        _may_move(case.machine, case.before, case.typed, case.role), "only a declared move is made"
    )
    return case.stands()


def _may_move(machine: States, source: Json, target: Json, role: str) -> bool:
    moves = machine.moves(source, target)
    return any(role == SERVER or role in it.roles for it in moves)


_RULES: Mapping[str, Callable[[Case], Way]] = {
    "latest": _latest,
    "manual": _manual,
    "append": _manual,
    "highest": _highest,
    "text": _text,
    "state": _state,
}
