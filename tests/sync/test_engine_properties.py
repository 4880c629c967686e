"""What holds of any work in any order: nothing lost, nothing twice, order without effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.messages import Change, SetResult
from schemas.values import json_equal
from sync.ledger import Mark, RecordState
from sync.work import current, put_unit, units_of
from tests.sync.village import REGISTRY, Person, Village, named

Json = Any
PEOPLE = ("li", "zhao", "wang")

word = st.sampled_from(["甲。", "乙。", "丙。", "丁"])
prose = st.lists(word, max_size=4).map("".join)
tags = st.lists(st.sampled_from("abc"), max_size=2, unique=True)
number = st.integers(0, 5)
value = st.sampled_from(["x", "y", "z"])
UNITS: Mapping[str, st.SearchStrategy[dict[str, Json]]] = {
    "name": st.builds(lambda it: {"name": it}, value),
    "phone": st.builds(lambda it: {"phone": it}, value | st.none()),
    "income": st.builds(lambda it: {"income": it}, number | st.none()),
    "grade": st.builds(lambda it: {"grade": it}, value),
    "id_no": st.builds(lambda it: {"id_no": it}, value),
    "remark": st.builds(lambda it: {"remark": it}, prose),
    "visits": st.builds(lambda it: {"visits": it}, number),
    "tags": st.builds(lambda add, remove: {"tags": {"add": add, "remove": remove}}, tags, tags),
    "terms": st.builds(lambda a, b: {"amount": a, "months": b}, number, number),
    "start": st.builds(lambda it: {"start": it}, number),
    "end": st.builds(lambda it: {"end": it}, number),
}


@dataclass(frozen=True)
class Deed:
    """One edit of C1: who makes it, what he sets, and whether he looks at the server afterwards."""

    person: str
    fields: Mapping[str, Json]
    pulls: bool
    minute: int


def merged(parts: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    return {path: it for part in parts for path, it in part.items()}


edits = st.lists(st.one_of(*UNITS.values()), min_size=1, max_size=3).map(merged)
deeds = st.lists(
    st.builds(Deed, st.sampled_from(PEOPLE), edits, st.booleans(), st.integers(0, 100)), max_size=9
)


class Played:
    """A village in which deeds were done, by tablets that say `over` as the protocol asks."""

    def __init__(self, done: Sequence[Deed]) -> None:
        self.village = Village()
        self.village.office.edit("C1", remark="甲。乙。", tags={"add": ["a"]}, start=1, end=4)
        tablets = {it: self.village.tablet(it) for it in PEOPLE if it != "wang"}
        self.people: dict[str, Person] = {**tablets, "wang": self.village.web("wang")}
        self.pending: dict[str, dict[str, int]] = {it: {} for it in PEOPLE}
        self.results: list[tuple[Change, SetResult]] = [self._do(it) for it in done]

    def _do(self, deed: Deed) -> tuple[Change, SetResult]:
        person, pending = self.people[deed.person], self.pending[deed.person]
        bare = person.change("C1", **deed.fields)
        units = units_of(REGISTRY["customer"], bare.set)
        over = {unit: pending[unit] for unit in units if unit in pending}
        change = person.change("C1", over, **deed.fields)
        base = person.base if deed.person == "wang" else None
        result = person.send(change, base=base, minute=deed.minute)
        pending |= dict.fromkeys(units, person.number)
        if deed.pulls:
            person.pull()
            pending.clear()
        return change, result


@given(deeds)
def test_every_value_is_in_the_history_or_was_rejected(done: list[Deed]) -> None:
    played = Played(done)

    written = [it.sent for entry in played.village.history("C1") for it in entry.units.values()]
    for change, result in played.results:
        if result.status != "rejected":
            for sent in units_of(REGISTRY["customer"], change.set).values():
                assert any(json_equal(sent, it) for it in written)


@given(deeds)
def test_what_people_must_see_is_in_a_conflict(done: list[Deed]) -> None:
    """Of the fields that never change behind anybody's back, each value stood once or waits."""
    played = Played(done)

    stood: list[Json] = []
    for entry in played.village.history("C1"):
        stood += [{unit: it.kept} for unit, it in entry.units.items()]
    for conflict in played.village.all_conflicts():
        unit = conflict.fields.get("field")
        others = [it["value"] for it in conflict.fields["others"]]
        stood += [{unit: it} for it in others] if unit else [
            {name: it} for other in others for name, it in units_of(REGISTRY["customer"], other).items()
        ]  # fmt: skip
    for change, result in played.results:
        if result.status != "rejected":
            for unit, sent in units_of(REGISTRY["customer"], change.set).items():
                if unit in ("name", "income", "terms", "start", "end", "id_no"):
                    assert any(json_equal({unit: sent}, it) for it in stood)


@given(deeds)
def test_the_log_leads_to_the_records(done: list[Deed]) -> None:
    village = Played(done).village

    for state in village.ledger.records.values():
        replayed = RecordState(state.type, state.id, state.customer)
        for entry in village.ledger.history[state.id]:
            for unit, it in entry.units.items():
                declared = REGISTRY[state.type]
                assert json_equal(it.before, current(replayed, declared, unit))
                put_unit(replayed, declared, unit, it.kept)
            if entry.altered:
                replayed.version = entry.position
        assert (state.fields, state.version) == (replayed.fields, replayed.version)


@given(deeds)
def test_marks_say_exactly_who_was_last(done: list[Deed]) -> None:
    village = Played(done).village

    for state in village.ledger.records.values():
        for unit, mark in state.marks.items():
            altering = [it for it in village.ledger.history[state.id] if it.alters(unit)]
            assert mark == exact(altering)


def exact(altering: Sequence[Any]) -> Mark:
    last = altering[-1]
    others = [it.position for it in altering if it.device != last.device]
    return Mark(last.position, last.device, max(others, default=0))


@given(deeds)
def test_conflicts_are_as_they_should_be(done: list[Deed]) -> None:
    played = Played(done)

    conflicts = played.village.all_conflicts()
    by_id = {it.id for it in conflicts}
    for conflict in conflicts:
        others = [it["value"] for it in conflict.fields["others"]]
        assert len(others) == len({repr(it) for it in others})
        assert conflict.fields["kind"] in ("field", "text", "invalid")
    open_units = [it.fields["field"] for it in conflicts if it.fields.get("field")]
    assert len(open_units) == len(set(open_units))
    for _, result in played.results:
        named_ids = [it for one in result.changes for it in one.conflicts]
        assert set(named_ids) <= by_id
        assert (result.status == "conflict") == bool(named_ids)


@given(deeds)
def test_sending_what_stands_changes_nothing(done: list[Deed]) -> None:
    played = Played(done)
    village = played.village
    before = (village.record("C1").fields, village.record("C1").version)
    person = village.tablet("zhao", "fresh")

    for path, it in before[0].items():
        declared = REGISTRY["customer"].field(path)
        assert declared is not None
        group = REGISTRY["customer"].group(declared.group or "") or (path,)
        fields = {member: before[0].get(member) for member in group}
        if declared.policy == "set":
            fields = {path: {"add": it, "remove": []}}
        result = person.edit("C1", **fields)
        assert result.status == "applied" or (declared.policy == "once")

    assert (village.record("C1").fields, village.record("C1").version) == before


# ------------------------------------------------------------------------------------ commuting


@st.composite
def apart(draw: st.DrawFn) -> list[tuple[str, dict[str, Json]]]:
    """Edits by several people, each person in fields (or groups) that are only his own."""
    units = draw(st.permutations([it for it in UNITS if it not in ("start", "end")]))
    done = []
    for place, person in enumerate(PEOPLE):
        for unit in units[place * 3 : place * 3 + 3]:
            if draw(st.booleans()):
                done.append((person, draw(UNITS[unit])))
    return done


@given(apart(), st.data())
def test_the_order_of_edits_of_different_fields_does_not_matter(
    done: list[tuple[str, dict[str, Json]]], data: st.DataObject
) -> None:
    ends = []
    for order in (range(len(done)), data.draw(st.permutations(range(len(done))))):
        village = Village()
        village.office.edit("C1", remark="甲。乙。", tags={"add": ["a"]}, visits=2)
        tablets = {it: village.tablet(it) for it in ("li", "zhao")}
        people = {**tablets, "wang": village.web("wang")}
        bases = {it: one.base for it, one in people.items()}
        for place in order:
            person, fields = done[place]
            change = people[person].change("C1", **fields)
            result = people[person].send(change, base=bases[person], minute=place)
            assert result.status in ("applied", "merged")
        ends.append(village.record("C1").fields)

    assert ends[0] == ends[1]


@given(st.permutations(range(4)), st.lists(number, min_size=4, max_size=4))
def test_the_greatest_stands_in_any_order(order: list[int], values: list[int]) -> None:
    village = Village()
    tablets = [village.tablet("li", str(it)) for it in range(4)]

    for place in order:
        tablets[place].edit("C1", visits=values[place])

    assert village.value("C1", "visits") == max(values)


@given(st.permutations(range(4)), st.lists(value, min_size=4, max_size=4))
def test_the_latest_stands_in_any_order(order: list[int], values: list[str]) -> None:
    village = Village()
    tablets = [village.tablet("li", str(it)) for it in range(4)]

    for place in order:
        tablets[place].edit("C1", phone=values[place], minute=place)

    assert village.value("C1", "phone") == values[-1]


@given(st.permutations(range(4)), st.lists(st.tuples(tags, tags), min_size=4, max_size=4))
def test_an_element_that_anybody_adds_is_there_in_any_order(
    order: list[int], values: list[tuple[list[str], list[str]]]
) -> None:
    village = Village()
    village.office.edit("C1", tags={"add": ["a", "b"]})
    tablets = [village.tablet("li", str(it)) for it in range(4)]

    for place in order:
        add, remove = values[place]
        tablets[place].edit("C1", tags={"add": add, "remove": remove})

    added = {it for add, _ in values for it in add}
    removed = {it for add, remove in values for it in remove}
    assert set(village.value("C1", "tags") or ()) == added | ({"a", "b"} - removed)


def leaves(village: Village) -> Iterator[tuple[str, Json]]:
    fields = village.record("V1").fields
    yield from ((path, it) for path, it in fields.items() if path.startswith("answers."))


@given(st.permutations(range(3)))
def test_a_removal_is_undone_in_any_order(order: list[int]) -> None:
    village = Village()
    village.office.create("visit", "V1", answers__F01__value="no", answers__F01__note="甲。")
    edits: list[dict[str, Json]] = [
        {"answers__F01__value": None, "answers__F01__note": None},
        {"answers__F01__note": "甲。乙。"},
        {"answers__F02__value": "yes"},
    ]
    tablets = [village.tablet("li", str(it)) for it in range(3)]

    for place in order:
        tablets[place].send(tablets[place].change("V1", **edits[place]))

    assert dict(leaves(village)) == {
        "answers.F01.value": "no", "answers.F01.note": "甲。乙。", "answers.F02.value": "yes",
    }  # fmt: skip
    assert village.record("V1").customer == named("C1")
