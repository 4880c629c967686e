"""Collateral 押品 (domain.md, sections 5.4, 6.9 and 8.10): its value is that of the latest valuation."""

from schemas.declare import Date, Integer, Label, RecordType, Ref, States, Text, money
from schemas.fields import (
    SUPERVISOR,
    keyed,
    manual,
    move,
    once,
    once_for_all,
    one_of,
    prose,
    reserved,
    state,
)
from schemas.roles import OFFICER

VALUERS = ("officer", "supervisor", "reviewer", "clerk")
CLERK = ("clerk",)
KINDS = one_of(
    {
        "house": ("House", "房屋"),
        "land_management_right": ("Land management right", "土地经营权"),
        "forest_right": ("Forest right", "林权"),
        "machine": ("Machine", "农机具"),
        "livestock": ("Livestock", "牲畜"),
        "deposit_receipt": ("Deposit receipt", "存单"),
        "other": ("Other", "其他"),
    }
)
METHODS = one_of(
    {
        "market": ("Market", "市场法"),
        "cost": ("Cost", "成本法"),
        "income": ("Income", "收益法"),
        "listing": ("Listing price", "挂牌价"),
    }
)
REASONS = one_of(
    {
        "initial": ("First valuation", "初次评估"),
        "periodic": ("Periodic", "定期重估"),
        "event": ("After an event", "事件重估"),
    }
)
STATES = one_of(
    {
        "offered": ("Offered", "拟抵押"),
        "registered": ("Registered", "已登记"),
        "released": ("Released", "已解押"),
        "realised": ("Realised", "已处置"),
    }
)

VALUATIONS = keyed(
    "valuations",
    "Valuations",
    "估值记录",
    (
        once_for_all("valued_on", "Valued on", "评估日期", Date(), write=VALUERS),
        once_for_all("method", "Method", "评估方法", METHODS, write=VALUERS),
        once_for_all("value_fen", "Value", "评估价值", money(), write=VALUERS),
        once_for_all("by", "Valued by", "评估人", Ref(to="user"), write=VALUERS),
        once_for_all("second_signer", "Second signer", "复核人", Ref(to="user"), write=VALUERS),
        once_for_all("reason", "Reason", "评估原因", REASONS, write=VALUERS),
    ),
)

COLLATERAL = RecordType(
    "collateral",
    Label("Collateral", "押品"),
    (
        once(
            "application_id", "Application", "贷款申请", Ref(to="loan_application"), required=True
        ),
        manual("kind", "Kind", "类型", KINDS, required=True),
        manual(
            "owner_name",
            "Owner",
            "权属人",
            Text(100, 1, examples=("雷春花", "陈国平")),
            sensitive=True,
            required=True,
        ),
        once("co_owner_consent_id", "Co-owner's consent", "共有人同意书", Ref(to="attachment")),
        manual(
            "location",
            "Where it is",
            "坐落",
            Text(200, examples=("柳树湾三组", "东坡果园")),
            sensitive=True,
            group="title",
        ),
        manual(
            "certificate_no",
            "Certificate number",
            "权证号",
            Text(60, examples=("QH-2021-00017", "QH-2024-00203")),
            sensitive=True,
            group="title",
        ),
        manual("registered_on", "Registered on", "登记日期", Date(), sensitive=True, group="title"),
        manual("insured_to", "Insured until", "保险到期日", Date(("2027-05-31", "2027-12-31"))),
        VALUATIONS,
        reserved(
            "revalue_every_months",
            "Value again after",
            "重估间隔",
            Integer(1, 120, "months"),
            SUPERVISOR,
            default=12,
            hint=Label("In months; livestock every 6", "以月计，牲畜每 6 个月"),
        ),
        prose("condition_note", "Condition", "状况说明", ("砖房两层，自住。", "母牛三头，健康。")),
        state(STATES, ("supervisor", "clerk")),
    ),
    made_by=OFFICER,
    parent=("loan_application", "application_id"),
    deletable=True,
    late_fact=True,
    states=States(
        "state",
        ("offered",),
        (
            move("register", "offered", "registered", CLERK, "Register", "登记"),
            move("release", "registered", "released", CLERK, "Release", "解押"),
            move("realise", "registered", "realised", ("clerk", "supervisor"), "Realise", "处置"),
        ),
    ),
    title_field="owner_name",
    guards=("SOD-6", "SOD-6-register", "offered"),
    since=3,
)
