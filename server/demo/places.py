"""The units of the demonstration: head office, county branch, two outlets, eight villages.

No real place: the points lie in the open sea.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD_OFFICE = "QH-HQ"
BRANCH = "QH"


@dataclass(frozen=True)
class Unit:
    """An organisational unit; *lat_e6*, *lon_e6*: the middle of a village."""

    code: str
    name: str
    kind: str
    parent: str | None
    lat_e6: int = 0
    lon_e6: int = 0


BRANCHES = (
    Unit(HEAD_OFFICE, "青禾农商行", "hq", None),
    Unit(BRANCH, "青禾支行", "tier2_branch", HEAD_OFFICE),
)
OUTLETS = (
    Unit("QH-HK", "河口网点", "outlet", BRANCH),
    Unit("QH-NP", "南坪网点", "outlet", BRANCH),
)
VILLAGES = (
    Unit("QH-HK-01", "柳树湾", "village", "QH-HK", 28_012_400, 124_508_100),
    Unit("QH-HK-02", "东坡", "village", "QH-HK", 28_031_700, 124_541_600),
    Unit("QH-HK-03", "石桥", "village", "QH-HK", 28_054_200, 124_495_300),
    Unit("QH-HK-04", "下河口", "village", "QH-HK", 27_991_800, 124_522_900),
    Unit("QH-NP-01", "南坪", "village", "QH-NP", 28_102_500, 124_611_200),
    Unit("QH-NP-02", "桃园", "village", "QH-NP", 28_120_900, 124_642_800),
    Unit("QH-NP-03", "白沙", "village", "QH-NP", 28_087_300, 124_668_400),
    Unit("QH-NP-04", "高岭", "village", "QH-NP", 28_149_600, 124_590_700),
)
