"""The sizes of the demonstration: the story alone, a full branch, a whole lender."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select

from schemas.wire.setup import Account, Branch, Setup, SetupRecord
from server import store
from server.context import Context
from server.db import writing
from server.demo import people, places, products, second_device
from server.demo.crowd import Plan, grow
from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.load import load
from server.demo.stage import Stage
from server.setup import SetUp

STORY = 240
STORY_OFFICERS = len(people.OFFICERS)
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Size:
    """So many households in all, in so many branches, with so many officers."""

    households: int
    branches: int = 1
    officers: int = STORY_OFFICERS


SIZES = {
    "small": Size(STORY),
    "branch": Size(5_000, 1, 18),
    "lender": Size(200_000, 40, 500),
}


def load_size(parts: Context, size: Size, tell: Tell = lambda done, whole: None) -> None:
    """Load a size into an empty database; *tell*: households that are there, of how many.

    The branch of the story comes in one transaction, every further one in its own: where the load is
    broken off, whole branches are there and no part of one.

    Raises:
        DemoError: a set came out otherwise than written.
    """
    plans = list(_plans(size))
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        tell(done, size.households)

    with writing(parts.engine) as connection:
        stage = load(connection, parts.registry, parts.settings, parts.now())
        second_device.write(stage, parts.keys, parts.now())
        more(STORY)
        if plans[0].households:
            grow(stage, plans[0], more)
    for place, plan in enumerate(plans[1:], 2):
        with writing(parts.engine) as connection:
            grow(_opened(parts, connection, place), plan, more)


def _plans(size: Size) -> Iterator[Plan]:
    """Share households and officers among the branches; the first has those of the story already."""
    for place in range(size.branches):
        households = _share(size.households, size.branches, place)
        officers = _share(size.officers, size.branches, place)
        first = place == 0
        yield Plan(max(0, households - STORY * first), max(1, officers - STORY_OFFICERS * first))


def _share(whole: int, parts: int, place: int) -> int:
    return whole * (place + 1) // parts - whole * place // parts


def _opened(parts: Context, connection: Connection, place: int) -> Stage:
    """Set a further branch up: its unit, its products, a supervisor and a clerk."""
    settings = parts.settings
    days = Days(settings.today(parts.now()), settings.time_zone)
    code, dice = f"{places.BRANCH}-{place:02d}", Dice(f"branch {place}")
    moment = days.at(days.go_live, "08:00") - timedelta(minutes=5)
    ids = {it["code"]: dice.new_id(moment) for it in products.PRODUCTS}
    records = tuple(
        SetupRecord(code, "product", ids[it["code"]], None, None, it) for it in products.PRODUCTS
    )
    unit = Branch(code, f"青禾第{place}支行", places.HEAD_OFFICE, "tier2_branch")
    accounts = (
        Account(f"{code.lower()}.lead", "方正", "supervisor", code, None, people.PASSWORD, None, True, 1),
        Account(f"{code.lower()}.desk", "柳青", "clerk", code, None, people.PASSWORD, None, True),
    )  # fmt: skip
    SetUp(connection, parts.registry, settings, moment).run(Setup(None, (unit,), accounts, records))
    query = select(store.branch.c.id).where(store.branch.c.code == code)
    branch_id = str(connection.execute(query).scalar_one())
    stage = Stage(connection, parts.registry, settings, days, branch_id, code)
    stage.products = ids
    return stage
