"""Watchlist entry 黑名单 (domain.md, section 5.1): devices get keyed slow hashes and no numbers."""

from schemas.checks import Before
from schemas.declare import Date, Label, RecordType, Text
from schemas.fields import SUPERVISOR, one_of, reserved

LEVELS = one_of({"block": ("Block", "禁入"), "caution": ("Caution", "慎入")})
ID_HASH = Text(64, 64, "[0-9a-f]{64}", examples=("0" * 64, "f" * 64))

ENDS_AFTER_IT_BEGAN = Before("valid_from", "valid_to", "until-not-after-from")

WATCHLIST_ENTRY = RecordType(
    "watchlist_entry",
    Label("Watchlist entry", "黑名单"),
    (
        reserved(
            "id_no_hash",
            "Hash of the id number",
            "身份证号摘要",
            ID_HASH,
            SUPERVISOR,
            required=True,
        ),
        reserved("level", "Level", "级别", LEVELS, SUPERVISOR),
        reserved(
            "reason",
            "Reason",
            "原因",
            Text(500, 1, examples=("骗贷", "多次恶意拖欠")),
            SUPERVISOR,
            required=True,
        ),
        reserved(
            "source", "Source", "来源", Text(200, examples=("总行名单", "法院公告")), SUPERVISOR
        ),
        reserved("valid_from", "From", "开始日期", Date(("2026-01-01", "2026-06-16")), SUPERVISOR),
        reserved("valid_to", "Until", "结束日期", Date(("2027-12-31", "2028-06-30")), SUPERVISOR),
    ),
    made_by=SUPERVISOR,
    reference="branch",
    checks=(ENDS_AFTER_IT_BEGAN,),
    title_field="reason",
    since=3,
)
