"""What an import costs grows with its rows and with nothing else."""

from __future__ import annotations

from itertools import pairwise

from server.importing.landing import CHANGES_AT_ONCE, SETS_AT_ONCE, chunks
from tests.server.counting import counting
from tests.server.importing.desk import Desk, customer, write_csv

ROWS = 5_000


def test_every_chunk_of_a_long_file_costs_the_same(desk: Desk) -> None:
    file = write_csv(desk.folder / "long.csv", [customer(it) for it in range(ROWS)])
    seen: list[int] = []

    with counting(desk.engine) as counted:
        outcome = desk.run("customers", file, progress=lambda _: seen.append(counted.statements))

    assert outcome.imported == ROWS
    steps = [after - before for before, after in pairwise(seen)]
    assert len(seen) == -(-ROWS // SETS_AT_ONCE)
    assert len(set(steps)) == 1, f"statements of each chunk: {steps}"
    assert steps[0] <= 12


def test_checking_costs_the_same_for_any_length(desk: Desk) -> None:
    spent = []
    for length in (1, 300):
        bad = [customer(it, 手机号="无") for it in range(length)]
        file = write_csv(desk.folder / "bad.csv", bad)
        with counting(desk.engine) as counted:
            desk.run("customers", file)
        spent.append(counted.statements)

    assert spent[0] == spent[1] <= 12


def test_a_chunk_is_as_large_as_the_engine_takes_well() -> None:
    small = list(chunks(range(1_000), lambda _: 1))
    large = list(chunks(range(100), lambda _: 361))

    assert [len(it) for it in small] == [SETS_AT_ONCE, SETS_AT_ONCE, 200]
    assert {len(it) * 361 for it in large} == {722}
    assert max(len(it) * 361 for it in large) <= CHANGES_AT_ONCE
