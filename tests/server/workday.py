"""A day's work as an officer brings it home: what is counted by the budgets and the benchmarks."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from tests.server.branch import (
    LI,
    Reply,
    Server,
    Tablet,
    as_json,
    create,
    customer_record,
    edit,
    fresh_id,
    named,
    set_up,
    update,
)

Json = Any
WORDS = re.findall(
    "..",
    "今年去年收成不错一般较差猪圈鸡舍鱼塘大棚存栏出栏母猪仔猪肉牛山羊玉米水稻小麦油菜"
    "花生茶园果树柑橘苹果雨水偏多干旱虫害猪瘟疫苗饲料涨价降价收购老板合同定金尾款现金"
    "转账还款利息本金逾期提前约好下旬月底赶集上门电话打通没接关机邻居反映属实村委支书"
    "主任评议信用良好儿子女儿打工寄钱回家住院看病花费学费盖房装修婚事老人照顾劳力不足"
    "土地流转租金补贴到账保险理赔报案发票收据照片定位核实用途一致挪用摩托三轮农机维修"
    "柴油化肥种子农药灌溉水泵道路塌方绕行建议关注跟进催收展期担保联保签字确认本人配偶"
    "在场同意拒绝解释政策利率优惠新增申请额度两万三千五百八成一半全部部分剩余存款理财"
    "开户手机银行短信提醒下次再访带上资料户口结婚证件过期更换联系方式地址搬迁县城镇上",
)


@dataclass
class Work:
    """Makes what an officer brings home; the same *seed* makes the same words.

    `words`: the length of a summary in words of two characters; a note is twice as long. `answers`: how
    many questions of a checklist are answered.
    """

    seed: int = 1
    words: int = 16
    answers: int = 8

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def note(self, words: int) -> str:
        """Return a note of so many words of two characters, four to a clause."""
        spoken = [self.random.choice(WORDS) for _ in range(words)]
        clauses = ("".join(spoken[it : it + 4]) for it in range(0, words, 4))
        return "，".join(clauses) + "。"

    def minute(self, day: str = "2026-06-16") -> str:
        """Return a moment of the day."""
        return f"{day}T{self.random.randrange(10):02}:{self.random.randrange(60):02}:00.000Z"

    def arrival(self) -> dict[str, Json]:
        """Return the fields of a visit that has begun."""
        return {
            "purposes": ["routine"], "officer_id": LI, "state": "in_progress",
            "arrived_at": self.minute(),
            "arrive_lat_e6": 30_000_000 + self.random.randrange(900_000),
            "arrive_lon_e6": 103_000_000 + self.random.randrange(900_000),
            "arrive_acc_m": self.random.randrange(40),
        }  # fmt: skip

    def departure(self) -> dict[str, Json]:
        """Return the fields with which a visit is finished."""
        return {
            "state": "completed", "left_at": self.minute(), "outcome": "done",
            "met_with": {"add": [self.note(2)]}, "summary": self.note(self.words),
        }  # fmt: skip

    def inspection(self, customer: str, visit: str) -> Json:
        """Return an inspection note; every fourth answer has a remark."""
        asked = [f"answers.R{it:02}" for it in range(self.answers)]
        answers = {f"{it}.value": self.random.choice(("yes", "no")) for it in asked}
        remarks = {f"{it}.note": self.note(6) for it in asked[::4]}
        return create(
            "inspection_note", customer, None, kind="routine", checklist_code="routine",
            checklist_version=1, visit_id=visit, narrative=self.note(2 * self.words), inspector_ids=[LI],
            state="draft", **answers, **remarks,
        )  # fmt: skip

    def edits(self, customers: Sequence[str]) -> list[Json]:
        """Return an edit of each of *customers*."""
        return [
            edit(
                it, preferences=self.note(self.words), next_contact_on=f"2026-07-{10 + place % 20}"
            )
            for place, it in enumerate(customers)
        ]

    def visits(self, tablet: Tablet, customers: Sequence[str]) -> list[Json]:
        """Return two sets for each of *customers*: a visit begun, and finished with its note."""
        sets = []
        for customer in customers:
            visit = create("visit", customer, None, **self.arrival())
            sets.append(tablet.change_set(visit, action="visit.start"))
            done = update("visit", visit["id"], customer, **self.departure())
            done["over"] = {"state": tablet.number}
            note = self.inspection(customer, visit["id"])
            sets.append(tablet.change_set(done, note, action="visit.finish"))
        return sets


def dealt(changes: Sequence[Json], sets: int) -> list[list[Json]]:
    """Return *changes* in so many sets, as even as can be."""
    return [list(changes[place::sets]) for place in range(sets)]


def packed(body: Json) -> int:
    """Return how many bytes a body is, compressed."""
    return len(gzip.compress(body if isinstance(body, bytes) else as_json(body), 9, mtime=0))


def values_and_ids(changes: Sequence[Json]) -> int:
    """Return how many compressed bytes the changed values and the ids of their records are alone.

    A value goes with the name of its field, for without it nobody could tell what has changed.
    """
    return packed([[it["id"], it["customer"], it["set"]] for it in changes])


def grow(server: Server, officer: str, customers: int, first: int = 100) -> list[str]:
    """Give *officer* so many customers more; return their ids."""
    ids = [fresh_id() for _ in range(customers)]
    branch = "HX" if officer == "he.xi" else "QH"
    place = {"village_id": named("河西村")} if branch == "HX" else {}
    records = [
        customer_record(it, officer, serial, branch, **place)
        for serial, it in enumerate(ids, first)
    ]
    set_up(server.engine, {"records": records})
    return ids


@dataclass(frozen=True)
class Day:
    """What one evening's sync took: bytes both ways, round trips, and what was in them."""

    up: int
    down: int
    values: int
    answer: Json
    trips: int

    @property
    def ratio(self) -> float:
        """How many bytes went over the wire for each byte of changed values and ids."""
        return (self.up + self.down) / self.values


def exchange(tablet: Tablet, sets: Sequence[Json] = (), **members: Json) -> tuple[Reply, int]:
    """Make one round trip as the app does it; return the answer and the bytes that went up."""
    sent = gzip.compress(as_json(tablet.request(sets, **members)), 9, mtime=0)
    said = {"Content-Encoding": "gzip", "Accept-Encoding": "gzip"}
    reply = tablet.post("/api/v1/sync", sent, headers=said)
    assert reply.status == 200, reply
    tablet.absorb(sets, reply.json)
    return reply, len(sent)


@dataclass(frozen=True)
class Load:
    """How much a day brings: visits with their notes and edited customers, up and down."""

    visits: int
    edits: int
    their_visits: int
    their_edits: int
    words: int = 16
    answers: int = 8

    @property
    def up(self) -> int:
        """How many changes go up: a visit is begun and finished, and has a note."""
        return 3 * self.visits + self.edits

    @property
    def down(self) -> int:
        """How many records come down."""
        return 2 * self.their_visits + self.their_edits


WHOLE_DAY = Load(12, 4, 20, 20)
"""40 changes up, in 25 sets, and 60 records down."""
SHORT_DAY = Load(6, 2, 16, 18, words=6, answers=0)
"""20 changes up and 50 records down, with short notes."""


def begin_a_day(
    tablet: Tablet, colleague: Tablet, customers: Sequence[str], load: Load
) -> list[Json]:
    """Let a colleague do what the tablet has not seen; return the sets of the tablet's own day."""
    rest = iter(customers)
    theirs, ours = (Work(it, load.words, load.answers) for it in (2, 3))
    colleague.sync(
        *theirs.visits(colleague, list(islice(rest, load.their_visits))),
        colleague.change_set(*theirs.edits(list(islice(rest, load.their_edits)))),
    )
    sets = ours.visits(tablet, list(islice(rest, load.visits)))
    sets.append(tablet.change_set(*ours.edits(list(islice(rest, load.edits)))))
    return sets


def end_a_day(tablet: Tablet, sets: Sequence[Json], load: Load) -> Day:
    """Bring a day home, and measure it."""
    reply, up = exchange(tablet, sets)
    sent = [it for one in sets for it in one["changes"]]
    mine = {it["id"] for it in sent}
    came = [it for it in reply.json["records"] if it["id"] not in mine]
    assert (len(sent), len(came)) == (load.up, load.down)
    values = values_and_ids(sent) + values_and_ids(came)
    return Day(up, len(reply.body), values, reply.json, 1 + reply.json["more"])


def work_a_day(
    tablet: Tablet, colleague: Tablet, customers: Sequence[str], load: Load = WHOLE_DAY
) -> Day:
    """Let a day pass, and bring it home."""
    return end_a_day(tablet, begin_a_day(tablet, colleague, customers, load), load)
