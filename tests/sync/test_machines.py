"""Every move of every machine, tried by every role: what the table of the domain allows, and nothing else."""

from __future__ import annotations

import pytest

from schemas.declare import SERVER, States
from schemas.registry import REGISTRY
from schemas.roles import ROLES
from sync.states import refused
from tests.schemas.machines import LETTERS, MOVES

Step = tuple[str, str]


def table(name: str) -> dict[Step, tuple[set[str], bool]]:
    """Return who may go from one state to another, and whether it may be recorded offline."""
    found: dict[Step, tuple[set[str], bool]] = {}
    for line in MOVES[name][1].split(";"):
        _, _, rest = line.strip().partition(": ")
        sources, _, after = rest.partition(" > ")
        target, _, who = after.partition(" ")
        for source in sources.split():
            roles, offline = found.get((source, target), (set(), False))
            more = {LETTERS[it] for it in who.rstrip("*")}
            found[source, target] = (roles | more, offline or who.endswith("*"))
    return found


def machine_of(name: str) -> States:
    machine = REGISTRY[name].states
    assert machine is not None
    return machine


def states_of(name: str) -> list[str]:
    machine = machine_of(name)
    moves = [state for it in machine.transitions for state in (*it.source, it.target)]
    return list(dict.fromkeys([*machine.initial, *moves]))


@pytest.mark.parametrize("role", [*ROLES.options, SERVER])
@pytest.mark.parametrize("name", MOVES)
def test_a_role_makes_the_moves_of_the_table_and_no_others(name: str, role: str) -> None:
    machine, allowed = machine_of(name), table(name)
    for source in states_of(name):
        for target in states_of(name):
            who = allowed.get((source, target))
            expected: str | None
            if who is None:
                expected = "invalid-transition"
            else:
                expected = None if role in who[0] or role == SERVER else "not-permitted"

            assert refused(machine, source, target, role) == expected, (source, target)


@pytest.mark.parametrize("name", MOVES)
def test_what_needs_authority_over_others_is_not_recorded_offline(name: str) -> None:
    for step, (_, offline) in table(name).items():
        assert any(it.offline for it in machine_of(name).moves(*step)) == offline, step
