"""A type that has come through four schema versions, for tests that no product type can serve.

`herd` began with `kind`, `owner` and `size`; 2 renamed `owner` to `keeper` and brought `vaccines`;
3 divided `size` into `heads` and `unit` and brought `breed`; 4 renamed `keeper` to `minder`, brought
`vaccines.*.lot`, `notes` and `purpose`, which has to be there. `stall` is a type of version 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.declare import Date, Integer, KeyedMap, Label, RecordType, Registry, Text
from schemas.fields import manual, prose
from schemas.registry import REGISTRY
from schemas.steps import Divided, Filled, Renamed

Json = Any
SIZE = Text(20, 3, r"[0-9]{1,4} [a-z]+")


def _divide(value: str) -> dict[str, Json]:
    heads, _, unit = value.partition(" ")
    return {"heads": int(heads), "unit": unit}


def _join(parts: Mapping[str, Json]) -> str:
    return f"{parts['heads'] or 0} {parts['unit'] or 'heads'}"


HERD = RecordType(
    "herd",
    Label("Herd", "畜群"),
    (
        manual("kind", "Kind", "种类", Text(20, 1), required=True),
        manual("minder", "Minder", "饲养人", Text(50, 1), since=4),
        manual("heads", "Heads", "头数", Integer(0, 9999), since=3),
        manual("unit", "Counted in", "单位", Text(20, 1), since=3),
        manual("breed", "Breed", "品种", Text(50, 1), since=3),
        KeyedMap(
            "vaccines",
            Label("Vaccines", "疫苗"),
            {
                "on": manual("on", "On", "日期", Date()),
                "lot": manual("lot", "Lot", "批号", Text(20), since=4),
            },
            since=2,
        ),
        prose("notes", "Notes", "备注", ("好。", "差。"), since=4),
        manual("purpose", "Purpose", "用途", Text(20, 1), required=True, since=4),
    ),
    made_by=("officer", "supervisor"),
    deletable=True,
    late_fact=True,
)
STALL = RecordType(
    "stall",
    Label("Stall", "圈舍"),
    (manual("place", "Place", "位置", Text(50, 1), required=True),),
    made_by=("officer", "supervisor"),
    late_fact=True,
    since=3,
)
STEPS = (
    Renamed(2, "herd", "owner", "keeper"),
    Divided(3, "herd", "size", ("heads", "unit"), SIZE, _divide, _join),
    Renamed(4, "herd", "keeper", "minder", since=2),
    Filled(4, "herd", "purpose", "unknown"),
)
FOUR = Registry([*REGISTRY.types.values(), HERD, STALL], schema=4, steps=STEPS)

HERD_OF_TWO = RecordType(
    "herd",
    Label("Herd", "畜群"),
    (
        manual("kind", "Kind", "种类", Text(20, 1), required=True),
        manual("keeper", "Keeper", "饲养人", Text(50, 1), since=2),
        manual("size", "Size", "规模", SIZE),
        KeyedMap(
            "vaccines",
            Label("Vaccines", "疫苗"),
            {"on": manual("on", "On", "日期", Date())},
            since=2,
        ),
    ),
    made_by=("officer", "supervisor"),
    deletable=True,
    late_fact=True,
)
TWO = Registry([*REGISTRY.types.values(), HERD_OF_TWO], schema=2, steps=STEPS[:1])
"""What an app of version 2 was made with."""
