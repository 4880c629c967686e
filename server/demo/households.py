"""The 240 households 农户 and their members, as they stand in the lender's books."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from schemas.derived.due_dates import due_after
from server.demo import livelihoods, names
from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.names import Word
from server.demo.numbers import with_check_digit
from server.demo.people import CASELOADS
from server.demo.places import VILLAGES, Unit

Json = Any

PER_VILLAGE = 30
PER_OFFICER = 40
PROSPECTS = 12
DORMANT = 18
SIZES = (2, 3, 3, 4, 4, 4, 5, 5, 6)
"""How many live in a household, weighted; the head counts."""


@dataclass(frozen=True)
class Named:
    """Somebody whom the walk-through knows by name (domain.md, sections 10 and 11)."""

    name: str
    latin: str
    gender: str
    village: str
    officer: str
    segment: str
    activity: str
    born: int


NAMED = (
    Named("陈国平", "Chen Guoping", "m", "QH-HK-01", "li.min", "livestock", "生猪养殖", 48),
    Named("黄大明", "Huang Daming", "m", "QH-HK-01", "li.min", "livestock", "生猪养殖", 37),
    Named("吴长生", "Wu Changsheng", "m", "QH-HK-01", "li.min", "livestock", "生猪养殖", 51),
    Named("邓玉兰", "Deng Yulan", "f", "QH-HK-01", "li.min", "cash_crop", "茶叶种植", 46),
    Named("周福海", "Zhou Fuhai", "m", "QH-HK-04", "li.min", "grain", "双季稻种植", 55),
    Named("雷春花", "Lei Chunhua", "f", "QH-HK-02", "zhao.lei", "micro_enterprise", "豆腐作坊", 42),
    Named("唐水根", "Tang Shuigen", "m", "QH-NP-02", "zheng.kai", "micro_enterprise", "粮食加工", 45),
    Named("何老三", "He Laosan", "m", "QH-NP-04", "sun.li", "grain", "双季稻种植", 58),
)  # fmt: skip
TWICE = ("曾桂香", "曾贵香")
"""One woman, registered by two officers who write her name differently; the id number tells it."""
TWICE_LATIN, TWICE_OUTLET = "Zeng Guixiang", "QH-NP"


@dataclass(frozen=True)
class Member:
    """Someone who lives in a household besides its head."""

    id: str
    fields: dict[str, Json]


@dataclass(frozen=True)
class Household:
    """A customer with all that is told of it; `state` is how it stands in the books."""

    id: str
    officer: str
    village: Unit
    state: str
    known_since: date
    fields: dict[str, Json]
    members: tuple[Member, ...] = ()

    @property
    def name(self) -> str:
        """The name of the head."""
        return str(self.fields["name"])

    @property
    def segment(self) -> str:
        """What the household lives on, as a word of the schema."""
        return str(self.fields["segment"])

    @property
    def livelihood(self) -> livelihoods.Livelihood:
        """What the household does for a living."""
        return livelihoods.ACTIVITIES[str(self.fields["main_activity"])]

    @property
    def is_named(self) -> bool:
        """Whether the walk-through knows them."""
        return any(it.name == self.name for it in NAMED)


@dataclass
class Registry:
    """What must not be given twice: names and the running part of phones and id numbers."""

    dice: Dice
    taken: set[str] = field(default_factory=lambda: {it.name for it in NAMED} | set(TWICE))
    phones: int = 100
    ids: int = 0

    def name(self, gender: str) -> tuple[str, str]:
        """Return a name that nobody has yet, in characters and in Latin letters."""
        given = names.MEN if gender == "m" else names.WOMEN
        while True:
            whole, latin = joined(self.dice.one(names.SURNAMES), self.dice.one(given))
            if whole not in self.taken:
                self.taken.add(whole)
                return whole, latin

    def phone(self) -> str:
        """Return the next phone number; none of them can be called."""
        self.phones += 1
        return f"1000000{self.phones:04d}"

    def id_no(self, village: Unit, born: date, gender: str) -> str:
        """Return an id number of the area 9999 that holds, by GB 11643 (domain.md, section 2)."""
        self.ids += 1
        place = VILLAGES.index(village) + 1
        serial = self.ids % 500 * 2 + (gender == "m")
        body = f"9999{place:02d}{born:%Y%m%d}{serial:03d}"
        return with_check_digit(body)


def joined(surname: Word, given: Word) -> tuple[str, str]:
    """Return a whole name in characters and in Latin letters."""
    return surname.zh + given.zh, f"{surname.latin} {given.latin}"


def households(days: Days, villages: dict[str, str]) -> list[Household]:
    """Return the 240 households, village by village; *villages* gives the unit's id by its code."""
    dice = Dice("households")
    register = Registry(dice)
    segments = iter(_segments(dice))
    states = iter(_states(dice))
    made: list[Household] = []
    for village in VILLAGES:
        persons: list[Named | None] = [it for it in NAMED if it.village == village.code]
        persons += [None] * (PER_VILLAGE - len(persons))
        free = _officers(village, [it.officer for it in persons if it])
        for person in persons:
            officer = person.officer if person else next(free)
            state = "active" if person else next(states)
            segment = person.segment if person else next(segments)
            maker = Maker(days, dice, register, village, villages[village.code])
            made.append(maker.household(len(made) + 1, person, officer, state, segment))
    _register_twice(made)
    return made


def _register_twice(made: Sequence[Household]) -> None:
    """Let two prospects of one outlet, each of another officer, be the same woman."""
    prospects = [it for it in made if it.state == "prospect" and it.village.parent == TWICE_OUTLET]
    first = prospects[0]
    second = next(it for it in reversed(prospects) if it.officer != first.officer)
    number = str(first.fields["id_no"])
    body = f"{number[:14]}{int(number[14:17]) // 2 * 2:03d}"
    same = with_check_digit(body)
    for one, written in zip((first, second), TWICE, strict=True):
        one.fields.update(name=written, name_latin=TWICE_LATIN, gender="f", id_no=same)


def _segments(dice: Dice) -> list[str]:
    """Return the segments of those who have no name, so that all 240 have the recipe's shares."""
    total = PER_VILLAGE * len(VILLAGES)
    whole = [
        name for name, percent in livelihoods.SHARES.items() for _ in range(total * percent // 100)
    ]
    for person in NAMED:
        whole.remove(person.segment)
    return dice.shuffled(whole)


def _states(dice: Dice) -> list[str]:
    others = PER_VILLAGE * len(VILLAGES) - len(NAMED) - PROSPECTS - DORMANT
    whole = ["prospect"] * PROSPECTS + ["dormant"] * DORMANT + ["active"] * others
    return dice.shuffled(whole)


def _officers(village: Unit, taken: Sequence[str]) -> Iterator[str]:
    """Yield the officer of each further household of *village*: one alone, or ten each for three."""
    for officer, (first, second) in CASELOADS.items():
        share = PER_VILLAGE if village.code == first else PER_OFFICER - PER_VILLAGE
        if village.code in (first, second):
            yield from [officer] * (share - list(taken).count(officer))


@dataclass(frozen=True)
class Maker:
    """Makes the households of one village."""

    days: Days
    dice: Dice
    register: Registry
    village: Unit
    village_id: str

    def household(
        self, number: int, person: Named | None, officer: str, state: str, segment: str
    ) -> Household:
        """Return one household with its members."""
        dice = self.dice
        gender = person.gender if person else ("f" if dice.chance(28) else "m")
        name, latin = (person.name, person.latin) if person else self.register.name(gender)
        born = self._birthday(person.born if person else dice.randint(27, 59))
        size = dice.one(SIZES)
        fields: dict[str, Json] = {
            "name": name,
            "id_no": self.register.id_no(self.village, born, gender),
            "gender": gender,
            "phone": self.register.phone(),
            "village_id": self.village_id,
            "segment": segment,
            "main_activity": person.activity if person else livelihoods.activity(dice, segment),
            "household_size": size,
        }  # fmt: skip
        if person or dice.chance(40):
            fields["name_latin"] = latin
        if state != "prospect":
            fields |= self._books(number, str(fields["main_activity"]), size, state)
        members = tuple(self._members(name, born, gender, size)) if state != "prospect" else ()
        since = self.days.go_live if state != "prospect" else self._met_on()
        customer = dice.new_id(self.days.at(since, "08:30", seconds=number))
        return Household(customer, officer, self.village, state, since, fields, members)

    def _met_on(self) -> date:
        """Return the day on which an officer registered a prospect in the village."""
        day = self.days.ago(self.dice.randint(6, 55))
        return day if self.days.is_working(day) else day + timedelta(days=1)

    def _birthday(self, age: int) -> date:
        day = due_after(self.days.today, -12 * age)
        return day - timedelta(days=self.dice.randrange(365))

    def _books(self, number: int, activity: str, size: int, state: str) -> dict[str, Json]:
        """Return what the old books told of a customer."""
        dice, days = self.dice, self.days
        spread = 8_000
        contact = dice.randint(390, 690) if state == "dormant" else dice.randint(70, 320)
        books: dict[str, Json] = {
            "customer_no": f"KH{number:05d}",
            "state": state,
            "able_workers": min(size, dice.one((1, 2, 2, 2, 3))),
            "years_resident": dice.randint(6, 58),
            "annual_income_fen": dice.randrange(280, 960) * size * 2_500,
            "land_own_tmu": dice.randrange(12, 90),
            "registered_on": days.ago(dice.randint(720, 2_900)).isoformat(),
            "source": dice.one(("walk_in", "officer_found", "referral", "village_list")),
            "last_contact_on": days.ago(contact).isoformat(),
            "home_lat_e6": self.village.lat_e6 + dice.randint(-spread, spread),
            "home_lon_e6": self.village.lon_e6 + dice.randint(-spread, spread),
            "home_acc_m": dice.randint(5, 30),
            "address_note": dice.one(livelihoods.ADDRESSES),
        }
        if dice.chance(30):
            books["land_rented_tmu"] = dice.randrange(20, 200)
        if dice.chance(35):
            books["preferences"] = dice.one(livelihoods.PREFERENCES)
        if dice.chance(12):
            books["tags"] = [dice.one(("示范户", "脱贫户", "返乡创业", "党员户"))]
        books |= self._standing()
        return books | livelihoods.assets(dice, activity) | livelihoods.debts(dice, days)

    def _standing(self) -> dict[str, Json]:
        if not self.dice.chance(70):
            return {}
        return {
            "village_opinion": self.dice.one(("excellent", "good", "good", "good", "fair")),
            "village_opinion_by": self.dice.one(("村支书", "村主任", "妇女主任", "村民小组长")),
            "village_opinion_on": self.days.ago(self.dice.randint(80, 500)).isoformat(),
        }

    def _members(self, head: str, born: date, gender: str, size: int) -> Iterator[Member]:
        roles = ["spouse", "child", "child", "parent", "parent"][: size - 1]
        for place, relation in enumerate(roles):
            yield self._member(relation, head, born, gender, place)

    def _member(self, relation: str, head: str, born: date, gender: str, place: int) -> Member:
        dice = self.dice
        years = {"spouse": dice.randint(-3, 4), "child": dice.randint(21, 27), "parent": -25}[
            relation
        ]
        year = born.year + years
        age = self.days.today.year - year
        works = 16 <= age <= 68
        fields: dict[str, Json] = {
            "name": self._member_name(relation, head, gender, place),
            "relation": relation,
            "birth_year": year,
            "labour": ("full" if age < 60 else "part") if works else "none",
            "presence": "present",
        }
        if relation == "spouse":
            other = "f" if gender == "m" else "m"
            day = date(year, dice.randint(1, 12), dice.randint(1, 28))
            fields["id_no"] = self.register.id_no(self.village, day, other)
            fields["co_borrower"] = dice.chance(60)
        if works:
            away = relation == "child" and age >= 19 and dice.chance(70)
            fields["occupation"] = dice.one(
                livelihoods.WORK_AWAY if away else livelihoods.WORK_AT_HOME
            )
            fields["works_away"] = away
            if away:
                fields |= {
                    "presence": "away",
                    "annual_income_fen": dice.randrange(300, 620) * 10_000,
                }
        elif age < 16:
            fields["occupation"] = "学生" if age > 5 else "学龄前"
        moment = self.days.at(self.days.go_live, "08:30", seconds=place)
        return Member(dice.new_id(moment), fields)

    def _member_name(self, relation: str, head: str, gender: str, place: int) -> str:
        dice = self.dice
        if relation == "child":
            return head[0] + dice.one(names.CHILDREN).zh
        woman = gender == "m" if relation == "spouse" else place % 2 == 0
        surname = head[0] if relation == "parent" and not woman else dice.one(names.SURNAMES).zh
        return surname + dice.one(names.WOMEN if woman else names.MEN).zh
