"""A day's work as an officer brings it home: what is counted by the budgets and the benchmarks."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.server.branch import (
    LI,
    Reply,
    Server,
    Tablet,
    as_json,
    call,
    create,
    customer_record,
    edit,
    fresh_id,
    set_up,
)

Json = Any
UP, DOWN, SETS = 40, 60, 25
WORDS = (
    "今年 去年 收成 不错 一般 较差 猪圈 鸡舍 鱼塘 大棚 存栏 出栏 母猪 仔猪 肉牛 山羊 玉米 水稻 小麦 油菜 "
    "花生 茶园 果树 柑橘 苹果 雨水 偏多 干旱 虫害 猪瘟 疫苗 饲料 涨价 降价 收购 老板 合同 定金 尾款 现金 "
    "转账 还款 利息 本金 逾期 提前 约好 下旬 月底 赶集 上门 电话 打通 没接 关机 邻居 反映 属实 村委 支书 "
    "主任 评议 信用 良好 儿子 女儿 打工 寄钱 回家 住院 看病 花费 学费 盖房 装修 婚事 老人 照顾 劳力 不足 "
    "土地 流转 租金 补贴 到账 保险 理赔 报案 发票 收据 照片 定位 核实 用途 一致 挪用 摩托 三轮 农机 维修 "
    "柴油 化肥 种子 农药 灌溉 水泵 道路 塌方 绕行 建议 关注 跟进 催收 展期 担保 联保 签字 确认 本人 配偶 "
    "在场 同意 拒绝 解释 政策 利率 优惠 新增 申请 额度 两万 三千 五百 八成 一半 全部 部分 剩余 存款 理财 "
    "开户 手机 银行 短信 提醒 下次 再访 带上 资料 户口 结婚 证件 过期 更换 联系 方式 地址 搬迁 县城 镇上"
).split()


@dataclass
class Work:
    """Makes notes, edits and tasks about some customers; the same *seed* makes the same words."""

    customers: Sequence[str]
    seed: int = 1

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def note(self, words: int) -> str:
        """Return a note of so many words of two characters."""
        spoken = (self.random.choice(WORDS) for _ in range(words))
        return "".join(f"，{it}" if place % 4 == 0 and place else it for place, it in enumerate(spoken)) + "。"

    def changes(self, count: int) -> list[Json]:
        """Return so many changes: calls, tasks, edits and inspections in turn."""
        return [self._change(place) for place in range(count)]

    def _change(self, place: int) -> Json:
        """Return one change, whole as a tablet makes it; no customer is edited twice a day."""
        customer = self.customers[place // 4 % len(self.customers)]
        other, day = self.random.choice(self.customers), 1 + self.random.randrange(28)
        if place % 4 == 0:
            at = f"2026-06-16T{self.random.randrange(10):02}:{self.random.randrange(60):02}:00.000Z"
            return call(other, self.note(20), at=at)
        if place % 4 == 1:
            return create(
                "task", other, title=self.note(6), due_on=f"2026-07-{day:02}", source="manual",
                assignee_id=LI, state="open",
            )  # fmt: skip
        if place % 4 == 2:
            return edit(customer, preferences=self.note(16), next_contact_on=f"2026-07-{day:02}")
        return create(
            "inspection_note", other, kind="routine", checklist_code="routine",
            checklist_version=1, narrative=self.note(32), inspector_ids=[LI], state="draft",
        )  # fmt: skip


def dealt(changes: Sequence[Json], sets: int) -> list[list[Json]]:
    """Return *changes* in so many sets, as even as can be."""
    return [list(changes[place::sets]) for place in range(sets)]


def packed(body: Json) -> int:
    """Return how many bytes a body is, compressed."""
    return len(gzip.compress(body if isinstance(body, bytes) else as_json(body), 9, mtime=0))


def values_and_ids(changes: Sequence[Json]) -> int:
    """Return how many compressed bytes the changed values and the ids of their records are alone."""
    return packed([[it["id"], it["customer"], *it["set"].values()] for it in changes])


def grow(server: Server, officer: str, customers: int, first: int = 100) -> list[str]:
    """Give *officer* so many customers more; return their ids."""
    ids = [fresh_id() for _ in range(customers)]
    records = [customer_record(it, officer, first + place) for place, it in enumerate(ids)]
    set_up(server.engine, {"records": records})
    return ids


@dataclass(frozen=True)
class Day:
    """What one evening's sync took: bytes both ways, and what was in them."""

    up: int
    down: int
    values: int
    answer: Json
    trips: int

    @property
    def ratio(self) -> float:
        """How many bytes went over the wire for each byte of changed values and ids."""
        return (self.up + self.down) / self.values


def evening(tablet: Tablet, sets: Sequence[Json], changes: Sequence[Json]) -> tuple[Reply, int]:
    """Make the one round trip of an evening; return the answer and the bytes that went up."""
    raw = as_json(tablet.request(sets))
    sent = gzip.compress(raw, 9, mtime=0)
    said = {"Content-Encoding": "gzip", "Accept-Encoding": "gzip"}
    return tablet.post("/api/v1/sync", sent, headers=said), len(sent)


def work_a_day(tablet: Tablet, colleague: Tablet, customers: Sequence[str]) -> Day:
    """Let a colleague change what the tablet has not seen, then sync the tablet's own day."""
    theirs, ours = Work(customers[::2], 2).changes(DOWN), Work(customers[1::2], 3).changes(UP)
    colleague.sync(*(colleague.change_set(it) for it in theirs))
    sets = [tablet.change_set(*it) for it in dealt(ours, SETS)]
    reply, up = evening(tablet, sets, ours)
    assert reply.status == 200, reply
    values = values_and_ids(ours) + values_and_ids(theirs)
    return Day(up, len(reply.body), values, reply.json, 1 + reply.json["more"])
