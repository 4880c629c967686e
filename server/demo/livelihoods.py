"""What households live on: segments, activities, seasons, what they own and owe, and the words for it."""

from __future__ import annotations

from typing import Any

from server.demo.days import Days
from server.demo.dice import Dice

Json = Any

SHARES = {
    "grain": 35,
    "livestock": 20,
    "cash_crop": 15,
    "trade": 10,
    "wage": 10,
    "aquaculture": 5,
    "micro_enterprise": 5,
}
"""Percent of the households (domain.md, section 11)."""

ACTIVITIES = {
    "grain": ("双季稻种植", "双季稻种植", "单季稻和油菜", "玉米种植"),
    "livestock": ("生猪养殖", "生猪养殖", "肉牛养殖", "蛋鸡养殖", "山羊养殖"),
    "cash_crop": ("柑橘种植", "茶叶种植", "烤烟种植", "大棚蔬菜"),
    "trade": ("小卖部", "粮食收购", "农资店", "赶集百货"),
    "wage": ("外出务工", "建筑零工", "镇上工厂务工"),
    "aquaculture": ("鱼塘养殖", "小龙虾养殖"),
    "micro_enterprise": ("农机服务", "豆腐作坊", "粮食加工", "农产品运输"),
}
HARVEST_MONTHS = {
    "grain": (8, 11),
    "livestock": (1, 4, 6, 9, 12),
    "cash_crop": (5, 9, 12),
    "aquaculture": (12, 6),
}
"""When money comes in (the recipe's calendar of crops and herds)."""

ADDRESSES = (
    "村口第三户", "老槐树旁的砖房", "村委会斜对面", "小学后面第二排", "过桥左手第一家", "水塘边，红铁门",
    "晒谷场旁边", "卫生室隔壁", "机耕路尽头，门前有柚子树", "祠堂右边小巷进去",
)  # fmt: skip
PREFERENCES = (
    "晚上在家。", "电话常打不通，打儿子的。", "赶集日不在家。", "喜欢上午来。", "老人在家，普通话听不太懂。",
    "农忙时到田里找。", "微信联系最快。",
)  # fmt: skip
WORK_AT_HOME = ("务农", "务农", "务农", "养殖", "带孙子", "镇上零工")
WORK_AWAY = ("电子厂", "建筑工地", "快递", "服装厂", "餐馆")

HOUSES = (("砖房三间", 9_000_000), ("两层楼房", 18_000_000), ("平房五间", 12_000_000))
OWNED = {
    "grain": (("旋耕机", "machine", 850_000), ("收割机", "machine", 6_200_000), ("三轮车", "vehicle", 480_000)),
    "livestock": (("存栏生猪", "livestock", 2_400_000), ("能繁母牛两头", "livestock", 3_000_000)),
    "cash_crop": (("茶园承包权", "land_right", 4_000_000), ("烘烤房", "other", 1_500_000)),
    "trade": (("门面存货", "other", 5_000_000), ("面包车", "vehicle", 3_200_000)),
    "wage": (("摩托车", "vehicle", 350_000), ("定期存款", "deposit", 2_000_000)),
    "aquaculture": (("增氧机四台", "machine", 900_000), ("塘面承包权", "land_right", 5_500_000)),
    "micro_enterprise": (("碾米机组", "machine", 8_800_000), ("货车", "vehicle", 9_500_000)),
}  # fmt: skip
LENDERS = (("邮储银行", "农机贷款"), ("亲戚", "民间借款"), ("堂兄", "民间借款"), ("农资店", "赊欠"))


def assets(dice: Dice, segment: str) -> dict[str, Json]:
    """Return what a household owns, as the leaves of the keyed map."""
    label, value = dice.one(HOUSES)
    found = {"house": (label, "house", value, "房产证" if dice.chance(50) else "宅基地证")}
    if dice.chance(75):
        label, kind, value = dice.one(OWNED[segment])
        found["main"] = (label, kind, value, None)
    return {
        f"assets.{key}.{leaf}": it
        for key, row in found.items()
        for leaf, it in zip(("label", "kind", "value_fen", "proof"), row, strict=True)
        if it is not None
    }


def debts(dice: Dice, days: Days) -> dict[str, Json]:
    """Return what one household in six owes elsewhere, as the leaves of the keyed map."""
    if not dice.chance(16):
        return {}
    lender, kind = dice.one(LENDERS)
    return {
        "debts.d1.lender": lender,
        "debts.d1.kind": kind,
        "debts.d1.balance_fen": dice.randrange(2, 24) * 100_000,
        "debts.d1.monthly_fen": dice.randrange(0, 5) * 20_000,
        "debts.d1.due": days.ahead(dice.randint(40, 700)).isoformat(),
    }
