"""Conflict 冲突 (protocol.md, section 5; domain.md, sections 5.7 and 6.8): values people must see.

The server opens them. No conflict is ever opened about one: what people write here is `latest`.
"""

from schemas.checks import Needs, When
from schemas.declare import (
    AnyJson,
    Flag,
    Id,
    Instant,
    Integer,
    Label,
    ListOf,
    Record,
    RecordType,
    Ref,
    States,
    Text,
)
from schemas.fields import NOBODY, SUPERVISOR, latest, move, one_of, reserved, state

RESOLVERS = ("officer", "supervisor", "reviewer")
KINDS = one_of(
    {
        "field": ("Two values", "两个值"),
        "text": ("Two wordings", "两种文字"),
        "delete": ("Deleted and changed", "删除与修改"),
        "duplicate": ("The same person twice", "重复建档"),
        "state": ("Two moves", "两种状态"),
        "invalid": ("Do not fit together", "合在一起不成立"),
        "late": ("After the handover", "交接后的修改"),
        "possible_double": ("Possibly paid twice", "可能重复还款"),
        "after_signature": ("After the signature", "签字后的修改"),
    }
)
RESOLUTIONS = one_of(
    {
        "keep": ("Keep what stands", "保留现值"),
        "other": ("Take the other", "采用另一个"),
        "custom": ("Write another", "另行填写"),
        "merge": ("Merge the two", "合并"),
        "both_count": ("Both count", "两笔都算"),
        "reverse_one": ("Reverse one", "冲正一笔"),
        "as_amendment": ("Take as an amendment", "作为补充记录"),
    }
)
STATUSES = one_of({"open": ("Open", "待处理"), "resolved": ("Settled", "已处理")})

_DEVICE = Text(64, 1, examples=("web", "server"))
_NUMBER = Integer(0)
ENTRY = Record(
    {"value": AnyJson(), "by": Id(), "device": _DEVICE, "number": _NUMBER, "made_at": Instant()}
)
CHOSEN = Record({"device": _DEVICE, "number": _NUMBER}, required=("device", "number"))


_RESOLVED = {"status": ("resolved",)}
_OTHERWISE = (None, *(it for it in RESOLUTIONS.options if it != "custom"))
SAYS_WHY = (
    # A value of one's own, and any decision about a sensitive field, needs a comment.
    Needs(("comment",), When({**_RESOLVED, "resolution": ("custom",)})),
    Needs(("comment",), When({**_RESOLVED, "resolution": _OTHERWISE}, has=("sensitive",))),
)

CONFLICT = RecordType(
    "conflict",
    Label("Conflict", "冲突"),
    (
        reserved("record", "Record", "记录", Id()),
        reserved(
            "record_type", "Kind of record", "记录类型", Text(50, 1, examples=("customer", "visit"))
        ),
        reserved("field", "Field", "字段", Text(200, examples=("phone", "answers.R04.value"))),
        reserved("kind", "Kind", "类型", KINDS),
        reserved("sensitive", "Needs a third person", "须第三人处理", Flag()),
        reserved("base_value", "Before", "原值", AnyJson()),
        reserved("kept", "Stands now", "现值", ENTRY),
        reserved("others", "Others", "其他值", ListOf(ENTRY)),
        state(STATUSES, RESOLVERS, "status", Label("Status", "状态")),
        latest("resolution", "Decision", "处理方式", RESOLUTIONS, write=RESOLVERS),
        latest("chosen", "Chosen", "选中的值", CHOSEN, write=RESOLVERS),
        latest("survivor", "Record that stays", "保留的客户", Ref(to="customer"), write=RESOLVERS),
        reserved("resolved_by", "Settled by", "处理人", Ref(to="user")),
        latest(
            "comment",
            "Comment",
            "说明",
            Text(many_lines=True, examples=("已电话核实。", "以本人确认为准。")),
            write=RESOLVERS,
        ),
    ),
    made_by=NOBODY,
    states=States(
        "status",
        ("open",),
        (
            move("resolve", "open", "resolved", RESOLVERS, "Settle", "处理", offline=True),
            move("reopen", "resolved", "open", SUPERVISOR, "Reopen", "重新打开"),
        ),
    ),
    checks=SAYS_WHY,
    title_field="record_type",
)
