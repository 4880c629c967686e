"""Every scenario of the shared vectors, played against the real server by tablets of our own.

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

from tests.scenarios.declared import Declared
from tests.scenarios.expected import Checked
from tests.scenarios.replay import Replay, orders
from tests.scenarios.world import World, make_world

Json = Any
VECTORS = Path(__file__).parents[1] / "vectors" / "sync-scenarios.json"
NOT_YET: Mapping[str, str] = {}


def scenarios() -> list[Any]:
    found = []
    held = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert held["count"] == len(held["vectors"])
    for one in held["vectors"]:
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


@pytest.mark.parametrize("scenario", scenarios())
def test_scenario_ends_as_expected(
    scenario: Mapping[str, Json], empty_world: Path, tmp_path: Path
) -> None:
    shutil.copytree(empty_world, tmp_path, dirs_exist_ok=True)
    world = World(tmp_path, Declared(scenario))
    replay = Replay(scenario, world)

    replay.run()
    faults = Checked(replay).faults()
    world.close()

    assert not faults, "\n".join([scenario["name"], *faults])
