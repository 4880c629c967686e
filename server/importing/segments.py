"""From 主营项目 in the household's words to a segment of ours: a table of usual words.

The first line that has a word in common with the text decides; so shops that sell tea come before
those who grow it. Whatever no line knows is `other`, with a warning, never an error.
"""

from __future__ import annotations

from server.importing.cleaning import key

TABLE: tuple[tuple[str, str], ...] = (
    ("wage", "务工 打工 工资 外出 上班 零工 wage"),
    (
        "trade",
        "小卖部 商店 超市 店 批发 零售 百货 贸易 经商 收购 集市 摆摊 销售 trade",
    ),
    (
        "micro_enterprise",
        "农机 加工 作坊 运输 货运 客运 修理 维修 建筑 装修 合作社 农家乐 餐饮 饭馆 小微 企业"
        " 酿酒 豆腐 服务 micro_enterprise",
    ),
    ("aquaculture", "水产 淡水 鱼 虾 蟹 鳖 鳝 鳅 aquaculture"),
    ("livestock", "猪 牛 羊 鸡 鸭 鹅 兔 禽 畜 蜂 驴 养马 养殖 livestock"),
    ("grain", "马铃薯 稻 麦 玉米 大豆 红薯 土豆 粮 高粱 种田 grain"),
    (
        "cash_crop",
        "茶 柑 橘 橙 柚 果 桃 梨 葡萄 草莓 西瓜 菜 大棚 药材 烟 棉 花生 芝麻 甘蔗 菌 菇 木耳"
        " 花卉 苗木 桑 蚕 辣椒 种植 cash_crop",
    ),
)


def segment_of(activity: str) -> str | None:
    """Return the segment of an activity, or None when the table does not know it."""
    written = key(activity)
    for segment, words in TABLE:
        if any(word in written for word in words.split()):
            return segment
    return None
