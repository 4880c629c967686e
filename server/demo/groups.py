"""Joint-liability groups 联保小组: six of five households, one of them in trouble, one forming (domain.md, 11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.derived.due_dates import due_after
from server.demo.changes import Change, create, update
from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.loans import Loan
from server.demo.people import SUPERVISORS, of_outlet
from server.demo.stage import Sets, Stage

SIZE = 5
FORMING_SIZE = 4
FIRST = "柳湾五户联保组"
OTHERS = ("li.min", "zhou.hang", "wu.jing", "zheng.kai")
"""Whose customers the other four groups are of; a fifth one holds the member who is late."""
FORMING_OF = "sun.li"
MOST_FEN = 50_000_00
AGREED_MONTHS_AGO = (4, 7, 9, 11, 14, 5)
LATE_DAYS = range(31, 91)


@dataclass(frozen=True)
class Group:
    """A group and its members, the leader first."""

    id: str
    name: str
    members: tuple[Household, ...]
    months: int
    is_forming: bool = False


def groups(
    days: Days, households: Sequence[Household], loans: Sequence[Loan], taken: set[str]
) -> list[Group]:
    """Choose the members and write the group's id into the households' fields; *taken*: not to be asked."""
    dice = Dice("groups")
    moment = days.at(days.go_live, "08:40")
    first = [it.household for it in loans if it.state == "active" and it.security == ("group",)]
    late = _late(days, loans)
    busy = {it.id for it in first} | set(taken)
    busy |= {
        it.household.id for it in loans if it.state == "written_off" or it.late_since(days.today)
    }
    free = [
        it for it in households if it.state == "active" and not it.is_named and it.id not in busy
    ]
    chosen = [(FIRST, list(first))]
    wanted = [(late.officer, [late]), *((it, list[Household]()) for it in OTHERS), (FORMING_OF, [])]
    for place, (officer, members) in enumerate(wanted, 2):
        size = FORMING_SIZE if place == len(wanted) + 1 else SIZE
        near = [it for it in free if it.officer == officer]
        near.sort(key=lambda it: it.village.code)
        members += dice.shuffled(near[: 3 * SIZE])[: size - len(members)]
        free = [it for it in free if it not in members]
        chosen.append((f"{members[0].village.name}联保{'一二三四五六七'[place - 1]}组", members))
    made = []
    for place, (name, members) in enumerate(chosen):
        forming = place == len(chosen) - 1
        months = 0 if forming else AGREED_MONTHS_AGO[place]
        made.append(Group(dice.new_id(moment), name, tuple(members), months, forming))
        if not forming:
            for it in members:
                it.fields["group_id"] = made[-1].id
    return made


def _late(days: Days, loans: Sequence[Loan]) -> Household:
    """Return a household without a name whose loan is more than thirty days late, and no bad loan yet."""
    for loan in loans:
        since = loan.late_since(days.today) if loan.state == "active" else None
        if since and (days.today - since).days in LATE_DAYS and not loan.household.is_named:
            return loan.household
    raise AssertionError("the book has such loans on every day (book.py)")


def brought(days: Days, made: Sequence[Group]) -> Sets:
    """Return the set of each group that came with the books, without its leader: nobody is there yet."""
    return [("import.group", list(_group(days, it))) for it in made if not it.is_forming]


def _group(days: Days, group: Group) -> Iterator[Change]:
    formed = due_after(days.ago(9), -group.months)
    yield create("group", group.id, None, {
        "name": group.name, "agreement_no": f"LB{formed:%Y%m}{group.months:02d}",
        "formed_on": formed.isoformat(),
        "expires_on": (due_after(formed, 36) - timedelta(days=1)).isoformat(),
        "max_per_member_fen": MOST_FEN, "state": "active",
    })  # fmt: skip


def led(made: Sequence[Group]) -> Sets:
    """Return the sets that name the leaders of the groups that came with the books."""
    return [
        ("import.group", [update("group", it.id, None, {"leader_customer_id": it.members[0].id})])
        for it in made if not it.is_forming
    ]  # fmt: skip


def form(stage: Stage, group: Group, on: date) -> None:
    """Let the supervisor begin the group that has only four members so far."""
    boss = of_outlet(str(group.members[0].village.parent), SUPERVISORS)
    moment = stage.days.at(on, "09:40")
    fields = {
        "name": group.name,
        "formed_on": on.isoformat(),
        "leader_customer_id": group.members[0].id,
    }
    sets: list[tuple[str, list[Change]]] = [("group", [create("group", group.id, None, fields)])]
    for it in group.members:
        sets.append(("group.join", [update("customer", it.id, it.id, {"group_id": group.id})]))
    stage.web(boss, moment, sets)
