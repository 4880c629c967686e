"""Every scenario of the shared vectors, and our own, played on the real server by tablets of ours.

What they expect follows from protocol.md; what is not built yet stands in `NOT_YET`, and a test that
passes although it stands there fails, so that the line goes when the thing is built.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from server.db import reading
from server.verify import verify
from tests.scenarios.declared import Declared, ident
from tests.scenarios.expected import Checked
from tests.scenarios.own import STORIES
from tests.scenarios.replay import Replay, orders
from tests.scenarios.world import World, make_world

Json = Any
VECTORS = Path(__file__).parents[1] / "vectors" / "sync-scenarios.json"
NOT_YET: Mapping[str, str] = {}


def scenarios() -> list[Any]:
    found = []
    held = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert held["count"] == len(held["vectors"])
    for one in [*held["vectors"], *STORIES]:
        waits = NOT_YET.get(one["id"])
        marks = [pytest.mark.xfail(reason=waits, strict=True)] if waits else []
        for order, played in enumerate(orders(one)):
            name = one["id"] if order == 0 else f"{one['id']}-in-order-{order + 1}"
            found.append(pytest.param(played, id=name, marks=marks))
    return found


@pytest.fixture(scope="module")
def empty_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a branch and its people, made once and copied for each scenario."""
    folder = tmp_path_factory.mktemp("world")
    make_world(folder)
    return folder


def played(scenario: Mapping[str, Json], empty_world: Path, folder: Path) -> list[str]:
    """Play a scenario and return every way in which it does not end as expected."""
    shutil.copytree(empty_world, folder, dirs_exist_ok=True)
    world = World(folder, Declared(scenario))
    replay = Replay(scenario, world)
    replay.run()
    faults = Checked(replay).faults()
    with reading(world.server.engine) as connection:
        finding = verify(connection, world.declared.registry).finding
    world.close()
    return [*faults, *([f"the log: {finding}"] if finding else [])]


@pytest.mark.parametrize("scenario", scenarios())
def test_scenario_ends_as_expected(
    scenario: Mapping[str, Json], empty_world: Path, tmp_path: Path
) -> None:
    faults = played(scenario, empty_world, tmp_path)

    assert not faults, "\n".join([scenario["name"], *faults])


WRONG: Mapping[str, Json] = {
    "results": [{"step": 4, "set": 1, "status": "applied"}],
    "server": {"C1": {"name": "John"}},
    "server_contains": {"C1": {"name": ["ane", "J"]}},
    "conflicts": [],
    "quarantine": [{"device": "T1", "set": 1}],
    "still_readable": ["nobody wrote this"],
    "counts": {"customer": 2},
    "http": [{"step": 3, "status": 409}],
    "devices": {"T1": {"lacks": ["C1"]}},
    "max_records_sent_twice": -1,
}


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_expectation_is_noticed(key: str, empty_world: Path, tmp_path: Path) -> None:
    held = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    scenario = next(it for it in held if it["id"] == "sync-023")
    wrong = {**scenario, "expected": {**scenario["expected"], key: WRONG[key]}}

    assert {it.partition(":")[0] for it in played(wrong, empty_world, tmp_path)} == {key}


def test_a_tablet_that_misses_something_is_noticed(empty_world: Path, tmp_path: Path) -> None:
    held = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    scenario = next(it for it in held if it["id"] == "sync-023")
    shutil.copytree(empty_world, tmp_path, dirs_exist_ok=True)
    world = World(tmp_path, Declared(scenario))
    replay = Replay(scenario, world)
    replay.run()
    copied = replay.tablets["T2"].copy
    assert copied is not None
    copied[ident("C1")].fields["name"] = "typed over"
    del copied[ident("O1")]

    faults = Checked(replay).faults()
    world.close()

    assert len(faults) == 3  # the digest, and both records field by field
