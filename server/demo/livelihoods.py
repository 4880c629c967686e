"""What households live on: segments, activities, seasons, what they own and owe, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Livelihood:
    """One activity: what officers see of it, what it owns (label, kind, fen), what it borrows for."""

    segment: str
    seen: tuple[str, ...]
    owned: tuple[str, str, int]
    purposes: tuple[str, ...]


ACTIVITIES = {
    "双季稻种植": Livelihood(
        "grain", ("稻田长势正常，已追肥一次。", "田间缺水，正在轮灌。", "谷仓还有存粮约 1,500 斤。"),
        ("旋耕机", "machine", 850_000), ("购买农资", "早稻生产", "晚稻生产"),
    ),
    "单季稻和油菜": Livelihood(
        "grain", ("油菜籽已入仓，等收购价。", "稻田无病虫害。", "今年租种面积比去年多，劳力够用。"),
        ("三轮车", "vehicle", 480_000), ("购买农资", "租种耕地"),
    ),
    "玉米种植": Livelihood(
        "grain", ("玉米出苗整齐。", "已除草一次，长势正常。", "旱地墒情一般。"),
        ("播种机", "machine", 620_000), ("购买农资", "购买种子"),
    ),
    "生猪养殖": Livelihood(
        "livestock", ("存栏 12 头，长势正常。", "新进仔猪 8 头，已打疫苗。", "猪舍已消毒，台账齐全。"),
        ("存栏生猪", "livestock", 2_400_000), ("购买仔猪", "购买饲料", "猪舍维修"),
    ),
    "肉牛养殖": Livelihood(
        "livestock", ("存栏 6 头，母牛一头怀孕。", "青贮饲料备足。", "牛价略降，暂不出栏。"),
        ("能繁母牛两头", "livestock", 3_000_000), ("购买牛犊", "购买饲料"),
    ),
    "蛋鸡养殖": Livelihood(
        "livestock", ("产蛋率正常，每天两筐。", "鸡舍通风已改造。", "饲料涨价，利润变薄。"),
        ("鸡舍和笼具", "other", 1_600_000), ("购买鸡苗", "购买饲料"),
    ),
    "山羊养殖": Livelihood(
        "livestock", ("存栏 35 只，产羔 4 只。", "羊圈干燥，已驱虫。", "有客商上门看羊。"),
        ("种羊", "livestock", 1_200_000), ("购买种羊", "羊圈维修"),
    ),
    "柑橘种植": Livelihood(
        "cash_crop", ("果树挂果正常，正在疏果。", "已施壮果肥。", "果园道路刚修好。"),
        ("果园承包权", "land_right", 4_500_000), ("柑橘管护", "购买农资"),
    ),
    "茶叶种植": Livelihood(
        "cash_crop", ("茶园已修剪，夏茶少采。", "春茶已卖完，价格比去年好。", "茶园除草正在进行。"),
        ("茶园承包权", "land_right", 4_000_000), ("茶园管护", "购买农资"),
    ),
    "烤烟种植": Livelihood(
        "cash_crop", ("烟苗长势整齐，烘烤房已检修。", "与烟站合同已签。", "已打顶抑芽。"),
        ("烘烤房", "other", 1_500_000), ("烤烟生产", "购买农资"),
    ),
    "大棚蔬菜": Livelihood(
        "cash_crop", ("大棚番茄正在上市，行情一般。", "新搭两个棚。", "与镇上超市有供货约定。"),
        ("蔬菜大棚", "other", 2_600_000), ("大棚搭建", "购买农资"),
    ),
    "小卖部": Livelihood(
        "trade", ("货架满，进销账有记。", "赊账略多，已提醒尽快收回。"),
        ("门面存货", "other", 3_000_000), ("周转进货",),
    ),
    "粮食收购": Livelihood(
        "trade", ("仓库存稻谷约 20 吨。", "磅秤已检定，随收随卖。"),
        ("货车", "vehicle", 6_500_000), ("收购周转",),
    ),
    "农资店": Livelihood(
        "trade", ("化肥备货充足，赊销有账。", "旺季周转正常。"),
        ("门面存货", "other", 5_000_000), ("周转进货",),
    ),
    "赶集百货": Livelihood(
        "trade", ("每旬赶三个集，生意平稳。", "换季货品正在处理。"),
        ("面包车", "vehicle", 3_200_000), ("周转进货",),
    ),
    "外出务工": Livelihood(
        "wage", ("儿子在外务工，按月寄钱回来。", "夫妻在外地，老人在家。"),
        ("摩托车", "vehicle", 350_000), ("房屋修缮", "子女上学"),
    ),
    "建筑零工": Livelihood(
        "wage", ("工地停工半月，下周复工。", "工钱每月结一次。"),
        ("三轮车", "vehicle", 480_000), ("房屋修缮", "购置工具"),
    ),
    "镇上工厂务工": Livelihood(
        "wage", ("工资按月发放，有流水。", "厂里加班多，收入稳定。"),
        ("定期存款", "deposit", 2_000_000), ("房屋修缮", "子女上学"),
    ),
    "鱼塘养殖": Livelihood(
        "aquaculture", ("鱼塘水质正常，投料按计划。", "增氧机新换一台。"),
        ("塘面承包权", "land_right", 5_500_000), ("购买鱼苗", "购买饲料"),
    ),
    "小龙虾养殖": Livelihood(
        "aquaculture", ("小龙虾分批上市，价格比去年低。", "虾沟已清淤。"),
        ("增氧机四台", "machine", 900_000), ("购买虾苗", "购买饲料"),
    ),
    "农机服务": Livelihood(
        "micro_enterprise", ("机器已保养，农忙订单排满。", "油料涨价，每亩加收五元。"),
        ("收割机", "machine", 6_200_000), ("购置农机",),
    ),
    "豆腐作坊": Livelihood(
        "micro_enterprise", ("每天出豆腐六板，供三家学校。", "新接学校食堂供货，资金周转快。"),
        ("豆制品设备", "machine", 4_800_000), ("扩大加工",),
    ),
    "粮食加工": Livelihood(
        "micro_enterprise", ("机器运转良好，订单正常。", "电费上涨，利润略降。"),
        ("碾米机组", "machine", 8_800_000), ("扩大加工", "仓储改造"),
    ),
    "农产品运输": Livelihood(
        "micro_enterprise", ("车况良好，跑县城线。", "保险已续，油费上涨。"),
        ("货车", "vehicle", 9_500_000), ("购置车辆",),
    ),
}  # fmt: skip
OFTEN = ("双季稻种植", "生猪养殖", "茶叶种植")
"""Twice as many live on these as on others of their segment."""

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
LENDERS = (("邮储银行", "农机贷款"), ("亲戚", "民间借款"), ("堂兄", "民间借款"), ("农资店", "赊欠"))


def activity(dice: Dice, segment: str) -> str:
    """Return an activity of a segment."""
    fit = [name for name, it in ACTIVITIES.items() if it.segment == segment]
    return dice.one([*fit, *(it for it in fit if it in OFTEN)])


def assets(dice: Dice, activity: str) -> dict[str, Json]:
    """Return what a household owns, as the leaves of the keyed map."""
    label, value = dice.one(HOUSES)
    found: dict[str, tuple[Json, ...]] = {
        "house": (label, "house", value, "房产证" if dice.chance(50) else "宅基地证")
    }
    if dice.chance(75):
        label, kind, value = ACTIVITIES[activity].owned
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
