"""The cases of a device's view and server copy that the tablet's tests run as well."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from schemas.declare import AnyJson, Field, KeyedMap, Label, Policy, RecordType, Registry
from schemas.messages import Change
from schemas.values import Hlc
from sync.rebase import (
    Drop,
    Held,
    Own,
    Pending,
    Step,
    fold,
    newest_own,
    over_for,
    renumber,
    steps,
    texts_seen,
    view,
)

Json = Any
FILE = json.loads(
    (Path(__file__).parents[1] / "vectors" / "rebase.json").read_text(encoding="utf-8")
)


def declared(name: str, shape: Mapping[str, Json]) -> RecordType:
    groups = {it: group for group, members in shape.get("groups", {}).items() for it in members}

    def field(path: str, policy: Policy) -> Field:
        return Field(path, Label(path, path), AnyJson(), policy, group=groups.get(path))

    plain = [field(*it) for it in shape["fields"].items()]
    maps = [
        KeyedMap(path, Label(path, path), {leaf: field(leaf, it) for leaf, it in leaves.items()})
        for path, leaves in shape.get("maps", {}).items()
    ]
    return RecordType(name, Label(name, name), (*plain, *maps), made_by=("officer",))


REGISTRY = Registry([declared(*it) for it in FILE["types"].items()])


def cases(do: str) -> list[Any]:
    assert FILE["count"] == len(FILE["vectors"])
    return [pytest.param(it, id=it["id"]) for it in FILE["vectors"] if it["do"] == do]


def pending_of(case: Mapping[str, Json]) -> list[Pending]:
    return [Pending(it["number"], Change(**it["change"]), it["seen"]) for it in case["pending"]]


@pytest.mark.parametrize("case", cases("view"))
def test_pending_sets_are_laid_on_top_of_the_server_copy(case: dict[str, Json]) -> None:
    below = None if case["held"] is None else Held(**case["held"])
    shown = view(below, pending_of(case), REGISTRY)

    found = None if shown is None else {**asdict(shown), "pending": list(shown.pending)}
    assert found == case["expected"]


@pytest.mark.parametrize("case", cases("over"))
def test_a_new_edit_says_over_what_it_was_made(case: dict[str, Json]) -> None:
    kind = REGISTRY[case["type"]]
    newest = newest_own(kind, pending_of(case))

    assert {
        "newest": newest,
        "over": over_for(kind, case["fields"], newest),
        "seen": texts_seen(kind, case["fields"], case["shown"]),
    } == case["expected"]


def written(step: Step, own: Mapping[int, list[Json]]) -> dict[str, Json]:
    """Return a step in the words of the file."""
    if isinstance(step, Drop):
        return {"kind": "drop", "customer": step.customer}
    if isinstance(step, Own):
        sent = next(it for changes in own.values() for it in changes if Change(**it) == step.change)
        return {"kind": "own", "change": sent, "version": step.version}
    return {"kind": "sent", "record": step.record}


@pytest.mark.parametrize("case", cases("take_in"))
def test_an_answer_is_taken_into_the_server_copy(case: dict[str, Json]) -> None:
    own = {int(number): changes for number, changes in case["own"].items()}
    done = steps(case["answer"], {key: [Change(**it) for it in own[key]] for key in own})
    copy = {it["id"]: Held(**it) for it in case["held"]}

    for step in done:
        if isinstance(step, Drop):
            copy = {key: it for key, it in copy.items() if it.customer != step.customer}
            continue
        record = step.change.id if isinstance(step, Own) else step.record["id"]
        after = fold(copy.get(record), step, REGISTRY)
        if after is not None:
            copy[record] = after

    assert [written(it, own) for it in done] == case["expected"]["steps"]
    assert [asdict(copy[it]) for it in sorted(copy)] == case["expected"]["after"]


@pytest.mark.parametrize("case", cases("renumber"))
def test_a_pending_set_goes_out_from_a_new_device(case: dict[str, Json]) -> None:
    def restamp(stamp: str) -> str:
        try:
            old = Hlc.parse(stamp)
        except ValueError:
            return stamp
        return str(Hlc(old.millis, old.counter, case["device"]))

    moved = {int(old): new for old, new in case["moved"].items()}

    assert renumber(case["set"], case["number"], moved, restamp) == case["expected"]
