"""Credit rating 信用等级 (domain.md, sections 5.4 and 8.7): the scorecard of one survey, and its limit."""

from schemas.declare import Date, Integer, Label, Record, RecordType, Ref, money
from schemas.fields import once, once_for_all, one_of
from schemas.roles import OFFICER

GRADES = one_of(
    {
        "AAA": ("AAA", "AAA 级"),
        "AA": ("AA", "AA 级"),
        "A": ("A", "A 级"),
        "B": ("B", "B 级"),
        "C": ("C", "C 级"),
    }
)
SCORES = Record(
    {
        "able_workers": Integer(0, 10),
        "years_resident": Integer(0, 10),
        "net_assets": Integer(0, 15),
        "income": Integer(0, 15),
        "income_sources": Integer(0, 10),
        "repayment_record": Integer(0, 25),
        "village_opinion": Integer(0, 10),
        "security": Integer(0, 5),
    },
    titles={
        "able_workers": Label("Able workers, up to 10", "劳动力（10 分）"),
        "years_resident": Label("Years in the village, up to 10", "居住年限（10 分）"),
        "net_assets": Label("Net assets, up to 15", "净资产（15 分）"),
        "income": Label("Yearly net income, up to 15", "年净收入（15 分）"),
        "income_sources": Label("Sources of income, up to 10", "收入来源（10 分）"),
        "repayment_record": Label("Repayment record, up to 25", "还款记录（25 分）"),
        "village_opinion": Label("Village opinion, up to 10", "村委评议（10 分）"),
        "security": Label("Security, up to 5", "担保（5 分）"),
    },
)
"""The items of the scorecard with the most that each can give."""

CREDIT_RATING = RecordType(
    "credit_rating",
    Label("Credit rating", "信用等级"),
    (
        once_for_all(
            "survey_id",
            "Survey",
            "收支调查",
            Ref(to="cashflow_survey"),
            write=OFFICER,
            required=True,
        ),
        once_for_all("scores", "Points", "评分", SCORES, write=OFFICER, required=True),
        once_for_all(
            "total", "In all", "总分", Integer(0, 100), write=OFFICER, group="rating", required=True
        ),
        once_for_all(
            "grade", "Grade", "等级", GRADES, write=OFFICER, group="rating", required=True
        ),
        once_for_all(
            "limit_fen", "Limit", "授信额度", money(), write=OFFICER, group="rating", required=True
        ),
        once_for_all(
            "valid_to",
            "Valid until",
            "有效期至",
            Date(("2027-06-15", "2027-06-30")),
            write=OFFICER,
            required=True,
        ),
        once_for_all(
            "proposed_by", "Proposed by", "评定人", Ref(to="user"), write=OFFICER, required=True
        ),
        once("confirmed_by", "Confirmed by", "确认人", Ref(to="user"), write=("supervisor",)),
    ),
    made_by=OFFICER,
    late_fact=True,
    title_field="grade",
    guards=("SOD-10",),
    since=3,
)
