"""Classification 五级分类 (domain.md, sections 5.7 and 8.5): proposed by one person, confirmed by another."""

from schemas.declare import Date, Instant, Label, RecordType, Ref, Text
from schemas.fields import once, once_for_all, one_of, reserved
from schemas.inspection_note import RISK_CLASSES

MADE_BY = ("officer", "supervisor", "reviewer")
CONFIRMERS = ("supervisor", "reviewer")
SUBGRADES = one_of(
    {
        "normal_1": ("Normal 1", "正常一级"),
        "normal_2": ("Normal 2", "正常二级"),
        "normal_3": ("Normal 3", "正常三级"),
        "normal_4": ("Normal 4", "正常四级"),
        "special_mention_1": ("Special mention 1", "关注一级"),
        "special_mention_2": ("Special mention 2", "关注二级"),
        "special_mention_3": ("Special mention 3", "关注三级"),
        "substandard_1": ("Substandard 1", "次级一级"),
        "substandard_2": ("Substandard 2", "次级二级"),
        "doubtful_1": ("Doubtful 1", "可疑一级"),
        "doubtful_2": ("Doubtful 2", "可疑二级"),
        "loss": ("Loss", "损失级"),
    }
)

CLASSIFICATION = RecordType(
    "classification",
    Label("Classification", "五级分类"),
    (
        once_for_all("loan_id", "Loan", "贷款", Ref(to="loan"), write=MADE_BY, required=True),
        once_for_all("as_of", "As of", "分类日期", Date(), write=MADE_BY, required=True),
        reserved("system_class", "Class by the system", "系统分类", RISK_CLASSES),
        once_for_all(
            "proposed_class",
            "Proposed class",
            "建议分类",
            RISK_CLASSES,
            write=MADE_BY,
            group="proposal",
            required=True,
        ),
        once_for_all(
            "reason",
            "Reason",
            "理由",
            Text(4000, many_lines=True, examples=("猪瘟损失九头", "已还清全部欠款")),
            write=MADE_BY,
            group="proposal",
        ),
        once_for_all("subgrade", "Subgrade", "细分等级", SUBGRADES, write=MADE_BY),
        once_for_all(
            "proposed_by", "Proposed by", "提出人", Ref(to="user"), write=MADE_BY, required=True
        ),
        once(
            "confirmed_by",
            "Confirmed by",
            "确认人",
            Ref(to="user"),
            write=CONFIRMERS,
            group="confirmation",
        ),
        once(
            "confirmed_at",
            "Confirmed at",
            "确认时间",
            Instant(),
            write=CONFIRMERS,
            group="confirmation",
        ),
    ),
    made_by=MADE_BY,
    parent=("loan", "loan_id"),
    late_fact=True,
    title_field="proposed_class",
    guards=("SOD-10", "class-floor", "class-better"),
    follow_up="classification",
    since=3,
)
