"""主营项目 in the household's words, and the segment it counts for."""

from __future__ import annotations

import pytest

from schemas.customer import SEGMENTS
from server.importing.segments import TABLE, segment_of


@pytest.mark.parametrize(
    ("activity", "segment"),
    [
        ("水稻种植", "grain"),
        ("茶叶种植", "cash_crop"),
        ("柑橘种植", "cash_crop"),
        ("生猪养殖", "livestock"),
        ("淡水养殖", "aquaculture"),
        ("小卖部", "trade"),
        ("务工", "wage"),
        ("农机服务", "micro_enterprise"),
        ("茶叶店", "trade"),
        ("养鱼", "aquaculture"),
        (" 养 牛 ", "livestock"),
        ("livestock", "livestock"),
    ],
)
def test_usual_words_have_a_segment(activity: str, segment: str) -> None:
    assert segment_of(activity) == segment


def test_an_unusual_word_has_none() -> None:
    assert segment_of("观星") is None


def test_the_table_names_declared_segments_only() -> None:
    assert {it for it, _ in TABLE} == set(SEGMENTS.options) - {"other"}
