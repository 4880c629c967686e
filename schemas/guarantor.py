"""Guarantor 保证人 (domain.md, section 5.3): a customer of the branch, or another person or company."""

from schemas.checks import Needs, When
from schemas.declare import Date, Label, RecordType, Ref, Text, money
from schemas.fields import manual, once, one_of
from schemas.person import ID_NUMBER, ID_NUMBER_HINT, PHONE, PHONE_HINT
from schemas.roles import OFFICER

KINDS = one_of(
    {
        "individual": ("Individual", "自然人"),
        "group_joint": ("Joint-liability group", "联保小组"),
        "company": ("Company", "企业"),
    }
)
PARTY = Text(100, 1, examples=("王建军", "青禾农机合作社"))

SOMEBODY_IS_NAMED = Needs(("name",), When(lacks=("guarantor_customer_id",)))

GUARANTOR = RecordType(
    "guarantor",
    Label("Guarantor", "保证人"),
    (
        once(
            "application_id", "Application", "贷款申请", Ref(to="loan_application"), required=True
        ),
        once(
            "guarantor_customer_id",
            "Customer",
            "保证人（客户）",
            Ref(to="customer", scope="branch"),
        ),
        manual("name", "Name", "姓名或名称", PARTY, sensitive=True, group="party"),
        manual(
            "id_no",
            "Id number",
            "身份证号",
            ID_NUMBER,
            sensitive=True,
            group="party",
            hint=ID_NUMBER_HINT,
        ),
        manual("phone", "Phone", "电话", PHONE, sensitive=True, group="party", hint=PHONE_HINT),
        manual("kind", "Kind", "类型", KINDS, required=True),
        manual(
            "amount_fen", "Amount guaranteed", "担保金额", money(1), sensitive=True, required=True
        ),
        manual("monthly_income_fen", "Monthly income", "月收入", money()),
        manual("other_guarantees_fen", "Other guarantees", "其他担保余额", money()),
        once("willing_confirmed_on", "Agreed on", "确认担保日期", Date(), group="willing"),
        once("signature_attachment_id", "Signature", "签名", Ref(to="attachment"), group="willing"),
        manual(
            "relation_to_borrower",
            "Relation to the borrower",
            "与借款人关系",
            Text(100, examples=("姐夫", "同村邻居")),
        ),
    ),
    made_by=OFFICER,
    parent=("loan_application", "application_id"),
    deletable=True,
    late_fact=True,
    checks=(SOMEBODY_IS_NAMED,),
    title_field="name",
    since=3,
)
